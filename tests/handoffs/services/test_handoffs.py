"""Starting a handoff: the published order, the queue, and what happens when no queue is open."""

from conversations.models import Deadline, Event, OutboxEntry
from handoffs.models import Handoff, Queue, QueueEntry
from handoffs.services.releases import publish_release

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
