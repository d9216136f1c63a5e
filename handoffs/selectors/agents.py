"""Reads of the people who work the inbox: what they carry, what they can do, and who takes work now."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import OuterRef, QuerySet, Subquery, Value

from conversations.domain.permissions import ROLE_PERMISSIONS, Permission
from conversations.models import Membership
from handoffs.domain.capacity import Limits, Load, add_load
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
    """By person; who carries nothing is not in it. One statement, so that an offer which becomes an assignment is
    never missed between two."""
    held = Assignment.objects.filter(state__in=Assignment.TAKES_CAPACITY).annotate(is_offer=Value(False))
    asked = Offer.objects.filter(state="open").annotate(is_offer=Value(True))
    rows = [
        carried.filter(project_id=project_id, agent_id__in=agents).values_list(
            "agent_id", "channel", "weight", "is_offer"
        )
        for carried in (held, asked)
    ]
    loads: dict[uuid.UUID, Load] = {}
    for agent_id, channel, weight, is_offer in rows[0].union(rows[1], all=True):
        loads[agent_id] = add_load(loads.get(agent_id, Load()), channel=channel, weight=weight, is_offer=is_offer)
    return loads


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
    given = Assignment.objects.filter(project_id=project_id, agent=OuterRef("user")).order_by("-started_at")
    people = ready_people(project_id=project_id, at=at).annotate(given_at=Subquery(given.values("started_at")[:1]))
    last_given = dict(people.values_list("user_id", "given_at"))
    if not last_given:
        return []
    agents = {row.user_id: row for row in Agent.objects.filter(project_id=project_id, user_id__in=last_given)}
    loads = read_loads(project_id=project_id, agents=list(last_given))
    return [
        _worker(agent_id, agents.get(agent_id), loads.get(agent_id, Load()), given_at)
        for agent_id, given_at in last_given.items()
    ]


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


def _worker(agent_id: uuid.UUID, agent: Agent | None, load: Load, given_at: datetime | None) -> Worker:
    can = abilities_of(agent)
    return Worker(
        agent_id=agent_id,
        limits=can.limits,
        load=load,
        skills=can.skills,
        is_asked=load.offers > 0,
        last_given_at=given_at,
    )
