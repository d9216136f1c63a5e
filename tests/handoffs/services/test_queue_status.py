"""What waiting customers are told of their place."""

from datetime import timedelta

import pytest
import redis
from django.conf import settings

from conversations.models import Event
from conversations.realtime import conversation_topic
from conversations.realtime.bus import ORIGIN_LENGTH
from conversations.realtime.messages import unpack
from conversations.services.sessions import open_session
from handoffs.models import QueueEntry
from handoffs.services.claims import claim_next
from handoffs.services.queue_status import send_queue_statuses


@pytest.fixture
def line(waiting, connector, cast):
    """Three customers in line; the first is `waiting`."""
    others = [open_session(connector=connector, options={}) for _ in range(2)]
    for conversation in others:
        cast.hand_off(conversation)
    return [waiting, *others]


def told(conversation) -> list[int]:
    events = Event.objects.filter(conversation=conversation, type="handoff.queue_status").order_by("sequence")
    return [event.payload["position_in_queue"] for event in events]


def test_each_is_told_their_own_place(line):
    assert [told(conversation) for conversation in line] == [[1], [2], [3]]


def test_everybody_behind_a_claim_moves_up_durably(line, project, agent, now):
    assert claim_next(project=project, environment="live", agent=agent, at=now).id == line[0].id

    assert send_queue_statuses(at=now) == 2
    assert [told(conversation) for conversation in line] == [[1], [2, 1], [3, 2]]


def test_a_repeat_is_not_stored(line, now):
    events = Event.objects.count()

    assert send_queue_statuses(at=now) == 0
    assert send_queue_statuses(at=now + timedelta(seconds=20)) == 3
    assert Event.objects.count() == events


def test_a_place_is_told_under_the_epoch_it_was_read_in(line, now):
    waiting = line[0]
    with redis.Redis.from_url(settings.REDIS_URL) as client, client.pubsub() as listener:
        listener.subscribe(conversation_topic(waiting.pk))
        assert listener.get_message(timeout=5)["type"] == "subscribe"

        send_queue_statuses(at=now + timedelta(seconds=20))

        told = unpack(listener.get_message(timeout=5)["data"][ORIGIN_LENGTH:])
    # Whoever has seen the human join is told of no place any more.
    assert (told.last, told.epoch) == (None, waiting.epoch)


def test_tickets_are_not_counted(line, project, now):
    QueueEntry.objects.filter(conversation=line[0]).update(is_ticket=True)

    send_queue_statuses(at=now)

    assert told(line[1])[-1] == 1
