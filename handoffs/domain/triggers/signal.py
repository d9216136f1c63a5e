"""What a trigger answers: a score against a threshold, with the evidence a reader can check."""

from dataclasses import asdict, dataclass
from enum import StrEnum


class Trigger(StrEnum):
    """Why a handoff fires."""

    EXPLICIT_REQUEST = "explicit_request"
    AI_DECISION = "ai_decision"
    FRUSTRATION = "frustration"
    UNPRODUCTIVE = "unproductive"
    FORBIDDEN_TOPIC = "forbidden_topic"
    TOPIC_ACTION = "topic_action"
    FUNCTION = "function"
    API = "api"
    HUMAN_TAKEOVER = "human_takeover"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a score is what it is.

    `rule` is the stable name of the rule or veto that decided, empty when none did; `words` are the customer's own
    words it matched; `sentence` says it to a reader of the decision trace; `sequences` are the earlier messages that
    counted, by their place in the timeline.
    """

    rule: str
    words: str
    sentence: str
    sequences: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Signal:
    """One trigger's answer about one customer turn; score and threshold from 0 to 1, `turn` counted by the caller,
    `topic` the key of the forbidden topic it is about."""

    trigger: Trigger
    score: float
    threshold: float
    fired: bool
    evidence: Evidence
    turn: int
    topic: str = ""

    def as_dict(self) -> dict[str, object]:
        """Plain values for the decision trace, stored as JSON."""
        return asdict(self)
