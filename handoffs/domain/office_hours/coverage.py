"""The coverage finder: a year of the real routing rule, and every stretch in which a handoff would reach nobody."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from handoffs.domain.config import ProjectConfig


class Kind(StrEnum):
    """What a handoff started then gets."""

    OPEN = "open"  # a queue whose hours are open
    QUEUED = "queued"  # a queue although the hours are closed
    MESSAGE = "message"  # a ticket
    AI = "ai"  # the AI carries on
    HOLE = "hole"  # nobody


class HoleKind(StrEnum):
    NOWHERE = "nowhere"
    LOOP = "loop"
    WAIT_LIMIT_PAST_CLOSING = "wait_limit_past_closing"
    NONEXISTENT_TIME = "nonexistent_time"


class Severity(StrEnum):
    RED = "red"  # lost, or sent in a circle
    AMBER = "amber"  # worth a look


SEVERITIES = {
    HoleKind.NOWHERE: Severity.RED,
    HoleKind.LOOP: Severity.RED,
    HoleKind.WAIT_LIMIT_PAST_CLOSING: Severity.AMBER,
    HoleKind.NONEXISTENT_TIME: Severity.AMBER,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """One kind of answer for a stretch (UTC)."""

    start: datetime
    end: datetime
    kind: Kind


@dataclass(frozen=True, slots=True)
class Hole:
    """One maximal stretch. destination: the key it was asked for; start, end: UTC, equal for a time that does not
    exist; wall_start, wall_end: naive, on the clock of `time_zone`; chain: keys of the destinations tried, in order,
    the repeated one again at the end of a loop; ending: what comes after the chain, `nowhere`, `leave a message` …
    or empty."""

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
class Timeline:
    """A destination's answers, one after the other without a gap over the whole time, equal neighbours joined."""

    destination: str
    time_zone: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """start, end: UTC; minutes: of the time walked; holes: in order of their start."""

    start: datetime
    end: datetime
    timelines: tuple[Timeline, ...]
    holes: tuple[Hole, ...]

    @property
    def minutes(self) -> int:
        return int((self.end - self.start).total_seconds()) // 60


@dataclass(frozen=True, slots=True)
class HoleGroup:
    """Holes of one destination that differ in their date only ("every Monday to Friday, 19:55 to 20:00")."""

    holes: tuple[Hole, ...]

    @property
    def first(self) -> Hole:
        return self.holes[0]


def find_coverage(config: ProjectConfig, *, start: datetime, days: int = 365) -> Coverage:
    """Walk every destination over the coming days."""
    raise NotImplementedError


def group_holes(holes: Iterable[Hole]) -> tuple[HoleGroup, ...]:
    """Put the holes together that differ in their date only: red first, then in order of the first one's start."""
    raise NotImplementedError


def worst_by_day(coverage: Coverage, *, time_zone: str) -> tuple[tuple[date, Severity | None], ...]:
    """Each local date of the coverage with the worst severity of the holes that touch it, for the strip."""
    raise NotImplementedError


def kinds_by_day(timeline: Timeline, *, time_zone: str) -> tuple[tuple[date, frozenset[Kind]], ...]:
    """Each local date with the kinds of answers it holds."""
    raise NotImplementedError
