"""What the long runs have called, added up from every process and told at the end."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

FIGURES = "figures of the interfaces"


def add_up(figures: Iterable[Mapping[str, Any]]) -> list[str]:
    """A line for each run. figures: of a test each, as `{"run", "seconds", "found", "calls": {operation: {status:
    number}}}`; statuses are numbers, or text where they came from another process."""
    runs: dict[str, list[Mapping[str, Any]]] = {}
    for one in figures:
        runs.setdefault(one["run"], []).append(one)
    return [_line(run, parts) for run, parts in sorted(runs.items())]


def _line(run: str, parts: list[Mapping[str, Any]]) -> str:
    statuses: Counter[int] = Counter()
    for part in parts:
        for found in part["calls"].values():
            statuses.update({int(status): number for status, number in found.items()})
    operations = {operation for part in parts for operation in part["calls"]}
    seconds = sum(part["seconds"] for part in parts)
    return (
        f"{run}: {statuses.total()} calls of {len(operations)} operations in {seconds:.0f} s, "
        f"{_share(statuses, 2):.1%} 2xx, {_share(statuses, 4):.1%} 4xx, {_share(statuses, 5):.1%} 5xx, "
        f"{sum(part['found'] for part in parts)} findings"
    )


def _share(statuses: Counter[int], first: int) -> float:
    return sum(number for status, number in statuses.items() if status // 100 == first) / max(1, statuses.total())
