"""Prints what was measured, as Markdown: the page in docs/ is this output with a few sentences around it."""

import math
from collections.abc import Sequence

from bench.bands import Spread
from bench.runner import Result, Verdict
from bench.scenario import Faults, Figure


def scenario_text(result: Result) -> str:
    scenario = result.scenario
    lines = [f"## {scenario.number}. {scenario.name}", "", scenario.measures, ""]
    lines += [f"- {side}: {words}" for side, words in scenario.sides.items()]
    lines += ["", *table(result), "", *(verdict_text(verdict) for verdict in result.verdicts)]
    lines += [*scenario.remarks, f"{result.seconds:.0f} s"]
    return "\n".join(lines)


def table(result: Result) -> list[str]:
    """One row a side; least / median / most of the repetitions."""
    figures = result.scenario.figures
    head = ["", *(f"{figure.name}, {figure.unit}" for figure in figures), "lost, doubled, reordered"]
    rows = [row_of(result, side) for side in result.scenario.sides]
    return [row_text(head), row_text(["---"] * len(head)), *map(row_text, rows)]


def row_of(result: Result, side: str) -> list[str]:
    spreads = (shown(result.spread(side, figure.name), figure) for figure in result.scenario.figures)
    return [side, *spreads, faults_text(result.faults(side))]


def row_text(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def shown(spread: Spread | None, figure: Figure) -> str:
    return spread_text(spread, figure.digits) if spread else "—"


def spread_text(spread: Spread, digits: int) -> str:
    least, median, most = (number_text(value, digits) for value in (spread.least, spread.median, spread.most))
    return f"**{median}**" if spread.least == spread.most else f"{least} / **{median}** / {most}"


def number_text(value: float, digits: int) -> str:
    return format(value, f",.{digits}f") if math.isfinite(value) else "none"


def faults_text(faults: Faults) -> str:
    return f"{faults.lost}, {faults.doubled}, {faults.reordered}"


def verdict_text(verdict: Verdict) -> str:
    limits = verdict.judged.limits
    fails = f", fail > {limits.fail:g}" if math.isfinite(limits.fail) else ""
    text = (
        f"- {verdict.judged.title}: {spread_text(verdict.spread, 2)} — **{verdict.band}**"
        f" (close to the limit ≤ {limits.close:g}, acceptable ≤ {limits.acceptable:g}{fails})"
    )
    if verdict.textbook:
        text += f"; textbook {spread_text(verdict.textbook, 2)}"
    if verdict.is_void:
        text += f". VOID: the textbook side should cost at least {verdict.judged.valid_from:g} times the floor"
    return text


def summary(results: Sequence[Result]) -> str:
    """Every judgement in one table."""
    head = ["#", "scenario", "judged", "ours", "textbook", "band", "lost, doubled, reordered"]
    rows = [
        [str(result.scenario.number), result.scenario.name, verdict.judged.title, f"{verdict.spread.median:.2f}",
         f"{verdict.textbook.median:.1f}" if verdict.textbook else "—", str(verdict.band),
         faults_text(all_faults(result))]
        for result in results for verdict in result.verdicts
    ]  # fmt: skip
    return "\n".join(["## Summary", "", row_text(head), row_text(["---"] * len(head)), *map(row_text, rows)])


def all_faults(result: Result) -> Faults:
    """Over all sides: a floor that loses would be no floor."""
    return sum((result.faults(side) for side in result.scenario.sides), Faults())
