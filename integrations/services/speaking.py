"""The AI's voice while an answer is coming: told bit by bit to a customer whose client takes it so."""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from conversations.models.ids import new_id
from conversations.realtime import publish_to_customer
from handoffs.services.answering import Turn
from handoffs.services.turns import is_turn_wanted

LOOK_UP_SECONDS = 0.25


class Speaker:
    """Listens to a responder for one turn. What it passes on is bound to the turn's epoch: nobody who has seen a
    later one is shown it. `message_id`: of the message that all of it will be."""

    def __init__(self, turn: Turn, *, holder: int, clock: Callable[[], datetime]) -> None:
        self.turn, self.holder, self.clock = turn, holder, clock
        self.message_id = new_id()
        self.heard = ""
        self.chunks = 0
        self._is_wanted, self._look_up_at = True, 0.0

    def hear(self, text: str) -> None:
        if text:
            self.heard += text
            self._tell({"text": text, "is_complete": False})

    def has_left(self) -> bool:
        """Whether the conversation changed hands; looked up at most four times a second, renewing the lease."""
        if self._is_wanted and time.monotonic() >= self._look_up_at:
            self._is_wanted = is_turn_wanted(turn=self.turn, holder=self.holder, at=self.clock())
            self._look_up_at = time.monotonic() + LOOK_UP_SECONDS
        return not self._is_wanted

    def finish(self, extras: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
        """Say that the message is complete, where any of it was told. extras: attachments and suggestions."""
        if self.chunks:
            self._tell({"text": "", "is_complete": True, **extras})

    def _tell(self, chunk: Mapping[str, Any]) -> None:
        if not self.turn.streams:
            return
        self.chunks += 1
        payload = {"message_id": str(self.message_id), "chunk_index": self.chunks, **chunk}
        publish_to_customer(
            self.turn.conversation_id, "ai.chunk", payload, at=self.clock(), epoch=self.turn.epoch
        )  # fmt: skip
