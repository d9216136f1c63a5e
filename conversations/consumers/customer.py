"""The customer's socket (Messaging API): frames are read, appended and followed; nothing is decided here."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
import psycopg
from channels.db import database_sync_to_async
from django.conf import settings
from django.db.utils import OperationalError
from structlog.contextvars import bind_contextvars

from conversations.append import ConversationEnded, UnknownConversation, append_event_async
from conversations.consumers.follow import Follower
from conversations.consumers.handshake import (
    Admission,
    HandshakeRefused,
    admit,
    correlation_headers,
    correlation_of,
    refuse_handshake,
)
from conversations.consumers.socket import Socket
from conversations.domain.frames import (
    CUSTOMER,
    ClientFrame,
    Frame,
    FrameRefused,
    customer_frame,
    encode,
    encode_batches,
    message_text,
    parse_client_frame,
    transient_frame,
    typing_state,
)
from conversations.domain.refusals import (
    CONVERSATION_GONE,
    SESSION_ENDED,
    SESSION_UNREADABLE,
    Refusals,
    too_large,
)
from conversations.domain.streaming import ChunkFilter
from conversations.domain.timeline import Audience, NewEvent, StoredEvent
from conversations.domain.vocabulary import EndReason
from conversations.realtime import BusMessage, conversation_topic, current_bus
from conversations.services.open_sockets import Pace, current_open_sockets
from conversations.services.sessions import end_session

CLOSE_TOKEN_EXPIRED, CLOSE_SLOW = 4001, 4002
SIGNS = {"USER_TYPING": Pace.SIGNS, "HEARTBEAT": Pace.SIGNS}


class CustomerConsumer(Socket):
    """One socket of one session."""

    admission: Admission | None = None
    follower: Follower | None = None
    _expiry: asyncio.TimerHandle | None = None
    _chunks: ChunkFilter | None = None

    async def __call__(self, *given: Any) -> None:
        """Serve the socket; whatever ends it, a failure included, gives back what it holds."""
        try:
            await super().__call__(*given)
        finally:
            await self._leave()

    async def connect(self) -> None:
        try:
            self.admission = await admit(self.scope)
        except HandshakeRefused as refused:
            if not await refuse_handshake(self.scope, refused, self.base_send):
                await self.close()
            return
        self.session, self._refusals = self.admission.session, Refusals()
        bind_contextvars(conversation_id=str(self.session.id), correlation_id=correlation_of(self.scope))
        headers = correlation_headers(self.scope)
        await self.base_send({"type": "websocket.accept", "subprotocol": None, "headers": headers})
        self._close_on_expiry(self.admission.expires_at)
        self._chunks = ChunkFilter() if self.session.streaming else None
        self.follower = Follower(
            bus=current_bus(),
            conversation_id=self.session.id,
            audience=Audience.CUSTOMER,
            send_events=self._send_events,
            send_text=self._forward if self._chunks else self._send_text,
            drop=self._drop,
        )
        await self.follower.join(after_public=self.admission.cursor)

    async def _leave(self) -> None:
        if self._expiry:
            self._expiry.cancel()
        if self.follower:
            await self.follower.leave()
        if self.admission:
            await current_open_sockets().leave(self.admission.session.id, self.admission.seat)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        sockets = current_open_sockets()
        sockets.note_frame(self.session.id)
        frame: ClientFrame | None = None
        try:
            frame = parse_client_frame(_within_limit(text_data, bytes_data))
            if wait := sockets.take_token(self.session.id, SIGNS.get(frame.type, Pace.SAID)):
                await self._refuse_for_speed(frame, wait)
            else:
                await HANDLERS[frame.type](self, frame)
        except FrameRefused as refused:
            await self._refuse_unreadable(refused, wait=sockets.take_token(self.session.id, Pace.SIGNS))
        except ConversationEnded:
            await self._notice(SESSION_ENDED, frame)
        except UnknownConversation:
            await self._notice(CONVERSATION_GONE, frame)
        except (psycopg.OperationalError, OperationalError):
            # The database is away: the client is told, and its socket stays.
            await self._notice(SESSION_UNREADABLE, frame)

    # --- client frames -----------------------------------------------------------------------

    async def on_join(self, frame: ClientFrame) -> None:
        # One join per session: the fixed client id makes every further request the same event. It is none that a
        # client would choose for a message.
        event = NewEvent("customer.join_requested", CUSTOMER, client_id=f"join:{self.session.id}")
        await self._append(event)

    async def on_message(self, frame: ClientFrame) -> None:
        event = NewEvent("customer.message", CUSTOMER, {"text": message_text(frame)}, client_id=frame.client_id)
        await self._append(event)

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
        await self._send_frame(transient_frame("heartbeat", {}, at=datetime.now(UTC)))

    async def _append(self, event: NewEvent) -> None:
        """The echo comes with the news of the event; a repeat makes none and is echoed here."""
        stored = await append_event_async(conversation_id=self.session.id, event=event)
        if stored.repeat and (echo := customer_frame(stored)):
            await self._send_frame(echo)

    # --- refusals ----------------------------------------------------------------------------

    async def _refuse_for_speed(self, frame: ClientFrame, wait: float) -> None:
        if text := self._refusals.too_fast(frame, wait=wait, at=asyncio.get_running_loop().time()):
            await self._notice(text, frame)

    async def _refuse_unreadable(self, refused: FrameRefused, *, wait: float) -> None:
        """One that comes too fast as well is told as the others that do."""
        if not wait or self._refusals.may_tell(at=asyncio.get_running_loop().time()):
            await self._notice(str(refused), None)

    async def _notice(self, text: str, frame: ClientFrame | None) -> None:
        """Tell this socket alone; the client's own id of the frame it is about goes along."""
        notice = {"level": "SYSTEM_MESSAGE_LEVEL_ERROR", "message": text}
        told = transient_frame("system.notice", notice, at=datetime.now(UTC))
        if frame and frame.client_id:
            told["metadata"] = {"custom": {"client_id": frame.client_id}}
        await self._send_frame(told)

    # --- sending -----------------------------------------------------------------------------

    async def _send_events(self, events: Sequence[StoredEvent]) -> None:
        frames = (frame for event in events if (frame := customer_frame(event)))
        shown = (part for frame in frames for part in self._chunks.take(frame)) if self._chunks else frames
        for batch in encode_batches(shown, at=datetime.now(UTC)):
            await self._send_text(batch)

    async def _forward(self, text: str) -> None:
        """Send what came over the Bus to a session that asked for streamed answers."""
        assert self._chunks
        for frame in self._chunks.take(orjson.loads(text)):
            await self._send_frame(frame)

    async def _send_frame(self, frame: Frame) -> None:
        await self._send_text(encode(frame))

    async def _send_text(self, text: str) -> None:
        await self.send_text(text)

    async def _drop(self) -> None:
        await self.close(CLOSE_SLOW)

    def _close_on_expiry(self, expires_at: datetime) -> None:
        loop = asyncio.get_running_loop()
        seconds = (expires_at - datetime.now(UTC)).total_seconds()
        self._expiry = loop.call_later(seconds, lambda: loop.create_task(self.close(CLOSE_TOKEN_EXPIRED)))


def _within_limit(text: str | None, data: bytes | None) -> str:
    raw = text if text is not None else (data or b"").decode("utf-8", "replace")
    if len(raw.encode()) > settings.MESSAGE_MAX_BYTES:
        raise FrameRefused(too_large(settings.MESSAGE_MAX_BYTES))
    return raw


Handler = Callable[[CustomerConsumer, ClientFrame], Awaitable[None]]
HANDLERS: Mapping[str, Handler] = {
    "REQUEST_POLY_AGENT_JOIN": CustomerConsumer.on_join,
    "USER_MESSAGE": CustomerConsumer.on_message,
    "USER_TYPING": CustomerConsumer.on_typing,
    "USER_END_SESSION": CustomerConsumer.on_end,
    "HEARTBEAT": CustomerConsumer.on_heartbeat,
}
