"""A client that asks over connections kept open, one request under way on each."""

import asyncio
import random
import re
import time
from collections.abc import Sequence

LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
END_OF_HEAD = b"\r\n\r\n"
GOOD = b"HTTP/1.1 200 "


class Asker(asyncio.Protocol):
    """One connection: the next request goes out when the answer before it has come in."""

    def __init__(self, requests: Sequence[bytes]) -> None:
        self._requests = requests
        self.is_asking = False
        self.times: list[float] = []
        self.refused = 0
        self.idle = asyncio.Event()

    def connection_made(self, transport: asyncio.Transport) -> None:
        self._transport, self._buffer = transport, b""

    def ask(self) -> None:
        self.idle.clear()
        self._asked = time.perf_counter()
        self._transport.write(random.choice(self._requests))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, end, body = self._buffer.partition(END_OF_HEAD)
        found = LENGTH.search(head) if end else None
        if found is None or len(body) < int(found[1]):
            return
        self.times.append(time.perf_counter() - self._asked)
        self.refused += not self._buffer.startswith(GOOD)
        self._buffer = b""
        if self.is_asking:
            self.ask()
        else:
            self.idle.set()

    def close(self) -> None:
        self._transport.close()


async def ask_for(askers: Sequence[Asker], seconds: float) -> tuple[list[float], float, int]:
    """Ask for so long; return the seconds each answer took, the answers a second, and how many were no 200."""
    begun = time.perf_counter()
    for asker in askers:
        asker.times, asker.refused, asker.is_asking = [], 0, True
        asker.ask()
    await asyncio.sleep(seconds)
    for asker in askers:
        asker.is_asking = False
    await asyncio.gather(*(asker.idle.wait() for asker in askers))
    times = [value for asker in askers for value in asker.times]
    return times, len(times) / (time.perf_counter() - begun), sum(asker.refused for asker in askers)
