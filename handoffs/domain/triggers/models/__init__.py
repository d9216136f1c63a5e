"""The models that ship: weights made by `python -m tools.train_triggers`, described in CARD.md beside this file."""

import json
from functools import cache
from pathlib import Path

from handoffs.domain.triggers.features import PAIRED, SILENT
from handoffs.domain.triggers.linear import LinearModel

FOLDER = Path(__file__).parent


@cache
def load_model(name: str) -> LinearModel:
    """The model of that name, read once. Raises FileNotFoundError for one that does not ship."""
    stored = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return LinearModel(
        bias=stored["bias"],
        scale=stored["scale"],
        weights=stored["weights"],
        thresholds=stored["thresholds"],
        blanked=blanked_words(),
    )


@cache
def blanked_words() -> dict[str, str]:
    """Folded words the models neither learn from nor look at, each with what they read instead."""
    return dict.fromkeys(read_list("identity_words"), SILENT) | dict.fromkeys(read_list("body_words"), PAIRED)


def read_list(name: str) -> list[str]:
    """The words of a file; its lines with a # are remarks."""
    lines = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return " ".join(line for line in lines if not line.startswith("#")).split()
