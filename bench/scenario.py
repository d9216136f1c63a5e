"""What a scenario is: three sides that do the same, the figures they are measured by, and what is judged."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field

from bench.bands import Limits

FLOOR, TEXTBOOK, OURS = "floor", "textbook", "ours"


@dataclass(frozen=True, slots=True)
class Faults:
    """Deliveries that went wrong."""

    lost: int = 0
    doubled: int = 0
    reordered: int = 0

    def __add__(self, other: "Faults") -> "Faults":
        return Faults(self.lost + other.lost, self.doubled + other.doubled, self.reordered + other.reordered)

    def __sub__(self, other: "Faults") -> "Faults":
        return Faults(self.lost - other.lost, self.doubled - other.doubled, self.reordered - other.reordered)

    def __bool__(self) -> bool:
        return bool(self.lost or self.doubled or self.reordered)


@dataclass(frozen=True, slots=True)
class Cell:
    """One side measured once: figures by name, and what went wrong meanwhile."""

    figures: Mapping[str, float]
    faults: Faults = Faults()


@dataclass(frozen=True, slots=True)
class Figure:
    """A column of a scenario's table: its unit, and with how many digits it is shown."""

    name: str
    unit: str
    digits: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One figure held against limits: as a ratio to `against`, or as it is when that is None.

    valid_from: from how many times the floor on the textbook side the run says anything at all.
    """

    figure: str
    limits: Limits
    side: str = OURS
    against: str | None = FLOOR
    more_is_better: bool = False
    valid_from: float | None = None

    @property
    def title(self) -> str:
        return f"{self.figure}, {self.side} / {self.against}" if self.against else f"{self.figure}, {self.side}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How large and how long. share: of each scenario's size; seconds: of one timed cell."""

    repetitions: int = 5
    seconds: float = 1.5
    warm_seconds: float = 0.4
    share: float = 1.0

    def of(self, full: int, *, least: int = 2) -> int:
        return max(least, round(full * self.share))


Measure = Callable[[str, float], Awaitable[Cell]]
"""Measures one side for about so many seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """sides: what each does, in words, in the order of the table; open: sets all sides up and yields what measures."""

    number: int
    name: str
    measures: str
    sides: Mapping[str, str]
    figures: tuple[Figure, ...]
    judged: tuple[Judged, ...]
    open: Callable[[Scale], AbstractAsyncContextManager[Measure]]
    warms_up: bool = True
    remarks: tuple[str, ...] = field(default=())
