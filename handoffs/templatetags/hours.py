"""Drawings of office hours: the week as a grid and as a strip, a year of coverage as a strip.

Geometry stands in attributes and colours in classes, since the pages' policy forbids a `style`. Numbers are written
here and not by the template, whose language may write 12,5.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.forms import BoundField
from django.urls import NoReverseMatch, reverse
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from handoffs.domain.office_hours.day_hours import DAY
from handoffs.domain.office_hours.holes import Severity
from handoffs.domain.office_hours.schedules import ScheduleConfig
from handoffs.domain.office_hours.validation import say_holiday_date
from handoffs.domain.office_hours.week import Block, following_opening, say_week, week_blocks
from handoffs.forms.holidays import write_hours
from handoffs.forms.intervals import Day
from handoffs.models import Destination

register = template.Library()

ROW, BLOCK, GAP = 46, 36, 5  # px: a weekday's row, a block in it, the space above the block
HOURS = tuple(range(0, 25, 3))
# A block shows its words from some width of the grid on: what they take, what stands beside the plot, and the widths
# at which the style sheet looks. In px.
LETTER, PADDING, BESIDE = 6.0, 14, 116
STEPS = (350, 450, 550, 650, 800, 1000)
Worst = Sequence[tuple[date, Severity | None]]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A block with its place: x and width in percent of the day, y in px."""

    block: Block
    x: str
    width: str
    y: int
    css: str


@dataclass(frozen=True, slots=True)
class Line:
    """One weekday's row. words: what stands in it when nothing else does."""

    name: str
    short: str
    y: int
    is_today: bool
    words: str


@register.inclusion_tag("handoffs/hours/_grid.html")
def week_grid(schedule: ScheduleConfig, at: datetime, closed_words: str = "") -> dict[str, Any]:
    """The weekly hours as a grid, with the present moment. closed_words: what happens on a day without hours."""
    blocks = list(week_blocks(schedule.intervals))
    local = at.astimezone(ZoneInfo(schedule.time_zone))
    taken = {block.day for block in blocks}
    now = local.hour * 60 + local.minute
    return {
        "blocks": [_drawn(block) for block in blocks],
        "lines": [
            _line(schedule, day, is_today=day == local.weekday(), words="" if day in taken else closed_words)
            for day in range(7)
        ],
        "hours": [(f"{hour:02}", percent(hour * 60), hour % 6 == 0) for hour in HOURS],
        "now": {"x": percent(now), "top": local.weekday() * ROW - 2, "bottom": local.weekday() * ROW + ROW},
        "height": 7 * ROW,
        "label": _("Weekly hours, {zone}: {week}").format(zone=schedule.time_zone, week=say_week(schedule.intervals)),
    }


@register.inclusion_tag("handoffs/hours/_week_strip.html")
def week_strip(schedule: ScheduleConfig, at: datetime) -> dict[str, Any]:
    """The whole week in one line, for lists."""
    local = at.astimezone(ZoneInfo(schedule.time_zone))
    moment = local.weekday() * DAY + local.hour * 60 + local.minute
    return {
        "blocks": [
            (percent(block.day * DAY + block.start, 7 * DAY), percent(block.end - block.start, 7 * DAY))
            for block in week_blocks(schedule.intervals)
        ],
        "days": [(percent(day, 7), str(WEEKDAYS_ABBR[day])[:2], day == local.weekday()) for day in range(7)],
        "now": percent(moment, 7 * DAY),
        "label": say_week(schedule.intervals),
    }


@register.inclusion_tag("handoffs/hours/_coverage_strip.html")
def coverage_strip(days: Worst) -> dict[str, Any]:
    """A year, one bar a day: green, or the worst of what was found on it."""
    number = len(days)
    return {
        "number": number,
        "fine": _bars(index for index, (_day, worst) in enumerate(days) if worst is None),
        "amber": _bars(index for index, (_day, worst) in enumerate(days) if worst is Severity.AMBER),
        "red": _bars(index for index, (_day, worst) in enumerate(days) if worst is Severity.RED),
        "months": [
            (percent(index, number), date_format(day, "M"))
            for index, (day, _worst) in enumerate(days)
            if day.day == 1 and index < number - 10
        ],
        "label": _say_strip(days),
    }


@register.simple_tag
def time_input(bound: BoundField, day: Day) -> SafeString:
    """A time of an interval, tied to what is said about its day."""
    attributes = {"class": "hs-input hs-time", "aria-describedby": f"day{day.number}-notes"}
    return bound.as_widget(attrs={**attributes, **({"aria-invalid": "true"} if bound.errors else {})})


@register.filter
def hours_text(intervals: Sequence[Sequence[str]]) -> str:
    return write_hours(intervals)


@register.filter
def date_text(text: str) -> str:
    """A stored date in words; one of every year without the year."""
    return say_holiday_date(text)


@register.filter
def as_uses(destinations: Sequence[Destination]) -> list[tuple[str, str]]:
    """Destinations as the delete dialog lists them: words and where to point them elsewhere."""
    return [(destination.name, destination_url(destination)) for destination in destinations]


def destination_url(destination: Destination) -> str:
    """Where a destination is edited; empty while there is no such page."""
    try:
        return reverse("destination-edit", args=[destination.pk])
    except NoReverseMatch:
        return ""


def percent(part: int, whole: int = DAY) -> str:
    """`37.5%`, for an attribute."""
    return f"{100 * part / whole:.3f}".rstrip("0").rstrip(".") + "%"


def _drawn(block: Block) -> Drawn:
    length = block.end - block.start
    needed = (len(block.label) * LETTER + PADDING) * DAY / length + BESIDE
    step = next((step for step in STEPS if step >= needed), "never")
    css = f"hs-week-block hs-week-block--{step}"
    return Drawn(block, percent(block.start), percent(length), block.day * ROW + GAP, css)


def _line(schedule: ScheduleConfig, day: int, *, is_today: bool, words: str) -> Line:
    opening = following_opening(schedule.intervals, day)
    said = words.replace("{opening}", opening) if opening else _("Closed")
    return Line(str(WEEKDAYS[day]), str(WEEKDAYS_ABBR[day]), day * ROW, is_today, said if words else "")


def _bars(indexes: Iterator[int]) -> str:
    """One path for all bars of a colour: 365 elements a strip would be slow to draw."""
    return "".join(f"M{index} 0h.76v1h-.76z" for index in indexes)


def _say_strip(days: Worst) -> str:
    first, last = (date_format(days[index][0], "j F Y") for index in (0, -1))
    red = sum(worst is Severity.RED for _day, worst in days)
    amber = sum(worst is Severity.AMBER for _day, worst in days)
    lost = ngettext(
        "{days} day on which a handoff would reach nobody", "{days} days on which a handoff would reach nobody", red
    )
    odd = ngettext("{days} day worth a look", "{days} days worth a look", amber)
    return _("{first} to {last}: {lost}, {odd}").format(
        first=first, last=last, lost=lost.format(days=red), odd=odd.format(days=amber)
    )
