"""Runs scenarios: the sides in turn and the round repeated, so that what the machine does meanwhile hits them all."""

import gc
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.bands import Band, Spread, divided, paired_ratios
from bench.scenario import FLOOR, OURS, TEXTBOOK, Cell, Faults, Judged, Scale, Scenario

Cells = Mapping[str, Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one judged figure came to, and the textbook side by the same measure when it has one."""

    judged: Judged
    spread: Spread
    band: Band
    textbook: Spread | None

    @property
    def is_void(self) -> bool:
        """Whether the textbook side came so near the floor that the comparison means nothing."""
        least = self.judged.valid_from
        return least is not None and self.textbook is not None and self.textbook.median < least


@dataclass(frozen=True, slots=True)
class Result:
    scenario: Scenario
    cells: Cells
    seconds: float

    @property
    def verdicts(self) -> list[Verdict]:
        return [judge(judged, self.cells) for judged in self.scenario.judged]

    def faults(self, side: str) -> Faults:
        return sum((cell.faults for cell in self.cells[side]), Faults())

    @property
    def has_failed(self) -> bool:
        """A ratio in band `fail`, or one delivery of ours that went wrong."""
        return bool(self.faults(OURS)) or any(verdict.band is Band.FAIL for verdict in self.verdicts)

    def spread(self, side: str, figure: str) -> Spread | None:
        """None where this side has no such figure."""
        values = values_of(self.cells, side, figure)
        return Spread.of(values) if values else None


async def run_scenario(scenario: Scenario, scale: Scale) -> Result:
    begun = time.monotonic()
    cells: dict[str, list[Cell]] = {side: [] for side in scenario.sides}
    async with scenario.open(scale) as measure:
        gc.freeze()  # thousands of sockets that stay: the client's collector need not walk them
        for side in scenario.sides if scenario.warms_up else ():
            await measure(side, scale.warm_seconds)
        for number in range(scale.repetitions):
            for side in rotated(tuple(scenario.sides), number):
                cells[side].append(await measure(side, scale.seconds))
    gc.unfreeze()
    return Result(scenario, cells, time.monotonic() - begun)


def rotated(sides: Sequence[str], by: int) -> Sequence[str]:
    """Another side begins each round: none is always measured after the same neighbour has warmed the machine."""
    start = by % len(sides)
    return (*sides[start:], *sides[:start])


def judge(judged: Judged, cells: Cells) -> Verdict:
    spread = Spread.of(measured_by(judged, cells, judged.side))
    textbook = measured_by(judged, cells, TEXTBOOK) if judged.against == FLOOR else []
    return Verdict(judged, spread, judged.limits.band_of(spread.median), Spread.of(textbook) if textbook else None)


def measured_by(judged: Judged, cells: Cells, side: str) -> list[float]:
    """A side's values by the measure of the judgement: ratios of paired repetitions, or the figure itself."""
    values = values_of(cells, side, judged.figure)
    if judged.against is None or not values:
        return values
    floors = values_of(cells, judged.against, judged.figure)
    return paired_ratios(values, floors, more_is_better=judged.more_is_better)


def values_of(cells: Cells, side: str, figure: str) -> list[float]:
    return [cell.figures[figure] for cell in cells.get(side, ()) if figure in cell.figures]


def moved(before: float, after: float) -> float:
    """By what share a figure changed, up or down: 0.3 is 30 %."""
    return max(divided(after, before), divided(before, after)) - 1
