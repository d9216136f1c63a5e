"""The customers' sockets of this process: who is here, how fast they write, and when they were last heard.

A session has at most ten sockets, over all processes: each holds a seat in Redis, renewed with the stamp. Without
Redis only this process's own are counted. A frame costs no round trip: it is noted here, and once a minute one
statement and one pipeline tell the others.
"""

import asyncio
import contextlib
import logging
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from weakref import WeakKeyDictionary

import psycopg
from django.conf import settings
from django.utils import timezone

from conversations.database import async_pool
from conversations.domain.idleness import STAMP_SECONDS
from conversations.domain.token_bucket import TokenBucket
from conversations.realtime import Bus, current_bus

logger = logging.getLogger(__name__)

SOCKETS_PER_SESSION = 10
# A process that dies leaves its seats taken this long.
SEAT_SECONDS = 2.5 * STAMP_SECONDS
NO_LIMIT = 1e12
# A sweep: whoever is held is told in the next minute, so that nobody waits, holding all the others. Those that need
# no stamp are answered as well: only what is left out was not looked at.
STAMP = """
WITH heard AS (SELECT * FROM unnest(%(ids)s::uuid[], %(instants)s::timestamptz[]) AS h(id, at)),
locked AS (
    SELECT c.id, h.at, c.ended_at IS NULL AND (c.last_seen_at IS NULL OR c.last_seen_at < h.at) AS is_news
      FROM conversation c JOIN heard h USING (id) ORDER BY c.id FOR NO KEY UPDATE OF c SKIP LOCKED),
written AS (
    UPDATE conversation c SET last_seen_at = locked.at FROM locked WHERE c.id = locked.id AND locked.is_news)
SELECT id FROM locked
"""
# KEYS: the session's seats; ARGV: now, until, the most there are, the socket. Old seats are cleared away first.
TAKE_SEAT = """
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[1])
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[3]) then return 0 end
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[4])
redis.call('PEXPIREAT', KEYS[1], math.ceil(ARGV[2] * 1000))
return 1
"""


class Pace(Enum):
    """Signs of life do not use up what may be said: three of them go with every message."""

    SAID = "said"
    SIGNS = "signs"


class NoSeat(Exception):
    """The session has as many sockets as one may have."""


@dataclass(slots=True)
class SessionHere:
    """A session with sockets in this process. buckets: how fast they all together may write, by what it is."""

    id: uuid.UUID
    buckets: dict[Pace, TokenBucket] = field(default_factory=lambda: {pace: _full_bucket() for pace in Pace})
    sockets: set[str] = field(default_factory=set)


class OpenSockets:
    """One event loop's sockets. Only `take_seat`, `leave` and the stamp talk to anybody."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._sessions: dict[uuid.UUID, SessionHere] = {}
        self._heard: dict[uuid.UUID, datetime] = {}
        self._stamping: asyncio.Task[None] | None = None

    async def take_seat(self, session_id: uuid.UUID) -> str:
        """Return the new socket's name. Raises NoSeat."""
        here = self._sessions.setdefault(session_id, SessionHere(session_id))
        if len(here.sockets) >= SOCKETS_PER_SESSION:
            raise NoSeat
        # Counted with no await since the check: two that come at once cannot both be the tenth.
        name = uuid.uuid4().hex
        here.sockets.add(name)
        if not await self._is_seat_free(session_id, name):
            self._forget(session_id, name)
            raise NoSeat
        self._start_stamping()
        self.note_frame(session_id)
        return name

    async def leave(self, session_id: uuid.UUID, name: str) -> None:
        self._forget(session_id, name)
        with contextlib.suppress(OSError):
            await self._bus.ask(("ZREM", _seats(session_id), name))

    def note_frame(self, session_id: uuid.UUID) -> None:
        """The customer was heard just now."""
        self._heard[session_id] = timezone.now()

    def take_token(self, session_id: uuid.UUID, pace: Pace) -> float:
        """Whether one more frame may be taken now: 0, else in how many seconds it may."""
        return self._sessions[session_id].buckets[pace].take(at=time.monotonic())

    async def stamp(self) -> None:
        """Write when the sessions were last heard, and renew the seats of the sockets that are open."""
        heard, self._heard = self._heard, {}
        if heard:
            await self._write(heard)
        await self.renew_seats()

    async def renew_seats(self) -> None:
        """Keep the seats of the sockets that are open."""
        until = time.time() + SEAT_SECONDS
        renewals = [command for here in self._sessions.values() for command in _renewal(here, until)]
        with contextlib.suppress(OSError):
            await self._bus.ask(*renewals)

    async def close(self) -> None:
        if self._stamping:
            self._stamping.cancel()

    async def _write(self, heard: dict[uuid.UUID, datetime]) -> None:
        try:
            pool = await async_pool()
            async with pool.connection() as conn:
                answer = await conn.execute(STAMP, {"ids": list(heard), "instants": list(heard.values())})
                seen = {row["id"] for row in await answer.fetchall()}
        except psycopg.OperationalError as error:
            logger.warning("who was heard is written a minute later: %s", error)
            seen = set()
        self._heard = {**{key: at for key, at in heard.items() if key not in seen}, **self._heard}

    async def _is_seat_free(self, session_id: uuid.UUID, name: str) -> bool:
        now = time.time()
        arguments = (str(now), str(now + SEAT_SECONDS), str(SOCKETS_PER_SESSION), name)
        try:
            return bool(await self._bus.ask(("EVAL", TAKE_SEAT, "1", _seats(session_id), *arguments)))
        except OSError as error:
            logger.warning("sockets are counted by this process alone: %s", error)
            return True

    def _forget(self, session_id: uuid.UUID, name: str) -> None:
        here = self._sessions.get(session_id)
        if here is None:
            return
        here.sockets.discard(name)
        if not here.sockets:
            del self._sessions[session_id]

    def _start_stamping(self) -> None:
        if self._stamping is None or self._stamping.done():
            self._stamping = asyncio.create_task(self._keep_stamping(), name="last-seen")

    async def _keep_stamping(self) -> None:
        while self._sessions or self._heard:
            await asyncio.sleep(STAMP_SECONDS)
            await self.stamp()


def _full_bucket() -> TokenBucket:
    per_second = settings.CUSTOMER_FRAMES_PER_SECOND or NO_LIMIT
    return TokenBucket.full(burst=settings.CUSTOMER_FRAMES_BURST, per_second=per_second, at=time.monotonic())


def _renewal(here: SessionHere, until: float) -> Iterator[tuple[str, ...]]:
    seats = _seats(here.id)
    yield "ZADD", seats, *(word for name in here.sockets for word in (str(until), name))
    yield "PEXPIREAT", seats, str(int(until * 1000) + 1)


def _seats(session_id: uuid.UUID) -> str:
    return f"{settings.BUS_PREFIX}:seats:{session_id}"


_open: WeakKeyDictionary[asyncio.AbstractEventLoop, OpenSockets] = WeakKeyDictionary()


def current_open_sockets() -> OpenSockets:
    """Return this event loop's sockets."""
    loop = asyncio.get_running_loop()
    if loop not in _open:
        _open[loop] = OpenSockets(current_bus())
    return _open[loop]


async def close_open_sockets() -> None:
    if sockets := _open.pop(asyncio.get_running_loop(), None):
        await sockets.close()
