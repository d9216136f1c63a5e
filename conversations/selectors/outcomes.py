"""Which handoff an outcome from outside is about."""

import uuid
from dataclasses import dataclass

from django.db.models import F, QuerySet

from conversations.models import Conversation, Event, Project


class UnknownSharedId(Exception):
    """No conversation of this environment carries this id."""


class UnknownHandoff(Exception):
    """None of the conversations with this id has had that handoff."""


@dataclass(frozen=True, slots=True)
class OutcomeTarget:
    """handoff_id: None where the conversation was never handed off; matches: how many conversations share the id."""

    conversation_id: uuid.UUID
    handoff_id: uuid.UUID | None
    matches: int


def find_outcome_target(
    *, project: Project, environment: str, shared_id: str, handoff_id: uuid.UUID | None = None
) -> OutcomeTarget:
    """Find it by the caller's own id of the conversation (or ours, where no conversation has that one). Of several,
    the one that was handed off last, unless a handoff is named. Raises UnknownSharedId, UnknownHandoff."""
    if "\0" in shared_id:  # PostgreSQL would not even compare it
        raise UnknownSharedId(shared_id)
    mine = Conversation.objects.filter(project=project, environment=environment)
    found = _newest_handed_off(mine.filter(shared_id=shared_id)) or _newest_handed_off(_by_own_id(mine, shared_id))
    if not found:
        raise UnknownSharedId(shared_id)
    if handoff_id is None:
        return OutcomeTarget(found[0].pk, found[0].handoff_id, len(found))
    moved = Event.objects.filter(conversation__in=found, payload__now__handoff_id=str(handoff_id))
    conversation_id = moved.values_list("conversation_id", flat=True).first()
    if conversation_id is None:
        raise UnknownHandoff(str(handoff_id))
    return OutcomeTarget(conversation_id, handoff_id, len(found))


def _newest_handed_off(conversations: QuerySet[Conversation]) -> list[Conversation]:
    """Ids of handoffs and conversations are in order of time."""
    return list(conversations.only("pk", "handoff_id").order_by(F("handoff_id").desc(nulls_last=True), "-pk"))


def _by_own_id(conversations: QuerySet[Conversation], text: str) -> QuerySet[Conversation]:
    try:
        return conversations.filter(pk=uuid.UUID(text))
    except ValueError:
        return conversations.none()
