"""A customer who comes back misses nothing and gets nothing twice, whatever was lost on the way."""

import random
import threading
import time

import redis
from django.db import connection
from django.utils import timezone

from conversations.append import ONE, append_event
from conversations.consumers import follow
from conversations.domain.timeline import NewEvent
from conversations.domain.vocabulary import EndReason
from conversations.models import Conversation, Event
from conversations.models.ids import new_id
from conversations.realtime import BusMessage, conversation_topic, publish_sync
from conversations.services.sessions import end_session
from tests.outside import outside, reads_broken_off

ROUNDS, READ_AT_MOST = 20, 12
LOST_NEWS_WITHIN = 6.0
SLOWLY_READ = 250


class Talker(threading.Thread):
    """Appends public and private events without a pause until it is told to stop."""

    def __init__(self, conversation: Conversation) -> None:
        super().__init__(name="talker")
        self.conversation, self.enough, self.broken = conversation, threading.Event(), None

    def run(self) -> None:
        order, number = random.Random(7), 0
        try:
            while not self.enough.wait(order.choice([0, 0, 0.001, 0.004])):
                number += 1
                kind = order.choice(["ai.message", "ai.message", "note.added"])
                event = NewEvent(kind, "ai", {"text": str(number)}, client_id=f"t-{number}")
                append_event(conversation_id=self.conversation.id, event=event)
        except Exception as error:
            self.broken = error
            raise
        finally:
            connection.close()


def public_timeline(conversation) -> list[tuple[int, str]]:
    rows = Event.objects.filter(conversation=conversation, public_sequence__isnull=False).order_by("sequence")
    return [(number, str(pk)) for number, pk in rows.values_list("public_sequence", "id")]


def told_to(sockets) -> list[tuple[int, str]]:
    events = [event for socket in sockets for event in socket.events if event["sequence"] is not None]
    return [(event["sequence"], event["id"]) for event in events]


def test_twenty_cuts_while_people_talk_lose_nothing_and_repeat_nothing(dial, conversation):
    order, sockets, cursor = random.Random(11), [], 0
    talker = Talker(conversation)
    talker.start()
    try:
        for _ in range(ROUNDS):
            socket = dial(cursor=cursor)
            sockets.append(socket)
            for _ in range(order.randint(1, READ_AT_MOST)):
                socket.read()
            cursor = max([cursor, *socket.sequences])
            socket.cut()
    finally:
        talker.enough.set()
        talker.join(10)
    assert talker.broken is None

    last = dial(cursor=f"seq:{cursor}")
    end_session(conversation_id=conversation.id, reason=EndReason.NATURAL_END, at=timezone.now())
    last.until_kind("SESSION_END")

    told = told_to([*sockets, last])
    assert [number for number, _ in told] == list(range(1, told[-1][0] + 1))
    assert told == public_timeline(conversation)
    assert len(told) > ROUNDS


def test_a_socket_that_joins_while_people_talk_gets_history_and_news_without_a_seam(dial, conversation):
    talker = Talker(conversation)
    talker.start()
    try:
        sockets = [dial() for _ in range(8)]
        for socket in sockets:
            for _ in range(20):
                socket.read()
    finally:
        talker.enough.set()
        talker.join(10)
    end_session(conversation_id=conversation.id, reason=EndReason.NATURAL_END, at=timezone.now())
    for socket in sockets:
        socket.until_kind("SESSION_END")

    assert talker.broken is None
    assert all(told_to([socket]) == public_timeline(conversation) for socket in sockets)


def append_without_news(conversation, text: str) -> None:
    """The append statement itself on a connection of its own: committed, and nobody is woken."""
    parameters = {
        "id": new_id(),
        "conversation_id": conversation.id,
        "type": "ai.message",
        "author": "ai",
        "client_id": None,
        "epoch": None,
        "payload": f'{{"text": "{text}"}}',
        "public": 1,
        "after_end": False,
        "topics": "{}",
    }
    with outside() as own:
        own.execute(ONE, parameters)


def test_what_nobody_was_told_of_is_found_within_six_seconds(customer, conversation):
    append_without_news(conversation, "Nobody heard this")
    before = time.monotonic()

    found = customer.until_kind("POLY_AGENT_MESSAGE", within=LOST_NEWS_WITHIN)

    assert found["payload"]["text"] == "Nobody heard this"
    assert time.monotonic() - before < LOST_NEWS_WITHIN
    assert customer.sequences == [1, 2]


def test_the_next_news_brings_what_was_lost_before_it(customer, conversation):
    append_without_news(conversation, "Lost")

    customer.says("And then?")

    assert [event["payload"]["text"] for event in customer.events[1:]] == ["Lost", "And then?"]
    assert customer.sequences == [1, 2, 3]


def test_a_socket_whose_read_was_broken_off_reads_again(customer, conversation):
    gap = {conversation_topic(conversation.id): BusMessage(99, 99, {})}
    with reads_broken_off("conversation"):
        publish_sync(gap)

    assert customer.says("Are you there?")["sequence"] == 2


def test_lost_news_are_still_looked_for_after_a_look_that_was_broken_off(customer, conversation, monkeypatch):
    append_without_news(conversation, "Nobody heard this")
    with reads_broken_off("conversation"):
        pass
    monkeypatch.setattr(follow, "CHECK_SECONDS", 0.2)

    assert customer.until_kind("POLY_AGENT_MESSAGE", within=LOST_NEWS_WITHIN)["sequence"] == 2


def test_after_the_bus_was_cut_nothing_is_missing(customer, conversation, cast, settings):
    customer.says("Before")
    _cut_the_bus(settings.REDIS_URL)
    for number in range(3):
        cast.customer_says(conversation, f"During {number}")

    customer.says("After", "m-1")

    assert [event["payload"]["text"] for event in customer.events[1:]] == [
        "Before",
        "During 0",
        "During 1",
        "During 2",
        "After",
    ]
    assert customer.sequences == [1, 2, 3, 4, 5, 6]


def _cut_the_bus(url: str) -> None:
    """Drop every subscription of this test worker; others on the same Redis keep theirs."""
    with redis.Redis.from_url(url) as admin:
        number = url.rpartition("/")[2]
        ours = [client["id"] for client in admin.client_list(_type="pubsub") if client["db"] == number]
        assert ours
        for client_id in ours:
            admin.client_kill_filter(_id=client_id)


def test_a_reader_that_stands_still_is_dropped_and_finds_everything_when_it_comes_back(dial, conversation, monkeypatch):
    # A short queue, so that it takes tens of megabytes less to fill it and what the network holds before it.
    monkeypatch.setattr(follow, "QUEUE_SIZE", 20)
    slow = dial()
    slow.read()
    for number in range(SLOWLY_READ):
        event = NewEvent("ai.message", "ai", {"text": f"{number} " + "x" * 60_000})
        append_event(conversation_id=conversation.id, event=event)

    assert slow.reads_until_closed() == 4002
    back = dial(cursor=slow.sequences[-1])
    back.until(lambda event: event["sequence"] == SLOWLY_READ + 1)

    assert slow.sequences + back.sequences == list(range(1, SLOWLY_READ + 2))
    assert back.sequences
