"""Append, the hot path: one event becomes the next row of its conversation's timeline."""

from conversations.append.one import append_event, append_event_async
from conversations.append.refusals import AppendRefused, ConversationEnded, StaleEpoch, UnknownConversation
from conversations.append.statements import ONE

__all__ = [
    "ONE",
    "AppendRefused",
    "ConversationEnded",
    "StaleEpoch",
    "UnknownConversation",
    "append_event",
    "append_event_async",
]
