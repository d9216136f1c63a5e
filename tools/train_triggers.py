"""Makes the models of the triggers again: `python -m tools.train_triggers --data DIR`.

DIR holds explicit.jsonl, frustration.jsonl and topics.jsonl, whose sources the card names. The same data give the same
bytes; `--check` compares them with what ships and writes nothing. Needs requirements-dev.txt, and for the vectors of
forbidden topics requirements-embeddings.txt; nothing of it is needed to run the studio.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path

from handoffs.adapters.embeddings import has_embeddings
from handoffs.domain.triggers.linear import LinearModel
from handoffs.domain.triggers.models import FOLDER, blanked_words, load_model
from tools.trigger_training.card import Made, write_card
from tools.trigger_training.figures import quality_at
from tools.trigger_training.fitting import Recipe, fit_model
from tools.trigger_training.rows import Split, read_split
from tools.trigger_training.thresholds import REPETITIONS, find_thresholds, score_unseen, with_thresholds

RECIPES = {
    "explicit": Recipe(least_rows=2, kept=5_000, plain=10, scaled=3, share=0.0),
    "frustration": Recipe(least_rows=2, kept=20_000, plain=10, scaled=3, share=0.6),
}
# The share of messages without the trigger that may fire, by sensitivity. Whoever asks is heard alike at every level.
ALARMS = {
    "explicit": {"normal": 0.0005},
    "frustration": {"low": 0.005, "normal": 0.02, "high": 0.06},
}
CARD = "CARD.md"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.train_triggers", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder with the labelled messages")
    parser.add_argument("--check", action="store_true", help="compare with what ships; exit 1 where it differs")
    given = parser.parse_args()
    made = [train(name, read_split(given.data / f"{name}.jsonl")) for name in RECIPES]
    models = {f"{one.name}.json": one.written for one in made} | topic_files(given.data)
    if not given.check:
        write_files(models)
        load_model.cache_clear()  # the card measures what was just written
        write_files({CARD: write_card(made).encode()})
    differing = compare(models) or compare({CARD: write_card(made).encode()})
    print("\n".join(f"{name} differs" for name in differing) or "What ships is what these data give, byte for byte.")
    return int(bool(differing))


def topic_files(data: Path) -> Mapping[str, bytes]:
    """What forbidden topics are compared with; nothing, aloud, where the sentence model it is made from is missing."""
    if not has_embeddings():
        print("The vectors of forbidden topics stay as they are: they need requirements-embeddings.txt.")
        return {}
    files: Mapping[str, bytes] = import_module("tools.train_topics").train(data)
    return files


def train(name: str, split: Split) -> Made:
    """The model of the training rows, with thresholds out of their cross-validation."""
    rows, recipe = split.training, RECIPES[name]
    runs = [score_unseen(rows, recipe, blanked_words(), repetition) for repetition in range(REPETITIONS)]
    thresholds = find_thresholds(rows, runs, ALARMS[name])
    model = with_thresholds(fit_model(rows, recipe, blanked_words()), thresholds)
    labels = [row.label for _ in runs for row in rows]
    scores = [score for run in runs for score in run]
    validated = {sensitivity: quality_at(threshold, labels, scores) for sensitivity, threshold in thresholds.items()}
    return Made(name, write_model(model).encode(), split, thresholds, validated)


def write_model(model: LinearModel) -> str:
    """The file that ships: the weights in the order of their names."""
    stored = {
        "version": 1,
        "bias": model.bias,
        "scale": model.scale,
        "thresholds": model.thresholds,
        "weights": model.weights,
    }
    return json.dumps(stored, ensure_ascii=False, separators=(",", ":"))


def write_files(contents: Mapping[str, bytes]) -> None:
    for name, content in contents.items():
        (FOLDER / name).write_bytes(content)


def compare(contents: Mapping[str, bytes]) -> Sequence[str]:
    """The names of the files that do not hold these bytes."""
    return [
        name
        for name, content in contents.items()
        if not (FOLDER / name).exists() or (FOLDER / name).read_bytes() != content
    ]


if __name__ == "__main__":
    sys.exit(main())
