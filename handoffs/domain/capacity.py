"""What an agent carries, what an agent can carry, and whether one more conversation fits."""

from collections.abc import Mapping
from dataclasses import dataclass, field

DEFAULT_WEIGHT = 1


@dataclass(frozen=True, slots=True)
class Limits:
    """What an agent can carry at once. capacity: in weights of conversations; channels: at most so many
    conversations of a channel, no limit of its own where it is not named."""

    capacity: int
    channels: Mapping[str, int] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Load:
    """What takes an agent's capacity now. weight: the sum of the weights; channels: conversations by channel; offers:
    how many of them are only offered."""

    weight: int = 0
    channels: Mapping[str, int] = field(default_factory=dict, hash=False)
    offers: int = 0


def add_load(load: Load, *, channel: str, weight: int, is_offer: bool = False) -> Load:
    """The load with one more conversation."""
    channels = {**load.channels, channel: load.channels.get(channel, 0) + 1}
    return Load(load.weight + weight, channels, load.offers + is_offer)


def has_room(load: Load, limits: Limits, *, channel: str, weight: int) -> bool:
    """Whether one more conversation of this channel and weight fits."""
    return load.weight + weight <= limits.capacity and has_channel_room(load, limits, channel=channel)


def has_channel_room(load: Load, limits: Limits, *, channel: str) -> bool:
    """Whether the channel's own limit, if there is one, lets one more in."""
    limit = limits.channels.get(channel)
    return limit is None or load.channels.get(channel, 0) < limit


def is_worth_waiting_for(load: Load, limits: Limits, *, channel: str, weight: int) -> bool:
    """Whether only the weight is in the way, and will not be once the agent has finished something."""
    return (
        weight <= limits.capacity
        and has_channel_room(load, limits, channel=channel)
        and not has_room(load, limits, channel=channel, weight=weight)
    )


def load_ratio(load: Load, limits: Limits) -> float:
    """How full somebody is: 0 for nothing, 1 for the whole capacity."""
    return load.weight / limits.capacity if limits.capacity else 1.0
