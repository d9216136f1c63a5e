"""Annotations: a reviewer's verdict on a handoff, and marks on turns."""

from django.db import transaction

from conversations.append import append_event
from conversations.domain.timeline import NewEvent
from conversations.domain.vocabulary import TurnMark, Verdict
from conversations.models import Annotation, Conversation, Event, User
from conversations.outbox import add_entry

# The turns before the human's part, where a handoff can have been due.
MARKABLE = ("customer.message", "ai.message")


class NothingToJudge(Exception):
    """The conversation has had no handoff, or there is no such turn of the customer or the AI."""


def give_verdict(*, conversation: Conversation, verdict: Verdict, comment: str, reviewer: User) -> Annotation:
    """Store the reviewer's verdict on the conversation's newest handoff; a second one replaces the first.

    The same verdict and comment again change nothing and are told to nobody. Raises NothingToJudge.
    """
    if conversation.handoff_id is None:
        raise NothingToJudge("This conversation was never handed off")
    said = {"conversation": conversation, "verdict": verdict.value, "comment": comment}
    same = Annotation.objects.filter(**said, handoff_id=conversation.handoff_id, author=reviewer).first()
    if same is not None:
        return same
    with transaction.atomic():
        annotation, _ = Annotation.objects.update_or_create(
            said, handoff_id=conversation.handoff_id, author=reviewer, mark=""
        )
        _tell(annotation, {"verdict": verdict.value})
    return annotation


def mark_turn(*, conversation: Conversation, sequence: int, mark: TurnMark, comment: str, reviewer: User) -> Annotation:
    """Mark one turn of the customer or the AI; marking it again changes the comment. Raises NothingToJudge."""
    if not Event.objects.filter(conversation=conversation, sequence=sequence, type__in=MARKABLE).exists():
        raise NothingToJudge(f"There is no turn {sequence} of the customer or the AI in this conversation")
    with transaction.atomic():
        annotation, _ = Annotation.objects.update_or_create(
            {"comment": comment},
            conversation=conversation,
            sequence=sequence,
            mark=mark.value,
            verdict="",
            author=reviewer,
        )
        _tell(annotation, {"mark": mark.value, "turn": sequence})
    return annotation


def unmark_turn(*, conversation: Conversation, sequence: int, mark: TurnMark, reviewer: User) -> None:
    Annotation.objects.filter(conversation=conversation, sequence=sequence, mark=mark.value, author=reviewer).delete()


def _tell(annotation: Annotation, what: dict[str, object]) -> None:
    event = append_event(
        conversation_id=annotation.conversation_id,
        event=NewEvent(
            "annotation.added", f"user:{annotation.author_id}", {"annotation_id": str(annotation.id), **what}
        ),
    )
    add_entry(
        topic="webhook.emit",
        conversation_id=annotation.conversation_id,
        sequence=event.sequence,
        payload={"event": "annotation.created", "annotation_id": str(annotation.id)},
    )
