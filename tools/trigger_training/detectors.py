"""The running detectors, asked about rows of the data folder."""

from collections.abc import Sequence

from handoffs.domain.settings import Sensitivity
from handoffs.domain.triggers.dialogue import Said
from handoffs.domain.triggers.explicit import detect_explicit_request
from handoffs.domain.triggers.frustration import detect_frustration
from handoffs.domain.triggers.signal import Trigger
from handoffs.domain.triggers.thresholds import THRESHOLDS
from tools.trigger_training.rows import Row

EXPLICIT_THRESHOLD = THRESHOLDS[Trigger.EXPLICIT_REQUEST][Sensitivity.NORMAL]
# What the preset levels set frustration to.
LEVELS = {1: Sensitivity.HIGH, 2: Sensitivity.NORMAL, 3: Sensitivity.LOW}


def score_explicit(row: Row) -> float:
    return detect_explicit_request(row.text, threshold=EXPLICIT_THRESHOLD).score


def score_frustration(row: Row) -> float:
    return detect_frustration(row.text, history=said_before(row), threshold=0.5).score


def said_before(row: Row) -> Sequence[Said]:
    """The history of a row: the AI and the customer in turn, the last one the AI."""
    speakers = ("ai" if place % 2 == len(row.history) % 2 else "customer" for place in range(1, len(row.history) + 1))
    return [
        Said(speaker, text, sequence=place)
        for place, (speaker, text) in enumerate(zip(speakers, row.history, strict=True), 1)
    ]
