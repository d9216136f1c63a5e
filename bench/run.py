"""One message end to end, ours beside the floor in the same run.

A customer's socket sends a message, a second socket of the same conversation receives it: stored durably in
between. Repetitions are interleaved and the ratio of each pair is printed; absolute times are the machine's.
"""

import asyncio
import json
import os
import platform
import statistics
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Awaitable, Callable
from contextlib import contextmanager, suppress
from urllib.error import URLError

import django
import websockets

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")
django.setup()

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from conversations.models import Account, Connector, Conversation, Customer, Project
from conversations.services.access_tokens import issue_access_token

REPETITIONS, MESSAGES, WARM_UP = 5, 400, 50
TEXT = "x" * 120
PORTS = {"ours": 8971, "floor": 8972}
APPLICATIONS = {"ours": "studio.asgi:application", "floor": "bench.floor:application"}
SERVER = "--ws websockets-sansio --ws-per-message-deflate false --lifespan off --loop uvloop --http httptools"


@contextmanager
def serving(name: str):
    """Run one of the two applications under the same server with the same options."""
    argv = [sys.executable, "-m", "uvicorn", APPLICATIONS[name], "--port", str(PORTS[name]), "--log-level", "warning"]
    child = subprocess.Popen([*argv, *SERVER.split()])
    try:
        wait_for(PORTS[name])
        yield child.pid
    finally:
        child.terminate()
        child.wait(15)


def wait_for(port: int) -> None:
    for _ in range(300):
        with suppress(URLError, ConnectionError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1)
            return
        time.sleep(0.2)
    raise SystemExit(f"nothing answers on port {port}")


def our_address() -> str:
    """A conversation that is with a human, so that no turn of the AI runs beside the measurement."""
    account = Account.objects.create(name="Bench")
    project = Project.objects.create(account=account, name=f"Bench {uuid.uuid4()}")
    connector = Connector.objects.create(project=project, environment="live", name="Bench", hosts=["localhost"])
    conversation = Conversation.objects.create(
        project=project,
        environment="live",
        channel="web_chat",
        connector=connector,
        customer=Customer.objects.create(project=project, environment="live"),
        owner_kind="human",
        owner_id="bench",
    )
    token = issue_access_token(token=connector.token, host="localhost", at=timezone.now())
    return f"ws://127.0.0.1:{PORTS['ours']}/ws?session_id={conversation.id}&access_token={token}"


def floor_address() -> str:
    return f"ws://127.0.0.1:{PORTS['floor']}/?room={uuid.uuid4()}"


async def measure(address: str, frame: Callable[[int], str], holds: Callable[[str, int], bool]) -> list[float]:
    """Send one message after the other; return microseconds from sending to the other socket's receiving."""
    async with websockets.connect(address) as sender, websockets.connect(address) as receiver:
        drain = asyncio.create_task(read_away(sender))
        seconds = [await one(sender.send, receiver, frame(n), n, holds) for n in range(WARM_UP + MESSAGES)]
        drain.cancel()
    return [second * 1e6 for second in seconds[WARM_UP:]]


async def one(
    send: Callable[[str], Awaitable[None]], receiver, text: str, number: int, holds: Callable[[str, int], bool]
) -> float:
    began = time.perf_counter()
    await send(text)
    while not holds(await asyncio.wait_for(receiver.recv(), 10), number):
        pass
    return time.perf_counter() - began


async def read_away(socket) -> None:
    async for _ in socket:
        pass


def our_frame(number: int) -> str:
    return json.dumps({"type": "EVENT_TYPE_USER_MESSAGE", "payload": {"text": f"{number} {TEXT}"}})


def floor_frame(number: int) -> str:
    return json.dumps({"text": f"{number} {TEXT}"})


def holds_number(text: str, number: int) -> bool:
    return f'"{number} x' in text


def cpu_seconds(pid: int) -> float:
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measured(address: str, frame: Callable[[int], str], pid: int) -> tuple[float, float]:
    """Return the median latency and the server's CPU per message, both in microseconds."""
    before = cpu_seconds(pid)
    latencies = asyncio.run(measure(address, frame, holds_number))
    return statistics.median(latencies), (cpu_seconds(pid) - before) / (MESSAGES + WARM_UP) * 1e6


def spread(values: list[float], digits: int = 0) -> str:
    """min / median / max"""
    return " / ".join(f"{value:.{digits}f}" for value in (min(values), statistics.median(values), max(values)))


def durability() -> str:
    """How durable the server writes: both sides write to the same one."""
    with connection.cursor() as cursor:
        names = ("server_version", "fsync", "synchronous_commit")
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s) ORDER BY name", [list(names)])
        return ", ".join(f"{name} {value}" for name, value in cursor.fetchall())


def main() -> None:
    print(
        f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}, Django {django.__version__}"
    )
    print(f"{REPETITIONS} interleaved repetitions of {MESSAGES} messages, one conversation, one message outstanding")
    print(f"PostgreSQL: {durability()}")
    call_command("migrate", verbosity=0)
    rows: dict[str, list[tuple[float, float]]] = {"ours": [], "floor": []}
    with serving("ours") as ours, serving("floor") as floor:
        for _ in range(REPETITIONS):
            rows["floor"].append(measured(floor_address(), floor_frame, floor))
            rows["ours"].append(measured(our_address(), our_frame, ours))
    print("                 p50 us (min / median / max)    server CPU us per message")
    for name, values in rows.items():
        print(f"{name:16} {spread([v[0] for v in values]):30} {spread([v[1] for v in values])}")
    pairs = list(zip(rows["ours"], rows["floor"], strict=True))
    print(
        f"ours / floor     {spread([a[0] / b[0] for a, b in pairs], 2):30} {spread([a[1] / b[1] for a, b in pairs], 2)}"
    )


if __name__ == "__main__":
    main()
