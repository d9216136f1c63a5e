"""Holidays out of an iCalendar file (RFC 5545)."""

from dataclasses import dataclass

from handoffs.domain.office_hours.schedules import HolidayConfig, ScheduleConfig

MOST_BYTES = 1_000_000


class UnreadableCalendar(Exception):
    """The file is no calendar, or too large; the message says which, as a sentence for the admin."""


@dataclass(frozen=True, slots=True)
class SkippedEvent:
    """An event that became no holiday, and why, as a sentence."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class ImportedCalendar:
    holidays: tuple[HolidayConfig, ...]
    skipped: tuple[SkippedEvent, ...] = ()


def read_ics(content: bytes, *, schedule: ScheduleConfig) -> ImportedCalendar:
    """Read all-day events as closed days and timed ones as closed during them: the date's hours are then the
    schedule's weekly ones without the event. Raises UnreadableCalendar."""
    raise NotImplementedError
