"""The arithmetic of a comparison: spreads, ratios of paired repetitions, and the band a ratio falls in."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Band(StrEnum):
    CLOSE = "close to the limit"
    ACCEPTABLE = "acceptable"
    SHORT = "short"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Limits:
    """Up to `close` a value is close to the limit, up to `acceptable` acceptable, above `fail` it fails, else short."""

    close: float
    acceptable: float
    fail: float

    def band_of(self, value: float) -> Band:
        if value <= self.close:
            return Band.CLOSE
        if value <= self.acceptable:
            return Band.ACCEPTABLE
        return Band.FAIL if not value <= self.fail else Band.SHORT  # what is no number fails


@dataclass(frozen=True, slots=True)
class Spread:
    """What several repetitions measured."""

    least: float
    median: float
    most: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        return cls(min(values), statistics.median(values), max(values))


def paired_ratios(values: Sequence[float], floors: Sequence[float], *, more_is_better: bool = False) -> list[float]:
    """How many times the floor each repetition cost: value / floor; for rates floor / value."""
    pairs = zip(values, floors, strict=True)
    return [divided(floor, value) if more_is_better else divided(value, floor) for value, floor in pairs]


def divided(above: float, below: float) -> float:
    return above / below if below else float("inf")


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of all do not exceed; not a number when there is none."""
    if not values:
        return float("nan")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -int(-share * len(ordered) // 1) - 1))]
