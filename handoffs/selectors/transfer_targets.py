"""To whom a conversation can be passed on now: destinations that are open, and colleagues with what they carry."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from conversations.models import Conversation, Project, User
from handoffs.domain.capacity import Limits, Load
from handoffs.domain.config import INBOX, ProjectConfig
from handoffs.domain.office_hours.words import say_opening
from handoffs.domain.routing import Arrival, Route, find_route
from handoffs.models import Agent, Presence
from handoffs.selectors.agents import REPLIERS, abilities_of, read_loads
from handoffs.selectors.handoffs import current_handoff
from handoffs.selectors.inbox_page import PRESENCE
from handoffs.selectors.snapshots import read_config

OFFLINE = "offline"
# Who takes work stands first.
ORDER = ("ready", "busy", "draining", "break", OFFLINE)


@dataclass(frozen=True, slots=True)
class OpenDestination:
    """A destination people may pass a conversation to. `opening`: when a closed one opens, in words; empty while it
    is open."""

    key: str
    name: str
    is_open: bool
    opening: str = ""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who works the inbox. presence: as they chose it, with its dot's colour and its words; load and
    capacity: in weights."""

    id: UUID
    name: str
    presence: str
    dot: str
    words: str
    load: int
    capacity: int

    @property
    def is_full(self) -> bool:
        return self.load >= self.capacity


def read_targets(*, conversation: Conversation, user: User, at: datetime) -> Mapping[str, Any]:
    """Return `{destinations, colleagues}`, both in the order people look for them; never the person themselves."""
    config = read_config(current_handoff(conversation).snapshot_hash)
    return {
        "destinations": list_destinations(config, at=at),
        "colleagues": list_colleagues(project=conversation.project, besides=user),
    }


def list_destinations(config: ProjectConfig, *, at: datetime) -> list[OpenDestination]:
    """The destinations of the inbox, the open ones first, then by name."""
    routes = ((item, find_route(config, asked_for=item.key, at=at)) for item in config.destinations)
    found = [
        OpenDestination(item.key, item.name, _is_open(route, item.key), _opening(route, item.key, at))
        for item, route in routes
        if item.desk == INBOX
    ]
    return sorted(found, key=lambda item: (not item.is_open, item.name.casefold()))


def list_colleagues(*, project: Project, besides: User) -> list[Colleague]:
    """Who works the inbox of the project, who takes work first; a fixed number of queries."""
    members = User.objects.filter(is_active=True, memberships__project=project, memberships__role__in=REPLIERS).exclude(
        pk=besides.pk
    )
    people = {person.pk: person for person in members.distinct()}
    states = dict(Presence.objects.filter(project=project, user_id__in=people).values_list("user_id", "state"))
    rows = {row.user_id: row for row in Agent.objects.filter(project=project, user_id__in=people)}
    loads = read_loads(project_id=project.pk, agents=list(people))
    found = [
        _colleague(person, states.get(pk, OFFLINE), abilities_of(rows.get(pk)).limits, loads.get(pk, Load()))
        for pk, person in people.items()
    ]
    return sorted(found, key=lambda item: (ORDER.index(item.presence), item.is_full, item.name.casefold()))


def _colleague(person: User, presence: str, limits: Limits, load: Load) -> Colleague:
    dot, words = PRESENCE[presence]
    name = person.get_full_name() or person.email
    return Colleague(person.pk, name, presence, dot, str(words), load.weight, limits.capacity)


def _is_open(route: Route, key: str) -> bool:
    return route.arrival is Arrival.QUEUE and route.destination is not None and route.destination.key == key


def _opening(route: Route, key: str, at: datetime) -> str:
    if _is_open(route, key) or route.next_opening is None:
        return ""
    return say_opening(route.next_opening, at=at, time_zone=route.time_zone)
