"""Reads of the people who work the inbox: what they carry, what they can do, and who takes work now."""

import uuid
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Max, QuerySet, Sum

from conversations.domain.permissions import ROLE_PERMISSIONS, Permission
from conversations.models import Membership
from handoffs.domain.capacity import Limits, Load
from handoffs.domain.offers import Worker
from handoffs.models import Agent, Assignment, Offer, Presence, Queue
from handoffs.models.agent import DEFAULT_CAPACITY

# An inbox that gave no sign of life for so long is closed, or its machine asleep.
REACHABLE_WITHIN = timedelta(seconds=60)
REPLIERS = sorted(role.value for role, granted in ROLE_PERMISSIONS.items() if Permission.INBOX_REPLY in granted)


@dataclass(frozen=True, slots=True)
class Abilities:
    """What somebody can do and carry; the defaults for whom nobody has said anything."""

    limits: Limits = field(default_factory=lambda: Limits(DEFAULT_CAPACITY))
    skills: frozenset[str] = frozenset()


def abilities_of(agent: Agent | None) -> Abilities:
    if agent is None:
        return Abilities()
    return Abilities(Limits(agent.capacity, agent.channel_limits), frozenset(agent.skills))


def read_abilities(*, project_id: uuid.UUID, agent_id: uuid.UUID) -> Abilities:
    return abilities_of(Agent.objects.filter(project_id=project_id, user_id=agent_id).first())


def read_load(*, project_id: uuid.UUID, agent_id: uuid.UUID) -> Load:
    """What takes the person's capacity now: conversations they have or wrap up, and the offer open to them."""
    return read_loads(project_id=project_id, agents=[agent_id]).get(agent_id, Load())


def read_loads(*, project_id: uuid.UUID, agents: Collection[uuid.UUID]) -> dict[uuid.UUID, Load]:
    """By person; who carries nothing is not in it. Two statements."""
    weights: Counter[uuid.UUID] = Counter()
    channels: dict[uuid.UUID, Counter[str]] = {}
    held = Assignment.objects.filter(state__in=Assignment.TAKES_CAPACITY)
    for rows in (held, Offer.objects.filter(state="open")):
        of_these = rows.filter(project_id=project_id, agent_id__in=agents).order_by()
        for agent_id, channel, number, weight in of_these.values_list("agent_id", "channel").annotate(
            Count("pk"), Sum("weight")
        ):
            weights[agent_id] += weight
            channels.setdefault(agent_id, Counter())[channel] += number
    return {agent_id: Load(weights[agent_id], dict(by_channel)) for agent_id, by_channel in channels.items()}


def ready_people(*, project_id: uuid.UUID, at: datetime) -> QuerySet[Presence]:
    """Who says to be ready, has an inbox open and may answer in it."""
    members = Membership.objects.filter(project_id=project_id, role__in=REPLIERS).values("user_id")
    return Presence.objects.filter(
        project_id=project_id,
        state="ready",
        seen_at__gt=at - REACHABLE_WITHIN,
        user__is_active=True,
        user_id__in=members,
    )


def read_workers(*, project_id: uuid.UUID, at: datetime) -> list[Worker]:
    """Everybody who takes work now, full or not."""
    ready = list(ready_people(project_id=project_id, at=at).values_list("user_id", flat=True))
    if not ready:
        return []
    agents = {row.user_id: row for row in Agent.objects.filter(project_id=project_id, user_id__in=ready)}
    loads = read_loads(project_id=project_id, agents=ready)
    asked = set(Offer.objects.filter(project_id=project_id, state="open").values_list("agent_id", flat=True))
    given = _last_given(project_id, ready)
    return [_worker(agent_id, agents.get(agent_id), loads, asked, given) for agent_id in ready]


def read_members(*, project_id: uuid.UUID) -> dict[str, frozenset[uuid.UUID]]:
    """Who works each queue that has teams, by its key; a queue that is not in it is everybody's."""
    rows = Queue.objects.filter(project_id=project_id, teams__isnull=False).values_list("key", "teams__members")
    members: dict[str, set[uuid.UUID]] = {}
    for key, user_id in rows:
        members.setdefault(key, set()).update({user_id} - {None})
    return {key: frozenset(people) for key, people in members.items()}


def count_places(*, project_id: uuid.UUID, queue_key: str, skills: Collection[str], at: datetime) -> int:
    """How many conversations the people who are ready for this queue and these skills can carry together."""
    members = read_members(project_id=project_id).get(queue_key)
    return sum(
        worker.limits.capacity
        for worker in read_workers(project_id=project_id, at=at)
        if (members is None or worker.agent_id in members) and worker.skills.issuperset(skills)
    )


def _last_given(project_id: uuid.UUID, agents: Collection[uuid.UUID]) -> dict[uuid.UUID, datetime]:
    rows = Assignment.objects.filter(agent_id__in=agents, project_id=project_id).order_by()
    return dict(rows.values_list("agent_id").annotate(Max("started_at")))


def _worker(
    agent_id: uuid.UUID,
    agent: Agent | None,
    loads: Mapping[uuid.UUID, Load],
    asked: Collection[uuid.UUID],
    given: Mapping[uuid.UUID, datetime],
) -> Worker:
    can = abilities_of(agent)
    return Worker(
        agent_id=agent_id,
        limits=can.limits,
        load=loads.get(agent_id, Load()),
        skills=can.skills,
        is_asked=agent_id in asked,
        last_given_at=given.get(agent_id),
    )
