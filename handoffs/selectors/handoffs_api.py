"""Reads of the Handoff API beside the hot one: the list of a project's handoffs, and one of them whole."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from conversations.access import NotFound
from conversations.domain.evidence import explain_evidence
from conversations.models import ApiKey
from conversations.selectors.cursors import older_than, write_cursor
from handoffs.domain.handoff_facts import tell_handoff
from handoffs.domain.lifecycle import PUBLISHED
from handoffs.models import Handoff

PAGE_SIZE, LARGEST_PAGE = 50, 200


@dataclass(frozen=True, slots=True)
class HandoffFilter:
    """What a list is cut down to; empty is everything. state: a life cycle's, a published or a custom one."""

    state: str = ""
    reason: str = ""
    destination: str = ""
    since: datetime | None = None


def list_handoffs(
    key: ApiKey, wanted: HandoffFilter, *, cursor: str = "", limit: int = PAGE_SIZE
) -> tuple[list[Handoff], str | None]:
    """Return a page of the handoffs this key reaches, newest first, and the cursor of the next. Raises BadCursor."""
    rows = _reached(key).filter(_matches(wanted))
    if cursor:
        rows = rows.filter(older_than(cursor, by="initiated_at"))
    found = list(rows.order_by("-initiated_at", "-pk")[: limit + 1])
    page = found[:limit]
    follows = write_cursor(page[-1].initiated_at, page[-1].pk) if len(found) > limit else None
    return page, follows


def access_handoff_by_key(key: ApiKey, handoff_id: str) -> Handoff:
    """Return a handoff of the project and environment of this key. Raises NotFound."""
    try:
        found = _reached(key).filter(pk=uuid.UUID(handoff_id)).first()
    except ValueError:
        found = None
    if found is None:
        raise NotFound("handoff")
    return found


def describe_handoff(handoff: Handoff) -> dict[str, Any]:
    """What a list tells of a handoff, in JSON form."""
    return {
        "id": str(handoff.pk),
        "conversation_id": str(handoff.conversation_id),
        "shared_id": handoff.conversation.shared_id,
        **tell_handoff(vars(handoff)),
        "data": handoff.data,
    }


def describe_whole(handoff: Handoff) -> dict[str, Any]:
    """The same with what it was decided by: the trace, the evidence, the release, and the context contract."""
    return {
        **describe_handoff(handoff),
        "channel": handoff.conversation.channel,
        "epoch": handoff.conversation.epoch,
        "is_soft": handoff.is_soft,
        "attempt": handoff.attempt,
        "release": handoff.release_number,
        "evidence": handoff.evidence,
        "explanation": list(explain_evidence(handoff.evidence, masked=False).sentences),
        "trace": handoff.trace,
        "context": _contract(handoff.context),
    }


def _contract(context: Mapping[str, Any]) -> dict[str, Any]:
    return {"required": [], "missing": [], "score": None, **context}


def _reached(key: ApiKey) -> QuerySet[Handoff]:
    rows = Handoff.objects.filter(project=key.project, environment=key.environment)
    return rows.select_related("conversation")


def _matches(wanted: HandoffFilter) -> Q:
    rules = {
        "reason": wanted.reason or None,
        "destination_key": wanted.destination or None,
        "initiated_at__gte": wanted.since,
    }
    return Q(**{name: value for name, value in rules.items() if value is not None}) & _in_state(wanted.state)


def _in_state(state: str) -> Q:
    """A published state covers several of the life cycle, but not handoffs a custom state was set for."""
    if not state:
        return Q()
    covered = [inner.value for inner, published in PUBLISHED.items() if published == state]
    return Q(custom_state="", state__in=covered) | Q(state=state) | Q(custom_state=state)
