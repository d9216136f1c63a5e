"""What is collected of a conversation: free JSON by name, no more of it than fits."""

from collections.abc import Mapping
from typing import Any

import orjson

from conversations.domain.large_numbers import TOO_LARGE, has_large_number

STATE_LIMIT = 65_536  # bytes of its JSON


class StateTooLarge(ValueError):
    """The collected data would be larger than STATE_LIMIT; nothing of it is kept."""

    def __init__(self, size: int) -> None:
        super().__init__(f"the data has {size} bytes, {STATE_LIMIT} at most are kept")
        self.size = size


class StateUnreadable(ValueError):
    """The data is no JSON that can be stored: a number that is none or too large, or the character NUL."""


def merge_state(state: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the state with the changes in it; a change to None takes the name away.

    Raises StateTooLarge and StateUnreadable.
    """
    merged = {name: value for name, value in {**state, **changes}.items() if value is not None}
    check_state(merged)
    return merged


def check_state(data: Mapping[str, Any]) -> None:
    """Accept data that can be kept with a conversation or a handoff. Raises StateTooLarge and StateUnreadable."""
    try:
        text = orjson.dumps(data)
    except TypeError as error:
        raise StateUnreadable(f"the data cannot be stored: {error}") from error
    if b"\\u0000" in text:
        raise StateUnreadable("the data holds the character NUL, which cannot be stored")
    if len(text) > STATE_LIMIT:
        raise StateTooLarge(len(text))
    if has_large_number(data, text):
        raise StateUnreadable(f"the data cannot be stored: {TOO_LARGE}")
