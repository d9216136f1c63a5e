"""Office hours of the working copy, and the destinations that keep them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import cattrs
from django.db.models import QuerySet

from conversations.models import Project
from handoffs.domain.config import OutOfHours
from handoffs.domain.office_hours.schedules import ScheduleConfig
from handoffs.domain.settings import SettingsConfig
from handoffs.models import Destination, HandoffSettings, Schedule
from handoffs.selectors.working_copy import SCHEDULE


@dataclass(frozen=True, slots=True)
class Policy:
    """What destinations with these hours do while they are closed. fallback: the name of the destination they go on
    to, empty without one; destinations: those that do it, in order of their names."""

    out_of_hours: OutOfHours
    fallback: str
    destinations: tuple[Destination, ...]


def list_schedules(project: Project, *, search: str = "") -> QuerySet[Schedule]:
    """By name; search: a part of the name or of the zone."""
    rows = Schedule.objects.filter(project=project).order_by("name")
    if not search:
        return rows
    return rows.filter(name__icontains=search) | rows.filter(time_zone__icontains=search)


def read_schedule(row: Schedule) -> ScheduleConfig:
    """A row in its frozen form."""
    return cattrs.structure({name: getattr(row, column) for name, column in SCHEDULE.items()}, ScheduleConfig)


def destinations_by_schedule(project: Project) -> Mapping[str, list[Destination]]:
    """The destinations with office hours, by the key of their schedule, each list in order of names: one query."""
    found: dict[str, list[Destination]] = defaultdict(list)
    for row in Destination.objects.filter(project=project).exclude(schedule_key="").order_by("name"):
        found[row.schedule_key].append(row)
    return found


def destinations_with(schedule: Schedule) -> tuple[Destination, ...]:
    """The destinations that keep these hours, in order of their names."""
    if not schedule.key:
        return ()
    rows = Destination.objects.filter(project_id=schedule.project_id, schedule_key=schedule.key)
    return tuple(rows.order_by("name"))


def policies_of(destinations: tuple[Destination, ...]) -> tuple[Policy, ...]:
    """The destinations put together by what they do while closed, in order of the first one's name: one query."""
    groups: dict[tuple[str, str], list[Destination]] = defaultdict(list)
    for row in destinations:
        fallback = row.fallback_key if row.out_of_hours == OutOfHours.FALLBACK else ""
        groups[row.out_of_hours, fallback].append(row)
    keys = {fallback for _, fallback in groups if fallback}
    projects = {row.project_id for row in destinations}
    known = Destination.objects.filter(project_id__in=projects, key__in=keys) if keys else Destination.objects.none()
    names = dict(known.values_list("key", "name"))
    return tuple(
        Policy(OutOfHours(policy), names.get(fallback, ""), tuple(rows)) for (policy, fallback), rows in groups.items()
    )


def read_texts(project: Project) -> SettingsConfig:
    """What customers of the project are told: its own texts over the built-in ones."""
    row = HandoffSettings.objects.filter(project=project).first()
    texts = {name: text for name, text in (row.texts if row else {}).items() if text}
    return cattrs.structure(texts, SettingsConfig)
