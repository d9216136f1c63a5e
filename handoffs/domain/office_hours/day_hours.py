"""The hours of one date as pairs of `HH:MM`, and what is left of them without a part."""

from collections.abc import Iterator

from handoffs.domain.office_hours.schedules import ScheduleConfig

Interval = tuple[str, str]
DAY = 24 * 60


class NightShiftCut(Exception):
    """What is left would begin after midnight: a date's own hours cannot say that."""


def hours_of_weekday(schedule: ScheduleConfig, weekday: int) -> tuple[Interval, ...]:
    return tuple((item.start, item.end) for item in schedule.intervals if item.day == weekday)


def cut_out(hours: tuple[Interval, ...], start: int, end: int) -> tuple[Interval, ...]:
    """The hours without the minutes from `start` to `end`, both counted from the date's midnight (they may lie before
    it or after the next). Raises NightShiftCut."""
    return tuple(left for interval in hours for left in _left_of(interval, start, end))


def _left_of(interval: Interval, start: int, end: int) -> Iterator[Interval]:
    opens, closes = span_of(interval)
    if end <= opens or closes <= start:
        yield interval
        return
    if opens < start:
        yield interval[0], _text_of(start)
    if end < closes:
        if end >= DAY:
            raise NightShiftCut
        yield _text_of(end), interval[1]


def span_of(interval: Interval) -> tuple[int, int]:
    """Minutes since the date's midnight; an end at or before the start is on the next day."""
    opens, closes = minutes_of(interval[0]), minutes_of(interval[1])
    return opens, closes if closes > opens else closes + DAY


def _text_of(minutes: int) -> str:
    """`HH:MM`; of the next day past 24:00."""
    hours, rest = divmod(minutes if minutes <= DAY else minutes - DAY, 60)
    return f"{hours:02}:{rest:02}"


def minutes_of(text: str) -> int:
    """Minutes since midnight of `HH:MM`; `24:00` is 1440."""
    hours, _, minutes = text.partition(":")
    return int(hours) * 60 + int(minutes)
