"""Which holiday a date is: the schedule's own dates first, then the public ones of its country."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays as public

from handoffs.domain.office_hours.schedules import HolidayConfig, ScheduleConfig


@dataclass(frozen=True, slots=True)
class Holiday:
    """A date with hours of its own. is_public: it comes from the country's list."""

    day: date
    name: str
    intervals: tuple[tuple[str, str], ...] = ()
    is_public: bool = False


class HolidayBook:
    """A schedule's holidays by date. A date with its year goes before one of every year, both before a public one;
    of two equal dates the first counts. `02-29` comes in leap years only."""

    def __init__(self, schedule: ScheduleConfig) -> None:
        self._country, self._subdivision = schedule.country, schedule.subdivision
        self._own: dict[str, HolidayConfig] = {}
        for holiday in schedule.holidays:
            self._own.setdefault(holiday.date, holiday)

    def on(self, day: date) -> Holiday | None:
        text = day.isoformat()
        own = self._own.get(text) or self._own.get(text[5:])
        if own is not None:
            return Holiday(day, own.name, own.intervals)
        if not self._country:
            return None
        name = public_holidays(self._country, self._subdivision, day.year).get(day)
        return Holiday(day, name, is_public=True) if name else None


def holidays_between(schedule: ScheduleConfig, start: date, days: int) -> Iterator[Holiday]:
    """The holidays of `days` dates from `start` on, in order."""
    book = HolidayBook(schedule)
    for number in range(days):
        if found := book.on(start + timedelta(days=number)):
            yield found


@lru_cache(maxsize=512)
def public_holidays(country: str, subdivision: str, year: int) -> Mapping[date, str]:
    """Names by date, in English where the package has them; none for a country or subdivision it does not know:
    `validation` says so, and a handoff must not fail for it."""
    try:
        found = public.country_holidays(country, subdiv=subdivision or None, years=year, language="en_US")
    except NotImplementedError:
        return {}
    return dict(found)
