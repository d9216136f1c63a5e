"""Whatever a client sends, in whatever order and size, cut off and come back: no socket breaks, no timeline does."""

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed

from conversations.domain.frames import CLIENT_TYPES, SERVER_WIRE_NAMES
from conversations.services.ownership import lock_conversation
from conversations.services.sessions import open_session
from tests.conversations.consumers.customer_client import PREFIX, CustomerSocket, open_socket
from tests.invariants import check_conversation

TOO_BIG = 1009
ROUNDS = [pytest.param(8, id="a_few"), pytest.param(400, id="many", marks=pytest.mark.soak)]

texts = st.one_of(st.text(max_size=60), st.just("x" * 131_000), st.just("é" * 70_000), st.just("\u0000"))
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)
types = st.sampled_from(sorted(PREFIX + name for name in CLIENT_TYPES | SERVER_WIRE_NAMES)) | st.text(max_size=20)
frames = st.fixed_dictionaries(
    {}, optional={"type": types | values, "payload": values, "id": values, "metadata": values, "more": values}
)
spoken = st.builds(
    lambda text, client_id: {"type": f"{PREFIX}USER_MESSAGE", "payload": {"text": text}, "id": client_id},
    texts,
    st.sampled_from(["a", "b", "c"]),
)
known = st.sampled_from(
    [
        {"type": f"{PREFIX}REQUEST_POLY_AGENT_JOIN", "payload": {}},
        {"type": f"{PREFIX}USER_TYPING", "payload": {"state": "TYPING_STATE_STARTED"}},
        {"type": f"{PREFIX}HEARTBEAT", "payload": {}},
        {"type": f"{PREFIX}USER_END_SESSION", "payload": {}},
    ]
)
sent = st.one_of(
    known.map(json.dumps),
    spoken.map(json.dumps),
    frames.map(json.dumps),
    st.text(max_size=80),
    st.binary(max_size=80),
    st.just("{" * 100_000),
)
cursors = st.one_of(st.integers(-2, 12).map(str), st.text("seq:0123456789", max_size=8), st.just("9" * 30))
steps = st.lists(
    st.one_of(
        st.tuples(st.just("send"), sent),
        st.tuples(st.just("cut"), st.none()),
        st.tuples(st.just("close"), st.none()),
        st.tuples(st.just("open"), cursors),
        st.tuples(st.just("read"), st.none()),
    ),
    max_size=25,
)


@dataclass
class Player:
    """A client that does what it is told, with whatever socket it has now."""

    open_one: Callable[[str], CustomerSocket]
    sockets: list[CustomerSocket] = field(default_factory=list)

    def play(self, steps: list[tuple[str, object]]) -> None:
        self.do_open("0")
        for verb, what in steps:
            try:
                getattr(self, f"do_{verb}")(what)
            except ConnectionClosed as closed:
                self.note(closed)
                self.do_open("0")

    def do_open(self, cursor: str) -> None:
        self.sockets.append(self.open_one(cursor))
        # Ten at most: the oldest makes room.
        if len(self.sockets) > 5:
            self.sockets.pop(0).connection.close()

    def do_send(self, text: str | bytes) -> None:
        self.sockets[-1].send_text(text)

    def do_cut(self, _: None) -> None:
        self.sockets.pop().cut()
        self.do_open("0")

    def do_close(self, _: None) -> None:
        self.sockets.pop().connection.close()
        self.do_open("0")

    def do_read(self, _: None) -> None:
        with suppress(TimeoutError):
            self.sockets[-1].read(0.05)

    @staticmethod
    def note(closed: ConnectionClosed) -> None:
        """Only what a frame far over the limit earns."""
        assert closed.rcvd is None or closed.rcvd.code == TOO_BIG, closed


@pytest.fixture
def errors() -> Iterator[list[logging.LogRecord]]:
    """What any logger of this process calls an error, the tests' own client apart: it calls a cut socket one."""
    found: list[logging.LogRecord] = []
    handler = logging.Handler(logging.ERROR)
    handler.emit = found.append
    handler.addFilter(lambda record: record.name != "websockets.client")
    loggers = [logging.getLogger(), logging.getLogger("uvicorn.error")]
    for logger in loggers:
        logger.addHandler(handler)
    yield found
    for logger in loggers:
        logger.removeHandler(handler)


@pytest.mark.parametrize("examples", ROUNDS)
@pytest.mark.parametrize("limited", [True, False], ids=["limited", "unlimited"])
def test_no_client_breaks_a_socket_or_a_timeline(
    server, release, connector, access_token, errors, settings_of_frames, examples, limited
):
    settings_of_frames(limited)

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(steps=steps)
    def play(steps: list[tuple[str, object]]) -> None:
        conversation = open_session(connector=connector, options={"streaming_enabled": len(steps) % 2 == 0})
        with ExitStack() as stack:

            def open_one(cursor: str) -> CustomerSocket:
                query = {"session_id": conversation.id, "access_token": access_token, "cursor": cursor}
                return stack.enter_context(open_socket(server.ws_url, **query))

            Player(open_one).play(steps)
            back = open_one("0")
            assert back.beats()
            assert back.sequences == list(range(1, len(back.sequences) + 1))
        # A frame of a socket that was cut may still be on its way into the timeline.
        with transaction.atomic():
            check_conversation(lock_conversation(conversation.id))
        assert not errors, [record.getMessage() for record in errors]

    play()


@pytest.fixture
def settings_of_frames(settings):
    def set_limit(limited: bool) -> None:
        settings.CUSTOMER_FRAMES_BURST, settings.CUSTOMER_FRAMES_PER_SECOND = (3, 50) if limited else (20, 0)

    return set_limit
