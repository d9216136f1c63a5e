"""What was made under an epoch is not shown to whoever has seen a later one."""

import asyncio
from datetime import UTC, datetime

import pytest
from django.db import connection

from conversations.append import append_event_async
from conversations.consumers.follow import Follower
from conversations.database import close_async_pool
from conversations.domain.frames import encode, transient_frame
from conversations.domain.timeline import Audience, NewEvent
from conversations.models import Conversation
from conversations.realtime import BusMessage, close_bus, conversation_topic, current_bus, publish_to_customer

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 11, 21, 12, 7, tzinfo=UTC)
WITHIN = 5.0


def chunk(text: str, epoch: int | None) -> BusMessage:
    frame = transient_frame("ai.chunk", {"text": text}, at=AT)
    return BusMessage(None, None, {Audience.CUSTOMER.value: encode(frame)}, epoch)


def shown_to_a_socket(conversation, play) -> list[str]:
    """What a socket that was there from the start was sent, without its history; `play` ends with an event."""

    async def run() -> list[str]:
        sent: list[str] = []
        last = asyncio.Event()

        async def send(text: str) -> None:
            sent.append(text)
            if "That is all" in text:
                last.set()

        async def send_events(events) -> None:
            pass

        async def drop() -> None:
            raise AssertionError("dropped")

        follower = Follower(
            bus=current_bus(),
            conversation_id=conversation.pk,
            audience=Audience.CUSTOMER,
            send_events=send_events,
            send_text=send,
            drop=drop,
        )
        try:
            async with asyncio.timeout(WITHIN):
                await follower.join()
                await play(current_bus(), conversation_topic(conversation.pk))
                await last.wait()
            return sent
        finally:
            await follower.leave()
            await close_bus()
            await close_async_pool()

    connection.close()
    return asyncio.run(run())


def set_epoch(conversation, epoch: int) -> None:
    Conversation.objects.filter(pk=conversation.pk).update(epoch=epoch)
    connection.close()


def test_a_chunk_of_the_ai_that_comes_after_the_takeover_is_dropped(conversation):
    async def play(bus, topic) -> None:
        await bus.publish({topic: chunk("Before", 1)})
        await asyncio.to_thread(set_epoch, conversation, 2)
        await append_event_async(
            conversation_id=conversation.pk, event=NewEvent("note.added", "user:7", {"text": "Mine"})
        )
        await bus.publish({topic: chunk("Late", 1)})
        await bus.publish({topic: chunk("Bound to nobody", None)})
        await bus.publish({topic: chunk("Now", 2)})
        await bus.publish({topic: chunk("That is all", 2)})

    shown = shown_to_a_socket(conversation, play)

    said = ("Before", "Late", "Bound to nobody", "Now")
    assert [[text for text in said if text in frame] for frame in shown[:-1]] == [
        ["Before"],
        ["Bound to nobody"],
        ["Now"],
    ]


def test_a_socket_that_joins_after_the_takeover_knows_its_epoch_from_the_page(conversation):
    set_epoch(conversation, 3)

    async def play(bus, topic) -> None:
        tell = asyncio.to_thread(publish_to_customer, conversation.pk, "ai.chunk", {"text": "Late"}, at=AT, epoch=2)
        await tell
        await bus.publish({topic: chunk("That is all", 3)})

    shown = shown_to_a_socket(conversation, play)

    assert len(shown) == 1
