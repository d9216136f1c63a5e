"""What is wrong with a schedule, and what is only surprising."""

from dataclasses import dataclass
from datetime import date

from handoffs.domain.office_hours.schedules import ScheduleConfig


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. field: `name`, `time_zone`, `country`, `subdivision`, `intervals` or `holidays`; row: the position
    in `intervals` or `holidays`, None for the whole; is_error: it cannot be saved, else it is a warning."""

    field: str
    sentence: str
    row: int | None = None
    is_error: bool = True


def check_schedule(schedule: ScheduleConfig) -> tuple[Problem, ...]:
    """Errors and warnings about what was typed, errors first."""
    raise NotImplementedError


def lint_clock_changes(schedule: ScheduleConfig, start: date, days: int = 365) -> tuple[Problem, ...]:
    """Warnings about shifts that begin or end at a time the clocks skip or show twice."""
    raise NotImplementedError
