"""Capacity: looked at and taken under one lock, the row of the agent."""

import uuid
from dataclasses import dataclass

from conversations.models import User
from handoffs.domain.capacity import Limits, Load, has_channel_room, has_room
from handoffs.models import Agent
from handoffs.selectors.agents import Abilities, abilities_of, read_load


class NoCapacity(Exception):
    """This does not fit. load, capacity, weight of what was asked for: in weights; for a limit of one channel
    (`channel`) in conversations."""

    def __init__(self, *, load: int, capacity: int, weight: int, channel: str = "") -> None:
        super().__init__(f"{load} of {capacity} taken" + (f" on {channel}" if channel else ""))
        self.load, self.capacity, self.weight, self.channel = load, capacity, weight, channel


@dataclass(frozen=True, slots=True)
class Locked:
    """An agent whose row is locked to the end of the transaction: nobody else gives or takes their capacity."""

    abilities: Abilities
    load: Load


def ensure_agent(*, project_id: uuid.UUID, user: User) -> Agent:
    """The person's row as an agent; that with the defaults when nobody has said anything about them yet."""
    Agent.objects.bulk_create([Agent(project_id=project_id, user=user)], ignore_conflicts=True)
    return Agent.objects.select_related("project").get(project_id=project_id, user=user)


def lock_agent(*, project_id: uuid.UUID, agent: User) -> Locked:
    """Lock the person's row, then read what they carry. After conversation, handoff and entry, before deadlines."""
    rows = Agent.objects.select_for_update(no_key=True).filter(project_id=project_id, user=agent)
    row = rows.first()
    if row is None:
        ensure_agent(project_id=project_id, user=agent)
        row = rows.get()
    return Locked(abilities_of(row), read_load(project_id=project_id, agent_id=agent.pk))


def take_capacity(*, project_id: uuid.UUID, agent: User, channel: str, weight: int, force: bool = False) -> Locked:
    """Lock the agent and make sure that one more conversation fits, in the caller's transaction, which then begins
    the assignment or makes the offer. force: a supervisor's decision, over whatever limit. Raises NoCapacity.
    """
    locked = lock_agent(project_id=project_id, agent=agent)
    limits = locked.abilities.limits
    if not force and not has_room(locked.load, limits, channel=channel, weight=weight):
        raise _no_capacity(locked.load, limits, channel, weight)
    return locked


def _no_capacity(load: Load, limits: Limits, channel: str, weight: int) -> NoCapacity:
    if not has_channel_room(load, limits, channel=channel):
        return NoCapacity(
            load=load.channels.get(channel, 0), capacity=limits.channels[channel], weight=1, channel=channel
        )
    return NoCapacity(load=load.weight, capacity=limits.capacity, weight=weight)
