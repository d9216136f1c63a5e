"""Chains of fallbacks: where a handoff goes on to, and where it would go round in a circle."""

from collections.abc import Iterator

from handoffs.domain.config import DestinationConfig, ProjectConfig

Chain = tuple[str, ...]


def following_destination(config: ProjectConfig, destination: DestinationConfig) -> DestinationConfig | None:
    """The destination tried when this one cannot take a handoff: its fallback; for one that only takes calls and
    names none, the default. None at the end of the chain."""
    if destination.fallback or destination.desk:
        return config.destination(destination.fallback) if destination.fallback else None
    default = config.default_destination()
    return None if default is None or default.key == destination.key else default


def chain_of(config: ProjectConfig, key: str) -> tuple[DestinationConfig, ...]:
    """A destination and all its fallbacks in order, each once; empty for an unknown key."""
    chain: dict[str, DestinationConfig] = {}
    destination = config.destination(key)
    while destination is not None and destination.key not in chain:
        chain[destination.key] = destination
        destination = following_destination(config, destination)
    return tuple(chain.values())


def find_loops(config: ProjectConfig) -> tuple[Chain, ...]:
    """Every circle of fallbacks once, as keys from its member that comes first in the configuration back to it."""
    following = {item.key: _following_key(config, item) for item in config.destinations}
    order = {key: number for number, key in enumerate(following)}
    loops: dict[frozenset[str], Chain] = {}
    seen: set[str] = set()
    for key in following:
        path = list(_walk(following, key, seen))
        closing = following[path[-1]] if path else ""
        seen.update(path)
        if closing in path:
            circle = path[path.index(closing) :]
            first = circle.index(min(circle, key=order.__getitem__))
            ordered = (*circle[first:], *circle[:first])
            loops[frozenset(circle)] = (*ordered, ordered[0])
    return tuple(loops.values())


def _walk(following: dict[str, str], key: str, seen: set[str]) -> Iterator[str]:
    """The keys from this one on, to the end of the chain, a key already seen, or the first that comes again."""
    path: set[str] = set()
    while key and key not in seen and key not in path:
        path.add(key)
        yield key
        key = following[key]


def _following_key(config: ProjectConfig, destination: DestinationConfig) -> str:
    following = following_destination(config, destination)
    return following.key if following else ""
