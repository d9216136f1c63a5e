"""Office hours as a customer would read them. Values and English; whoever shows them in another language
translates from the values."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from handoffs.domain.office_hours.calendar import HoursNow

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
NO_OPENING = "later"


@dataclass(frozen=True, slots=True)
class HoursWords:
    """state: `Open now, closes at 18:00`; opening: `Monday 23 November, 08:00`, empty when there is none; distance:
    `in 1 day 20 h`; there: `09:00 in Madrid`, empty where the customer's clock shows the same."""

    state: str
    opening: str = ""
    distance: str = ""
    there: str = ""


def describe_hours(hours: HoursNow, *, at: datetime, time_zone: str, customer_zone: str = "") -> HoursWords:
    """Say what the schedule answers at this instant, on its own clock and on the customer's."""
    state = _say_state(hours, at, ZoneInfo(time_zone))
    if hours.next_opening is None:
        return HoursWords(state)
    return HoursWords(
        state,
        opening=say_instant(hours.next_opening, time_zone=time_zone),
        distance=f"in {say_duration(hours.next_opening - at)}",
        there=_say_there(hours.next_opening, time_zone, customer_zone),
    )


def say_opening(opening: datetime | None, *, at: datetime, time_zone: str) -> str:
    """What follows "People are back": `on Monday 23 November at 08:00 London time`, `today at …`, `tomorrow at …`,
    or `later` when no opening is known."""
    if opening is None:
        return NO_OPENING
    local, today = opening.astimezone(ZoneInfo(time_zone)), at.astimezone(ZoneInfo(time_zone)).date()
    days = {today: "today", today + timedelta(days=1): "tomorrow"}
    return f"{days.get(local.date(), f'on {say_date(local)}')} at {local:%H:%M} {say_zone(time_zone)}"


def fill_closed_text(text: str, *, opening: datetime | None, at: datetime, time_zone: str) -> str:
    """Put the next opening where the text has `{opening}`; other braces are the author's and stay."""
    return text.replace("{opening}", say_opening(opening, at=at, time_zone=time_zone))


def say_instant(instant: datetime, *, time_zone: str) -> str:
    """`Monday 23 November, 08:00` on the clock of the zone."""
    local = instant.astimezone(ZoneInfo(time_zone))
    return f"{say_date(local)}, {local:%H:%M}"


def say_date(day: datetime) -> str:
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"


def say_duration(duration: timedelta) -> str:
    """The two greatest of days, hours and minutes, rounded up to the minute: `1 day 20 h`, `45 min`."""
    minutes = -(-int(duration.total_seconds()) // 60)
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = ((days, "day" if days == 1 else "days"), (hours, "h"), (rest, "min"))
    return " ".join([f"{number} {unit}" for number, unit in parts if number][:2]) or "0 min"


def say_city(time_zone: str) -> str:
    """`London` of `Europe/London`, `UTC` of `UTC`."""
    return time_zone.rpartition("/")[2].replace("_", " ")


def say_zone(time_zone: str) -> str:
    return f"{say_city(time_zone)} time" if "/" in time_zone else time_zone


def _say_state(hours: HoursNow, at: datetime, zone: ZoneInfo) -> str:
    if not hours.is_open:
        return f"Closed now, {hours.holiday}" if hours.holiday else "Closed now"
    if hours.closes_at is None:
        return "Always open"
    closes = hours.closes_at.astimezone(zone)
    days = (closes.date() - at.astimezone(zone).date()).days
    # Midnight ends the day it is read on, it does not begin the next.
    if days == 0 or (days == 1 and (closes.hour, closes.minute) == (0, 0)):
        return f"Open now, closes at {closes:%H:%M}" if days == 0 else "Open now, closes at 24:00"
    day = WEEKDAYS[closes.weekday()] if days < len(WEEKDAYS) else say_date(closes)
    return f"Open now, closes {day} at {closes:%H:%M}"


def _say_there(opening: datetime, time_zone: str, customer_zone: str) -> str:
    if not customer_zone:
        return ""
    here, there = opening.astimezone(ZoneInfo(time_zone)), opening.astimezone(ZoneInfo(customer_zone))
    if here.utcoffset() == there.utcoffset():
        return ""
    day = "" if here.date() == there.date() else f"{WEEKDAYS[there.weekday()]} "
    return f"{day}{there:%H:%M} in {say_city(customer_zone)}"
