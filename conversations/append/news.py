"""News of what was appended: for those who follow the conversation, those who watch the list, and the workers."""

from collections.abc import Sequence

from conversations.append.outcome import Appended
from conversations.outbox import kick, lane_of
from conversations.realtime import conversation_topic, current_bus, event_message, publish_sync, row_message


def tell(appended: Sequence[Appended]) -> None:
    """Tell from the event loop, in this order. Waits for nobody."""
    bus = current_bus()
    for one in appended:
        bus.tell(conversation_topic(one.event.conversation_id), event_message(one.event))
        bus.tell_row(one.rows_topic, one.event.conversation_id, one.event.sequence)
    for lane in {lane_of(one.topic) for one in appended if one.topic}:
        kick(lane)


def tell_sync(appended: Appended) -> None:
    """Tell from any thread, after the commit."""
    event = appended.event
    publish_sync(
        {
            conversation_topic(event.conversation_id): event_message(event),
            appended.rows_topic: row_message(event.conversation_id, event.sequence),
        }
    )
    if appended.topic:
        kick(lane_of(appended.topic))
