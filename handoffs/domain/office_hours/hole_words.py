"""When holes are and where they lead, in a reader's words."""

from collections.abc import Mapping
from datetime import datetime

from handoffs.domain.office_hours.coverage import Coverage
from handoffs.domain.office_hours.holes import Hole, HoleGroup
from handoffs.domain.office_hours.words import MONTHS, WEEKDAYS

STEP = " \u203a "


def say_when(group: HoleGroup, *, coverage: Coverage) -> str:
    """`Thu 24 Dec 14:00 - Tue 29 Dec 08:00`; `Mon to Fri 16:55 - 17:00` for one that comes again; `All year`; with an
    en dash."""
    hole = group.first
    if len(group.holes) > 1:
        return f"{say_weekdays(group.weekdays)} {_say_times(hole)}"
    begins, lasts = hole.start == coverage.start, hole.end == coverage.end
    if begins and lasts:
        return "All year"
    if lasts:
        return f"From {_say(hole.wall_start)} on"
    if begins:
        return f"Now until {_say(hole.wall_end)}"
    return _say_span(hole)


def say_weekdays(days: tuple[int, ...]) -> str:
    """`Every day`, `Mon to Fri`, `Mon, Wed`."""
    if len(days) == len(WEEKDAYS):
        return "Every day"
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return f"{WEEKDAYS[days[0]][:3]} to {WEEKDAYS[days[-1]][:3]}"
    return ", ".join(WEEKDAYS[day][:3] for day in days)


def say_chain(hole: Hole, names: Mapping[str, str]) -> str:
    """`Spanish desk > Billing > nowhere`, with a pointed mark between."""
    return STEP.join(filter(None, (*(names.get(key, key) for key in hole.chain), hole.ending)))


def _say_times(hole: Hole) -> str:
    days = (hole.wall_end.date() - hole.wall_start.date()).days
    later = "" if days == 0 else " next day" if days == 1 else f", {days} days later"
    return f"{hole.wall_start:%H:%M} \u2013 {hole.wall_end:%H:%M}{later}"


def _say_span(hole: Hole) -> str:
    if hole.wall_start.date() == hole.wall_end.date():
        return f"{_say(hole.wall_start)} \u2013 {hole.wall_end:%H:%M}"
    return f"{_say(hole.wall_start)} \u2013 {_say(hole.wall_end)}"


def _say(wall: datetime) -> str:
    return f"{WEEKDAYS[wall.weekday()][:3]} {wall.day} {MONTHS[wall.month - 1][:3]} {wall:%H:%M}"
