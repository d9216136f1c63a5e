"""The local dates a stretch of time touches."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo


def dates_between(start: datetime, end: datetime, time_zone: str) -> Iterator[date]:
    """The dates of the zone from `start` up to but not including `end`; the one of `start` when they are equal."""
    zone = ZoneInfo(time_zone)
    last = (end - timedelta.resolution).astimezone(zone).date()
    day = start.astimezone(zone).date()
    yield day
    while day < last:
        day += timedelta(days=1)
        yield day
