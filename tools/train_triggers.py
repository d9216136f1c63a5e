"""Makes the models of the triggers again: `python -m tools.train_triggers --data DIR`.

DIR holds explicit.jsonl and frustration.jsonl, whose sources the card names. The same data give the same bytes. Needs
requirements-dev.txt; nothing of it is needed to run the studio.
"""

import argparse
import json
import sys
from pathlib import Path

from handoffs.domain.triggers.linear import LinearModel
from handoffs.domain.triggers.models import FOLDER, blanked_words
from tools.trigger_training.fitting import Recipe, fit_model
from tools.trigger_training.rows import read_split
from tools.trigger_training.thresholds import REPETITIONS, find_thresholds, score_unseen, with_thresholds

RECIPES = {
    "explicit": Recipe("explicit", least_rows=2, kept=5_000, plain=10, scaled=3, share=0.0),
    "frustration": Recipe("frustration", least_rows=2, kept=20_000, plain=10, scaled=3, share=0.6),
}
# The share of messages without the trigger that may fire, by sensitivity.
ALARMS = {
    "explicit": {"low": 0.0005, "normal": 0.0005, "high": 0.0005},
    "frustration": {"low": 0.005, "normal": 0.02, "high": 0.06},
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.train_triggers", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder with the labelled messages")
    parser.add_argument("--to", type=Path, default=FOLDER, help="where the models are written")
    given = parser.parse_args()
    for recipe in RECIPES.values():
        model = train(given.data / f"{recipe.name}.jsonl", recipe)
        (given.to / f"{recipe.name}.json").write_text(write_model(model), encoding="utf-8")
    return 0


def train(path: Path, recipe: Recipe) -> LinearModel:
    """The model of the file's training rows, with cross-validated thresholds."""
    rows = read_split(path).training
    scores = [score_unseen(rows, recipe, blanked_words(), repetition) for repetition in range(REPETITIONS)]
    thresholds = find_thresholds(rows, scores, ALARMS[recipe.name])
    return with_thresholds(fit_model(rows, recipe, blanked_words()), thresholds)


def write_model(model: LinearModel) -> str:
    """The file that ships, one line, its names in order."""
    return json.dumps(
        {
            "version": 1,
            "bias": model.bias,
            "scale": model.scale,
            "thresholds": model.thresholds,
            "weights": model.weights,
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


if __name__ == "__main__":
    sys.exit(main())
