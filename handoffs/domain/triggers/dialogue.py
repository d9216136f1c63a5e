"""What was said before the message that is looked at."""

from dataclasses import dataclass
from typing import Literal

Speaker = Literal["customer", "ai", "human"]
LOOKED_BACK = 8  # messages before the one that is looked at


@dataclass(frozen=True, slots=True)
class Said:
    """One message of the conversation. sequence: where it stands in the timeline, 0 where there is none;
    understood: False for an answer of the AI's that was none."""

    speaker: Speaker
    text: str
    sequence: int = 0
    understood: bool = True
