"""Every scenario, in the order it runs, by its number in docs/performance.md: a module of this package each."""

from collections.abc import Iterable, Sequence
from importlib import import_module

from bench.scenario import Scenario

NAMES = {
    "1": "ping-pong",
    "2": "closed-loop",
    "3": "many-conversations",
    "4": "open-loop",
    "5": "append",
    "7": "hot-conversation",
    "8": "idle-sockets",
    "9": "reconnect-storm",
    "10": "deadlines",
    "11": "read-handoff",
}
COVERAGE = "coverage"  # no scenario: it has no floor, and is compared with itself


class UnknownScenario(Exception):
    """There is none of that name or number. The text says which there are."""


def named(words: Sequence[str]) -> list[str]:
    """The names of what is asked for by name or number; all of them when nothing is. Raises UnknownScenario."""
    every = [*NAMES.values(), COVERAGE]
    known = NAMES | {name: name for name in every}
    if unknown := [word for word in words if word not in known]:
        raise UnknownScenario(f"no scenario {', '.join(unknown)}: there are {', '.join(every)}")
    return [known[word] for word in words] or every


def scenarios(names: Iterable[str]) -> list[Scenario]:
    """Django is set up by their modules, with the database that stands in the environment by then."""
    return [import_module(f"bench.scenarios.{name.replace('-', '_')}").SCENARIO for name in names if name != COVERAGE]
