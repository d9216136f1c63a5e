"""Office hours: copied, removed, and filled from a calendar."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from conversations.models import Project, User
from conversations.services.configuration import add_row, change_row, remove_row
from handoffs.domain.keys import free_key, free_name
from handoffs.domain.office_hours.schedules import HolidayConfig
from handoffs.models import Destination, Schedule
from handoffs.selectors.schedules import destinations_with

NAME_MAX = 120


class ScheduleInUse(Exception):
    """Destinations keep these hours: point them elsewhere first. `destinations` says which."""

    def __init__(self, destinations: tuple[Destination, ...]) -> None:
        super().__init__(", ".join(map(str, destinations)))
        self.destinations = destinations


def choose_schedule_key(*, project: Project, name: str) -> str:
    """A key for new hours, free in the project."""
    taken = set(Schedule.objects.filter(project=project).values_list("key", flat=True))
    return free_key(name, taken=taken, fallback="hours")


def duplicate_schedule(*, schedule: Schedule, user: User) -> Schedule:
    """Add a copy under the first free name of `Copy of …`; nothing uses it yet."""
    project = schedule.project
    with transaction.atomic():
        _lock(project)
        taken = project.schedules.values_list("name", flat=True)
        name = free_name(_("Copy of {name}").format(name=schedule.name), taken=set(taken), most=NAME_MAX)
        copy = Schedule(
            project=project,
            key=choose_schedule_key(project=project, name=name),
            name=name,
            time_zone=schedule.time_zone,
            intervals=schedule.intervals,
            country=schedule.country,
            subdivision=schedule.subdivision,
            holidays=schedule.holidays,
        )
        return add_row(row=copy, user=user, project=project)


def remove_schedule(*, schedule: Schedule, user: User) -> None:
    """Delete hours nothing uses. Raises ScheduleInUse."""
    with transaction.atomic():
        _lock(schedule.project)
        if used_by := destinations_with(schedule):
            raise ScheduleInUse(used_by)
        remove_row(row=schedule, user=user, project=schedule.project)


def import_holidays(
    *, schedule: Schedule, holidays: Iterable[HolidayConfig], user: User, at: datetime, revision: int, why: str = ""
) -> int:
    """Add dates the schedule does not have yet, keeping its own; return how many. revision: the one the dates were
    chosen for. Raises StaleRevision."""
    known = {holiday["date"] for holiday in schedule.holidays}
    added = [{**asdict(item), "intervals": [list(pair) for pair in item.intervals]} for item in holidays]
    fresh = [item for item in added if item["date"] not in known]
    change_row(
        row=schedule, values={"holidays": sorted([*schedule.holidays, *fresh], key=lambda item: str(item["date"]))},
        user=user, project=schedule.project, at=at, revision=revision, why=why,
    )  # fmt: skip
    return len(fresh)


def _lock(project: Project) -> None:
    # As the destinations of a project are: no hours gain a use while they go, and two copies take two names.
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)
