"""Typing goes over the Bus to the customer and to colleagues, and nowhere else."""

import orjson
import pytest
import redis
from django.conf import settings
from django.utils import timezone

from conversations.append import StaleEpoch
from conversations.models import Event
from conversations.realtime import conversation_topic
from conversations.realtime.bus import ORIGIN_LENGTH
from conversations.realtime.messages import unpack
from handoffs.services.typing import tell_typing

STARTED = "TYPING_STATE_STARTED"


@pytest.fixture
def heard(claimed):
    """Whatever comes next on the conversation's topic."""
    with redis.Redis.from_url(settings.REDIS_URL) as client, client.pubsub() as listener:
        listener.subscribe(conversation_topic(claimed.pk))
        assert listener.get_message(timeout=5)["type"] == "subscribe"

        yield lambda: unpack(listener.get_message(timeout=5)["data"][ORIGIN_LENGTH:])


def test_the_customer_learns_who_types(heard, claimed, agent):
    events = Event.objects.count()

    tell_typing(conversation_id=claimed.pk, agent=agent, epoch=claimed.epoch, state=STARTED, at=timezone.now())

    told = heard()
    assert (told.last, told.epoch) == (None, claimed.epoch)
    frames = {audience: orjson.loads(text) for audience, text in told.frames.items()}
    assert set(frames) == {"customer", "staff", "staff_masked"}
    assert frames["customer"]["type"] == "EVENT_TYPE_LIVE_AGENT_TYPING"
    assert frames["customer"]["sequence"] is None
    assert frames["customer"]["payload"] == {"state": STARTED, "agent_id": str(agent.pk), "agent_name": "Maya"}
    assert Event.objects.count() == events


def test_only_who_has_it_types_in_it(claimed, other_agent):
    with pytest.raises(StaleEpoch) as refusal:
        tell_typing(
            conversation_id=claimed.pk, agent=other_agent, epoch=claimed.epoch, state=STARTED, at=timezone.now()
        )

    assert refusal.value.owner_id == claimed.owner_id
