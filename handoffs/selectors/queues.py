"""Reads of the waiting lines. Tickets stand in queues but are never counted in positions."""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from conversations.domain.vocabulary import Environment, OwnerKind
from conversations.models import Conversation, Project, User
from handoffs.domain.queueing import LEAST_CLAIMS, MEASURED_WITHIN, Pace
from handoffs.models import Assignment, Queue, QueueEntry
from handoffs.selectors.agents import count_places, read_abilities, read_members

CLAIMS_LOOKED_AT = 4 * LEAST_CLAIMS
# More than people who could claim at the same moment: whoever loses all these races has found nothing to do.
HEADS = 200


def line_of(entry: QueueEntry) -> QuerySet[QueueEntry]:
    """Everybody who waits in the entry's queue, first served first."""
    return QueueEntry.objects.filter(
        project_id=entry.project_id,
        environment=entry.environment,
        queue_key=entry.queue_key,
        state="waiting",
        is_ticket=False,
    ).order_by("-priority", "entered_at", "pk")


def position_of(entry: QueueEntry) -> int:
    """1 for who is served next."""
    same = Q(priority=entry.priority)
    before = (
        Q(priority__gt=entry.priority)
        | same & Q(entered_at__lt=entry.entered_at)
        | same & Q(entered_at=entry.entered_at, pk__lt=entry.pk)
    )
    return line_of(entry).filter(before).count() + 1


def waiting_entries() -> QuerySet[QueueEntry]:
    """Every waiting customer of every queue, queue by queue, first served first."""
    return (
        QueueEntry.objects.filter(state="waiting", is_ticket=False)
        .select_related("handoff", "conversation")
        .order_by("project_id", "environment", "queue_key", "-priority", "entered_at", "pk")
    )


def has_waiting(conversation: Conversation) -> bool:
    """Whether the conversation is a queue's, or still the AI's while somebody is looked for."""
    if conversation.owner_kind == OwnerKind.AI:
        return QueueEntry.objects.filter(conversation=conversation, state="waiting").exists()
    return conversation.owner_kind == OwnerKind.QUEUE


def read_pace(entry: QueueEntry, *, at: datetime) -> Pace:
    """How fast the entry's queue is served now, by those who can do what the entry needs."""
    places = count_places(project_id=entry.project_id, queue_key=entry.queue_key, skills=entry.skills, at=at)
    return Pace(recent_claims(entry), recent_services(entry, at=at), places)


def recent_claims(entry: QueueEntry) -> Sequence[datetime]:
    """When the entry's queue was last claimed from, newest first."""
    claims = (
        QueueEntry.objects.filter(
            project_id=entry.project_id,
            environment=entry.environment,
            queue_key=entry.queue_key,
            claimed_at__isnull=False,
        )
        .order_by("-claimed_at")
        .values_list("claimed_at", flat=True)[:CLAIMS_LOOKED_AT]
    )
    return [at for at in claims if at is not None]


def recent_services(entry: QueueEntry, *, at: datetime) -> Sequence[float]:
    """For how many seconds agents had the conversations of the entry's queue that they finished of late, wrap-up
    included."""
    served = Assignment.objects.filter(
        project_id=entry.project_id,
        handoff__environment=entry.environment,
        handoff__queue_key=entry.queue_key,
        handoff__is_ticket=False,
        state="ended",
        started_at__gt=at - 24 * MEASURED_WITHIN,
        ended_at__gt=at - MEASURED_WITHIN,
    ).order_by("-ended_at")
    spans = served.values_list("started_at", "ended_at")[:CLAIMS_LOOKED_AT]
    return [(ended_at - started_at).total_seconds() for started_at, ended_at in spans if ended_at is not None]


def queue_heads(*, project: Project, environment: str, queue: str = "", agent: User | None = None) -> list[uuid.UUID]:
    """Conversations that wait, first served first, the first `HEADS` of them; tickets after customers.

    With `agent` only what they work (their teams' queues and those without teams) and can do.
    """
    entries = QueueEntry.objects.filter(project=project, environment=environment, state="waiting")
    if queue:
        entries = entries.filter(queue_key=queue)
    if agent is not None:
        entries = entries.filter(_suits(project, agent))
    ordered = entries.order_by("is_ticket", "-priority", "entered_at", "pk")
    return list(ordered.values_list("conversation_id", flat=True)[:HEADS])


def _suits(project: Project, agent: User) -> Q:
    members = read_members(project_id=project.pk)
    others = [key for key, people in members.items() if agent.pk not in people]
    skills = read_abilities(project_id=project.pk, agent_id=agent.pk).skills
    return ~Q(queue_key__in=others) & Q(skills__contained_by=sorted(skills))


@dataclass(frozen=True, slots=True)
class Waiting:
    """Who is in a queue now: customers by environment, and messages (tickets) of both."""

    live: int = 0
    sandbox: int = 0
    tickets: int = 0

    @property
    def customers(self) -> int:
        return self.live + self.sandbox

    @property
    def conversations(self) -> int:
        return self.customers + self.tickets


def count_waiting(queue: Queue) -> Waiting:
    return count_waiting_by_queue(queue.project, keys=[queue.key]).get(queue.key, Waiting())


def count_waiting_by_queue(project: Project, *, keys: Sequence[str]) -> dict[str, Waiting]:
    """Of the queues named, those in which somebody or something waits; one query."""
    rows = QueueEntry.objects.filter(project=project, queue_key__in=keys, state="waiting")
    counted: dict[str, Counter[str]] = {}
    for row in rows.values("queue_key", "environment", "is_ticket").annotate(number=Count("pk")):
        kind = "tickets" if row["is_ticket"] else Environment(row["environment"]).value
        counted.setdefault(row["queue_key"], Counter())[kind] += row["number"]
    return {key: Waiting(**number) for key, number in counted.items()}
