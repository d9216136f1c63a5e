"""A customer's client for tests: the published envelope over a real socket, and nothing of our code."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.wire import check_customer_frame

WITHIN = 5.0
PREFIX = "EVENT_TYPE_"

Frame = dict[str, Any]


@dataclass
class CustomerSocket:
    """One socket. `events`: every frame so far, batches opened, in the order of their arrival."""

    connection: ClientConnection
    events: list[Frame] = field(default_factory=list)

    def send(self, kind: str, payload: dict | None = None, **more: Any) -> None:
        self.send_text(json.dumps({"type": PREFIX + kind, "payload": payload or {}, **more}))

    def send_text(self, text: str | bytes) -> None:
        self.connection.send(text)

    def read(self, within: float = WITHIN) -> list[Frame]:
        """Read one message; return its events (those of a batch, or itself)."""
        frame = json.loads(self.connection.recv(within))
        check_customer_frame(frame)
        events = frame["payload"]["events"] if frame["type"] == f"{PREFIX}EVENT_BATCH" else [frame]
        self.events += events
        return events

    def until(self, met: Callable[[Frame], bool], within: float = WITHIN) -> Frame:
        """Read on until an event meets it, and return that."""
        end = time.monotonic() + within
        while True:
            for event in self.read(max(end - time.monotonic(), 0.001)):
                if met(event):
                    return event

    def until_kind(self, kind: str, within: float = WITHIN) -> Frame:
        return self.until(lambda event: event["type"] == PREFIX + kind, within)

    def says(self, text: str, client_id: str | None = None) -> Frame:
        """Send a message and return its echo; the echo is behind everything that was stored before it."""
        self.send("USER_MESSAGE", {"text": text}, **({"id": client_id} if client_id else {}))
        return self.until(lambda event: event["payload"].get("text") == text)

    def says_when_it_may(self, text: str, within: float = WITHIN) -> Frame:
        """Send a message again and again until the rate limit lets it through; return its echo."""
        echo = f"{PREFIX}USER_MESSAGE"
        end = time.monotonic() + within
        while time.monotonic() < end:
            self.send("USER_MESSAGE", {"text": text})
            answer = self.until(lambda event: event["type"] == echo or text in event["payload"].get("message", ""))
            if answer["type"] == echo:
                return answer
        raise TimeoutError(f"{text!r} was never let through")

    def beats(self) -> Frame:
        """Send a heartbeat and return its echo: the socket is alive and its client is heard."""
        self.send("HEARTBEAT")
        return self.until_kind("HEARTBEAT")

    @property
    def sequences(self) -> list[int]:
        return [event["sequence"] for event in self.events if event["sequence"] is not None]

    @property
    def kinds(self) -> list[str]:
        return [event["type"].removeprefix(PREFIX) for event in self.events]

    @property
    def notices(self) -> list[str]:
        """What the system told this client, errors only."""
        return [
            event["payload"]["message"]
            for event in self.events
            if event["payload"].get("level") == "SYSTEM_MESSAGE_LEVEL_ERROR"
        ]

    def reads_until_closed(self) -> int | None:
        """Read whatever still comes; return the code with which the server closed."""
        try:
            while True:
                self.read()
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else None

    def cut(self) -> None:
        """Lose the network: no closing handshake."""
        self.connection.socket.close()


@contextmanager
def open_socket(
    ws_url: str, *, origin: str | None = None, headers: dict[str, str] | None = None, **query: object
) -> Iterator[CustomerSocket]:
    """Connect; raises websockets' InvalidStatus when the handshake is refused."""
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    url, times = f"{ws_url}/ws?{asked}", {"open_timeout": WITHIN, "close_timeout": 1}
    with connect(url, origin=origin, additional_headers=headers or {}, **times) as connection:
        yield CustomerSocket(connection)


def wait_until(met, within: float = 5.0):
    """Ask again and again until the answer is true; return it."""
    end = time.monotonic() + within
    while not (answer := met()):
        assert time.monotonic() < end, "this has not come true"
        time.sleep(0.01)
    return answer
