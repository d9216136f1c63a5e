"""How quiet the machine is: an echo before and after, and what the host gave to others meanwhile."""

import asyncio
import time
from dataclasses import dataclass

from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from bench.bands import percentile
from bench.machine import steal_seconds
from bench.runner import moved
from bench.servers import serving
from bench.talks import LOGGER

SECONDS = 1.0
NOISY_FROM = 0.3


class Echo(WSListener):
    """Sends again as soon as something came back."""

    def __init__(self) -> None:
        self.times: list[float] = []

    def on_ws_connected(self, transport: WSTransport) -> None:
        self.transport = transport
        self.send()

    def send(self) -> None:
        self._sent = time.perf_counter()
        self.transport.send(WSMsgType.TEXT, b"x" * 120)

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        self.times.append(time.perf_counter() - self._sent)
        self.send()


@dataclass(frozen=True, slots=True)
class Moment:
    """echo: the median, in µs; steal, at: seconds."""

    echo: float
    steal: float
    at: float


async def look() -> Moment:
    echo = Echo()
    async with serving("bench.floors.echo:application") as server:
        await ws_connect(lambda: echo, f"ws://127.0.0.1:{server.port}/", logger_name=LOGGER)
        await asyncio.sleep(SECONDS)
        echo.transport.disconnect(graceful=False)
    return Moment(percentile(echo.times, 0.5) * 1e6, steal_seconds(), time.monotonic())


def compared(before: Moment, after: Moment) -> str:
    """One line on how the machine behaved between two looks."""
    change = moved(before.echo, after.echo)
    noisy = f": noisy, the median moved by {change:.0%}" if change > NOISY_FROM else ""
    seconds = after.at - before.at
    return (
        f"Bare echo {before.echo:.0f} µs before, {after.echo:.0f} µs after{noisy}."
        f" Steal {after.steal - before.steal:.1f} s in {seconds:.0f} s."
    )
