"""The table of methods: `python -m bench.triggers --data DIR`, DIR as for `python -m tools.train_triggers`.

Every method answers the same rows of the development split, which nothing of ours was trained or tuned on; what needs
training is trained on the other rows. The figures of `ours` are those of the model card.
"""

import argparse
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import process_time

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, make_pipeline
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from handoffs.domain.triggers.models import load_model
from tools.trigger_training.card import shown
from tools.trigger_training.detectors import EXPLICIT_THRESHOLD, score_explicit, score_frustration
from tools.trigger_training.figures import (
    CUSTOMERS,
    IS_IT_A_BOT,
    TALK_WORDS,
    alarms_among,
    best_threshold,
    by_source,
    calm_alarms,
    quality_at,
)
from tools.trigger_training.rows import Row, Split, read_split

# What bots that ship with a list of words look for.
ASKING = re.compile(
    r"\b(human|agent|representative|operator|real person|live person|speak to (some|any)one)\b", re.IGNORECASE
)
FED_UP = re.compile(
    r"\b(angry|annoy\w*|frustrat\w*|useless|ridiculous|terrible|horrible|awful|worst|hate|stupid|idiot|dumb|suck\w*|"
    r"shit\w*|fuck\w*|bullshit|disappoint\w*|unacceptable|waste of time|fed up|pissed)\b",
    re.IGNORECASE,
)

Score = Callable[[Row], float]


@dataclass(frozen=True, slots=True)
class Method:
    """threshold: from which score on it fires; None for the one with the best F1 on the rows it is tried on."""

    name: str
    score: Score
    threshold: float | None = None


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.triggers", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder with the labelled messages")
    given = parser.parse_args()
    print_explicit(read_split(given.data / "explicit.jsonl"))
    print_frustration(read_split(given.data / "frustration.jsonl"))
    return 0


def print_explicit(split: Split) -> None:
    methods = [
        Method("keyword list", lambda row: float(bool(ASKING.search(row.text))), 0.5),
        Method("tf-idf and logistic regression", trained(split.training), 0.5),
        Method("our linear model alone", modelled("explicit"), load_model("explicit").thresholds["normal"]),
        Method("ours: vetoes, rules, model", score_explicit, EXPLICIT_THRESHOLD),
    ]
    print_title("Explicit request", split.development)
    head = ["P", "R", "F1", "AUC", "is it a bot?", "talk words", "customers", "ms p50 / p99"]
    print_row(["method", *head], ruled=True)
    for method in methods:
        print_row([method.name, *explicit_cells(method, split.development)])


def explicit_cells(method: Method, rows: Sequence[Row]) -> list[str]:
    scores, times = score_all(method.score, rows)
    threshold = method.threshold or 0.5
    quality = quality_at(threshold, [row.label for row in rows], scores)
    alarms = [alarms_among(rows, scores, threshold, kind) for kind in (IS_IT_A_BOT, TALK_WORDS, CUSTOMERS)]
    figures = (quality.precision, quality.recall, quality.f1, quality.auc)
    return [*map(shown, figures), *map(str, alarms), milliseconds(times)]


def print_frustration(split: Split) -> None:
    analyzer = SentimentIntensityAnalyzer()
    methods = [
        Method("keyword list", lambda row: float(bool(FED_UP.search(row.text))), 0.5),
        Method("VADER", lambda row: -analyzer.polarity_scores(row.text)["compound"]),
        Method("tf-idf and logistic regression", trained(split.training)),
        Method("our linear model alone", modelled("frustration")),
        Method("ours: model, phrases, course", score_frustration),
    ]
    print_title("Frustration", split.development)
    sources = sorted(by_source(split.development, [0.0] * len(split.development)))
    print_row(
        ["method", "P", "R", "best F1", "AUC", *(f"{one} F1 / AUC" for one in sources), "calm", "ms p50 / p99"],
        ruled=True,
    )
    for method in methods:
        print_row([method.name, *frustration_cells(method, split.development)])


def frustration_cells(method: Method, rows: Sequence[Row]) -> list[str]:
    scores, times = score_all(method.score, rows)
    labels = [row.label for row in rows]
    threshold = method.threshold or best_threshold(labels, scores)
    quality = quality_at(threshold, labels, scores)
    parts = [f"{shown(part.f1)} / {shown(part.auc)}" for part in by_source(rows, scores).values()]
    figures = (quality.precision, quality.recall, quality.f1, quality.auc)
    return [*map(shown, figures), *parts, str(calm_alarms(rows, scores, threshold)), milliseconds(times)]


def modelled(name: str) -> Score:
    model = load_model(name)
    return lambda row: model.weigh(row.text).probability


def trained(rows: Sequence[Row]) -> Score:
    """What a tutorial leads to: words, pairs and letters by tf-idf, a logistic regression with balanced classes."""
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), min_df=3, sublinear_tf=True)
    pipeline = make_pipeline(
        FeatureUnion([("words", words), ("letters", letters)]),
        LogisticRegression(C=10, class_weight="balanced", solver="liblinear", random_state=0),
    )
    pipeline.fit([row.text for row in rows], [row.label for row in rows])
    return lambda row: float(pipeline.predict_proba([row.text])[0, 1])


def score_all(score: Score, rows: Sequence[Row]) -> tuple[list[float], list[float]]:
    """Every row's score and the seconds of processor time it took, one row at a time."""
    scores, times = [], []
    for row in rows:
        begun = process_time()
        scores.append(score(row))
        times.append(process_time() - begun)
    return scores, times


def milliseconds(times: Sequence[float]) -> str:
    ranked = sorted(times)
    return f"{1000 * ranked[len(ranked) // 2]:.2f} / {1000 * ranked[int(len(ranked) * 0.99)]:.2f}"


def print_title(name: str, rows: Sequence[Row]) -> None:
    print(f"\n## {name}: {len(rows)} messages, {sum(row.label for row in rows)} with the trigger\n")


def print_row(cells: Sequence[str], *, ruled: bool = False) -> None:
    print(f"| {' | '.join(cells)} |")
    if ruled:
        print(f"|{' --- |' * len(cells)}")


if __name__ == "__main__":
    sys.exit(main())
