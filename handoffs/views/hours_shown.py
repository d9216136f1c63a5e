"""What the editor of office hours shows beside its fields: the grid, what a customer is told, the coming holidays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from handoffs.domain.config import OutOfHours
from handoffs.domain.office_hours.calendar import HoursNow, hours_at
from handoffs.domain.office_hours.holidays import holidays_between
from handoffs.domain.office_hours.places import say_place
from handoffs.domain.office_hours.schedules import ScheduleConfig
from handoffs.domain.office_hours.words import describe_hours, fill_closed_text, say_city
from handoffs.domain.settings import SettingsConfig
from handoffs.forms.hours import HoursForm
from handoffs.selectors.schedules import Policy, destinations_with, policies_of, read_texts

DAYS_AHEAD = 365
SHOWN_HOLIDAYS = 5
CUSTOMER_ZONES = (
    "America/Los_Angeles",
    "America/New_York",
    "America/Sao_Paulo",
    "Europe/London",
    "Europe/Madrid",
    "Europe/Istanbul",
    "Asia/Dubai",
    "Asia/Kolkata",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Australia/Sydney",
)
# On a weekday without hours: the grid's words, and the same as the side of the page says it.
CLOSED_DAYS = {
    OutOfHours.QUEUE: gettext_lazy("Closed. Waits in the queue until {opening}"),
    OutOfHours.AI: gettext_lazy("Closed. The AI carries on, people are back {opening}"),
    OutOfHours.MESSAGE: gettext_lazy("Closed. Leave a message, answered {opening}"),
    OutOfHours.FALLBACK: gettext_lazy("Closed. Goes on to the fallback"),
}
POLICIES = {
    OutOfHours.QUEUE: gettext_lazy("waits in the queue all the same"),
    OutOfHours.AI: gettext_lazy("the AI carries on and says"),
    OutOfHours.MESSAGE: gettext_lazy("leaves a message and reads"),
    OutOfHours.FALLBACK: gettext_lazy("goes on to {fallback}"),
}
NO_FALLBACK = gettext_lazy("has no fallback and reaches nobody")


@dataclass(frozen=True, slots=True)
class PolicyWords:
    """What customers of some destinations get while it is closed. quote: what they read, empty for nothing."""

    names: str
    words: str
    quote: str
    is_hole: bool


def show_hours(form: HoursForm, *, at: datetime, customer_zone: str = "") -> dict[str, Any]:
    """All that is drawn from the form as it stands: for the page, and again while somebody types."""
    draft, policies = form.draft(), policies_of(destinations_with(form.schedule))
    now = hours_at(draft, at)
    coming = list(holidays_between(draft, at.astimezone(ZoneInfo(draft.time_zone)).date(), DAYS_AHEAD))
    zone = customer_zone if customer_zone in available_timezones() else ""
    texts = read_texts(form.project) if policies else SettingsConfig()
    return {
        "draft": draft,
        "at": at,
        "is_open": now.is_open,
        "words": describe_hours(now, at=at, time_zone=draft.time_zone, customer_zone=zone),
        "holiday": now.holiday,
        "holidays": coming[:SHOWN_HOLIDAYS],
        "more_holidays": coming[SHOWN_HOLIDAYS:],
        "place": say_place(draft.country, draft.subdivision),
        "policies": [_in_words(policy, texts, draft, now, at) for policy in policies],
        "closed_words": _closed_words(policies),
    }


def customer_zones(chosen: str) -> list[tuple[str, str, bool]]:
    """Zones a customer may be in: value, city, whether it is the chosen one."""
    return [(zone, say_city(zone), zone == chosen) for zone in CUSTOMER_ZONES]


def _closed_words(policies: Sequence[Policy]) -> str:
    kinds = {policy.out_of_hours for policy in policies}
    return str(CLOSED_DAYS[kinds.pop()]) if len(kinds) == 1 else _("Closed")


def _in_words(policy: Policy, texts: SettingsConfig, draft: ScheduleConfig, now: HoursNow, at: datetime) -> PolicyWords:
    names = _names(policy)
    if policy.out_of_hours is OutOfHours.FALLBACK and not policy.fallback:
        return PolicyWords(names, str(NO_FALLBACK), "", is_hole=True)
    words = str(POLICIES[policy.out_of_hours]).replace("{fallback}", policy.fallback)
    quotes = {
        OutOfHours.AI: fill_closed_text(texts.closed_text, opening=now.next_opening, at=at, time_zone=draft.time_zone),
        OutOfHours.MESSAGE: texts.message_text,
    }
    return PolicyWords(names, words, quotes.get(policy.out_of_hours, ""), is_hole=False)


def _names(policy: Policy, most: int = 3) -> str:
    names = [row.name for row in policy.destinations]
    if len(names) <= most:
        return ", ".join(names)
    return _("{names} and {number} more").format(names=", ".join(names[:most]), number=len(names) - most)
