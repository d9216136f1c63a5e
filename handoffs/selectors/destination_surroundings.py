"""What a destination stands among in the working copy: the other destinations, queues, hours, desks and lines."""

from dataclasses import dataclass

import cattrs

from conversations.domain.vocabulary import Environment
from conversations.models import Project
from handoffs.domain.config import DestinationConfig, OutOfHours, ProjectConfig, QueueConfig
from handoffs.domain.settings import SettingsConfig
from handoffs.domain.sip.voice import LineConfig
from handoffs.models import Desk, Destination, HandoffSettings, Queue, Schedule
from handoffs.selectors.schedules import read_schedule
from handoffs.selectors.working_copy import read_destination, read_lines, read_settings


@dataclass(frozen=True, slots=True)
class Surroundings:
    """config: settings, queues, hours, and of each destination what chains are made of; lines: those destinations may
    leave by, the first for those that name none; desks: names by key."""

    config: ProjectConfig
    lines: tuple[LineConfig, ...]
    desks: dict[str, str]


def read_surroundings(project: Project) -> Surroundings:
    """A fixed number of queries, however many destinations there are."""
    return Surroundings(read_neighbours(project), read_build_lines(project), _read_desks(project))


def read_neighbours(project: Project) -> ProjectConfig:
    """The working copy as far as checks of a destination look at it; destinations by name."""
    rows = Destination.objects.filter(project=project).order_by("name")
    columns = ("key", "name", "is_default", "desk_key", "queue_key", "schedule_key", "fallback_key", "out_of_hours")
    settings = HandoffSettings.objects.filter(project=project).first()
    queues = Queue.objects.filter(project=project).order_by("name")
    return ProjectConfig(
        time_zone=project.time_zone,
        settings=read_settings(settings) if settings else SettingsConfig(),
        destinations=tuple(
            DestinationConfig(
                key=key,
                name=name,
                is_default=default,
                desk=desk,
                queue=queue,
                schedule=hours,
                fallback=after,
                out_of_hours=OutOfHours(closed),
            )
            for key, name, default, desk, queue, hours, after, closed in rows.values_list(*columns)
        ),
        queues=tuple(QueueConfig(key=row.key, name=row.name, is_on=row.is_on) for row in queues),
        schedules=tuple(read_schedule(row) for row in Schedule.objects.filter(project=project).order_by("name")),
    )


def read_build_lines(project: Project) -> tuple[LineConfig, ...]:
    """The lines a destination of the working copy may leave by: the live ones, whose constraints its calls will
    meet, then those only the sandbox has."""
    lines: dict[str, LineConfig] = {}
    for environment in (Environment.LIVE, Environment.SANDBOX):
        for line in read_lines(project=project, environment=environment):
            lines.setdefault(line.key, line)
    return tuple(lines.values())


def read_config_of(row: Destination) -> DestinationConfig:
    """One destination in its frozen form."""
    return cattrs.structure(read_destination(row), DestinationConfig)


def _read_desks(project: Project) -> dict[str, str]:
    return dict(Desk.objects.filter(project=project).order_by("-name").values_list("key", "name"))
