"""A client that knows the published Messaging API only goes through its three orders, and a time-out besides."""

import asyncio
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

from tests.journeys.outside import DeskAgent

pytestmark = pytest.mark.xdist_group("journeys")

HERE = Path(__file__).parent
SCRIPT, PLACES = HERE / "published_client.py", HERE / "published_places.py"
WITHIN = 90


@pytest.fixture(scope="module")
def places(system):
    """The demo with a place for every order."""
    system.stack.manage("shell", "-c", PLACES.read_text(encoding="utf-8"))
    return system


def begin(system, order: str, text: str) -> subprocess.Popen[str]:
    command = [sys.executable, SCRIPT, system.stack.folder / "demo.json", order, "--say", text]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(client: subprocess.Popen[str], order: str) -> None:
    out, err = client.communicate(timeout=WITHIN)
    assert client.returncode == 0, f"{out}\n{err[-3000:]}"
    assert out.splitlines()[-1] == f"{order}: as published"


@pytest.mark.parametrize(
    ("order", "text"),
    [
        ("client-managed", "Zanzibar app kumquat"),
        ("failed", "Zanzibar closed kumquat"),
        ("timed-out", "Zanzibar slow kumquat"),
    ],
)
def test_an_order_that_needs_no_person_of_ours_is_as_published(places, order, text):
    finish(begin(places, order, text), order)


def test_the_server_managed_order_is_as_published(places):
    client = begin(places, "server-managed", "I want to speak to a person please")
    assert client.stdout is not None
    session_id = client.stdout.readline().split()[1]

    user = next(user for user in places.demo["users"] if user["role"] == "agent")
    asyncio.run(serve(DeskAgent(places.demo, user), session_id))

    finish(client, "server-managed")


async def serve(agent: DeskAgent, session_id: str) -> None:
    """Claim it, answer, wait for the thanks, close with an outcome."""
    where = f"inbox/{session_id}"
    claim = await until(lambda: agent.post(f"{where}/claim"), lambda answer: answer[0] == 200)
    epoch = claim[1]["epoch"]
    said = {"text": "Hello, I have it", "epoch": epoch, "client_id": str(uuid.uuid4())}
    assert (await agent.post(f"{where}/messages", **said))[0] == 201
    await until(lambda: agent.get(f"{where}/events?after=0"), lambda answer: "that is all" in str(answer))
    code = (await agent.get(where))["dispositions"][0]["code"]
    status, closed = await agent.post(f"{where}/close", code=code, resolved=True, epoch=epoch)
    assert status == 200, closed


async def until(ask, is_met):
    for _ in range(100):
        answer = await ask()
        if is_met(answer):
            return answer
        await asyncio.sleep(0.2)
    raise AssertionError(f"it never came: {answer}")
