"""Kill -9 at the worst moments: nothing is lost, nothing doubled, and the other side sees it without being asked.

Two web processes run, since the sockets of a killed one are gone with it: the customer's own socket is on the
first, the other side's on the second.
"""

import asyncio
import time
import uuid
from collections import Counter
from dataclasses import replace

import pytest

from studio.processes import web
from tests.journeys.outside import Customer, DeskAgent
from tests.stack import free_port, is_ready, wait_until

pytestmark = pytest.mark.xdist_group("journeys")

SEES_WITHIN = 6.0
ROUNDS = [pytest.param(1, id="once"), pytest.param(20, id="twenty_times", marks=pytest.mark.soak)]


class Scene:
    """A customer on the first web process, the same session watched on the second, and an agent."""

    def __init__(self, system, second_port: int) -> None:
        self.system = system
        self.second = {
            **system.demo,
            "base_url": f"http://127.0.0.1:{second_port}",
            "ws_url": f"ws://127.0.0.1:{second_port}",
        }
        self.user = next(user for user in system.demo["users"] if user["role"] == "agent")

    async def open(self) -> None:
        self.customer = Customer(self.system.demo)
        await self.customer.open()
        await self.customer.hear("POLY_AGENT_MESSAGE")
        self.other = Customer(self.second)
        self.other.session_id, self.other.token = self.customer.session_id, self.customer.token
        await self.other.connect()
        await self.other.hear("POLY_AGENT_MESSAGE")

    async def close(self) -> None:
        await self.customer.socket.close()
        await self.other.socket.close()

    async def wait_in_line(self) -> None:
        await self.customer.say("I want to talk to a person please")
        await self.other.hear("HANDOFF_QUEUE_STATUS")

    def agent(self, demo) -> DeskAgent:
        return DeskAgent(demo, self.user)

    @property
    def inbox(self) -> str:
        return f"inbox/{self.customer.session_id}"

    def texts(self) -> list[str]:
        rows = self.system.stack.rows(
            "SELECT payload->>'text' FROM event WHERE conversation_id = %s AND payload ? 'text'",
            uuid.UUID(self.customer.session_id),
        )
        return [text for (text,) in rows]

    def types(self) -> Counter[str]:
        rows = self.system.stack.rows(
            "SELECT type FROM event WHERE conversation_id = %s", uuid.UUID(self.customer.session_id)
        )
        return Counter(kind for (kind,) in rows)

    def pushed(self):
        """What the CRM was told about this conversation."""
        calls = self.system.crm.calls
        return [call for call in calls if call.json["data"].get("conversation_id") == self.customer.session_id]

    def after_death_at(self, point: str) -> None:
        """Wait until the fuse has gone and start the dead process again, as the supervisor would."""
        stack = self.system.stack
        wait_until(lambda: not stack.is_armed(point) and stack.revive(), f"death at {point}", seconds=30)


@pytest.fixture(scope="module")
def second_web(system):
    stack, port = system.stack, free_port()
    stack.processes = {**stack.processes, "web2": replace(web(host="127.0.0.1", port=port), name="web2")}
    stack.start("web2")
    wait_until(lambda: is_ready(f"http://127.0.0.1:{port}"), "the second web process", seconds=60)
    return port


@pytest.fixture
def scene(system, second_web) -> Scene:
    return Scene(system, second_web)


async def repeat(rounds: int, scene: Scene, act) -> None:
    for number in range(1, rounds + 1):
        await scene.open()
        await act(scene, number)
        await scene.close()


@pytest.mark.parametrize("rounds", ROUNDS)
async def test_after_append(scene, rounds):
    await repeat(rounds, scene, die_after_append)


async def die_after_append(scene: Scene, number: int) -> None:
    text, client_id = f"Did this arrive, {number}?", str(uuid.uuid4())
    scene.system.stack.arm("after_append")
    began = time.monotonic()
    await scene.customer.socket.send(user_message(text, client_id))

    await scene.other.hear("USER_MESSAGE", lambda payload: payload["text"] == text)
    assert time.monotonic() - began < SEES_WITHIN

    await asyncio.to_thread(scene.after_death_at, "after_append")
    await asyncio.to_thread(scene.system.stack.wait_for_web)
    await scene.customer.connect(cursor=len(scene.customer.kinds))
    await scene.customer.socket.send(user_message(text, client_id))
    await scene.customer.hear("USER_MESSAGE", lambda payload: payload["text"] == text)
    assert scene.texts().count(text) == 1


def user_message(text: str, client_id: str) -> str:
    return f'{{"type": "EVENT_TYPE_USER_MESSAGE", "id": "{client_id}", "payload": {{"text": "{text}"}}}}'


@pytest.mark.parametrize("rounds", ROUNDS)
async def test_after_claim(scene, rounds):
    await repeat(rounds, scene, die_after_claim)


async def die_after_claim(scene: Scene, number: int) -> None:
    await scene.wait_in_line()
    scene.system.stack.arm("after_claim")
    with pytest.raises((OSError, ValueError)):
        await scene.agent(scene.system.demo).post(f"{scene.inbox}/claim")

    await scene.other.hear("LIVE_AGENT_JOINED")
    await asyncio.to_thread(scene.after_death_at, "after_claim")
    await asyncio.to_thread(scene.system.stack.wait_for_web)
    status, _ = await scene.agent(scene.system.demo).post(f"{scene.inbox}/claim")
    assert status == 200
    assert scene.types()["human.joined"] == 1


@pytest.mark.parametrize("rounds", ROUNDS)
async def test_between_sending_and_storing_the_push_back(scene, rounds):
    await repeat(rounds, scene, die_with_the_push_sent)


async def die_with_the_push_sent(scene: Scene, number: int) -> None:
    await scene.wait_in_line()
    agent = scene.agent(scene.second)
    _, claim = await agent.post(f"{scene.inbox}/claim")
    code = (await agent.get(scene.inbox))["dispositions"][0]["code"]
    await asyncio.to_thread(everything_delivered, scene)
    scene.system.stack.arm("push_sent_not_stored")
    status, _ = await agent.post(f"{scene.inbox}/close", code=code, resolved=True, epoch=claim["epoch"])
    assert status == 200

    await asyncio.to_thread(scene.after_death_at, "push_sent_not_stored")
    await asyncio.to_thread(everything_delivered, scene)
    pushed = [
        call for call in scene.system.crm.calls if call.json["data"].get("conversation_id") == scene.customer.session_id
    ]
    outcomes = {call.event_id for call in pushed if call.json["event"] == "outcome.recorded"}
    assert len(outcomes) == 1
    assert all(call.is_signed for call in pushed)


def everything_delivered(scene: Scene) -> None:
    """Nothing promised is left, in the outbox or at the senders."""
    left = "SELECT (SELECT count(*) FROM outbox) + (SELECT count(*) FROM delivery WHERE state <> 'delivered')"
    wait_until(lambda: scene.system.stack.rows(left) == [(0,)], "delivery of everything", seconds=60)


@pytest.mark.parametrize("rounds", ROUNDS)
async def test_mid_outbox(scene, rounds):
    await repeat(rounds, scene, die_mid_outbox)


async def die_mid_outbox(scene: Scene, number: int) -> None:
    scene.system.stack.arm("mid_outbox")
    await scene.customer.say("How long does delivery take?")

    await asyncio.to_thread(scene.after_death_at, "mid_outbox")
    await asyncio.to_thread(everything_delivered, scene)
    await scene.other.hear("POLY_AGENT_MESSAGE")
    assert scene.types()["ai.message"] == 2  # the greeting and one answer


@pytest.mark.parametrize("rounds", ROUNDS)
async def test_mid_sweep(scene, rounds):
    await repeat(rounds, scene, die_mid_sweep)


async def die_mid_sweep(scene: Scene, number: int) -> None:
    await scene.wait_in_line()
    scene.system.stack.arm("mid_sweep")
    scene.system.stack.rows(
        "UPDATE deadline SET due_at = now() WHERE conversation_id = %s RETURNING 1",
        uuid.UUID(scene.customer.session_id),
    )

    await asyncio.to_thread(scene.after_death_at, "mid_sweep")
    await scene.other.hear("HANDOFF_TIMEOUT")
    await scene.other.hear("SYSTEM_MESSAGE")
    assert scene.types()["handoff.timed_out"] == 1
    assert scene.types()["ticket.opened"] == 1
