"""Office hours as a customer would read them. Values and English; whoever shows them in another language
translates from the values."""

from dataclasses import dataclass
from datetime import datetime

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
    """state: `Open now, closes at 18:00.`; opening: `Monday 23 November, 08:00`, empty when there is none;
    distance: `in 1 day 20 h`; there: `09:00 in Madrid`, empty where the customer's clock shows the same."""

    state: str
    opening: str
    distance: str
    there: str


def describe_hours(hours: HoursNow, *, at: datetime, time_zone: str, customer_zone: str = "") -> HoursWords:
    """Say what the schedule answers at this instant, on its own clock and on the customer's."""
    raise NotImplementedError


def say_opening(opening: datetime | None, *, at: datetime, time_zone: str) -> str:
    """What follows "People are back": `on Monday 23 November at 08:00 London time`, `today at …`, `tomorrow at …`,
    or `later` when no opening is known."""
    raise NotImplementedError
