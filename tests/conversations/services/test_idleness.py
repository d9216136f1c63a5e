"""Sessions of customers who went silent: warned, ended, and never while a person has to do with them."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from conversations.domain.idleness import IDLE_AFTER, STAMPED_WITHIN, WARNED_FOR
from conversations.models import Conversation, Deadline, Event
from conversations.services.idleness import open_watched_session
from handoffs.services.claims import claim_conversation
from handoffs.services.closing import cancel_waiting, hand_back
from handoffs.services.deadlines import sweep_deadlines
from tests.invariants import check_conversation

SILENCE = IDLE_AFTER + STAMPED_WITHIN


@pytest.fixture
def conversation(release, connector) -> Conversation:
    """A session of the Messaging API, with the AI."""
    return open_watched_session(connector=connector, options={})


def due(conversation) -> datetime:
    return Deadline.objects.get(conversation=conversation, kind="idle").due_at


def kinds(conversation) -> list[str]:
    return list(Event.objects.filter(conversation=conversation).order_by("sequence").values_list("type", flat=True))


def reasons(conversation) -> list[str]:
    ended = Event.objects.filter(conversation=conversation, type="session.ended")
    return [event.payload["reason"] for event in ended]


def test_ten_minutes_of_silence_are_warned_about_and_then_the_session_ends(conversation):
    warned = due(conversation)
    assert warned - conversation.created_at == SILENCE

    assert sweep_deadlines(at=warned - timedelta(seconds=1)) == 0
    sweep_deadlines(at=warned)
    assert kinds(conversation) == ["session.started", "session.idle_warning"]

    # The warning is stored at the database's own time.
    sweep_deadlines(at=max(due(conversation), timezone.now()) + WARNED_FOR)
    assert kinds(conversation)[-2:] == ["session.idle_warning", "session.ended"]
    assert reasons(conversation) == ["REASON_USER_ABANDONED"]
    assert not Deadline.objects.exists()
    check_conversation(conversation)


def test_who_was_heard_meanwhile_has_ten_minutes_from_then(conversation):
    heard = due(conversation) - timedelta(minutes=2)
    Conversation.objects.filter(pk=conversation.pk).update(last_seen_at=heard)

    sweep_deadlines(at=due(conversation))

    assert due(conversation) == heard + SILENCE
    assert kinds(conversation) == ["session.started"]


def test_a_warned_customer_who_is_heard_is_warned_again_ten_minutes_later(conversation):
    warned = due(conversation)
    sweep_deadlines(at=warned)
    heard = warned + timedelta(seconds=30)
    Conversation.objects.filter(pk=conversation.pk).update(last_seen_at=heard)

    sweep_deadlines(at=due(conversation))
    assert due(conversation) == heard + SILENCE
    sweep_deadlines(at=heard + SILENCE)

    assert kinds(conversation).count("session.idle_warning") == 2
    assert "session.ended" not in kinds(conversation)


def test_who_waits_or_is_with_a_person_is_never_idle(conversation, cast, agent, monkeypatch):
    cast.hand_off(conversation)
    waiting_limit = Deadline.objects.filter(kind="wait_limit")
    waiting_limit.delete()

    for _ in range(3):
        sweep_deadlines(at=due(conversation))
    claim_conversation(conversation_id=conversation.id, agent=agent, at=timezone.now())
    for _ in range(3):
        sweep_deadlines(at=due(conversation))

    assert not {"session.idle_warning", "session.ended"} & set(kinds(conversation))


@pytest.mark.parametrize("returned", ["by the customer", "by the agent"])
def test_whoever_is_back_with_the_ai_has_ten_minutes_from_there(conversation, cast, agent, returned):
    cast.hand_off(conversation)
    Deadline.objects.filter(kind="wait_limit").delete()
    back = timezone.now() + timedelta(hours=1)
    if returned == "by the customer":
        cancel_waiting(conversation_id=conversation.id, at=back)
    else:
        claimed = claim_conversation(conversation_id=conversation.id, agent=agent, at=back)
        hand_back(conversation_id=conversation.id, agent=agent, epoch=claimed.epoch, note="", at=back)

    sweep_deadlines(at=back + timedelta(seconds=1))

    assert due(conversation) == back + SILENCE
    sweep_deadlines(at=back + SILENCE)
    assert kinds(conversation)[-1] == "session.idle_warning"


def test_an_ended_session_is_looked_at_no_more(conversation):
    at = due(conversation)
    Conversation.objects.filter(pk=conversation.pk).update(ended_at=timezone.now())

    sweep_deadlines(at=at)

    assert not Deadline.objects.exists()
    assert kinds(conversation) == ["session.started"]
