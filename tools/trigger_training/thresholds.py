"""Thresholds out of the cross-validation: each row is scored by a model that has not seen its group."""

from collections.abc import Mapping, Sequence

from handoffs.domain.triggers.linear import LinearModel
from tools.trigger_training.fitting import Recipe, fit_model
from tools.trigger_training.rows import FOLDS, Row, fold_of

REPETITIONS = 2


def score_unseen(rows: Sequence[Row], recipe: Recipe, blanked: Mapping[str, str], repetition: int) -> list[float]:
    """Each row's probability, in their order, by the model of the other folds."""
    models = {
        fold: fit_model([row for row in rows if fold_of(row, repetition) != fold], recipe, blanked)
        for fold in range(FOLDS)
    }
    return [models[fold_of(row, repetition)].weigh(row.text).probability for row in rows]


def threshold_for(alarms: float, calm: Sequence[float]) -> float:
    """The least probability, to two digits, at or above which at most this share of the calm rows stand."""
    allowed = int(alarms * len(calm))
    first_below = sorted(calm, reverse=True)[allowed]
    return min(0.99, int(first_below * 100 + 1) / 100)


def find_thresholds(
    rows: Sequence[Row], scores: Sequence[Sequence[float]], alarms: Mapping[str, float]
) -> dict[str, float]:
    """A threshold for each sensitivity from the share of calm rows that may fire; scores: a list a repetition."""
    calm = [score for run in scores for row, score in zip(rows, run, strict=True) if not row.label]
    return {sensitivity: threshold_for(share, calm) for sensitivity, share in alarms.items()}


def with_thresholds(model: LinearModel, thresholds: Mapping[str, float]) -> LinearModel:
    """The same model, with thresholds."""
    return LinearModel(model.bias, model.scale, model.weights, thresholds, model.blanked)
