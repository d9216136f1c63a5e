"""Inbox sockets of real people against the real server."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from conversations.models import Project, User
from handoffs.services.socket_tickets import issue_socket_ticket
from tests.servers import server, session_server
from tests.wire import check_inbox_frame

__all__ = ["server", "session_server"]

PATIENCE = 5


@dataclass
class InboxSocket:
    """A script's end of the socket."""

    connection: ClientConnection

    def hear(self, kind: str) -> dict:
        """Read on to the next frame of this type."""
        while True:
            frame = self.next()
            if frame["type"] == kind:
                return frame

    def next(self) -> dict:
        frame = json.loads(self.connection.recv(timeout=PATIENCE))
        check_inbox_frame(frame)
        return frame

    def say(self, **frame) -> None:
        self.connection.send(json.dumps(frame))

    def html(self, needle: str) -> str:
        """Read on to the next fragment that holds the needle."""
        while needle not in (text := str(self.connection.recv(timeout=PATIENCE))):
            pass
        return text

    def read_on(self) -> None:
        while True:
            self.connection.recv(timeout=PATIENCE)

    def closed_with(self) -> tuple[int, str]:
        """Read on to the end: how the socket was closed, and why."""
        with pytest.raises(ConnectionClosed) as closed:
            self.read_on()
        assert closed.value.rcvd is not None
        return closed.value.rcvd.code, closed.value.rcvd.reason


Dial = Callable[..., InboxSocket]


@pytest.fixture
def dial(server) -> Iterator[Dial]:
    """Open a socket with the given query and headers."""
    with ExitStack() as stack:

        def by(headers: dict[str, str] | None = None, **query: str) -> InboxSocket:
            words = "&".join(f"{name}={value}" for name, value in query.items())
            opened = connect(f"{server.ws_url}/ws/inbox?{words}", additional_headers=headers or {}, compression=None)
            return InboxSocket(stack.enter_context(opened))

        yield by


@pytest.fixture
def sit(dial, project) -> Callable[..., InboxSocket]:
    """Open the socket of a person with a ticket."""

    def by(user: User, place: Project = project, **query: str) -> InboxSocket:
        return dial(project_id=str(place.pk), ticket=issue_socket_ticket(user=user), **query)

    return by
