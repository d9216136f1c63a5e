"""The load: conversations of two sockets each, driven from one process by a client that parses in C."""

import asyncio
import logging
import random
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace

from picows import WSError, WSMsgType, ws_connect

from bench.bands import percentile
from bench.ear import Ear
from bench.scenario import Cell, Faults, Figure
from bench.servers import LOG, Server, Unusable, serving
from bench.sides import SIDES, Side

FIGURES = (
    Figure("p50", "µs"),
    Figure("p99", "µs"),
    Figure("rate", "messages/s"),
    Figure("CPU", "server µs a message"),
    Figure("client", "client µs a message"),
)
AT_ONCE = 64  # sockets that open at the same time
TICK_SECONDS = 0.001
DRAINED_WITHIN = 15.0
LOGGER = logging.getLogger("bench.client")
LOGGER.setLevel(logging.WARNING)


class Talk:
    """One conversation: what the sender says, both hear."""

    def __init__(self, load: "Load", frame: Callable[[int], bytes]) -> None:
        self._load, self._frame = load, frame
        self.sent: list[float] = []
        self.sender, self.receiver = Ear(self._echoed), Ear(self._delivered)

    async def open(self, servers: Sequence[Server], side: Side, room: uuid.UUID) -> None:
        """The sender at the first server, the receiver at the last."""
        await connect(self.sender, side.address(servers[0].port, room, None))
        await connect(self.receiver, side.address(servers[-1].port, room, None))

    def say(self) -> None:
        number = len(self.sent)
        self._load.outstanding += 2
        self.sent.append(time.perf_counter())
        self.sender.transport.send(WSMsgType.TEXT, self._frame(number))

    def _echoed(self, number: int, now: float) -> None:
        self._load.delivered_one()

    def _delivered(self, number: int, now: float) -> None:
        self._load.latencies.append(now - self.sent[number])
        if self._load.is_closed_loop:
            self.say()
        self._load.delivered_one()

    def faults(self) -> Faults:
        return self.sender.faults(len(self.sent)) + self.receiver.faults(len(self.sent))


class Load:
    """Drives conversations and waits until everything said was heard."""

    def __init__(self) -> None:
        self.outstanding = 0
        self.is_closed_loop = False
        self.latencies: list[float] = []
        self._drained = asyncio.Event()

    def delivered_one(self) -> None:
        self.outstanding -= 1
        if not self.outstanding:
            self._drained.set()

    async def closed_loop(self, talks: Sequence[Talk], seconds: float) -> float:
        """Keep one message of each conversation under way; return the messages delivered a second."""
        self.latencies = []
        begun = time.perf_counter()
        self.is_closed_loop = True
        for talk in talks:
            talk.say()
        await asyncio.sleep(seconds)
        self.is_closed_loop = False
        await self.drain()
        return len(self.latencies) / (time.perf_counter() - begun)

    async def open_loop(self, talks: Sequence[Talk], seconds: float, rate: float) -> float:
        """Say so many messages a second, whether or not any answer comes; return the rate that came about."""
        self.latencies = []
        begun = time.perf_counter()
        due = random.expovariate(rate)
        while (passed := time.perf_counter() - begun) < seconds:
            while due < passed:
                random.choice(talks).say()
                due += random.expovariate(rate)
            await asyncio.sleep(TICK_SECONDS)
        await self.drain()
        return len(self.latencies) / seconds

    async def drain(self) -> None:
        """Wait for what is under way; what has not come by then counts as lost."""
        if self.outstanding:
            self._drained.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._drained.wait(), DRAINED_WITHIN)


@dataclass(frozen=True, slots=True)
class Room:
    """One server under load, or two with a socket of each conversation, and the conversations that are open."""

    servers: Sequence[Server]
    load: Load
    talks: Sequence[Talk]

    async def closed_loop(self, seconds: float) -> Cell:
        return await self._measured(lambda: self.load.closed_loop(self.talks, seconds))

    async def open_loop(self, seconds: float, rate: float) -> Cell:
        return await self._measured(lambda: self.load.open_loop(self.talks, seconds, rate))

    async def _measured(self, drive: Callable[[], "asyncio.Future[float]"]) -> Cell:
        before, faults = (self.cpu_seconds, time.process_time()), self.faults()
        rate = await drive()
        messages = len(self.load.latencies) or 1
        microseconds = [value * 1e6 for value in self.load.latencies]
        figures = {
            "p50": percentile(microseconds, 0.5),
            "p99": percentile(microseconds, 0.99),
            "rate": rate,
            "CPU": (self.cpu_seconds - before[0]) / messages * 1e6,
            "client": (time.process_time() - before[1]) / messages * 1e6,
        }
        change = self.faults() - faults
        return Cell(figures, replace(change, lost=max(0, change.lost)))  # what came after all was counted before

    @property
    def cpu_seconds(self) -> float:
        return sum(server.cpu_seconds for server in self.servers)

    def faults(self) -> Faults:
        return sum((talk.faults() for talk in self.talks), Faults())


async def connect(ear: Ear, address: str) -> None:
    """Raises Unusable when the server refuses."""
    try:
        await ws_connect(lambda: ear, address, websocket_handshake_timeout=60, logger_name=LOGGER)
    except (WSError, OSError) as error:
        raise Unusable(f"a socket was not opened: {error}, see {LOG}") from error


async def all_at_once(openings: Iterable["asyncio.Future[None]"], *, at_once: int = AT_ONCE) -> None:
    """Run many openings, so many at a time."""
    places = asyncio.Semaphore(at_once)

    async def run(opening: "asyncio.Future[None]") -> None:
        async with places:
            await opening

    await asyncio.gather(*map(run, openings))


@asynccontextmanager
async def talking(side: Side, count: int, *, processes: int = 1) -> AsyncIterator[Room]:
    """Serve a side with so many conversations open."""
    rooms = await side.create_rooms(count)
    async with AsyncExitStack() as stack:
        opening = (serving(side.application, side.environment) for _ in range(processes))
        servers = [await stack.enter_async_context(server) for server in opening]
        load = Load()
        talks = [Talk(load, side.frame) for _ in rooms]
        await all_at_once(talk.open(servers, side, room) for talk, room in zip(talks, rooms, strict=True))
        yield Room(servers, load, talks)
        for talk in talks:
            for ear in (talk.sender, talk.receiver):
                ear.transport.disconnect(graceful=False)


@asynccontextmanager
async def talking_each(names: Iterable[str], count: int) -> AsyncIterator[Mapping[str, Room]]:
    """Serve several sides with so many conversations open on each."""
    async with AsyncExitStack() as stack:
        yield {name: await stack.enter_async_context(talking(SIDES[name], count)) for name in names}
