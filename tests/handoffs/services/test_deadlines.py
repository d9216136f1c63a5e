"""The sweep: a wait limit that has passed."""

from datetime import timedelta

from django.db import transaction

from conversations.models import Deadline, Event, OutboxEntry
from conversations.services.ownership import lock_conversation
from handoffs.models import Handoff, QueueEntry
from handoffs.services.claims import claim_conversation
from handoffs.services.deadlines import next_due_at, sweep_deadlines
from handoffs.services.tickets import take_message

LATER = timedelta(seconds=301)


def test_nothing_fires_before_it_is_due(waiting, now):
    assert sweep_deadlines(at=now + timedelta(seconds=200)) == 0
    assert next_due_at() == Deadline.objects.get().due_at


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
