"""Reads for the review: handed-off conversations with what became of them, and what reviewers said of one."""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conversations.domain.vocabulary import Environment, TurnMark, Verdict
from conversations.models import Annotation, Conversation, Event, Outcome, Project, User
from conversations.selectors.transcript import DrawnEvent, customer_name

PAGE_SIZE = 25
UNREVIEWED = "unreviewed"
CHOICES_SHOWN = 50
VERDICT_LABELS: Mapping[str, str | Promise] = {
    Verdict.NEEDED.value: _("Needed"),
    Verdict.ESCALATED_UNNECESSARILY.value: _("Unnecessary"),
    Verdict.TOO_LATE.value: _("Too late"),
    Verdict.WRONG_DESK.value: _("Wrong desk"),
    Verdict.WRONG_TOPIC.value: _("Wrong topic"),
}
# What the list tells of a handoff stands in these events; the last of each kind counts.
TRIGGERED, ENDINGS = "handoff.triggered", ("human.joined", "ticket.claimed", "handoff.timed_out", "handoff.failed")


@dataclass(frozen=True, slots=True)
class ReviewFilter:
    """What a list is narrowed to; empty means all. verdict: one of Verdict, or UNREVIEWED; q: an id, or a part of
    a shared id."""

    environment: str = Environment.LIVE.value
    reason: str = ""
    destination: str = ""
    verdict: str = ""
    q: str = ""

    @property
    def is_narrow(self) -> bool:
        return bool(self.reason or self.destination or self.verdict or self.q)


@dataclass(frozen=True, slots=True)
class OutcomeShown:
    label: str
    resolved: bool


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One handed-off conversation. at: of its latest handoff; waited: until somebody came or nobody did, None while
    the customer waits; verdict: the newest of any reviewer, empty when nobody has judged."""

    conversation_id: uuid.UUID
    customer: str
    channel: str
    reason: str
    reason_label: str
    destination_name: str
    trigger: str
    at: datetime
    waited: timedelta | None
    outcome: OutcomeShown | None
    verdict: str

    @property
    def verdict_label(self) -> str:
        return str(VERDICT_LABELS.get(self.verdict, self.verdict))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a conversation stands in a list: 1 is the newest; its neighbours' ids."""

    position: int
    total: int
    newer: uuid.UUID | None
    older: uuid.UUID | None


def handed_off(project: Project, wanted: ReviewFilter) -> QuerySet[Conversation]:
    """The project's handed-off conversations that fit, newest first, each with the newest verdict on its handoff."""
    judged = Annotation.objects.filter(handoff_id=OuterRef("handoff_id")).exclude(verdict="").order_by("-updated_at")
    rows = (
        Conversation.objects.filter(project=project, environment=wanted.environment, handoff_id__isnull=False)
        .annotate(verdict=Subquery(judged.values("verdict")[:1]))
        .order_by("-created_at", "-pk")
    )
    exact = {"reason": wanted.reason, "destination_key": wanted.destination}
    rows = rows.filter(_searched(wanted.q), **{name: value for name, value in exact.items() if value})
    if wanted.verdict == UNREVIEWED:
        return rows.filter(verdict__isnull=True)
    return rows.filter(verdict=wanted.verdict) if wanted.verdict else rows


def read_rows(conversations: Sequence[Conversation], *, masked: bool) -> list[ReviewRow]:
    """What the list shows of these conversations (of `handed_off`), in three queries however many there are."""
    ids = [conversation.pk for conversation in conversations]
    told = _told(ids)
    outcomes = _outcomes(ids)
    return [_row(item, told[item.pk], outcomes.get(item.pk), masked=masked) for item in conversations]


def read_place(project: Project, wanted: ReviewFilter, conversation: Conversation) -> Place:
    rows = handed_off(project, wanted)
    at, pk = conversation.created_at, conversation.pk
    newer = rows.filter(Q(created_at__gt=at) | Q(created_at=at, pk__gt=pk))
    older = rows.filter(Q(created_at__lt=at) | Q(created_at=at, pk__lt=pk))
    return Place(
        position=newer.count() + 1,
        total=rows.count(),
        newer=newer.order_by("created_at", "pk").values_list("pk", flat=True).first(),
        older=older.values_list("pk", flat=True).first(),
    )


def read_choices(project: Project, environment: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """(value, label) of the reasons and of the destinations that handed-off conversations have."""
    rows = handed_off(project, ReviewFilter(environment)).order_by()
    reasons = rows.order_by("reason").values_list("reason", flat=True).distinct()[:CHOICES_SHOWN]
    destinations = (
        rows.exclude(destination_key="")
        .order_by("destination_key", "destination_name")
        .values_list("destination_key", "destination_name")
        .distinct()[:CHOICES_SHOWN]
    )
    return [(code, readable(code)) for code in reasons], list(dict(destinations).items())


def newest_outcome(conversation: Conversation) -> OutcomeShown | None:
    return _outcomes([conversation.pk]).get(conversation.pk)


def verdicts_on(conversation: Conversation) -> list[Annotation]:
    """All reviewers' verdicts on the conversation's current handoff, the oldest first."""
    verdicts = Annotation.objects.filter(handoff_id=conversation.handoff_id).exclude(verdict="")
    return list(verdicts.select_related("author").order_by("created_at")) if conversation.handoff_id else []


def marks_by_turn(conversation: Conversation, *, reader: User) -> dict[int, list[dict[str, Any]]]:
    """Marks of all reviewers by the turn's sequence: `{mark, comment, author_name, mine}`, the oldest first."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    marks = Annotation.objects.filter(conversation=conversation, sequence__isnull=False).exclude(mark="")
    for mark in marks.select_related("author").order_by("created_at"):
        found[mark.sequence or 0].append(
            {
                "mark": mark.mark,
                "comment": mark.comment,
                "author_name": str(mark.author),
                "mine": mark.author_id == reader.pk,
            }
        )
    return found


def with_marks(events: Sequence[DrawnEvent], marks: Mapping[int, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """The events with their `marks`, and `flagged`: this reader says that a handoff was due here."""
    return [{**event, **_marks(marks.get(event["sequence"], []))} for event in events]


def readable(code: str) -> str:
    """A code as words: `refund_issued` reads `Refund issued`."""
    return code.replace("_", " ").capitalize()


def _marks(marks: list[dict[str, Any]]) -> dict[str, Any]:
    due = TurnMark.SHOULD_HAVE_HANDED_OFF
    return {"marks": marks, "flagged": any(mark["mine"] and mark["mark"] == due for mark in marks)}


def _searched(text: str) -> Q:
    if not text:
        return Q()
    try:
        return Q(pk=uuid.UUID(text)) | Q(shared_id__iexact=text)
    except ValueError:
        return Q(shared_id__icontains=text)


def _told(ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, dict[str, Event]]:
    """The last event of each kind that tells of a handoff, by conversation."""
    told: dict[uuid.UUID, dict[str, Event]] = defaultdict(dict)
    events = Event.objects.filter(conversation_id__in=ids, type__in=(TRIGGERED, *ENDINGS)).order_by("sequence")
    for event in events:
        told[event.conversation_id][event.type] = event
    return told


def _outcomes(ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, OutcomeShown]:
    outcomes = Outcome.objects.filter(conversation_id__in=ids).order_by("occurred_at")
    return {item.conversation_id: OutcomeShown(readable(item.code), item.resolved) for item in outcomes}


def _row(
    conversation: Conversation, told: Mapping[str, Event], outcome: OutcomeShown | None, *, masked: bool
) -> ReviewRow:
    triggered = told.get(TRIGGERED)
    at = triggered.created_at if triggered else conversation.created_at
    ends = [told[name].created_at for name in ENDINGS if name in told and told[name].created_at >= at]
    verdict: str | None = getattr(conversation, "verdict", None)
    return ReviewRow(
        conversation_id=conversation.pk,
        customer=customer_name(conversation, masked=masked),
        channel=conversation.channel,
        reason=conversation.reason,
        reason_label=reason_label(conversation, triggered.payload if triggered else {}),
        destination_name=conversation.destination_name,
        trigger=conversation.trigger,
        at=at,
        waited=min(ends) - at if ends else None,
        outcome=outcome,
        verdict=verdict or "",
    )


def reason_label(conversation: Conversation, triggered: Mapping[str, Any]) -> str:
    """The reason in the words its configuration had when it was triggered, else its code as words."""
    return str(triggered.get("reason_label") or readable(conversation.reason))
