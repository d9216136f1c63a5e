"""What became of one conversation, as its customer sees it: frames of the Messaging API in, facts out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from conversations.domain.timeline import WIRE_PREFIX

Frame = Mapping[str, Any]


@dataclass(slots=True)
class SeenHandoff:
    """reason, destination and trigger as told in the frame's metadata; instants of the player's clock, seconds."""

    reason: str
    trigger: str
    destination: str
    at: float
    joined_at: float | None = None
    given_up: str = ""

    @property
    def wait_seconds(self) -> float | None:
        return None if self.joined_at is None else self.joined_at - self.at


@dataclass(slots=True)
class Course:
    """line: of the file; turns: how many the customer has to say, sent: how many were said; cursor: the last
    public sequence seen; reconnects: how often the socket was lost and opened again."""

    line: int
    turns: int
    session_id: str = ""
    cursor: int = 0
    reconnects: int = 0
    sent: int = 0
    ai_answers: int = 0
    human_answers: int = 0
    humans: list[str] = field(default_factory=list)
    handoffs: list[SeenHandoff] = field(default_factory=list)
    is_with_ai: bool = True
    answer_seconds: list[float] = field(default_factory=list)
    ended: str = ""
    problems: list[str] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)

    @property
    def answers(self) -> int:
        return self.ai_answers + self.human_answers

    @property
    def is_waiting(self) -> bool:
        """Handed off, and nobody has come nor been given up."""
        last = self.handoffs[-1] if self.handoffs else None
        return last is not None and last.joined_at is None and not last.given_up and not self.ended

    def hear(self, frame: Frame, *, at: float) -> None:
        """Take in one frame of the socket; a batch holds several. Frames that change nothing here are passed over."""
        kind = str(frame.get("type", "")).removeprefix(WIRE_PREFIX)
        if kind == "EVENT_BATCH":
            for inner in frame["payload"]["events"]:
                self.hear(inner, at=at)
        elif self._is_new(frame) and (handler := HEARD.get(kind)):
            handler(self, frame, at)

    def _is_new(self, frame: Frame) -> bool:
        """Transient frames always are; a numbered one is when it was not seen before the socket was lost."""
        sequence = frame.get("sequence")
        if not isinstance(sequence, int):
            return True
        seen, self.cursor = sequence <= self.cursor, max(sequence, self.cursor)
        return not seen

    def _ai_message(self, frame: Frame, at: float) -> None:
        self.ai_answers += 1

    def _human_message(self, frame: Frame, at: float) -> None:
        self.human_answers += 1

    def _handoff(self, frame: Frame, at: float) -> None:
        custom = (frame.get("metadata") or {}).get("custom") or {}
        reason, trigger, destination = (str(custom.get(name, "")) for name in ("reason", "trigger", "destination"))
        self.handoffs.append(SeenHandoff(reason, trigger, destination, at))
        self.is_with_ai = False

    def _ai_joined(self, frame: Frame, at: float) -> None:
        self.is_with_ai = True
        if self.is_waiting:
            self.handoffs[-1].given_up = "returned"

    def _human_joined(self, frame: Frame, at: float) -> None:
        name = str((frame["payload"].get("agent") or {}).get("name", "somebody"))
        if name not in self.humans:
            self.humans.append(name)
        if self.handoffs and self.handoffs[-1].joined_at is None:
            self.handoffs[-1].joined_at = at

    def _given_up(self, frame: Frame, at: float) -> None:
        if self.handoffs:
            self.handoffs[-1].given_up = GIVEN_UP[str(frame["type"]).removeprefix(WIRE_PREFIX)]

    def _session_ended(self, frame: Frame, at: float) -> None:
        self.ended = str(frame["payload"].get("reason", "unknown"))

    def _told(self, frame: Frame, at: float) -> None:
        if frame["payload"].get("level") == "SYSTEM_MESSAGE_LEVEL_ERROR":
            self.problems.append(str(frame["payload"].get("message", "")))


GIVEN_UP = {"HANDOFF_FAILED": "failed", "HANDOFF_TIMEOUT": "timed out"}
HEARD: Mapping[str, Callable[[Course, Frame, float], None]] = {
    "POLY_AGENT_JOINED": Course._ai_joined,
    "POLY_AGENT_MESSAGE": Course._ai_message,
    "POLY_AGENT_TRIGGERED_HANDOFF": Course._handoff,
    "LIVE_AGENT_JOINED": Course._human_joined,
    "LIVE_AGENT_MESSAGE": Course._human_message,
    "HANDOFF_FAILED": Course._given_up,
    "HANDOFF_TIMEOUT": Course._given_up,
    "SESSION_END": Course._session_ended,
    "SYSTEM_MESSAGE": Course._told,
}
