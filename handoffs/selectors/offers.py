"""Reads of what waits to be offered."""

import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from conversations.access import NotFound
from conversations.models import Project, User
from handoffs.domain.config import Assignment, QueueConfig
from handoffs.domain.offers import Need
from handoffs.models import Handoff, Offer, QueueEntry
from handoffs.selectors.agents import read_members
from handoffs.selectors.snapshots import read_config

READ_AT_ONCE = 20
# So many that nobody ready can do, and what stands behind them is looked at when they are gone.
MOST_LOOKED_AT = 1000
REFUSED = ("declined", "expired")


def access_offer(user: User, offer_id: uuid.UUID | str, *, project: Project | None = None) -> Offer:
    """Return an offer that was made to the person (in this project when given), open or not. Raises NotFound."""
    mine = Offer.objects.filter(agent=user) if project is None else Offer.objects.filter(agent=user, project=project)
    try:
        found = mine.filter(pk=uuid.UUID(str(offer_id))).first()
    except ValueError as error:
        raise NotFound("offer") from error
    if found is None:
        raise NotFound("offer")
    return found


def queue_of(entry: QueueEntry) -> QueueConfig | None:
    """The entry's queue as its handoff's snapshot has it."""
    return read_config(entry.handoff.snapshot_hash).queue(entry.queue_key)


def is_offered(entry: QueueEntry) -> bool:
    """Whether the entry's queue brings work to agents."""
    return _brings_work(queue_of(entry))


def unoffered_entries() -> QuerySet[QueueEntry]:
    """Every customer who waits and is offered to nobody now."""
    open_offer = Offer.objects.filter(handoff=OuterRef("handoff"), state="open")
    return QueueEntry.objects.filter(~Exists(open_offer), state="waiting", is_ticket=False)


def read_needs(*, project_id: uuid.UUID, queues: Collection[str]) -> Iterator[Need]:
    """What waits to be offered in these queues, first served first; read on only as far as it is asked for."""
    members = read_members(project_id=project_id)
    waiting = _in_order(project_id, queues)
    for start in range(0, MOST_LOOKED_AT, READ_AT_ONCE):
        page = list(waiting[start : start + READ_AT_ONCE])
        entries = [entry for entry in page if is_offered(entry)]
        refused = _refused([entry.pk for entry in entries])
        yield from (_need(entry, members, refused.get(entry.pk, {})) for entry in entries)
        if len(page) < READ_AT_ONCE:
            return


def unoffered_queues(*, project_id: uuid.UUID) -> set[str]:
    """The queues in which somebody waits to be offered: one cheap look."""
    return {key for _, key, _ in _offered_places(unoffered_entries().filter(project_id=project_id))}


def has_unoffered(*, project_id: uuid.UUID, environment: str, queue_key: str) -> bool:
    """Whether somebody waits in this queue to be offered: one cheap look."""
    waiting = unoffered_entries().filter(project_id=project_id, environment=environment, queue_key=queue_key)
    return bool(_offered_places(waiting))


def projects_with_unoffered() -> list[uuid.UUID]:
    """The projects in which somebody waits to be offered, in no order."""
    return list({project_id for project_id, _, _ in _offered_places(unoffered_entries())})


def _offered_places(waiting: QuerySet[QueueEntry]) -> list[tuple[uuid.UUID, str, str]]:
    """Project, queue and snapshot of what waits, where the snapshot says that the queue brings work to agents."""
    places = waiting.order_by().values_list("project_id", "queue_key", "handoff__snapshot_hash").distinct()
    return [place for place in places if _brings_work(read_config(place[2]).queue(place[1]))]


def _brings_work(queue: QueueConfig | None) -> bool:
    return queue is not None and queue.assignment is Assignment.OFFER


def _in_order(project_id: uuid.UUID, queues: Collection[str]) -> QuerySet[QueueEntry]:
    previous = (
        Handoff.objects.filter(conversation__customer=OuterRef("conversation__customer"), agent__isnull=False)
        .order_by("-initiated_at")
        .values("agent_id")[:1]
    )
    return (
        unoffered_entries()
        .filter(project_id=project_id, queue_key__in=queues)
        .select_related("handoff", "conversation")
        .annotate(previous_agent=Subquery(previous))
        .order_by("-priority", "entered_at", "pk")
    )


def _refused(handoffs: Sequence[uuid.UUID]) -> dict[uuid.UUID, dict[uuid.UUID, datetime]]:
    """Who refused which handoff, and when last."""
    found: dict[uuid.UUID, dict[uuid.UUID, datetime]] = {}
    rows = Offer.objects.filter(handoff__in=handoffs, state__in=REFUSED).order_by("ended_at")
    for handoff_id, agent_id, ended_at in rows.values_list("handoff_id", "agent_id", "ended_at"):
        if ended_at is not None:
            found.setdefault(handoff_id, {})[agent_id] = ended_at
    return found


def _need(
    entry: QueueEntry, members: Mapping[str, frozenset[uuid.UUID]], refused: Mapping[uuid.UUID, datetime]
) -> Need:
    queue = queue_of(entry)
    previous: uuid.UUID | None = getattr(entry, "previous_agent", None)
    return Need(
        handoff_id=entry.pk,
        conversation_id=entry.conversation_id,
        channel=entry.conversation.channel,
        weight=entry.weight,
        skills=frozenset(entry.skills),
        members=members.get(entry.queue_key),
        previous=previous if queue and queue.is_sticky else None,
        refused=refused,
    )
