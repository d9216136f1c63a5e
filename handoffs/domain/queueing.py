"""A place in a queue: what it is made of, and what the customer is told of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from handoffs.domain.capacity import DEFAULT_WEIGHT
from handoffs.domain.config import DestinationConfig, ProjectConfig

# A durable queue status is written only when the position enters another band; the rest is transient.
BANDS = (1, 2, 3, 5, 10, 20)
LEAST_CLAIMS = 5
REPEAT_EVERY = timedelta(seconds=15)
# What was measured longer ago says nothing about now.
MEASURED_WITHIN = timedelta(hours=1)
URGENT = 10  # what an urgent reason adds to the priority: more than a queue and a destination together
MOST_PRIORITY = 4  # of a queue, and of a destination's hint, up and down


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """What an entry of a queue is made with. priority: higher is served first; skills: what an agent must be able
    to do; weight: of an agent's capacity."""

    priority: int = 0
    skills: tuple[str, ...] = ()
    weight: int = DEFAULT_WEIGHT


def entry_facts(
    config: ProjectConfig, destination: DestinationConfig | None, *, reason: str, channel: str
) -> EntryFacts:
    """Return what a handoff to this destination enters its queue with."""
    queue = config.queue(destination.queue) if destination else None
    known_reason = config.reason(reason)
    hints = destination.hints if destination else {}
    urgent = URGENT if known_reason and known_reason.is_urgent else 0
    return EntryFacts(
        priority=(queue.priority if queue else 0) + read_priority(hints.get("priority", "")) + urgent,
        skills=read_skills(hints.get("skills", "")),
        weight=max(1, config.settings.channel_weights.get(channel, DEFAULT_WEIGHT)),
    )


def read_skills(text: str) -> tuple[str, ...]:
    """Skills as people write them, `Refunds, german`: lower case, each once, in order."""
    return tuple(dict.fromkeys(word.strip().casefold() for word in text.split(",") if word.strip()))


def read_priority(text: str) -> int:
    """A hint's priority, held within its bounds; what is no number counts nothing."""
    sign, digits = (-1, text.strip()[1:]) if text.strip().startswith("-") else (1, text.strip().lstrip("+"))
    if not (digits.isascii() and digits.isdecimal()) or len(digits) > 4:
        return 0
    return max(-MOST_PRIORITY, min(MOST_PRIORITY, sign * int(digits)))


def band_of(position: int) -> int:
    """Return the band's last position: 1, 2, 3, 5, 10, 20, or 21 for everything beyond."""
    return next((last for last in BANDS if position <= last), BANDS[-1] + 1)


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a queue has been served of late. claimed_at: newest first; served_seconds: how long agents had the
    last conversations; places: how many conversations the agents who are ready can carry together."""

    claimed_at: Sequence[datetime] = ()
    served_seconds: Sequence[float] = ()
    places: int = 0


def estimate_wait(position: int, pace: Pace, *, at: datetime) -> int | None:
    """Seconds until this position is claimed; None when too little was measured: an estimate is never invented.

    With people ready and enough conversations served: each place becomes free once in a service time, so a position
    waits its share of it. Otherwise the pace of the last hour's claims, a standstill since the last one included.
    """
    if pace.places > 0 and len(pace.served_seconds) >= LEAST_CLAIMS:
        return max(1, round(position * median(pace.served_seconds) / pace.places))
    recent = [moment for moment in pace.claimed_at if at - moment <= MEASURED_WITHIN]
    if len(recent) < LEAST_CLAIMS:
        return None
    between = (recent[0] - recent[-1]) / (len(recent) - 1)
    slowest = max(between, (at - recent[-1]) / len(recent))
    return max(1, round(position * slowest.total_seconds()))
