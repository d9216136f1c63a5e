"""How right a trigger is by what reviewers said: its figures at a threshold, the curve over all thresholds, the
threshold a target needs, and whom another threshold would change.

Plain arithmetic over cases; where they come from is told in `domain/moments.py`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from statistics import median_low

# Fewer judged cases of its own say too little of a trigger: no rate is shown.
LEAST_CASES = 20
NORMAL_95 = 1.959964  # the normal distribution's 97.5th percentile: intervals of 95 %
# Thresholds are set in hundredths, so a person can read one and type it again.
THRESHOLDS = tuple(step / 100 for step in range(1, 101))


class Aim(StrEnum):
    """What a target is set for: of what fires, how much is right; of what is due, how much is found."""

    PRECISION = "precision"
    RECALL = "recall"


@dataclass(frozen=True, slots=True)
class Case:
    """One judged moment as one trigger sees it.

    key: names the moment; score: the trigger's best up to there, from 0 to 1; is_due: a handoff was due; is_own: a due
    moment was this trigger's to find, an undue one its false alarm.
    """

    key: str
    score: float
    is_due: bool
    is_own: bool = True


@dataclass(frozen=True, slots=True)
class Rate:
    """count of `of`. share: None of nothing; interval: where the true share lies with 95 % confidence (Wilson 1927,
    equation in Brown, Cai and DasGupta 2001, section 3.1.1), from 0 to 1 of nothing."""

    count: int
    of: int

    @property
    def share(self) -> float | None:
        return self.count / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float]:
        if not self.of:
            return 0.0, 1.0
        share, z2 = self.count / self.of, NORMAL_95**2
        centre = (share + z2 / (2 * self.of)) / (1 + z2 / self.of)
        half = NORMAL_95 * sqrt(share * (1 - share) / self.of + z2 / (4 * self.of**2)) / (1 + z2 / self.of)
        # At the ends the bound is exact, and rounding would put it beside it.
        low, high = (0.0 if self.count == 0 else centre - half), (1.0 if self.count == self.of else centre + half)
        return max(low, 0.0), min(high, 1.0)

    def reaches(self, share: float) -> bool:
        """Whether there is a share and it is no less than this one."""
        return self.of > 0 and self.count >= share * self.of - 1e-9

    @property
    def rank(self) -> float:
        """The share to compare by; nothing ranks below zero of something."""
        return -1.0 if self.share is None else self.share


@dataclass(frozen=True, slots=True)
class Figures:
    """A trigger at one threshold. precision: of all judged moments it fires at, those where a handoff was due; recall:
    of the due moments that are its own, those it fires at."""

    threshold: float
    precision: Rate
    recall: Rate

    def rate(self, aim: Aim) -> Rate:
        return self.precision if aim is Aim.PRECISION else self.recall


@dataclass(frozen=True, slots=True)
class Effect:
    """Whom another threshold changes: the judged cases that would no longer fire, and those that would now."""

    no_longer: tuple[Case, ...]
    now: tuple[Case, ...]


def count_own(cases: Iterable[Case]) -> int:
    """How many of the cases tell of this trigger: what it was to find, and its false alarms."""
    return sum(case.is_own for case in cases)


def measure(cases: Sequence[Case], threshold: float) -> Figures:
    """The trigger's figures if it fired from this threshold on."""
    fired = [case for case in cases if case.score >= threshold]
    own = [case for case in cases if case.is_due and case.is_own]
    return Figures(
        threshold=threshold,
        precision=Rate(sum(case.is_due for case in fired), len(fired)),
        recall=Rate(sum(case.score >= threshold for case in own), len(own)),
    )


def draw_curve(cases: Sequence[Case]) -> tuple[Figures, ...]:
    """The figures at every threshold, from the lowest: recall never grows along it."""
    return tuple(measure(cases, threshold) for threshold in THRESHOLDS)


def find_threshold(curve: Sequence[Figures], *, aim: Aim, share: float) -> Figures | None:
    """The figures at the threshold that meets the target and gives up least of the other rate; None when none does.

    Of a stretch of thresholds that make no difference it is the middle one: the cases are a sample, and a threshold at
    the edge of a gap would be wrong for the next customer first.
    """
    other = Aim.RECALL if aim is Aim.PRECISION else Aim.PRECISION
    return _middle_of_best([item for item in curve if item.rate(aim).reaches(share)], other, aim)


def find_best(curve: Sequence[Figures], *, aim: Aim) -> Figures:
    """The most of this rate that any threshold reaches. The curve is not empty."""
    other = Aim.RECALL if aim is Aim.PRECISION else Aim.PRECISION
    best = _middle_of_best(curve, aim, other)
    if best is None:
        raise ValueError("a curve without a point has no best one")
    return best


def compare_thresholds(cases: Sequence[Case], *, before: float, after: float) -> Effect:
    """What changes for these cases when the threshold does."""
    return Effect(
        no_longer=tuple(case for case in cases if before <= case.score < after),
        now=tuple(case for case in cases if after <= case.score < before),
    )


def _middle_of_best(curve: Sequence[Figures], first: Aim, second: Aim) -> Figures | None:
    def rank(item: Figures) -> tuple[float, float]:
        return item.rate(first).rank, item.rate(second).rank

    top = max(map(rank, curve), default=None)
    best = {item.threshold: item for item in curve if rank(item) == top}
    return best[median_low(best)] if best else None
