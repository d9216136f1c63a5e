"""Conversations as the Conversations API lists them: filtered, in one order, in three statements a page."""

import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from conversations.domain.turns import CUSTOMER_MESSAGE, RESPONDERS, SPOKEN, Moment
from conversations.domain.vocabulary import Channel
from conversations.models import Annotation, Conversation, CustomerIdentity, Event, Outcome, Project
from conversations.selectors.cursors import older_than, write_cursor

# Channels on which a customer's address is a number.
NUMBERED = (Channel.PHONE.value, Channel.SMS.value, Channel.WHATSAPP.value)
SPOKEN_BY: Mapping[str, Collection[str]] = {"user": (CUSTOMER_MESSAGE,), "agent": tuple(RESPONDERS)}


@dataclass(frozen=True, slots=True)
class Page:
    """How much is wanted, from where. after: a cursor, wins over `offset`; a sample has no place."""

    limit: int
    offset: int = 0
    after: str = ""
    is_sample: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """One conversation and what is told of it. from_number: empty where there is none; outcome: the current one."""

    conversation: Conversation
    from_number: str
    moments: Sequence[Moment]
    outcome: Outcome | None


@dataclass(frozen=True, slots=True)
class Listed:
    """One page, and the cursor of the next: None at the end."""

    conversations: Sequence[Told]
    next: str | None = None


def list_conversations(
    *, project: Project, environment: str, filters: Mapping[str, Any], page: Page
) -> Listed:  # fmt: skip
    """The newest first. filters: of FILTERS, by name. Raises BadCursor."""
    rows = _numbered(Conversation.objects.filter(project=project, environment=environment))
    for name, value in filters.items():
        rows = rows.filter(FILTERS[name](value))
    if page.is_sample:
        return Listed(_tell(list(rows.order_by("?")[: page.limit])))
    rows = rows.order_by("-created_at", "-pk")
    start = 0 if page.after else page.offset
    if page.after:
        rows = rows.filter(older_than(page.after, by="created_at"))
    found = list(rows[start : start + page.limit + 1])
    shown = found[: page.limit]
    has_more = len(found) > page.limit
    return Listed(_tell(shown), write_cursor(shown[-1].created_at, shown[-1].pk) if has_more else None)


def read_conversation(*, project: Project, environment: str, conversation_id: str) -> Told | None:
    """One conversation of this environment; None when there is none."""
    try:
        wanted = uuid.UUID(conversation_id)
    except ValueError:
        return None
    rows = _numbered(Conversation.objects.filter(project=project, environment=environment, pk=wanted))
    return next(iter(_tell(list(rows))), None)


def _numbered(rows: QuerySet[Conversation]) -> QuerySet[Conversation]:
    addresses = CustomerIdentity.objects.filter(
        customer=OuterRef("customer"), channel=OuterRef("channel"), channel__in=NUMBERED
    )
    return rows.annotate(from_number=Coalesce(Subquery(addresses.values("address")[:1]), Value("")))


def _tell(rows: Sequence[Conversation]) -> list[Told]:
    ids = [row.pk for row in rows]
    moments, outcomes = _moments(ids), _outcomes(ids)
    return [Told(row, vars(row)["from_number"], moments[row.pk], outcomes.get(row.pk)) for row in rows]


def _moments(ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, list[Moment]]:
    """What is needed of the events, by conversation and in order: never their whole payloads."""
    wanted = Q(type__in=SPOKEN) | Q(payload__now__has_any_keys=["owner_kind", "handoff_id", "handoff_state"])
    events = Event.objects.filter(wanted, conversation_id__in=ids).order_by("conversation_id", "sequence")
    rows = events.values_list(
        "conversation_id",
        "type",
        "created_at",
        KT("payload__text"),
        KT("payload__topic"),
        KT("payload__understood"),
        KT("payload__now__owner_kind"),
        KT("payload__now__handoff_id"),
        KT("payload__now__handoff_state"),
    )
    moments: dict[uuid.UUID, list[Moment]] = defaultdict(list)
    for conversation_id, kind, at, text, topic, understood, owner_kind, handoff_id, state in rows:
        moments[conversation_id].append(
            Moment(
                kind, at, text or "", topic or "", understood != "false", owner_kind,
                uuid.UUID(handoff_id) if handoff_id else None, state,
            )
        )  # fmt: skip
    return moments


def _outcomes(ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Outcome]:
    return {row.conversation_id: row for row in Outcome.objects.filter(conversation__in=ids).order_by(*OLDEST_FIRST)}


OLDEST_FIRST, NEWEST_FIRST = ("occurred_at", "pk"), ("-occurred_at", "-pk")


def _has_disposition(code: str) -> Q:
    newest = Outcome.objects.filter(conversation=OuterRef("conversation")).order_by(*NEWEST_FIRST).values("pk")[:1]
    return Q(Exists(Outcome.objects.filter(conversation=OuterRef("pk"), code=code, pk=Subquery(newest))))


def _is_annotated(mark: str) -> Q:
    marks = Annotation.objects.filter(Q(verdict=mark) | Q(mark=mark), conversation=OuterRef("pk"))
    return Q(Exists(marks))


def _is_said(wanted: tuple[str, Collection[str]]) -> Q:
    text, types = wanted
    said = Event.objects.filter(conversation=OuterRef("pk"), type__in=types, payload__text__icontains=text)
    return Q(Exists(said))


FILTERS: Mapping[str, Callable[[Any], Q]] = {
    "start_time": lambda at: Q(created_at__gte=at),
    "end_time": lambda at: Q(created_at__lt=at),
    "channel": lambda channels: Q(channel__in=channels),
    "variant_id": lambda variant: Q(options__variant_id=variant),
    "variant_name": lambda name: Q(pk__in=()),  # no variant has a name here
    "in_progress": lambda wanted: Q(ended_at__isnull=wanted),
    "handoff": lambda wanted: Q(handoff_id__isnull=not wanted),
    "reason": lambda code: Q(reason=code),
    "destination": lambda named: Q(destination_key=named) | Q(destination_name__iexact=named),
    "disposition": _has_disposition,
    "annotation": _is_annotated,
    "shared_id": lambda shared_id: Q(shared_id=shared_id),
    "said": _is_said,
}
