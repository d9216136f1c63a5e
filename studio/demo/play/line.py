"""A customer's line to the server: a socket that is opened again after the last event seen, and loses no frame."""

import asyncio
import uuid

import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from conversations.domain.timeline import WIRE_PREFIX
from studio.demo.play.course import Course
from studio.demo.play.entrance import Entrance

PAUSES = (0.1, 0.3, 1.0, 2.0, 4.0)  # seconds before each further try to open the socket; then it is lost


class Line:
    """`follow` keeps it open; `send` may be called at any time; what comes in goes into the course."""

    def __init__(self, entrance: Entrance, course: Course) -> None:
        self.is_lost = False
        self._entrance, self._course = entrance, course
        self._socket: ClientConnection | None = None
        self._unconfirmed: dict[str, str] = {}
        self._news = asyncio.Event()

    async def follow(self) -> None:
        """Hear until the session is over, or the server is away for longer than all PAUSES."""
        failures = 0
        while not self._course.ended:
            try:
                await self._hear()
                why = "closed by the server"
            except (OSError, WebSocketException) as error:
                why = f"{type(error).__name__} {error}".strip()
            if self._course.ended:
                return
            failures = 1 if self._socket else failures + 1
            self._socket = None
            if failures > len(PAUSES):
                self._lose(why)
                return
            await asyncio.sleep(PAUSES[failures - 1])
            self._course.reconnects += 1

    async def send(self, kind: str, **payload: str) -> None:
        """Send a frame now, or as soon as there is a socket again; again with the same id until it is confirmed."""
        client_id = str(uuid.uuid4())
        text = orjson.dumps({"type": WIRE_PREFIX + kind, "payload": payload, "id": client_id}).decode()
        self._unconfirmed[client_id if kind == "USER_MESSAGE" else kind] = text
        if self._socket is not None:
            await self._send(self._socket, text)

    async def news(self) -> None:
        """Return when something has come in, or the line is lost."""
        self._news.clear()
        await self._news.wait()

    async def _hear(self) -> None:
        loop, course = asyncio.get_running_loop(), self._course
        url = self._entrance.socket_url(course.session_id, cursor=course.cursor)
        # No proxy: the address was given, and loopback is the usual one.
        async with connect(url, proxy=None, max_size=None) as socket:
            self._socket = socket
            for text in tuple(self._unconfirmed.values()):
                await self._send(socket, text)
            async for received in socket:
                frame = orjson.loads(received)
                self._confirm(frame)
                course.hear(frame, at=loop.time())
                self._news.set()

    @staticmethod
    async def _send(socket: ClientConnection, text: str) -> None:
        try:
            await socket.send(text)
        except ConnectionClosed:
            return  # it is unconfirmed, and goes out with the next socket

    def _confirm(self, frame: dict[str, object]) -> None:
        """An echo confirms: a message by the id it was sent with, the other frames by their type."""
        payload, metadata = frame.get("payload"), frame.get("metadata")
        if isinstance(payload, dict) and isinstance(events := payload.get("events"), list):
            for event in events:
                self._confirm(event)
        custom = metadata.get("custom", {}) if isinstance(metadata, dict) else {}
        self._unconfirmed.pop(str(frame.get("type", "")).removeprefix(WIRE_PREFIX), None)
        self._unconfirmed.pop(str(custom.get("client_id", "")), None)

    def _lose(self, why: str) -> None:
        self._course.problems.append(f"the connection was lost: {why}")
        self.is_lost = True
        self._news.set()
