"""The Bus: wakes sockets. PostgreSQL's timeline is the truth, a bus message is only the news of it."""

from conversations.realtime.bus import Bus, close_bus, current_bus
from conversations.realtime.messages import (
    BusMessage,
    conversation_topic,
    event_message,
    read_rows_message,
    row_message,
    rows_topic,
)
from conversations.realtime.publisher import publish_sync, publish_to_customer

__all__ = [
    "Bus",
    "BusMessage",
    "close_bus",
    "conversation_topic",
    "current_bus",
    "event_message",
    "publish_sync",
    "publish_to_customer",
    "read_rows_message",
    "row_message",
    "rows_topic",
]
