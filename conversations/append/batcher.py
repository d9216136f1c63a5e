"""The batcher: events that arrive together share one statement.

One per event loop. A lone event goes through ONE at once, on a lane of its own; whoever comes in the same turn of the
loop, or while a batch is in flight, joins the next (no timer: an idle system pays no delay). A conversation somebody
holds makes its rows `busy`: they go through ONE, which waits, and later rows of that conversation queue behind them;
nobody else waits. A batch that breaks goes row by row in its order before the next.

Everything here runs in callbacks of the event loop: a writer who stops waiting takes nothing with him.
"""

import asyncio
import logging
import uuid
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from weakref import WeakKeyDictionary

import psycopg

from conversations.append import news
from conversations.append.outcome import Appended
from conversations.append.statements import MANY, ONE, batch_of, is_repeat
from conversations.database import ConnectionLost, Lane, Row, Statement, on_close
from conversations.domain.timeline import NewEvent, StoredEvent

logger = logging.getLogger(__name__)

LONE_LANES = 2
LARGEST_BATCH = 256
REOPEN_SECONDS = 0.5

_ONE, _MANY = Statement("one", ONE), Statement("many", MANY)


class Verdict(StrEnum):
    """Who decides when a lane could not: the stored event is read, the refusal explained, or ONE run on the pool."""

    REPEAT = "repeat"
    REFUSED = "refused"
    UNKNOWN = "unknown"


Answer = StoredEvent | Verdict
_VERDICTS = {"repeat": Verdict.REPEAT, "stale": Verdict.REFUSED, "ended": Verdict.REFUSED}


@dataclass(frozen=True, slots=True, eq=False)
class Ticket:
    """One event on its way, and who waits for it."""

    event: NewEvent
    parameters: Mapping[str, Any]
    answer: asyncio.Future[Answer]

    @property
    def conversation_id(self) -> uuid.UUID:
        found: uuid.UUID = self.parameters["conversation_id"]
        return found

    def settle(self, answer: Answer | psycopg.Error) -> None:
        if self.answer.done():
            return
        if isinstance(answer, psycopg.Error):
            self.answer.set_exception(answer)
        else:
            self.answer.set_result(answer)


class Batcher:
    """The appends of one event loop."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._lone = [Lane(_ONE) for _ in range(LONE_LANES)]
        self._batch = Lane(_MANY)
        self._lanes = (*self._lone, self._batch)
        self._waiting: deque[Ticket] = deque()
        self._singly: deque[Ticket] = deque()
        self._busy: deque[Ticket] = deque()
        self._behind: dict[uuid.UUID, deque[Ticket]] = {}
        self._opening: asyncio.Task[None] | None = None
        self._open_at = 0.0
        self._is_pumping = False

    def submit(self, event: NewEvent, parameters: Mapping[str, Any]) -> asyncio.Future[Answer]:
        ticket = Ticket(event, parameters, self._loop.create_future())
        self._take(ticket)
        return ticket.answer

    async def close(self) -> None:
        if self._opening:
            self._opening.cancel()
            await asyncio.wait([self._opening])
        for lane in self._lanes:
            lane.close()

    # --- in ----------------------------------------------------------------------------------

    def _take(self, ticket: Ticket) -> None:
        behind = self._behind.get(ticket.conversation_id)
        if behind is not None:
            behind.append(ticket)
        else:
            self._waiting.append(ticket)
            self._pump_soon()

    def _pump_soon(self) -> None:
        """At the end of this turn of the event loop: whoever comes in the same turn, or was just answered and goes on,
        is in the same batch."""
        if not self._is_pumping:
            self._is_pumping = True
            self._loop.call_soon(self._pump)

    def _pump(self) -> None:
        """Send what can be sent now."""
        self._is_pumping = False
        if not all(lane.is_open for lane in self._lanes):
            self._open_soon()
        while self._busy and (lane := self._free_lane()):
            self._send_alone(self._busy.popleft(), lane)
        if not (self._waiting or self._singly) or self._batch_in_flight:
            return
        if self._batch.is_open:
            self._send_next()
        else:
            self._pass_by()

    @property
    def _batch_in_flight(self) -> bool:
        return self._batch.is_open and not self._batch.is_free

    def _free_lane(self) -> Lane | None:
        return next((lane for lane in self._lone if lane.is_free), None)

    def _pass_by(self) -> None:
        """There is no lane yet, or none any more: the pool takes what waits."""
        waiting, self._singly, self._waiting = (*self._singly, *self._waiting), deque(), deque()
        for ticket in waiting:
            ticket.settle(Verdict.UNKNOWN)

    # --- alone -------------------------------------------------------------------------------

    def _hold_and_send(self, ticket: Ticket, lane: Lane) -> None:
        self._behind[ticket.conversation_id] = deque()
        self._send_alone(ticket, lane)

    def _send_alone(self, ticket: Ticket, lane: Lane) -> None:
        lane.send(_ONE, ticket.parameters, lambda answer: self._alone_done(ticket, answer))

    def _alone_done(self, ticket: Ticket, answer: list[Row] | psycopg.Error) -> None:
        if isinstance(answer, psycopg.Error):
            ticket.settle(_verdict_of(answer))
        elif not answer:
            ticket.settle(Verdict.REFUSED)
        else:
            self._store([(ticket, answer[0])])
        # In front: they came before those that wait now.
        self._waiting.extendleft(reversed(self._behind.pop(ticket.conversation_id)))
        self._pump_soon()

    # --- together ----------------------------------------------------------------------------

    def _send_next(self) -> None:
        is_broken, tickets = bool(self._singly), self._next_batch()
        if not tickets and self._waiting:
            is_broken, tickets = False, self._next_batch()
        if len(tickets) == 1 and not is_broken and (lane := self._free_lane()):
            self._hold_and_send(tickets[0], lane)
        elif tickets:
            rows = batch_of([ticket.parameters for ticket in tickets])
            self._batch.send(_MANY, rows, lambda answer: self._batch_done(tickets, answer))

    def _next_batch(self) -> list[Ticket]:
        """The next of a broken batch by itself, else all that wait; never of a conversation that is held."""
        source, most = (self._singly, 1) if self._singly else (self._waiting, LARGEST_BATCH)
        batch: list[Ticket] = []
        while source and len(batch) < most:
            ticket = source.popleft()
            behind = self._behind.get(ticket.conversation_id)
            if behind is None:
                batch.append(ticket)
            else:
                behind.append(ticket)
        return batch

    def _batch_done(self, tickets: Sequence[Ticket], answer: list[Row] | psycopg.Error) -> None:
        if not isinstance(answer, psycopg.Error):
            self._settle(tickets, answer)
        elif len(tickets) > 1 and not isinstance(answer, ConnectionLost):
            self._singly.extend(tickets)
        else:
            for ticket in tickets:
                ticket.settle(_verdict_of(answer))
        self._pump_soon()

    def _settle(self, tickets: Sequence[Ticket], rows: Sequence[Row]) -> None:
        stored = []
        for ticket, (*row, verdict) in zip(tickets, rows, strict=True):
            name = (verdict or b"").decode()
            if name == "ok":
                stored.append((ticket, tuple(row)))
            elif name == "busy":
                self._wait_alone(ticket)
            else:
                ticket.settle(_VERDICTS[name])
        self._store(stored)

    def _wait_alone(self, ticket: Ticket) -> None:
        """Somebody holds the conversation: the first goes through ONE, which waits, the rest behind it."""
        behind = self._behind.get(ticket.conversation_id)
        if behind is None:
            self._behind[ticket.conversation_id] = deque()
            self._busy.append(ticket)
        else:
            behind.append(ticket)

    # --- out ---------------------------------------------------------------------------------

    def _store(self, stored: Sequence[tuple[Ticket, Row]]) -> None:
        """Answer the writers and tell the sockets, in the order of the numbers."""
        done = [Appended.of(ticket.event, ticket.parameters, row) for ticket, row in stored]
        for (ticket, _), appended in zip(stored, done, strict=True):
            ticket.settle(appended.event)
        news.tell(done)

    # --- lanes -------------------------------------------------------------------------------

    def _open_soon(self) -> None:
        if (self._opening is None or self._opening.done()) and self._loop.time() >= self._open_at:
            self._open_at = self._loop.time() + REOPEN_SECONDS
            self._opening = self._loop.create_task(self._open(), name="append-lanes")

    async def _open(self) -> None:
        try:
            for lane in self._lanes:
                if not lane.is_open:
                    await lane.open()
        except psycopg.OperationalError as error:
            logger.warning("no lane to PostgreSQL, the pool is used: %s", error)


def _verdict_of(error: psycopg.Error) -> Verdict | psycopg.Error:
    if isinstance(error, ConnectionLost):
        return Verdict.UNKNOWN
    return Verdict.REPEAT if is_repeat(error) else error


_batchers: WeakKeyDictionary[asyncio.AbstractEventLoop, Batcher] = WeakKeyDictionary()


def current_batcher() -> Batcher:
    """Return this event loop's batcher; it closes with the loop's pool."""
    loop = asyncio.get_running_loop()
    if loop not in _batchers:
        _batchers[loop] = Batcher()
        on_close(_close_batcher)
    return _batchers[loop]


async def _close_batcher() -> None:
    await _batchers.pop(asyncio.get_running_loop()).close()
