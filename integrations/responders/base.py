"""What answers as the AI: one question in, one answer out, whatever stands behind it."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from handoffs.domain.config import TopicConfig

Role = Literal["customer", "ai", "human"]


@dataclass(frozen=True, slots=True)
class Turn:
    """Everything a responder may look at. `messages` oldest first, (role, text); the last is the customer's."""

    conversation_id: uuid.UUID
    messages: Sequence[tuple[Role, str]] = field(repr=False)
    ai_name: str
    topics: Sequence[TopicConfig] = ()
    state: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def question(self) -> str:
        """The customer's newest message; empty before the first one."""
        return next((text for role, text in reversed(self.messages) if role == "customer"), "")


@dataclass(frozen=True, slots=True)
class HandoffAction:
    """The responder asks for a human. Empty fields are decided by the configuration."""

    destination: str = ""
    reason: str = ""
    utterance: str = ""
    soft: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """text: what the customer is told; understood: False counts towards an unproductive conversation.

    confidence runs from 0 to 1; topic_key names the topic that answered, if one did.
    """

    text: str
    understood: bool = True
    confidence: float = 1.0
    topic_key: str = ""
    action: HandoffAction | None = None


class Responder(Protocol):
    """Answers one turn, with no transaction open. Raises AdapterError when no answer comes."""

    def answer(self, turn: Turn) -> Reply: ...
