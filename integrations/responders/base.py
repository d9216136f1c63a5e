"""What answers as the AI: one question in, one answer out, whatever stands behind it."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from handoffs.domain.config import DestinationConfig, ReasonConfig, TopicConfig

Role = Literal["customer", "ai", "human"]
NOT_UNDERSTOOD = (
    "I don't have an answer to that. Could you put it another way? You can also ask for a person at any time."
)


@dataclass(frozen=True, slots=True)
class Turn:
    """Everything a responder may look at. `messages` oldest first, (role, text); the last is the customer's.

    id: the same for a turn that is asked a second time; can_hand_off: whether the settings follow a wish to hand
    over; state: what is collected so far.
    """

    conversation_id: uuid.UUID
    messages: Sequence[tuple[Role, str]] = field(repr=False)
    ai_name: str
    id: str = ""
    environment: str = "live"
    channel: str = ""
    can_hand_off: bool = True
    topics: Sequence[TopicConfig] = ()
    destinations: Sequence[DestinationConfig] = ()
    reasons: Sequence[ReasonConfig] = ()
    state: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def question(self) -> str:
        """The customer's newest message; empty before the first one."""
        return next((text for role, text in reversed(self.messages) if role == "customer"), "")


@dataclass(frozen=True, slots=True)
class HandoffAction:
    """The responder asks for a human. Empty fields are decided by the configuration; summary: what it is about, for
    staff; data goes with the handoff."""

    destination: str = ""
    reason: str = ""
    utterance: str = ""
    soft: bool = False
    summary: str = field(default="", repr=False)
    data: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """text: what the customer is told; understood: False counts towards an unproductive conversation.

    confidence runs from 0 to 1; topic_key names the topic that answered, if one did; attachments and suggestions in
    their published form; state: what is to be written into the collected data, None to take a name away.
    """

    text: str = field(repr=False)
    understood: bool = True
    confidence: float = 1.0
    topic_key: str = ""
    action: HandoffAction | None = None
    attachments: Sequence[Mapping[str, Any]] = ()
    suggestions: Sequence[Mapping[str, Any]] = ()
    state: Mapping[str, Any] = field(default_factory=dict, repr=False)


class Listener(Protocol):
    """Who waits for the answer."""

    def hear(self, text: str) -> None:
        """Take the next part of the answer's text, while the rest is still coming."""

    def has_left(self) -> bool:
        """Whether nobody wants the answer any more: then stop, and raise GivenUp."""


class Patient:
    """Waits for the whole answer, however long it takes."""

    def hear(self, text: str) -> None:
        pass

    def has_left(self) -> bool:
        return False


class Responder(Protocol):
    """Answers one turn, with no transaction open. Whoever can tells `listener` the text as it comes; the Reply holds
    all of it. Raises AdapterError when no answer comes, GivenUp when it is not wanted any more."""

    def answer(self, turn: Turn, listener: Listener) -> Reply: ...
