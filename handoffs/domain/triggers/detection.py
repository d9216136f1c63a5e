"""Every trigger's answer about one message of the customer's."""

from collections.abc import Sequence

from handoffs.domain.config import ProjectConfig
from handoffs.domain.triggers.dialogue import Said
from handoffs.domain.triggers.explicit import detect_explicit_request
from handoffs.domain.triggers.forbidden import detect_forbidden_topic
from handoffs.domain.triggers.frustration import detect_frustration
from handoffs.domain.triggers.meaning import Embed
from handoffs.domain.triggers.once import looking
from handoffs.domain.triggers.signal import Signal, Trigger
from handoffs.domain.triggers.thresholds import threshold_of
from handoffs.domain.triggers.unproductive import detect_unproductive

# Of all that fires, the first of these acts. What the AI, a topic or a function of its decides comes with its answer,
# and before what is only inferred.
PRECEDENCE = (
    Trigger.FORBIDDEN_TOPIC,
    Trigger.EXPLICIT_REQUEST,
    Trigger.AI_DECISION,
    Trigger.TOPIC_ACTION,
    Trigger.FUNCTION,
    Trigger.UNPRODUCTIVE,
    Trigger.FRUSTRATION,
)
# A message may hold 128 KB. What somebody wants stands in its first sentences, or in the last.
CONSIDERED_CHARACTERS = 4_000
AT_THE_END = 1_000


def detect(
    text: str, *, history: Sequence[Said], config: ProjectConfig, turn: int = 0, embed: Embed | None = None
) -> tuple[Signal, ...]:
    """The signals in the order of precedence, fired or not: whether a switch lets one act is decided elsewhere.

    history: what was said before the text, oldest first, at least the last `LOOKED_BACK` messages of it; embed: the
    sentence model forbidden topics are compared by, None for the vectors that are shipped.
    """
    considered = consider(text)
    asks, lost, fed_up = (
        threshold_of(config.settings, trigger)
        for trigger in (Trigger.EXPLICIT_REQUEST, Trigger.UNPRODUCTIVE, Trigger.FRUSTRATION)
    )
    topics, sensitivity = config.forbidden_topics, config.settings.forbidden_sensitivity
    with looking():
        return (
            *detect_forbidden_topic(text, topics=topics, sensitivity=sensitivity, turn=turn, embed=embed),
            detect_explicit_request(considered, threshold=asks, turn=turn),
            detect_unproductive(considered, history=history, threshold=lost, turn=turn),
            detect_frustration(considered, history=history, threshold=fed_up, turn=turn),
        )


def consider(text: str) -> str:
    """The text, or of a long one its beginning and its end."""
    if len(text) <= CONSIDERED_CHARACTERS:
        return text
    return f"{text[: CONSIDERED_CHARACTERS - AT_THE_END]}\n{text[-AT_THE_END:]}"
