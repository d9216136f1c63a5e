"""Reads of the inbox list: rows by view, rows by id, and how many conversations stand in each view.

A page is read in two statements, however long it is (and one more for each snapshot this process has not met).
"""

import base64
import binascii
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import Case, Count, Exists, Min, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, JSONObject
from django.utils.dateparse import parse_datetime

from conversations.domain.vocabulary import OwnerKind
from conversations.models import Conversation, Event, Project, User
from handoffs.domain.config import ProjectConfig
from handoffs.domain.inbox import InboxRow, LastSaid, RowState, Tally, View, Viewer, state_of
from handoffs.models import Assignment, Handoff, QueueEntry
from handoffs.selectors.snapshots import read_config

PAGE_SIZE = 50
CUSTOMER_MESSAGE, HUMAN_MESSAGE, AI_MESSAGE = "customer.message", "human.message", "ai.message"
USER = "user:"
# Kinds of owner a conversation has while it is anybody's business.
OPEN_OWNERS = (OwnerKind.AI, OwnerKind.QUEUE, OwnerKind.HUMAN, OwnerKind.DESK)
# A human has been asked while the AI keeps the customer company.
SOFT = Q(owner_kind=OwnerKind.AI, waiting_since__isnull=False)
UNANSWERED_MATTERS = frozenset({RowState.WAITING, RowState.TICKET, RowState.HUMAN})
# Customers first, then tickets, each longest first; everywhere else the latest change of hands first.
ORDER_OF_WAITING = ("left", "since", "id")
ORDER = ("-owner_since", "-id")

# An announcement reads the same in every row; what was said before it tells the rows apart.
_last_said = (
    Event.objects.filter(conversation=OuterRef("pk"), type__in=(CUSTOMER_MESSAGE, HUMAN_MESSAGE, AI_MESSAGE))
    .exclude(type=AI_MESSAGE, payload__kind="announcement")
    .order_by("-sequence")
    .values(said=JSONObject(author="author", payload="payload", at="created_at"))[:1]
)
_last_answer = (
    Event.objects.filter(conversation=OuterRef(OuterRef("pk")), type__in=(HUMAN_MESSAGE, AI_MESSAGE))
    .order_by("-sequence")
    .values("sequence")[:1]
)
_unanswered = (
    Event.objects.filter(
        conversation=OuterRef("pk"), type=CUSTOMER_MESSAGE, sequence__gt=Coalesce(Subquery(_last_answer), 0)
    )
    .order_by()
    .values("conversation")
    .annotate(number=Count("pk"))
    .values("number")
)

_snoozed = Assignment.objects.filter(conversation=OuterRef("pk"), state="snoozed")


class BadCursor(ValueError):
    """Not a cursor of ours."""


@dataclass(frozen=True, slots=True)
class InboxPage:
    """Rows in the view's order; next: the cursor of what follows, None at the end."""

    rows: tuple[InboxRow, ...]
    next: str | None


def read_view(
    *, project: Project, environment: str, viewer: Viewer, view: View, cursor: str = "", limit: int = PAGE_SIZE
) -> InboxPage:
    """Return one page of a view as it is now. Raises BadCursor."""
    order: Final = ORDER_OF_WAITING if view is View.WAITING else ORDER
    found = _rows(Conversation.objects.filter(_in_view(view, viewer), project=project, environment=environment))
    if cursor:
        found = found.filter(_after(order, _parse_cursor(cursor, len(order))))
    page = list(found.order_by(*order)[: limit + 1])
    follows = _cursor(page[limit - 1], order) if len(page) > limit else None
    return InboxPage(tuple(_build(page[:limit])), follows)


def read_rows(ids: Collection[uuid.UUID]) -> list[InboxRow]:
    """Return the rows of these conversations, in no order."""
    return _build(_rows(Conversation.objects.filter(pk__in=ids)))


def read_row(conversation_id: uuid.UUID) -> InboxRow:
    return read_rows([conversation_id])[0]


def read_open_sequences(*, project_id: uuid.UUID, environment: str) -> dict[uuid.UUID, int]:
    """Return the last sequence of every conversation somebody has: what the list's lost news are found by."""
    found = Conversation.objects.filter(project_id=project_id, environment=environment, owner_kind__in=OPEN_OWNERS)
    return dict(found.values_list("pk", "last_sequence"))


def read_tally(*, project: Project, environment: str, at: datetime) -> Tally:
    """Count the conversations of each owner, and those closed today in the project's own day."""
    here = Conversation.objects.filter(project=project, environment=environment)
    owners = here.filter(owner_kind__in=OPEN_OWNERS).order_by().values_list("owner_kind", "owner_id")
    numbers = {(kind, owner): number for kind, owner, number in owners.annotate(Count("pk"))}
    soft = here.filter(SOFT).count()
    midnight = at.astimezone(ZoneInfo(project.time_zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    closed = here.filter(owner_kind=OwnerKind.NONE, handoff_id__isnull=False, owner_since__gte=midnight)
    return Tally(
        waiting=sum(number for (kind, _), number in numbers.items() if kind == OwnerKind.QUEUE) + soft,
        ai=sum(number for (kind, _), number in numbers.items() if kind == OwnerKind.AI) - soft,
        humans={owner: number for (kind, owner), number in numbers.items() if kind == OwnerKind.HUMAN},
        closed=closed.count(),
        late_at=_late_at(project, environment),
        snoozed=_count_snoozed(project, environment),
    )


def _count_snoozed(project: Project, environment: str) -> dict[str, int]:
    """By whoever put them aside, as text."""
    rows = Assignment.objects.filter(project=project, conversation__environment=environment, state="snoozed")
    by_agent = rows.order_by().values_list("agent_id").annotate(Count("pk"))
    return {str(agent_id): number for agent_id, number in by_agent}


def _late_at(project: Project, environment: str) -> datetime | None:
    """When the first of the waiting customers is over the target of their queue."""
    heads = (
        QueueEntry.objects.filter(project=project, environment=environment, state="waiting", is_ticket=False)
        .order_by()
        .values_list("queue_key", "handoff__snapshot_hash")
        .annotate(oldest=Min("entered_at"))
    )
    targets = ((oldest, read_config(snapshot).queue(key)) for key, snapshot, oldest in heads)
    return min((oldest + timedelta(seconds=queue.target_seconds) for oldest, queue in targets if queue), default=None)


def _in_view(view: View, viewer: Viewer) -> Q:
    """Mirrors `handoffs.domain.inbox.view_of` in SQL; a test holds the two together."""
    mine, snoozed = Q(owner_id=viewer.user_id), Q(Exists(_snoozed))
    return {
        View.MINE: Q(owner_kind=OwnerKind.HUMAN) & mine & ~snoozed,
        View.WAITING: Q(owner_kind=OwnerKind.QUEUE) | SOFT,
        View.AI: Q(owner_kind=OwnerKind.AI) & ~SOFT,
        View.TEAM: Q(owner_kind=OwnerKind.HUMAN) & ~mine,
        View.SNOOZED: Q(owner_kind=OwnerKind.HUMAN) & mine & snoozed,
        View.CLOSED: Q(owner_kind=OwnerKind.NONE, handoff_id__isnull=False),
    }[view]


def _rows(conversations: QuerySet[Conversation]) -> QuerySet[Conversation]:
    return conversations.select_related("customer", "project").annotate(
        since=Coalesce("waiting_since", "owner_since"),
        left=Case(When(waiting_since__isnull=True, then=Value(1)), default=Value(0)),
        said=Subquery(_last_said),
        unanswered=Coalesce(Subquery(_unanswered), 0),
        snoozed_until=Subquery(_snoozed.values("snoozed_until")[:1]),
        snapshot_hash=Coalesce(
            Subquery(Handoff.objects.filter(pk=OuterRef("handoff_id")).values("snapshot_hash")[:1]), Value("")
        ),
    )


def _build(found: Iterable[Any]) -> list[InboxRow]:
    """Turn annotated conversations into rows, looking all names up at once."""
    conversations = list(found)
    names = _names(conversations)
    return [_row(conversation, names) for conversation in conversations]


def _names(conversations: Sequence[Any]) -> Mapping[str, str]:
    owners = {row.owner_id for row in conversations if row.owner_kind == OwnerKind.HUMAN}
    authors = {row.said["author"].removeprefix(USER) for row in conversations if row.said}
    people = (owners | authors) - {"", "customer", "ai", "system"}
    ids = [person for person in people if not person.startswith("desk:")]
    return {str(pk): name for pk, name in User.objects.filter(pk__in=ids).values_list("pk", "full_name")} if ids else {}


def _row(conversation: Any, names: Mapping[str, str]) -> InboxRow:
    config = read_config(conversation.snapshot_hash)
    queue, reason = config.queue(conversation.queue_key), config.reason(conversation.reason)
    state = state_of(owner_kind=conversation.owner_kind, is_waited_for=conversation.waiting_since is not None)
    return InboxRow(
        conversation_id=conversation.pk,
        sequence=conversation.last_sequence,
        epoch=conversation.epoch,
        customer_name=conversation.customer.name,
        channel=conversation.channel,
        environment=conversation.environment,
        state=state,
        was_handed_off=conversation.handoff_id is not None,
        owner_kind=conversation.owner_kind,
        owner_id=conversation.owner_id,
        owner_name=_owner_name(conversation, config, names),
        owner_since=conversation.owner_since,
        queue_key=conversation.queue_key,
        queue_name=queue.name if queue else conversation.queue_key,
        target_seconds=queue.target_seconds if queue else None,
        reason=conversation.reason,
        reason_label=config.reason_label(conversation.reason),
        reason_urgent=reason is not None and reason.is_urgent,
        waiting_since=conversation.waiting_since,
        destination_name=conversation.destination_name,
        last=_last(conversation, names) if conversation.said else None,
        unread=conversation.unanswered if state in UNANSWERED_MATTERS else 0,
        snoozed_until=conversation.snoozed_until,
    )


def _owner_name(conversation: Any, config: ProjectConfig, names: Mapping[str, str]) -> str:
    queue = config.queue(conversation.owner_id)
    called: Mapping[str, str] = {
        OwnerKind.AI: conversation.project.ai_name,
        OwnerKind.QUEUE: queue.name if queue else conversation.owner_id,
        OwnerKind.HUMAN: names.get(conversation.owner_id, ""),
        OwnerKind.DESK: conversation.owner_id,
    }
    return called.get(conversation.owner_kind, "")


def _last(conversation: Any, names: Mapping[str, str]) -> LastSaid:
    said, payload = conversation.said, conversation.said["payload"]
    author = said["author"]
    name = names.get(author.removeprefix(USER)) or payload.get("agent_name") or conversation.project.ai_name
    at = parse_datetime(said["at"])
    assert at is not None
    return LastSaid(author, str(name), payload.get("text"), at)


def _cursor(row: Any, order: Sequence[str]) -> str:
    values = "|".join(_cursor_part(getattr(row, name.lstrip("-"))) for name in order)
    return base64.urlsafe_b64encode(values.encode()).decode().rstrip("=")


def _cursor_part(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _parse_cursor(text: str, length: int) -> Sequence[Any]:
    try:
        parts = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().split("|")
        *left, since_text, row_id = parts
        since = datetime.fromisoformat(since_text)
        values = [*map(int, left), since, uuid.UUID(row_id)]
    except (ValueError, binascii.Error) as error:
        raise BadCursor("This is not a cursor of this list") from error
    if len(values) != length or since.tzinfo is None:
        raise BadCursor("This is a cursor of another view")
    return values


def _after(order: Sequence[str], values: Sequence[Any]) -> Q:
    """Everything that comes after these values in this order: the comparison of rows, spelled out."""
    later, equal = Q(), Q()
    for name, value in zip(order, values, strict=True):
        field = name.lstrip("-")
        beyond = Q(**{f"{field}__{'lt' if name.startswith('-') else 'gt'}": value})
        later |= equal & beyond
        equal &= Q(**{field: value})
    return later
