"""Scenario 11: GET one handoff by the caller's own id, 16 connections."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from asgiref.sync import sync_to_async
from psycopg.types.json import Jsonb

from bench import database
from bench.bands import Limits, percentile
from bench.ours import connector
from bench.requests import Asker, ask_for
from bench.scenario import FLOOR, OURS, TEXTBOOK, Cell, Faults, Figure, Judged, Measure, Scale, Scenario
from bench.servers import serving
from bench.sides import SIDES as PATHS
from bench.waiting import PAYLOAD, create_waiting
from conversations.domain.permissions import ApiScope
from conversations.domain.vocabulary import Environment
from conversations.services.api_keys import create_project_key

CONNECTIONS, HANDOFFS = 16, 2000
APPLICATIONS = {FLOOR: "bench.floors.read:application"} | {side: PATHS[side].application for side in (TEXTBOOK, OURS)}
# The counter of calls stays on and high: it is part of what a call costs.
ENVIRONMENTS = {TEXTBOOK: PATHS[TEXTBOOK].environment, OURS: {"API_CALLS_PER_MINUTE": "1000000"}}
SHARED_IDS = "SELECT c.shared_id FROM conversation c JOIN handoff h ON h.conversation_id = c.id WHERE h.id = ANY(%s)"
TEXTBOOK_ROWS = """
WITH r AS (INSERT INTO textbook.textbook_room (id, last) VALUES (%(room)s, 0) RETURNING id),
     k AS (INSERT INTO textbook.textbook_key (digest) VALUES (%(digest)s))
INSERT INTO textbook.textbook_handoff (shared_id, room_id, state, reason, utterance, destination, data, initiated_at)
SELECT unnest(%(ids)s::text[]), id, 'queued', 'billing', 'I want a human', 'Billing', %(data)s, now() FROM r
"""


@asynccontextmanager
async def open_sides(scale: Scale) -> AsyncIterator[Measure]:
    addresses, key = await sync_to_async(prepare)(scale.of(HANDOFFS))
    async with AsyncExitStack() as stack:
        servers = {
            side: await stack.enter_async_context(serving(application, ENVIRONMENTS.get(side)))
            for side, application in APPLICATIONS.items()
        }

        async def measure(side: str, seconds: float) -> Cell:
            requests = [request(address, key) for address in addresses[side]]
            askers = [await connect(requests, servers[side].port) for _ in range(CONNECTIONS)]
            before = servers[side].cpu_seconds, time.process_time()
            times, rate, refused = await ask_for(askers, seconds)
            for asker in askers:
                asker.close()
            return Cell(
                {
                    "rate": rate,
                    "p50": percentile(times, 0.5) * 1e6,
                    "p99": percentile(times, 0.99) * 1e6,
                    "CPU": (servers[side].cpu_seconds - before[0]) / len(times) * 1e6,
                    "client": (time.process_time() - before[1]) / len(times) * 1e6,
                },
                Faults(lost=refused),
            )

        yield measure


def prepare(count: int) -> tuple[dict[str, list[str]], str]:
    """Make handoffs and a key on all sides; return the paths by side, and the key's text."""
    project = connector().project
    _, key = create_project_key(project=project, environment=Environment.LIVE, name="Bench", scopes=[ApiScope.HANDOFF])
    with database.connect() as connection:
        handoffs = create_waiting(connection, [datetime.now(UTC) + timedelta(days=1)] * count)
        shared_ids = [row[0] for row in connection.execute(SHARED_IDS, [handoffs])]
        values = {
            "room": uuid.uuid4(),
            "digest": sha256(key.encode()).hexdigest(),
            "ids": shared_ids,
            "data": Jsonb(PAYLOAD),
        }
        connection.execute(TEXTBOOK_ROWS, values)
        connection.execute("ANALYZE")
    prefixes = {
        FLOOR: "/handoff_state?shared_id=",
        TEXTBOOK: "/handoffs/",
        OURS: f"/v1/{project.account_id}/{project.pk}/handoff_state?shared_id=",
    }
    return {side: [prefix + shared_id for shared_id in shared_ids] for side, prefix in prefixes.items()}, key


def request(path: str, key: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nx-api-key: {key}\r\n\r\n".encode()


async def connect(requests: Sequence[bytes], port: int) -> Asker:
    _, asker = await asyncio.get_running_loop().create_connection(lambda: Asker(requests), "127.0.0.1", port)
    return asker


SCENARIO = Scenario(
    number=11,
    name="read-handoff",
    measures=f"GET one of {HANDOFFS:,} handoffs by the caller's own id with an API key, {CONNECTIONS} connections.",
    sides={
        FLOOR: "a bare ASGI application; key and handoff in one statement, the answer built by PostgreSQL",
        TEXTBOOK: "a generic DRF view with a ModelSerializer, Django's connection pool",
        OURS: "`handoff_state` of the Handoff API, its counter of calls on",
    },
    figures=(
        Figure("rate", "answers/s"),
        Figure("p50", "µs"),
        Figure("p99", "µs"),
        Figure("CPU", "server µs an answer"),
        Figure("client", "client µs an answer"),
    ),
    judged=(Judged(figure="rate", limits=Limits(7, 12, 20), more_is_better=True),),
    open=open_sides,
)
