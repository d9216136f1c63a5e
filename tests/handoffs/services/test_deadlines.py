"""The sweep: a wait limit that has passed."""

from datetime import timedelta

import pytest
from django.db import transaction

from conversations.models import Deadline, Event, OutboxEntry
from conversations.services.ownership import lock_conversation
from handoffs.models import Destination, Handoff, HandoffSettings, Queue, QueueEntry, Schedule
from handoffs.services.claims import claim_conversation
from handoffs.services.deadlines import look_ahead, sweep_deadlines
from handoffs.services.releases import publish_release
from handoffs.services.tickets import take_message
from handoffs.services.turns import consider_turn, lease_turn
from tests.invariants import check_conversation

LATER = timedelta(seconds=301)


def test_nothing_fires_before_it_is_due(waiting, now):
    assert sweep_deadlines(at=now + timedelta(seconds=200)) == 0
    assert [seen.due_at for seen in look_ahead()] == [Deadline.objects.get().due_at]


def test_a_passed_wait_limit_tells_the_customer_and_takes_a_message(waiting, now):
    assert sweep_deadlines(at=now + LATER) == 1

    waiting.refresh_from_db()
    timed_out, ticket = Handoff.objects.order_by("initiated_at", "id")
    assert (timed_out.state, timed_out.cause) == ("timed_out", "wait_limit")
    assert (ticket.state, ticket.is_ticket, ticket.queue_key) == ("queued", True, "billing")
    assert waiting.is_ticket
    assert waiting.handoff_id == ticket.id
    newest = Event.objects.filter(conversation=waiting).order_by("-sequence")[:3]
    assert [event.type for event in newest] == ["system.message", "ticket.opened", "handoff.timed_out"]
    assert "e-mail" in newest[0].payload["message"]


def test_it_fires_once(waiting, now):
    sweep_deadlines(at=now + LATER)
    events = Event.objects.count()

    assert sweep_deadlines(at=now + LATER) == 0
    assert Event.objects.count() == events


def test_a_claimed_conversation_has_no_wait_limit_left(claimed, now):
    assert sweep_deadlines(at=now + LATER) == 0
    assert Handoff.objects.get().state == "active"


def test_the_message_left_behind_gives_the_ticket_its_contact(waiting, cast, now):
    sweep_deadlines(at=now + LATER)
    cast.customer_says(waiting, "Please write to hannah.w@example.com about my refund")

    take_message(entry=OutboxEntry.objects.get(topic="ticket.message"), at=now)

    ticket = Handoff.objects.get(is_ticket=True)
    assert ticket.data["email"] == "hannah.w@example.com"
    thanks = Event.objects.filter(type="system.message").latest("sequence")
    assert "hannah.w@example.com" in thanks.payload["message"]


def test_a_message_while_waiting_for_a_human_needs_no_work(waiting, cast):
    cast.customer_says(waiting, "Hello?")

    assert not OutboxEntry.objects.filter(topic__in=["ticket.message", "turn.due"]).exists()


def test_a_ticket_is_claimed_like_any_other(waiting, agent, now):
    sweep_deadlines(at=now + LATER)

    claim_conversation(conversation_id=waiting.id, agent=agent, at=now + LATER)

    assert Handoff.objects.get(is_ticket=True).state == "active"
    assert QueueEntry.objects.filter(state="claimed").count() == 1


def test_a_locked_conversation_stays_due(transactional_db, waiting, now, other_connection):
    with transaction.atomic():
        lock_conversation(waiting.id)
        fired_meanwhile = other_connection(lambda: sweep_deadlines(at=now + LATER))

    assert fired_meanwhile == 0
    assert sweep_deadlines(at=now + LATER) == 1


@pytest.fixture
def times_out(conversation, project, owner, cast, now):
    """Configure what follows a time-out, hand off to billing, and let the wait limit pass `count` times."""
    Queue.objects.create(project=project, key="second", name="Second line")
    Destination.objects.create(project=project, key="second", name="Second line", queue_key="second")

    def time_out(after_timeout: str, *, count: int = 1, **billing) -> None:
        HandoffSettings.objects.update(after_timeout=after_timeout)
        Destination.objects.filter(key="billing").update(**billing)
        publish_release(project=project, publisher=owner, at=now)
        cast.hand_off(conversation)
        for number in range(count):
            assert sweep_deadlines(at=now + (number + 1) * LATER) == 1
            conversation.refresh_from_db()
            check_conversation(conversation)

    return time_out


def states() -> list[tuple[str, str, bool]]:
    episodes = Handoff.objects.order_by("initiated_at", "id")
    return [(handoff.destination_key, handoff.state, handoff.is_ticket) for handoff in episodes]


def test_a_passed_wait_limit_can_lead_to_the_fallbacks_queue(conversation, times_out):
    times_out("fallback", fallback_key="second")

    first, second = Handoff.objects.order_by("initiated_at", "id")
    assert states() == [("billing", "timed_out", False), ("second", "queued", False)]
    assert (second.root_id, second.reason, second.snapshot_hash) == (first.id, first.reason, first.snapshot_hash)
    assert (conversation.owner_id, conversation.handoff_id, conversation.epoch) == ("second", second.id, 3)
    assert (QueueEntry.objects.get(state="waiting").queue_key, Deadline.objects.get().subject_id) == (
        "second",
        second.id,
    )


def test_the_customers_wait_goes_on_in_the_fallbacks_queue(conversation, times_out):
    times_out("fallback", fallback_key="second")

    first = Handoff.objects.get(destination_key="billing")
    assert conversation.waiting_since == first.initiated_at
    newest = Event.objects.filter(conversation=conversation).order_by("-sequence")[:4]
    assert [event.type for event in reversed(newest)] == [
        "handoff.retrying",
        "handoff.requested",
        "system.message",
        "handoff.queue_status",
    ]
    assert newest[1].payload["message"] == "You are now waiting for Second line."
    promised = OutboxEntry.objects.filter(topic="webhook.emit").order_by("id").values_list("payload__event", flat=True)
    assert list(promised)[-4:] == ["handoff.timed_out", "handoff.triggered", "handoff.accepted", "handoff.queued"]


def test_when_the_fallback_does_not_come_either_a_message_is_taken(conversation, times_out):
    times_out("fallback", count=2, fallback_key="second")

    assert states() == [
        ("billing", "timed_out", False),
        ("second", "timed_out", False),
        ("second", "queued", True),
    ]
    assert conversation.is_ticket


def test_a_circle_of_fallbacks_is_left_after_one_round(conversation, times_out):
    Destination.objects.filter(key="second").update(fallback_key="billing")

    times_out("fallback", count=2, fallback_key="second")

    assert [state for state in states() if state[2]] == [("second", "queued", True)]
    assert not Deadline.objects.exists()


def test_without_a_fallback_a_message_is_taken(conversation, times_out):
    times_out("fallback")

    assert states() == [("billing", "timed_out", False), ("billing", "queued", True)]


def test_a_closed_fallback_takes_nobody_from_the_queue(conversation, project, times_out):
    Schedule.objects.create(project=project, key="shut", name="Shut", time_zone="UTC")
    Destination.objects.filter(key="second").update(schedule_key="shut", out_of_hours="ai")

    times_out("fallback", fallback_key="second")

    assert states() == [("billing", "timed_out", False), ("billing", "queued", True)]


def test_a_passed_wait_limit_can_give_the_conversation_back_to_the_ai(conversation, times_out):
    times_out("ai")

    assert states() == [("billing", "timed_out", False)]
    assert (conversation.owner_kind, conversation.epoch, conversation.handoff_state) == ("ai", 3, "timed_out")
    assert conversation.waiting_since is None
    newest = Event.objects.filter(conversation=conversation).order_by("-sequence")[:3]
    assert [event.type for event in reversed(newest)] == ["handoff.timed_out", "ai.joined", "ai.message"]
    assert newest[0].payload["text"] == "Nobody could take this just now. I'm glad to help until somebody can."


def test_given_back_by_a_destination_that_has_closed_the_ai_says_when_people_are_back(
    conversation, project, times_out, now
):
    tomorrow = (now + timedelta(days=1)).weekday()
    hours = [{"day": tomorrow, "start": "09:00", "end": "17:00"}]
    Schedule.objects.create(project=project, key="office", name="Office", time_zone="UTC", intervals=hours)

    times_out("ai", schedule_key="office", out_of_hours="queue")

    said = Event.objects.filter(conversation=conversation, type="ai.message").latest("sequence").payload
    assert said["kind"] == "closed"
    assert "People are back tomorrow at 09:00 UTC." in said["text"]


def test_what_was_said_while_waiting_is_not_answered_after_the_return(conversation, times_out, cast, now):
    lease_turn(conversation_id=conversation.id, holder=1, at=now)
    times_out("ai", count=0)
    cast.customer_says(conversation, "Hello? Is anybody there?")
    sweep_deadlines(at=now + LATER)

    assert consider_turn(conversation_id=conversation.id, at=now) is None


def test_the_ai_that_has_it_back_can_hand_off_again(conversation, times_out, cast):
    times_out("ai")

    cast.hand_off(conversation)

    conversation.refresh_from_db()
    check_conversation(conversation)
    assert conversation.owner_kind == "queue"
