"""Where a chain of fallbacks ends, and which of its links come round again."""

from dataclasses import dataclass
from enum import StrEnum

from handoffs.domain.chains import chain_of, following_destination
from handoffs.domain.config import DestinationConfig, OutOfHours, ProjectConfig


class End(StrEnum):
    """What a handoff that nobody took along the whole chain comes to."""

    MESSAGE = "message"
    AI = "ai"  # the last one is closed: the AI carries on
    NOBODY = "nobody"  # the last one only takes calls
    LOOP = "loop"


@dataclass(frozen=True, slots=True)
class Drawn:
    """One destination's chain as it is drawn. links: the destination and its fallbacks; again: the name of the one a
    loop comes back to, empty without a loop."""

    links: tuple[DestinationConfig, ...]
    end: End
    again: str = ""


def draw_chain(config: ProjectConfig, key: str) -> Drawn:
    """The chain of a destination of the configuration. Raises KeyError for an unknown one."""
    links = chain_of(config, key)
    if not links:
        raise KeyError(key)
    last = links[-1]
    following = following_destination(config, last)
    if following is not None:
        return Drawn(links, End.LOOP, following.name)
    return Drawn(links, _end(last))


def _end(last: DestinationConfig) -> End:
    if not last.desk:
        return End.NOBODY
    return End.AI if last.schedule and last.out_of_hours is OutOfHours.AI else End.MESSAGE
