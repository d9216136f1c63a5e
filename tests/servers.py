"""Real servers for tests: uvicorn in a thread, and Celery workers in this process.

A conftest that needs them imports the fixtures `server`, `session_server` and `worker` and lists them in `__all__`.
Tests that use `server` commit what they write (`transactional_db`), since the server has connections of its own.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
import uvicorn
from celery.contrib.testing.worker import start_worker

from conversations.database import close_async_pool
from conversations.realtime import close_bus
from conversations.services.open_sockets import close_open_sockets
from studio.processes import QUEUES

STARTS_WITHIN = 20
STOPS_WITHIN = 10
SETTLES_WITHIN = 5.0


@dataclass(frozen=True)
class RunningServer:
    """Where it listens: `http://127.0.0.1:<port>` and `ws://127.0.0.1:<port>`, without a slash at the end."""

    base_url: str
    ws_url: str
    is_idle: Callable[[], bool]

    def settle(self) -> None:
        """Wait until what was asked has been answered and the sockets are done: emptying the tables beside them would
        be a deadlock. Bounded: whoever keeps one open goes on."""
        until = time.monotonic() + SETTLES_WITHIN
        while not self.is_idle() and time.monotonic() < until:
            threading.Event().wait(0.01)


class ThreadedServer(uvicorn.Server):
    """Serves in a thread, and gives back what its event loop holds of PostgreSQL and Redis."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets=None) -> None:
        await super().startup(sockets)
        self.ready.set()

    async def shutdown(self, sockets=None) -> None:
        await super().shutdown(sockets)
        await close_open_sockets()
        await close_bus()
        await close_async_pool()


@contextmanager
def running_server() -> Iterator[RunningServer]:
    """Run the whole application on a free port of loopback, with the options of the real process."""
    # Imported late: it sets Django up, and the settings of this test worker must be in place before.
    from studio.asgi import application

    config = uvicorn.Config(
        application,
        host="127.0.0.1",
        port=0,
        lifespan="off",
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_max_size=262_144,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=2,
    )
    running = ThreadedServer(config)
    thread = threading.Thread(target=running.run, name="test-server", daemon=True)
    thread.start()
    if not running.ready.wait(STARTS_WITHIN):
        raise TimeoutError("the test server has not started")
    port = running.servers[0].sockets[0].getsockname()[1]
    try:
        yield RunningServer(
            f"http://127.0.0.1:{port}", f"ws://127.0.0.1:{port}", lambda: not running.server_state.tasks
        )
    finally:
        running.should_exit = True
        thread.join(STOPS_WITHIN)


@pytest.fixture(scope="session")
def session_server(django_db_setup) -> Iterator[RunningServer]:
    with running_server() as running:
        yield running


@pytest.fixture
def server(transactional_db, session_server) -> RunningServer:
    """The application over real HTTP and sockets, on this test's database; one server per test session."""
    return session_server


@pytest.fixture
def worker(transactional_db) -> Iterator[None]:
    """A Celery worker for every queue, in threads of this process. There is no beat: what only a beat would
    start, a test starts itself."""
    from studio.celery import app

    app.control.purge()
    options = {"queues": list(QUEUES), "concurrency": 4, "pool": "threads", "perform_ping_check": False}
    with start_worker(app, **options):
        yield
