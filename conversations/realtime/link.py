"""One connection to Redis that publishes and subscribes at once (RESP3), with the least between it and the wire.

What is sent within one turn of the event loop leaves in one write; what comes is handed on out of the read. A
library that waits for each reply costs several times as much, and pub/sub through its layers two to four times.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from ssl import SSLContext
from typing import Any, cast

import hiredis
from redis.asyncio.connection import ConnectionPool, SSLConnection

logger = logging.getLogger(__name__)

CONNECT_SECONDS = 2.0
BEAT_SECONDS = 5.0
MOST_UNSENT = 8 * 1024 * 1024

Word = str | bytes
Hear = Callable[[list[Any]], None]
Lost = Callable[[], None]


class LinkRefused(OSError):
    """Redis answered the handshake with an error."""


class Link(asyncio.Protocol):
    """hear: is given each push (`[kind, topic, data]`); lost: is called once when the connection has ended."""

    def __init__(self, hear: Hear, lost: Lost) -> None:
        self._hear, self._lost = hear, lost
        self._loop = asyncio.get_running_loop()
        self._reader = hiredis.Reader()
        self._unsent: list[bytes] = []
        self._asked: deque[asyncio.Future[Any] | None] = deque()
        self._is_silent = False
        self._beating: asyncio.TimerHandle | None = None

    def send(self, *command: Word) -> None:
        """Send with the rest of this turn of the event loop; the answer is only looked at for an error."""
        self._put(command)
        self._asked.append(None)

    def subscribe(self, command: str, *topics: str) -> None:
        """Send SUBSCRIBE or UNSUBSCRIBE: its confirmations are pushes, one a topic, and no answer."""
        self._put((command, *topics))

    async def ask(self, *command: Word) -> Any:
        """Send and wait for the answer. Raises LinkRefused when it is an error, ConnectionError when none comes."""
        if self._transport.is_closing():
            raise ConnectionError("the connection to Redis was lost")
        answer = self._loop.create_future()
        self._put(command)
        self._asked.append(answer)
        return await answer

    def close(self) -> None:
        """Close after what is unsent has gone; `lost` is not called."""
        self._lost = _nobody
        self._flush()
        self._transport.close()

    # --- asyncio.Protocol --------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's are no subclass of asyncio's.
        self._transport = cast(asyncio.Transport, transport)
        self._beating = self._loop.call_later(BEAT_SECONDS, self._beat)

    def data_received(self, data: bytes) -> None:
        self._is_silent = False
        self._reader.feed(data)
        while (answer := self._reader.gets()) is not False:
            if isinstance(answer, hiredis.PushNotification):
                self._hear(answer)
            else:
                self._take(answer)

    def connection_lost(self, error: Exception | None) -> None:
        if self._beating:
            self._beating.cancel()
        for answer in self._asked:
            if answer and not answer.done():
                answer.set_exception(ConnectionError("the connection to Redis was lost"))
        self._asked.clear()
        self._lost()

    # --- inside ------------------------------------------------------------------------------

    def _put(self, command: Any) -> None:
        if not self._unsent:
            self._loop.call_soon(self._flush)
        self._unsent.append(hiredis.pack_command(command))

    def _flush(self) -> None:
        if not self._unsent or self._transport.is_closing():
            return
        self._transport.write(b"".join(self._unsent))
        self._unsent.clear()
        if self._transport.get_write_buffer_size() > MOST_UNSENT:
            logger.warning("Redis takes nothing any more, the connection is dropped")
            self._transport.abort()

    def _take(self, answer: Any) -> None:
        asked = self._asked.popleft() if self._asked else None
        if isinstance(answer, hiredis.HiredisError):
            if asked is None or asked.done():
                logger.warning("Redis refused a command: %s", answer)
            else:
                asked.set_exception(LinkRefused(str(answer)))
        elif asked and not asked.done():
            asked.set_result(answer)

    def _beat(self) -> None:
        """Find a connection that is gone without a word: nothing came since the last beat, not even its answer."""
        if self._is_silent:
            logger.warning("Redis has not answered for %s s, the connection is dropped", BEAT_SECONDS)
            self._transport.abort()
            return
        self._is_silent = True
        self.send("PING")
        self._beating = self._loop.call_later(BEAT_SECONDS, self._beat)


async def open_link(url: str, hear: Hear, lost: Lost) -> Link:
    """Connect and shake hands. Raises OSError (LinkRefused and TimeoutError are such)."""
    given = ConnectionPool.from_url(url).make_connection()
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(CONNECT_SECONDS):
        _, link = await loop.create_connection(lambda: Link(hear, lost), given.host, given.port, ssl=_tls(given))
        try:
            await link.ask("HELLO", "3", *_credentials(given))
            await link.ask("SELECT", str(given.db))
        except BaseException:
            link.close()
            raise
    return link


def _credentials(given: Any) -> tuple[str, ...]:
    return ("AUTH", given.username or "default", given.password) if given.password else ()


def _tls(given: Any) -> SSLContext | None:
    return given.ssl_context.get() if isinstance(given, SSLConnection) else None


def _nobody() -> None:
    pass
