"""The weekly hours as they are drawn and read out: blocks of a grid, words, and who is back when."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from handoffs.domain.office_hours.day_hours import DAY, span_of
from handoffs.domain.office_hours.schedules import IntervalConfig
from handoffs.domain.office_hours.words import WEEKDAYS


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of an interval on one weekday's row, in minutes since its midnight. row: the interval's position in
    the list; is_tail: it is what reaches past midnight, drawn on the next day."""

    day: int
    start: int
    end: int
    label: str
    row: int
    is_tail: bool = False


def week_blocks(intervals: Sequence[IntervalConfig]) -> Iterator[Block]:
    """The pieces to draw; what runs past Sunday's midnight comes back on Monday."""
    for row, interval in enumerate(intervals):
        start, end = span_of((interval.start, interval.end))
        yield Block(interval.day, start, min(end, DAY), _label(interval, runs_on=end > DAY), row)
        if end > DAY:
            tail = f"to {interval.end.removesuffix(':00')}"
            yield Block((interval.day + 1) % 7, 0, end - DAY, tail, row, is_tail=True)


def say_week(intervals: Sequence[IntervalConfig]) -> str:
    """`Monday 08:00-12:30 and 13:15-20:00; Tuesday …`, or `Never open`."""
    days = ((day, [f"{item.start}\u2013{item.end}" for item in intervals if item.day == day]) for day in range(7))
    return "; ".join(f"{WEEKDAYS[day]} {' and '.join(hours)}" for day, hours in days if hours) or "Never open"


def following_opening(intervals: Sequence[IntervalConfig], day: int) -> str:
    """When the week goes on after a day without hours, as `Monday from 08:00`; empty when it never does."""
    for ahead in range(1, 7):
        later = (day + ahead) % 7
        starts = sorted(item.start for item in intervals if item.day == later)
        if starts:
            return f"{WEEKDAYS[later]} from {starts[0]}"
    return ""


def _label(interval: IntervalConfig, *, runs_on: bool) -> str:
    return f"{interval.start} \u2013 {interval.end}" + (" next day" if runs_on else "")
