"""How good scores are on labelled rows: the figures of the model card and of the table of methods."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import precision_recall_curve, roc_auc_score

from tools.trigger_training.rows import Row

CALM_SOURCES = frozenset({"banking77", "multidogo"})
CUSTOMERS, IS_IT_A_BOT, TALK_WORDS = "neg_natural", "neg_hard_isbot", "neg_lexical"


@dataclass(frozen=True, slots=True)
class Quality:
    """precision, recall, f1: from 0 to 1, at a threshold; auc: the chance that a row with the trigger stands above one
    without it, NaN where all rows are of one kind."""

    precision: float
    recall: float
    f1: float
    auc: float


@dataclass(frozen=True, slots=True)
class Alarms:
    """How many of so many rows without the trigger fire."""

    fired: int
    rows: int

    def __str__(self) -> str:
        return f"{self.fired} of {self.rows}"

    @property
    def share(self) -> float:
        return self.fired / self.rows if self.rows else 0.0


def quality_at(threshold: float, labels: Sequence[int], scores: Sequence[float]) -> Quality:
    """What firing from the threshold on gives."""
    fired = np.array(scores) >= threshold
    wanted = np.array(labels) == 1
    right = int((fired & wanted).sum())
    precision = right / max(int(fired.sum()), 1)
    recall = right / max(int(wanted.sum()), 1)
    f1 = 2 * precision * recall / (precision + recall) if right else 0.0
    return Quality(precision, recall, f1, auc_of(labels, scores))


def best_threshold(labels: Sequence[int], scores: Sequence[float]) -> float:
    """The threshold with the highest F1 on these very rows: flattering alike to every method."""
    precision, recall, thresholds = precision_recall_curve(labels, scores)
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-9)
    return float(thresholds[min(int(f1.argmax()), len(thresholds) - 1)])


def auc_of(labels: Sequence[int], scores: Sequence[float]) -> float:
    return float(roc_auc_score(labels, scores)) if len(set(labels)) > 1 else float("nan")


def alarms_among(rows: Iterable[Row], scores: Iterable[float], threshold: float, kind: str) -> Alarms:
    """The false alarms among the rows of a kind."""
    of_kind = [score for row, score in zip(rows, scores, strict=True) if row.kind == kind and not row.label]
    return Alarms(sum(score >= threshold for score in of_kind), len(of_kind))


def calm_alarms(rows: Iterable[Row], scores: Iterable[float], threshold: float) -> Alarms:
    """The false alarms among customers who tell a problem calmly."""
    calm = [score for row, score in zip(rows, scores, strict=True) if row.source in CALM_SOURCES]
    return Alarms(sum(score >= threshold for score in calm), len(calm))


def by_source(rows: Sequence[Row], scores: Sequence[float]) -> Mapping[str, Quality]:
    """The quality on each source that holds both kinds of rows, at the best threshold of each."""
    parts: dict[str, list[tuple[int, float]]] = {}
    for row, score in zip(rows, scores, strict=True):
        parts.setdefault(row.source, []).append((row.label, score))
    mixed = {name: tuple(zip(*part, strict=True)) for name, part in sorted(parts.items()) if len(dict(part)) > 1}
    return {name: quality_at(best_threshold(*part), *part) for name, part in mixed.items()}
