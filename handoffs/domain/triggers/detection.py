"""Every trigger's answer about one message of the customer's."""

from collections.abc import Sequence

from handoffs.domain.config import ProjectConfig
from handoffs.domain.triggers.dialogue import Said
from handoffs.domain.triggers.explicit import detect_explicit_request
from handoffs.domain.triggers.signal import Signal, Trigger
from handoffs.domain.triggers.thresholds import threshold_of

# A request stands in the first few sentences; a message may hold 128 KB.
CONSIDERED_CHARACTERS = 4_000


def detect(text: str, *, history: Sequence[Said], config: ProjectConfig, turn: int = 0) -> tuple[Signal, ...]:
    """The signals in the order of precedence, fired or not: whether a switch lets one act is decided elsewhere.

    history: what was said before the text, oldest first, at least the last `LOOKED_BACK` messages of it.
    """
    considered = text[:CONSIDERED_CHARACTERS]
    threshold = threshold_of(config.settings, Trigger.EXPLICIT_REQUEST)
    return (detect_explicit_request(considered, threshold=threshold, turn=turn),)
