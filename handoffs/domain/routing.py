"""Where a handoff goes: the destination asked for, the reason's, the default; past closed queues by fallback."""

from dataclasses import dataclass

from handoffs.domain.config import DestinationConfig, ProjectConfig, QueueConfig
from handoffs.domain.lifecycle import Cause


@dataclass(frozen=True, slots=True)
class Consideration:
    """One destination that was looked at, and what was found: one line of the decision trace."""

    destination: str
    finding: str


@dataclass(frozen=True, slots=True)
class Route:
    """The answer. destination: the last one considered; queue: None when nobody can take it, then `cause` says
    why; considered: the trace, in order."""

    destination: DestinationConfig | None
    queue: QueueConfig | None
    cause: Cause | None
    considered: tuple[Consideration, ...]


def choose_destination(config: ProjectConfig, *, asked_for: str = "", reason: str = "") -> DestinationConfig | None:
    """Return the destination asked for (by key), else the reason's, else the default."""
    of_reason = config.reason(reason)
    candidates = (asked_for, of_reason.destination if of_reason else "")
    found = (config.destination(key) for key in candidates if key)
    return next((item for item in found if item), config.default_destination())


def find_route(config: ProjectConfig, *, asked_for: str = "", reason: str = "") -> Route:
    """Walk from the chosen destination along its fallbacks to the first queue that is switched on."""
    destination = choose_destination(config, asked_for=asked_for, reason=reason)
    if destination is None:
        return Route(None, None, Cause.NO_DESTINATION, ())
    considered: list[Consideration] = []
    seen: set[str] = set()
    while True:
        queue = config.queue(destination.queue)
        if queue is not None and queue.is_on:
            considered.append(Consideration(destination.key, "queue_on"))
            return Route(destination, queue, None, tuple(considered))
        considered.append(Consideration(destination.key, "queue_off"))
        seen.add(destination.key)
        following = config.destination(destination.fallback)
        if following is None or following.key in seen:
            cause = Cause.LOOP_GUARD if following else Cause.QUEUE_OFF
            return Route(destination, None, cause, tuple(considered))
        destination = following
