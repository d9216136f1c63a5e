"""Stretches in which a handoff would reach nobody, in a reader's words, and put together where they repeat."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

NOWHERE = "nowhere"


class HoleKind(StrEnum):
    """What is wrong with a stretch."""

    NOWHERE = "nowhere"
    LOOP = "loop"
    WAIT_LIMIT_PAST_CLOSING = "wait_limit_past_closing"
    NONEXISTENT_TIME = "nonexistent_time"


class Severity(StrEnum):
    """How bad it is."""

    RED = "red"  # lost, or sent in a circle
    AMBER = "amber"  # worth a look


SEVERITIES = {
    HoleKind.NOWHERE: Severity.RED,
    HoleKind.LOOP: Severity.RED,
    HoleKind.WAIT_LIMIT_PAST_CLOSING: Severity.AMBER,
    HoleKind.NONEXISTENT_TIME: Severity.AMBER,
}


@dataclass(frozen=True, slots=True)
class Hole:
    """One maximal stretch. destination: the key it was asked for; start, end: UTC, equal for a time that does not
    exist; wall_start, wall_end: naive, on the clock of `time_zone`; chain: keys of the destinations tried, in order,
    the repeated one again at the end of a loop; ending: what comes after the chain (`nowhere`, `leave a message` …),
    empty after a loop."""

    destination: str
    kind: HoleKind
    start: datetime
    end: datetime
    wall_start: datetime
    wall_end: datetime
    time_zone: str
    chain: tuple[str, ...]
    ending: str
    sentence: str

    @property
    def severity(self) -> Severity:
        return SEVERITIES[self.kind]


@dataclass(frozen=True, slots=True)
class HoleGroup:
    """Holes that differ in their date only ("every Monday to Friday, 19:55 to 20:00"), in order of their start."""

    holes: tuple[Hole, ...]

    @property
    def first(self) -> Hole:
        return self.holes[0]

    @property
    def weekdays(self) -> tuple[int, ...]:
        """The weekdays they start on, 0 Monday to 6 Sunday."""
        return tuple(sorted({hole.wall_start.weekday() for hole in self.holes}))


def group_holes(holes: Iterable[Hole]) -> tuple[HoleGroup, ...]:
    """Put the holes together that differ in their date only: red first, then in order of the first one's start."""
    groups: dict[object, list[Hole]] = defaultdict(list)
    for hole in sorted(holes, key=lambda hole: hole.start):
        days = (hole.wall_end.date() - hole.wall_start.date()).days
        times = (hole.wall_start.time(), hole.wall_end.time(), days)
        groups[hole.destination, hole.kind, hole.chain, hole.sentence, times].append(hole)
    found = (HoleGroup(tuple(group)) for group in groups.values())
    return tuple(sorted(found, key=lambda group: (group.first.severity is not Severity.RED, group.first.start)))


ENDS: Mapping[str, str] = {
    "closed_fallback": "is closed and has no fallback",
    "queue_off": "has no queue that is on, and no fallback",
    "no_text_route": "takes calls only and has no fallback",
}


def say_nowhere(names: Sequence[str], finding: str) -> str:
    """names: of the destinations tried, in order; finding: the last one's, as in the decision trace."""
    end = ENDS[finding]
    return f"{names[0]} {end}" if len(names) == 1 else f"{names[0]} sends to {names[-1]}, which {end}"


def say_loop(names: Sequence[str]) -> str:
    """names: of the destinations tried, the repeated one again at the end."""
    begin = names.index(names[-1])
    circle = list(names[begin:-1])
    lead = f"{names[0]} sends to {circle[0]}: " if begin else ""
    if len(circle) == 1:
        return f"{lead}{circle[0]} is its own fallback"
    together = f"{', '.join(circle[:-1])} and {circle[-1]}"
    return f"{lead}{together} send {'to each other' if len(circle) == 2 else 'round in a circle'}"


def say_wait_limit(seconds: int) -> str:
    return f"The {say_span(timedelta(seconds=seconds))} wait limit runs past closing time, nobody would answer"


def say_skipped(length: timedelta, clocks_change: datetime) -> str:
    words = {30: "This half hour does", 60: "This hour does"}
    minutes = int(length.total_seconds()) // 60
    begin = words.get(minutes, f"These {minutes} minutes do")
    return f"{begin} not exist, the clocks go forward at {clocks_change:%H:%M}"


def say_span(length: timedelta) -> str:
    """`5 min`, `90 s`, `2 h`."""
    seconds = int(length.total_seconds())
    units = ((3600, "h"), (60, "min"), (1, "s"))
    return next(f"{seconds // size} {unit}" for size, unit in units if seconds % size == 0)
