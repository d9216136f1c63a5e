"""A sweeper as one writes it first: a transaction for each deadline, every row by the ORM."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

import bench.ours  # noqa: F401 - sets Django up
from bench.lines import answer_lines
from conversations.models import Conversation, Deadline, Event, OutboxEntry
from handoffs.models import Handoff, QueueEntry


def fire() -> Mapping[str, float]:
    due = Deadline.objects.filter(kind="wait_limit", due_at__lte=timezone.now()).order_by("due_at")
    return {"fired": sum(fire_one(deadline_id) for deadline_id in due.values_list("pk", flat=True))}


@transaction.atomic
def fire_one(deadline_id: object) -> int:
    """The same rows as the floor writes."""
    at = timezone.now()
    deadline = Deadline.objects.get(pk=deadline_id)
    conversation = Conversation.objects.select_for_update().get(pk=deadline.conversation_id)
    handoff = Handoff.objects.get(pk=deadline.subject_id)
    deadline.delete()
    handoff.state, handoff.cause, handoff.ended_at = "timed_out", "wait_limit", at
    handoff.history = [*handoff.history, {"state": "timed_out", "at": at.isoformat()}]
    handoff.save()
    QueueEntry.objects.filter(handoff=handoff).update(state="left")
    following = begin_next(handoff, at)
    conversation.last_sequence += 1
    conversation.handoff_id, conversation.handoff_state = following.pk, following.state
    conversation.save()
    Event.objects.create(
        conversation=conversation, sequence=conversation.last_sequence, type="handoff.retrying", author="system",
        epoch=conversation.epoch, payload={"reason": "wait_limit"}, created_at=at,
    )  # fmt: skip
    OutboxEntry.objects.create(
        topic="webhook.emit", conversation_id=conversation.pk, payload={"handoff_id": str(handoff.pk)}
    )
    return 1


def begin_next(handoff: Handoff, at: object) -> Handoff:
    following = Handoff.objects.create(
        conversation=handoff.conversation, project=handoff.project, environment=handoff.environment, root_id=handoff.pk,
        state="initiated", trigger=handoff.trigger, reason=handoff.reason, snapshot_hash=handoff.snapshot_hash,
        trace={"next": "message"}, history=[{"state": "initiated", "at": at.isoformat()}], initiated_at=at,
    )  # fmt: skip
    Deadline.objects.create(conversation=handoff.conversation, kind="retry", subject_id=following.pk, due_at=at)
    return following


if __name__ == "__main__":
    answer_lines({"fire": fire})
