"""Appends through the studio's own function, as its sockets do."""

import uuid

from bench.ours import TEXT
from bench.writers.loop import serve
from conversations.append import append_event_async
from conversations.domain.timeline import NewEvent, StoredEvent


async def append(room: uuid.UUID, number: int) -> StoredEvent:
    event = NewEvent("customer.message", "customer", {"text": TEXT}, client_id=uuid.uuid4().hex)
    return await append_event_async(conversation_id=room, event=event)


if __name__ == "__main__":
    serve(append)
