"""Reads of the waiting lines. Tickets stand in queues but are never counted in positions."""

import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from conversations.domain.vocabulary import Environment
from conversations.models import Project
from handoffs.domain.queueing import LEAST_CLAIMS
from handoffs.models import Queue, QueueEntry

CLAIMS_LOOKED_AT = 4 * LEAST_CLAIMS


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
    before = Q(priority__gt=entry.priority) | Q(priority=entry.priority, entered_at__lt=entry.entered_at)
    return line_of(entry).filter(before).count() + 1


def waiting_entries() -> QuerySet[QueueEntry]:
    """Every waiting customer of every queue, queue by queue, first served first."""
    return (
        QueueEntry.objects.filter(state="waiting", is_ticket=False)
        .select_related("handoff", "conversation")
        .order_by("project_id", "environment", "queue_key", "-priority", "entered_at", "pk")
    )


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


def queue_heads(*, project: Project, environment: str, queue: str = "") -> Iterator[uuid.UUID]:
    """Conversations that wait, first served first, read as they are asked for; tickets after customers."""
    entries = QueueEntry.objects.filter(project=project, environment=environment, state="waiting")
    if queue:
        entries = entries.filter(queue_key=queue)
    yield from (
        entries.order_by("is_ticket", "-priority", "entered_at", "pk")
        .values_list("conversation_id", flat=True)
        .iterator(chunk_size=50)
    )


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
