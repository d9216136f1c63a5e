"""Starting a handoff: the published order, the queue, and what happens when no queue is open."""

from datetime import UTC, datetime

import pytest
from django.db import transaction

from conversations.models import Deadline, Event, OutboxEntry
from conversations.services.ownership import lock_conversation
from handoffs.domain.triggers.signal import Trigger
from handoffs.domain.turns import HandoffRequest
from handoffs.models import Destination, Handoff, Queue, QueueEntry, Schedule
from handoffs.services.handoffs import start_handoff
from handoffs.services.releases import publish_release, read_current_config
from tests.invariants import check_conversation

SATURDAY_NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
MONDAY_NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ORDER = ["ai.message", "handoff.triggered", "ai.left", "handoff.accepted", "handoff.queue_status"]


def types_of(conversation) -> list[str]:
    return list(Event.objects.filter(conversation=conversation).order_by("sequence").values_list("type", flat=True))


def test_the_customer_sees_the_published_order(waiting):
    assert types_of(waiting) == ["session.started", *ORDER]


def test_the_queue_owns_the_conversation_and_the_ai_is_mute(waiting, release):
    handoff = Handoff.objects.get()

    assert (waiting.owner_kind, waiting.owner_id, waiting.epoch) == ("queue", "billing", 2)
    assert (waiting.handoff_id, waiting.handoff_state, waiting.reason) == (handoff.id, "queued", "needs_human")
    assert (handoff.state, handoff.release_number, handoff.snapshot_hash) == ("queued", 1, release.snapshot_id)
    assert waiting.waiting_since is not None


def test_the_wait_limit_is_armed_at_the_destinations_limit(waiting):
    deadline = Deadline.objects.get()
    entry = QueueEntry.objects.get()

    assert (deadline.kind, deadline.subject_id) == ("wait_limit", entry.handoff_id)
    assert (deadline.due_at - entry.entered_at).total_seconds() == 300


def test_the_first_in_line_is_told_position_one_and_no_invented_estimate(waiting):
    told = Event.objects.get(type="handoff.queue_status")

    assert told.payload == {"queue_name": "Billing", "position_in_queue": 1}


def test_webhooks_are_promised_for_each_state(waiting):
    promised = OutboxEntry.objects.filter(topic="webhook.emit").order_by("id").values_list("payload__event", flat=True)

    assert list(promised) == ["handoff.triggered", "handoff.accepted", "handoff.queued"]


def test_a_queue_that_is_off_takes_a_message_instead(conversation, project, owner, cast, now):
    Queue.objects.update(is_on=False)
    publish_release(project=project, publisher=owner, at=now)

    cast.hand_off(conversation)

    conversation.refresh_from_db()
    failed, ticket = Handoff.objects.order_by("initiated_at", "id")
    assert (failed.state, failed.cause) == ("failed", "queue_off")
    assert (ticket.state, ticket.is_ticket, ticket.root_id) == ("queued", True, failed.id)
    assert (conversation.owner_kind, conversation.is_ticket) == ("queue", True)
    assert types_of(conversation)[-3:] == ["handoff.failed", "ticket.opened", "system.message"]
    assert not Deadline.objects.exists()


def test_without_any_destination_a_message_is_taken(conversation, project, owner, cast, now):
    project.destinations.all().delete()
    publish_release(project=project, publisher=owner, at=now)

    cast.hand_off(conversation)

    failed, ticket = Handoff.objects.order_by("initiated_at", "id")
    assert (failed.cause, ticket.is_ticket) == ("no_destination", True)
    assert QueueEntry.objects.get().is_ticket


@pytest.fixture
def office_hours(project):
    """Billing is open on weekdays from 9 to 17 in London."""
    weekdays = [{"day": day, "start": "09:00", "end": "17:00"} for day in range(5)]
    Schedule.objects.create(
        project=project, key="office", name="Office hours", time_zone="Europe/London", intervals=weekdays
    )
    Destination.objects.update(schedule_key="office")


@pytest.fixture
def hand_off_at(conversation, office_hours, owner):
    """Hand the conversation off at an instant, by a destination that does this out of hours."""

    def hand_off(at: datetime, out_of_hours: str, **changes) -> Handoff | None:
        Destination.objects.filter(key="billing").update(out_of_hours=out_of_hours, **changes)
        publish_release(project=conversation.project, publisher=owner, at=at)
        evidence = {"score": 0.93, "threshold": 0.8, "text": "A person, please. I am Hannah"}
        request = HandoffRequest(Trigger.EXPLICIT_REQUEST, "needs_human", "I'm passing you on.", evidence=evidence)
        with transaction.atomic():
            current = read_current_config(project=conversation.project, environment=conversation.environment)
            locked = lock_conversation(conversation.id)
            handoff = start_handoff(conversation=locked, request=request, current=current, at=at)
        conversation.refresh_from_db()
        check_conversation(conversation)
        return handoff

    return hand_off


@pytest.mark.parametrize("policy", ["queue", "ai", "message", "fallback"])
def test_within_the_hours_every_policy_queues(conversation, hand_off_at, policy):
    handoff = hand_off_at(MONDAY_NOON, policy)

    assert handoff is not None
    assert (handoff.state, handoff.trace["route"][0]["hours"]) == ("queued", "open")
    assert conversation.waiting_since == MONDAY_NOON


def test_out_of_hours_the_ai_carries_on_and_says_when_people_are_back(conversation, hand_off_at):
    handoff = hand_off_at(SATURDAY_NOON, "ai")

    assert handoff is None
    assert (conversation.owner_kind, conversation.epoch, conversation.handoff_id) == ("ai", 1, None)
    assert not Handoff.objects.exists()
    assert not Deadline.objects.exists()
    said = Event.objects.get(type="ai.message")
    assert said.payload["text"] == (
        "Our team is not there right now. People are back on Monday 23 November at 09:00 London time. "
        "I'm glad to help until then."
    )
    assert types_of(conversation) == ["session.started", "ai.message"]


def test_what_fired_is_kept_with_the_ais_words_but_the_customers_are_not(conversation, hand_off_at):
    hand_off_at(SATURDAY_NOON, "ai")

    payload = Event.objects.get(type="ai.message").payload
    assert {name: payload[name] for name in ("kind", "trigger", "reason", "score", "threshold", "opening")} == {
        "kind": "closed",
        "trigger": "explicit_request",
        "reason": "needs_human",
        "score": 0.93,
        "threshold": 0.8,
        "opening": "2026-11-23T09:00:00+00:00",
    }
    assert payload["route"][0]["finding"] == "closed_ai"
    assert "Hannah" not in str(payload)


def test_out_of_hours_a_message_is_kept_in_the_destinations_queue(conversation, hand_off_at):
    failed = hand_off_at(SATURDAY_NOON, "message")

    ticket = Handoff.objects.get(is_ticket=True)
    assert failed is not None
    assert (failed.state, failed.cause) == ("failed", "out_of_hours")
    assert (ticket.state, ticket.root_id, ticket.queue_key) == ("queued", failed.id, "billing")
    assert (conversation.is_ticket, conversation.owner_id) == (True, "billing")
    assert not Deadline.objects.exists()


def test_out_of_hours_queue_anyway_waits_as_within(conversation, hand_off_at):
    handoff = hand_off_at(SATURDAY_NOON, "queue")

    assert handoff is not None
    assert (handoff.state, handoff.trace["route"][0]["hours"]) == ("queued", "closed")
    assert Deadline.objects.count() == 1


def test_out_of_hours_the_fallback_takes_it(conversation, project, hand_off_at):
    Queue.objects.create(project=project, key="night", name="Night")
    Destination.objects.create(project=project, key="night", name="Night desk", queue_key="night")

    handoff = hand_off_at(SATURDAY_NOON, "fallback", fallback_key="night")

    assert handoff is not None
    assert (handoff.state, handoff.destination_key, handoff.queue_key) == ("queued", "night", "night")
    assert [item["finding"] for item in handoff.trace["route"]] == ["closed_fallback", "queue_on"]


def test_out_of_hours_a_chain_that_ends_nowhere_still_keeps_a_message(conversation, hand_off_at):
    failed = hand_off_at(SATURDAY_NOON, "fallback")

    assert failed is not None
    assert (failed.state, failed.cause) == ("failed", "out_of_hours")
    assert conversation.is_ticket


def test_braces_the_author_typed_stay_in_the_text(conversation, project, hand_off_at):
    texts = {"closed_text": "Back {opening}. {Not this} {0}"}
    project.handoff_settings.texts = texts
    project.handoff_settings.save()

    hand_off_at(SATURDAY_NOON, "ai")

    said = Event.objects.get(type="ai.message").payload["text"]
    assert said == "Back on Monday 23 November at 09:00 London time. {Not this} {0}"
