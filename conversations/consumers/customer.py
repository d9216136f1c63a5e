"""The customer's socket: `GET /ws?session_id&access_token&cursor` (Messaging API)."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import orjson
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from structlog.contextvars import bind_contextvars

from conversations.append import ConversationEnded, append_event_async
from conversations.consumers.follow import Follower
from conversations.domain.frames import (
    CUSTOMER,
    ClientFrame,
    FrameRefused,
    customer_frame,
    encode,
    encode_batches,
    message_text,
    parse_client_frame,
    parse_cursor,
    transient_frame,
    typing_state,
)
from conversations.domain.timeline import Audience, NewEvent, StoredEvent
from conversations.domain.vocabulary import EndReason
from conversations.realtime import BusMessage, conversation_topic, current_bus
from conversations.selectors.sessions import Session, read_session
from conversations.services.access_tokens import TokenInvalid, is_host_allowed, read_access_token
from conversations.services.sessions import end_session

SOCKETS_PER_SESSION = 10
CLOSE_TOKEN_EXPIRED, CLOSE_SLOW = 4001, 4002

_sockets_of_session: dict[uuid.UUID, int] = {}


class HandshakeRefused(Exception):
    """The socket is not opened. `status` and text are the published ones."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


class CustomerConsumer(AsyncWebsocketConsumer):
    """One socket of one session. Frames are read, appended and followed; nothing is decided here."""

    session: Session
    follower: Follower | None = None
    expires_at: datetime
    _expiry: asyncio.TimerHandle | None = None
    _is_counted = False

    async def __call__(self, *given: Any) -> None:
        """Serve the socket; whatever ends it, a failure included, gives back what it holds."""
        try:
            await super().__call__(*given)
        finally:
            await self._leave()

    async def connect(self) -> None:
        try:
            self.session, cursor = await self._admit()
        except HandshakeRefused as refused:
            await self._refuse(refused)
            return
        # Counted with no await since the check: two that come at once cannot both be the tenth.
        self._count_socket(1)
        bind_contextvars(conversation_id=str(self.session.id))
        await self.accept()
        self._close_on_expiry()
        self.follower = Follower(
            bus=current_bus(),
            conversation_id=self.session.id,
            audience=Audience.CUSTOMER,
            send_events=self._send_events,
            send_text=self._send_text,
            drop=self._drop,
        )
        await self.follower.join(after_public=cursor)

    async def _leave(self) -> None:
        if self._expiry:
            self._expiry.cancel()
        if self._is_counted:
            self._count_socket(-1)
        if self.follower:
            await self.follower.leave()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        try:
            frame = parse_client_frame(self._within_limit(text_data, bytes_data))
            await HANDLERS[frame.type](self, frame)
        except FrameRefused as refused:
            await self._notice(str(refused))
        except ConversationEnded:
            await self._notice("This session has ended. Open a new one to go on")

    # --- client frames -----------------------------------------------------------------------

    async def on_join(self, frame: ClientFrame) -> None:
        # One join per session: the fixed client id makes every further request the same event. It is none that a
        # client would choose for a message.
        event = NewEvent("customer.join_requested", CUSTOMER, client_id=f"join:{self.session.id}")
        await append_event_async(conversation_id=self.session.id, event=event)

    async def on_message(self, frame: ClientFrame) -> None:
        event = NewEvent("customer.message", CUSTOMER, {"text": message_text(frame)}, client_id=frame.client_id)
        stored = await append_event_async(conversation_id=self.session.id, event=event)
        if stored.repeat:
            await self._send_text(encode(customer_frame(stored) or {}))

    async def on_typing(self, frame: ClientFrame) -> None:
        typing = {
            "type": "typing",
            "conversation_id": str(self.session.id),
            "author": CUSTOMER,
            "state": typing_state(frame),
        }
        text = encode(typing)
        frames = {Audience.STAFF.value: text, Audience.STAFF_MASKED.value: text}
        await current_bus().publish({conversation_topic(self.session.id): BusMessage(None, None, frames)})

    async def on_end(self, frame: ClientFrame) -> None:
        await database_sync_to_async(end_session)(
            conversation_id=self.session.id, reason=EndReason.USER_END, at=datetime.now(UTC)
        )

    async def on_heartbeat(self, frame: ClientFrame) -> None:
        await self._send_text(encode(transient_frame("heartbeat", {}, at=datetime.now(UTC))))

    # --- the handshake -----------------------------------------------------------------------

    async def _admit(self) -> tuple[Session, int]:
        """Return the session and the public cursor. Raises HandshakeRefused."""
        query = {name: values[-1] for name, values in parse_qs(self.scope["query_string"].decode("latin-1")).items()}
        try:
            session_id = uuid.UUID(query.get("session_id", ""))
        except ValueError as error:
            raise HandshakeRefused(400, "invalid connection parameters") from error
        claims = self._read_token(query.get("access_token", ""))
        session = await read_session(session_id)
        if session is None or str(session.connector_id) != claims["sub"]:
            raise HandshakeRefused(404, "session not found")
        self._check_origin(session)
        if _sockets_of_session.get(session_id, 0) >= SOCKETS_PER_SESSION:
            raise HandshakeRefused(429, "connection limit exceeded for session")
        return session, parse_cursor(query.get("cursor", ""))

    def _read_token(self, token: str) -> Mapping[str, str]:
        try:
            claims = read_access_token(token)
        except TokenInvalid as error:
            raise HandshakeRefused(401, "authentication failed") from error
        self.expires_at = datetime.fromtimestamp(claims["exp"], UTC)
        return claims

    def _check_origin(self, session: Session) -> None:
        """A page's origin must be one of the connector's hosts; apps send no origin."""
        origin = dict(self.scope["headers"]).get(b"origin", b"").decode("latin-1")
        if origin and not is_host_allowed(origin, session.hosts):
            raise HandshakeRefused(401, "authentication failed")

    async def _refuse(self, refused: HandshakeRefused) -> None:
        """Answer the handshake over HTTP where the server can, else close it (403)."""
        if "websocket.http.response" not in (self.scope.get("extensions") or {}):
            await self.close()
            return
        body = orjson.dumps({"error": str(refused)})
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        answer: tuple[Any, ...] = (
            {"type": "websocket.http.response.start", "status": refused.status, "headers": headers},
            {"type": "websocket.http.response.body", "body": body},
        )
        for part in answer:
            await self.base_send(part)

    # --- sending -----------------------------------------------------------------------------

    async def _send_events(self, events: Sequence[StoredEvent]) -> None:
        frames = (frame for event in events if (frame := customer_frame(event)))
        for batch in encode_batches(frames, at=datetime.now(UTC)):
            await self._send_text(batch)

    async def _send_text(self, text: str) -> None:
        await self.send(text_data=text)

    async def _notice(self, text: str) -> None:
        notice = {"level": "SYSTEM_MESSAGE_LEVEL_ERROR", "message": text}
        await self._send_text(encode(transient_frame("system.notice", notice, at=datetime.now(UTC))))

    async def _drop(self) -> None:
        await self.close(CLOSE_SLOW)

    # --- bounds ------------------------------------------------------------------------------

    @staticmethod
    def _within_limit(text: str | None, data: bytes | None) -> str:
        raw = text if text is not None else (data or b"").decode("utf-8", "replace")
        if len(raw.encode()) > settings.MESSAGE_MAX_BYTES:
            raise FrameRefused(f"The message is larger than {settings.MESSAGE_MAX_BYTES} bytes and was not sent")
        return raw

    def _count_socket(self, change: int) -> None:
        self._is_counted = change > 0
        count = _sockets_of_session.get(self.session.id, 0) + change
        if count:
            _sockets_of_session[self.session.id] = count
        else:
            _sockets_of_session.pop(self.session.id, None)

    def _close_on_expiry(self) -> None:
        loop = asyncio.get_running_loop()
        seconds = (self.expires_at - datetime.now(UTC)).total_seconds()
        self._expiry = loop.call_later(seconds, lambda: loop.create_task(self.close(CLOSE_TOKEN_EXPIRED)))


Handler = Callable[[CustomerConsumer, ClientFrame], Awaitable[None]]
HANDLERS: Mapping[str, Handler] = {
    "REQUEST_POLY_AGENT_JOIN": CustomerConsumer.on_join,
    "USER_MESSAGE": CustomerConsumer.on_message,
    "USER_TYPING": CustomerConsumer.on_typing,
    "USER_END_SESSION": CustomerConsumer.on_end,
    "HEARTBEAT": CustomerConsumer.on_heartbeat,
}
