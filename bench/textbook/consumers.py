"""A room's socket on the stock channel layer."""

from typing import Any
from urllib.parse import parse_qs

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer

from bench.textbook.messages import messages_after, store_message


class RoomConsumer(AsyncJsonWebsocketConsumer):
    """`?room=UUID`, and `&after=N` for one that comes back. What arrives while it connects waits in the layer."""

    async def connect(self) -> None:
        query = {name: values[0] for name, values in parse_qs(self.scope["query_string"].decode()).items()}
        self.room, self.cursor = query["room"], int(query.get("after", 0))
        self.group = f"room.{self.room}"
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()
        if "after" in query:
            await self.replay()

    async def replay(self) -> None:
        events = await database_sync_to_async(messages_after)(self.room, self.cursor)
        self.cursor = events[-1]["sequence"] if events else self.cursor
        await self.send_json({"events": events})

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive_json(self, content: dict[str, Any], **kwargs: Any) -> None:
        sequence = await database_sync_to_async(store_message)(self.room, content)
        event = {"type": "room.message", "sequence": sequence, "body": content}
        await self.channel_layer.group_send(self.group, event)

    async def room_message(self, event: dict[str, Any]) -> None:
        if event["sequence"] > self.cursor:
            self.cursor = event["sequence"]
            await self.send_json({"sequence": event["sequence"], "body": event["body"]})
