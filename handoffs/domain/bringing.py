"""Conversations that another system opened to hand its customer over: the AI they come from is not ours."""

from collections.abc import Mapping
from typing import Any, Protocol

# What stands in the options of such a conversation; a session's own never have it.
BROUGHT: Mapping[str, Any] = {"opened_by": "handoff_api"}


class Opened(Protocol):
    """A conversation, as far as this is about it."""

    options: Any


def is_brought(conversation: Opened) -> bool:
    return all(conversation.options.get(name) == value for name, value in BROUGHT.items())
