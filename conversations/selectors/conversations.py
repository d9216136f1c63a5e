"""Conversations as the Conversations API lists them: filtered, in one order, in three statements a page. A search and a
sample look at a bounded number of conversations, however many the project has."""

import random
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
from conversations.selectors.cursors import newer_than, older_than, write_cursor

# Channels on which a customer's address is a number.
NUMBERED = (Channel.PHONE.value, Channel.SMS.value, Channel.WHATSAPP.value)
SEARCHED_AT_ONCE = 2_000  # conversations whose text one page of a search looks at
SAMPLED_FROM = 20_000  # conversations a sample may be drawn from
SPOKEN_BY: Mapping[str, Collection[str]] = {"user": (CUSTOMER_MESSAGE,), "agent": tuple(RESPONDERS)}


@dataclass(frozen=True, slots=True)
class Page:
    """How much is wanted, from where. after: a cursor, wins over `offset`; a sample has no place, a search goes on by
    cursor alone."""

    limit: int
    offset: int = 0
    after: str = ""
    is_sample: bool = False
    is_search: bool = False


class TooManyToSample(Exception):
    """There are more than SAMPLED_FROM conversations in this time: ask for a shorter one."""

    def __init__(self) -> None:
        text = f"more than {SAMPLED_FROM:,} conversations started between start_time and end_time"
        super().__init__(f"sample: {text}; ask for a shorter time")


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
    """The newest first. filters: of FILTERS, by name; `said` and a sample come with both times. A page of a search may
    hold fewer than asked for, or none, and still have a next one. Raises BadCursor, TooManyToSample."""
    window = _within(Conversation.objects.filter(project=project, environment=environment), filters, WINDOW)
    rows = _numbered(_within(window, filters, filters.keys() - WINDOW))
    if page.is_sample:
        return Listed(_tell(_sample(window, rows, page.limit)))
    if page.after:
        older = older_than(page.after, by="created_at")
        window, rows = window.filter(older), rows.filter(older)
    edge = _edge(window) if "said" in filters else None
    rows = rows.filter(newer_than(edge, by="created_at")) if edge else rows
    start = 0 if page.after else page.offset
    found = list(rows.order_by(*NEWEST)[start : start + page.limit + 1])
    shown = found[: page.limit]
    further = write_cursor(shown[-1].created_at, shown[-1].pk) if len(found) > page.limit else edge
    return Listed(_tell(shown), further)


def read_conversation(*, project: Project, environment: str, conversation_id: str) -> Told | None:
    """One conversation of this environment; None when there is none."""
    try:
        wanted = uuid.UUID(conversation_id)
    except ValueError:
        return None
    rows = _numbered(Conversation.objects.filter(project=project, environment=environment, pk=wanted))
    return next(iter(_tell(list(rows))), None)


def _within(
    rows: QuerySet[Conversation], filters: Mapping[str, Any], names: Collection[str]
) -> QuerySet[Conversation]:  # fmt: skip
    for name, value in filters.items():
        rows = rows.filter(FILTERS[name](value)) if name in names else rows
    return rows


def _edge(window: QuerySet[Conversation]) -> str | None:
    """A cursor of the last conversation that one page of a search looks at; None where it looks at all."""
    seen = window.order_by(*NEWEST).values_list("created_at", "pk")[SEARCHED_AT_ONCE - 1 : SEARCHED_AT_ONCE + 1]
    at_the_edge = list(seen)
    return write_cursor(*at_the_edge[0]) if len(at_the_edge) > 1 else None


def _sample(
    window: QuerySet[Conversation], rows: QuerySet[Conversation], limit: int
) -> Sequence[Conversation]:  # fmt: skip
    """Each as likely as the next. Raises TooManyToSample."""
    if window.order_by(*NEWEST)[SAMPLED_FROM : SAMPLED_FROM + 1].exists():
        raise TooManyToSample
    ids = list(rows.values_list("pk", flat=True))
    chosen = random.sample(ids, min(limit, len(ids)))
    found = {row.pk: row for row in rows.filter(pk__in=chosen)}
    return [found[pk] for pk in chosen if pk in found]


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


NEWEST = ("-created_at", "-pk")
WINDOW = frozenset({"start_time", "end_time"})
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
