"""From labelled messages to a table of whole-number weights.

Two logistic regressions are averaged, one on the features as they are and one on features scaled by how unevenly the
two classes hold them (Wang and Manning 2012, "Baselines and Bigrams"). Both are linear, so the average is one table.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import csr_matrix, diags
from sklearn.linear_model import LogisticRegression

from handoffs.domain.triggers.features import read_features, read_words
from handoffs.domain.triggers.linear import LinearModel
from tools.trigger_training.rows import Row

LARGEST = 127


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a model is made. least_rows: a feature in fewer is left out; kept: so many weights stay; plain, scaled: how
    little each of the two regressions is held back (C); share: of the scaled one in the average; of_source: what a row
    of a source counts, 1 where nothing is said."""

    least_rows: int
    kept: int
    plain: float
    scaled: float
    share: float
    of_source: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """Log odds before they are rounded."""

    bias: float
    weights: Mapping[str, float]


def count_features(text: str, blanked: Mapping[str, str]) -> Counter[str]:
    """How often each feature stands in a message."""
    return Counter(name for name, _ in read_features(*read_words(text, blanked)))


def fit_model(rows: Sequence[Row], recipe: Recipe, blanked: Mapping[str, str]) -> LinearModel:
    """The rounded model of these rows; its thresholds are still to be found."""
    counted = [count_features(row.text, blanked) for row in rows]
    kept = frequent(counted, recipe.least_rows)
    for _ in range(2):  # once to see which features weigh most, once with these alone
        table = fit_table(rows, counted, kept, recipe)
        kept = heaviest(table.weights, recipe.kept)
    return round_weights(Table(table.bias, {name: table.weights[name] for name in kept}), blanked)


def frequent(counted: Sequence[Counter[str]], least_rows: int) -> list[str]:
    """The features of enough rows, in the order of their names."""
    rows_with = Counter(name for features in counted for name in features)
    return sorted(name for name, number in rows_with.items() if number >= least_rows)


def heaviest(weights: Mapping[str, float], kept: int) -> list[str]:
    """The names of the largest weights; rounded first, so that the last digits of a processor decide nothing."""
    ranked = sorted(weights, key=lambda name: (-round(abs(weights[name]), 6), name))
    return sorted(ranked[:kept])


def fit_table(rows: Sequence[Row], counted: Sequence[Counter[str]], names: Sequence[str], recipe: Recipe) -> Table:
    """The average of both regressions over these features."""
    matrix = scaled_counts(counted, names)
    labels = np.array([row.label for row in rows])
    importance = np.array([recipe.of_source.get(row.source, 1.0) for row in rows])
    unevenness = log_ratio(matrix, labels)
    plain = regress(matrix, labels, importance, recipe.plain)
    scaled = regress(matrix @ diags(unevenness), labels, importance, recipe.scaled)
    weights = (1 - recipe.share) * plain.coef_[0] + recipe.share * scaled.coef_[0] * unevenness
    bias = (1 - recipe.share) * plain.intercept_[0] + recipe.share * scaled.intercept_[0]
    return Table(float(bias), dict(zip(names, map(float, weights), strict=True)))


def scaled_counts(counted: Sequence[Counter[str]], names: Sequence[str]) -> csr_matrix:
    """A row a message: counts divided by the root of how many known features it has, as the running model does."""
    columns = {name: column for column, name in enumerate(names)}
    data, indices, starts = [], [], [0]
    for features in counted:
        known = sorted((columns[name], number) for name, number in features.items() if name in columns)
        total = sum(number for _, number in known) or 1
        indices += [column for column, _ in known]
        data += [number / total**0.5 for _, number in known]
        starts.append(len(indices))
    return csr_matrix((data, indices, starts), shape=(len(counted), len(names)))


def log_ratio(matrix: csr_matrix, labels: np.ndarray) -> np.ndarray:
    """How much more often a feature stands in rows of the one class than of the other, as a logarithm."""
    present = matrix > 0
    of, rest = (1.0 + np.asarray(present[labels == label].sum(axis=0)).ravel() for label in (1, 0))
    return np.log((of / of.sum()) / (rest / rest.sum()))


def regress(matrix: csr_matrix, labels: np.ndarray, importance: np.ndarray, c: float) -> LogisticRegression:
    return LogisticRegression(C=c, solver="liblinear", random_state=0).fit(matrix, labels, importance)


def round_weights(table: Table, blanked: Mapping[str, str]) -> LinearModel:
    """Weights as whole numbers from -127 to 127; what rounds to nothing stays, since it counts in the length."""
    scale = float(f"{max(map(abs, table.weights.values())) / LARGEST:.6g}")
    weights = {name: round(weight / scale) for name, weight in sorted(table.weights.items())}
    return LinearModel(bias=round(table.bias, 4), scale=scale, weights=weights, blanked=blanked)
