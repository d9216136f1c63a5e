"""What a customer's client is told about a frame that was not taken: the text of a SYSTEM_MESSAGE of level ERROR.

Published texts are kept to the letter; where none fits, ours say which message it was and what to do.
"""

import math
from dataclasses import dataclass

from conversations.domain.frames import ClientFrame

# Published (Messaging API, errors).
CONVERSATION_GONE = "Conversation not found"
SESSION_UNREADABLE = "Unable to retrieve session"
# Ours.
SESSION_ENDED = "This session has ended. Open a new one to go on"
EXCERPT = 40
SECONDS_BETWEEN_NOTICES = 1.0


def too_large(most_bytes: int) -> str:
    return f"The message is larger than {most_bytes} bytes and was not sent"


@dataclass(slots=True)
class Refusals:
    """What one socket has been told: every message that is lost, anything else that is too fast once a second."""

    _told_at: float = -math.inf

    def may_tell(self, *, at: float) -> bool:
        """Whether something that carries nothing of the customer's may be told about now (seconds)."""
        if at < self._told_at + SECONDS_BETWEEN_NOTICES:
            return False
        self._told_at = at
        return True

    def too_fast(self, frame: ClientFrame, *, wait: float, at: float) -> str:
        """The text about a frame over the rate limit; empty when nothing needs to be said. wait: seconds."""
        again = f"Try again in {max(1, math.ceil(wait))} s"
        if frame.type == "USER_MESSAGE":
            return f"Messages come too fast, “{_excerpt(frame)}” was not sent. {again}"
        name = f"EVENT_TYPE_{frame.type}"
        return f"Events come too fast, {name} was not taken. {again}" if self.may_tell(at=at) else ""


def _excerpt(frame: ClientFrame) -> str:
    text = " ".join(str(frame.payload.get("text", "")).split())
    return text if len(text) <= EXCERPT else f"{text[: EXCERPT - 1]}…"
