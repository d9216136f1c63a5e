"""A socket of the load that keeps the books of what it hears."""

import re
import time
from collections.abc import Callable

from picows import WSFrame, WSListener, WSTransport

from bench.scenario import Faults

NUMBER = re.compile(rb'"#(\d+) ')


class Ear(WSListener):
    """One socket. Counts the messages of its conversation: 0, 1, 2, …, each once and in this order."""

    transport: WSTransport

    def __init__(self, heard: Callable[[int, float], None]) -> None:
        self._heard = heard
        self.expected, self.doubled, self.reordered = 0, 0, 0
        self.missing: set[int] = set()

    def on_ws_connected(self, transport: WSTransport) -> None:
        self.transport = transport

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        now = time.perf_counter()
        for number in NUMBER.findall(frame.get_payload_as_bytes()):
            if self.counts(int(number)):
                self._heard(int(number), now)

    def counts(self, number: int) -> bool:
        """Whether it is the first time; keeps the books."""
        if number == self.expected:
            self.expected += 1
        elif number > self.expected:
            self.missing.update(range(self.expected, number))
            self.expected = number + 1
        elif number in self.missing:
            self.missing.discard(number)
            self.reordered += 1
        else:
            self.doubled += 1
            return False
        return True

    def faults(self, sent: int) -> Faults:
        return Faults(len(self.missing) + sent - self.expected, self.doubled, self.reordered)
