"""The base of our sockets: Channels' consumer without what it does per frame for others."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer


class Socket(AsyncWebsocketConsumer):
    """One WebSocket without a channel layer.

    Frames are taken one after the other out of the task that serves the socket. Channels would start a task for
    each and, before each, close the old database connections of a thread: that thread's round trip costs more than
    storing a message. Whoever uses a connection of a thread (`database_sync_to_async`) has it closed there.
    """

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.scope, self.base_send = scope, send
        with suppress(StopConsumer):
            while True:
                await self.dispatch(await receive())

    async def dispatch(self, message: Any) -> None:
        await _HANDLERS[message["type"]](self, message)

    async def send_text(self, text: str) -> None:
        """Send one frame of text, past the layers that would look for other kinds."""
        await self.base_send({"type": "websocket.send", "bytes": None, "text": text})


_HANDLERS: dict[str, Callable[[Socket, Any], Awaitable[None]]] = {
    "websocket.connect": Socket.websocket_connect,
    "websocket.receive": Socket.websocket_receive,
    "websocket.disconnect": Socket.websocket_disconnect,
}
