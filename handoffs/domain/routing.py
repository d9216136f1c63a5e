"""Where a handoff goes: the destination asked for, the reason's, the default; along fallbacks past closed hours and
queues that are off."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from conversations.domain.vocabulary import Channel
from handoffs.domain.chains import following_destination
from handoffs.domain.config import CLIENT, INBOX, DestinationConfig, OutOfHours, ProjectConfig, QueueConfig
from handoffs.domain.lifecycle import Cause
from handoffs.domain.office_hours.calendar import ALWAYS_OPEN, HoursNow, hours_at
from handoffs.domain.office_hours.schedules import ScheduleConfig

# Answers for a schedule at an instant; `hours_at`, or a table of answers made beforehand.
Hours = Callable[[ScheduleConfig, datetime], HoursNow]


class Arrival(StrEnum):
    """What a handoff arrives at."""

    QUEUE = "queue"
    CLIENT = "client"  # the customer's own app takes the customer there
    DESK = "desk"  # another system's
    MESSAGE = "message"  # closed: a ticket with contact data
    AI = "ai"  # closed: the AI carries on and says when people are back
    NOBODY = "nobody"


# Where somebody is asked; everything else answers at once.
ASKED = frozenset({Arrival.QUEUE, Arrival.CLIENT, Arrival.DESK})


@dataclass(frozen=True, slots=True)
class Consideration:
    """One destination that was looked at, and what was found: one line of the decision trace.

    finding: `queue_on`, `queue_off`, `client_app`, `desk`, `no_text_route`, `closed_ai`, `closed_message` or
    `closed_fallback`; the calendar's answer: hours `open` or `closed`, empty without a schedule; until: when that
    changes, ISO 8601, empty when it does not within the calendar's horizon; holiday: the name of the day's.
    """

    destination: str
    finding: str
    hours: str = ""
    until: str = ""
    holiday: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """The answer. destination: the last one considered; queue: the one to wait in, or to keep the message in, else
    None; cause: why it is no queue; considered: the trace, in order; next_opening and time_zone: when the first of the
    closed destinations opens again, and the zone of its schedule; closes_at: when the one that is open stops to take
    whoever still waits there, None when it does not."""

    destination: DestinationConfig | None
    queue: QueueConfig | None
    cause: Cause | None
    considered: tuple[Consideration, ...]
    arrival: Arrival = Arrival.NOBODY
    next_opening: datetime | None = None
    time_zone: str = ""
    closes_at: datetime | None = None


# A closed destination's policy: the finding, and what the handoff arrives at (None: go on to the fallback).
POLICIES: dict[OutOfHours, tuple[str, Arrival | None]] = {
    OutOfHours.AI: ("closed_ai", Arrival.AI),
    OutOfHours.MESSAGE: ("closed_message", Arrival.MESSAGE),
    OutOfHours.FALLBACK: ("closed_fallback", None),
}
CAUSES = {
    "queue_off": Cause.QUEUE_OFF,
    "no_text_route": Cause.NO_DESTINATION,
    "closed_ai": Cause.OUT_OF_HOURS,
    "closed_message": Cause.OUT_OF_HOURS,
    "closed_fallback": Cause.OUT_OF_HOURS,
}


def choose_destination(config: ProjectConfig, *, asked_for: str = "", reason: str = "") -> DestinationConfig | None:
    """Return the destination asked for (by key), else the reason's, else the default."""
    of_reason = config.reason(reason)
    candidates = (asked_for, of_reason.destination if of_reason else "")
    found = (config.destination(key) for key in candidates if key)
    return next((item for item in found if item), config.default_destination())


def find_route(
    config: ProjectConfig,
    *,
    asked_for: str = "",
    reason: str = "",
    at: datetime,
    hours: Hours = hours_at,
    by_client: bool = False,
    channel: str = "",
) -> Route:
    """Walk from the chosen destination along its fallbacks to the first that has an answer at this instant: an open
    queue or another desk, or what its policy says of closed hours. by_client: the customer's own app takes the
    customer wherever the destination is; channel: the customer's, of which only a phone call reaches a destination
    that can be called and nothing else."""
    destination = choose_destination(config, asked_for=asked_for, reason=reason)
    if destination is None:
        return Route(None, None, Cause.NO_DESTINATION, ())
    looks: list[_Look] = []
    seen: set[str] = set()
    while True:
        seen.add(destination.key)
        looks.append(look := _look_at(config, destination, at, hours, by_client, channel))
        following = None if look.arrival else following_destination(config, destination)
        if following is None or following.key in seen:
            return _route_to(config, looks, is_loop=following is not None)
        destination = following


def leads_elsewhere(route: Route, *, tried: Collection[str]) -> bool:
    """Whether the route ends where somebody is asked, at a destination that has not been tried."""
    return route.arrival in ASKED and route.destination is not None and route.destination.key not in tried


@dataclass(frozen=True, slots=True)
class _Look:
    """One destination at the instant. arrival: None when the walk goes on; schedule: None for always open."""

    destination: DestinationConfig
    finding: str
    arrival: Arrival | None
    schedule: ScheduleConfig | None
    now: HoursNow


def _look_at(
    config: ProjectConfig, destination: DestinationConfig, at: datetime, hours: Hours, by_client: bool, channel: str
) -> _Look:
    schedule = config.schedule(destination.schedule) if destination.schedule else None
    now = hours(schedule, at) if schedule else ALWAYS_OPEN
    finding, arrival = _judge(config, destination, is_open=now.is_open, by_client=by_client, channel=channel)
    return _Look(destination, finding, arrival, schedule, now)


def _judge(
    config: ProjectConfig, destination: DestinationConfig, *, is_open: bool, by_client: bool, channel: str
) -> tuple[str, Arrival | None]:
    is_call = by_client and channel == Channel.PHONE
    if not destination.desk and not (is_call and destination.voice):
        return "no_text_route", None
    if not is_open and destination.out_of_hours in POLICIES:
        return POLICIES[destination.out_of_hours]
    if by_client or destination.desk == CLIENT:
        return "client_app", Arrival.CLIENT
    if destination.desk != INBOX:
        return "desk", Arrival.DESK
    queue = config.queue(destination.queue)
    return ("queue_on", Arrival.QUEUE) if queue is not None and queue.is_on else ("queue_off", None)


def _route_to(config: ProjectConfig, looks: list[_Look], *, is_loop: bool) -> Route:
    last = looks[-1]
    openings = ((look.now.next_opening, look.schedule) for look in looks if look.schedule and not look.now.is_open)
    opens, zone = min(((at, schedule.time_zone) for at, schedule in openings if at and schedule), default=(None, ""))
    return Route(
        last.destination,
        config.queue(last.destination.queue) if last.arrival in (*ASKED, Arrival.MESSAGE) else None,
        Cause.LOOP_GUARD if is_loop else CAUSES.get(last.finding),
        tuple(_consideration(look) for look in looks),
        last.arrival or Arrival.NOBODY,
        opens,
        zone,
        closes_at=last.now.closes_at if last.destination.out_of_hours in POLICIES else None,
    )


def _consideration(look: _Look) -> Consideration:
    if look.schedule is None:
        return Consideration(look.destination.key, look.finding)
    now = look.now
    changes_at = now.closes_at if now.is_open else now.next_opening
    until = changes_at.isoformat() if changes_at else ""
    return Consideration(look.destination.key, look.finding, "open" if now.is_open else "closed", until, now.holiday)
