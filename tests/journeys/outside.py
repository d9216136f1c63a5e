"""The main job, run over and over by somebody who knows `demo.json` and the published protocol, nothing else.

python tests/journeys/outside.py path/to/demo.json --times 50
"""

import argparse
import asyncio
import json
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

import websockets

Frame = dict[str, Any]
PREFIX = "EVENT_TYPE_"
PATIENCE = 20.0


class Customer:
    """A widget: token, session, socket; remembers every frame in order."""

    def __init__(self, demo: Frame) -> None:
        self.demo = demo
        self.frames: list[Frame] = []
        self.unheard: deque[Frame] = deque()

    async def open(self) -> None:
        connector = self.demo["connector"]
        headers = {"X-Token": connector["token"], "X-Host": connector["host"]}
        _, token = await call(f"{self.demo['base_url']}/api/v1/access-token", headers, {})
        self.token = token["access_token"]
        bearer = {"Authorization": f"Bearer {self.token}"}
        _, session = await call(f"{self.demo['base_url']}/api/v1/sessions", bearer, {"platform": "custom"})
        self.session_id = session["session_id"]
        await self.connect()
        await self.send("REQUEST_POLY_AGENT_JOIN")

    async def connect(self, cursor: int = 0) -> None:
        query = f"session_id={self.session_id}&access_token={self.token}&cursor={cursor}"
        self.socket = await websockets.connect(f"{self.demo['ws_url']}/ws?{query}", max_size=None)

    async def send(self, kind: str, **payload: Any) -> None:
        await self.socket.send(json.dumps({"type": PREFIX + kind, "payload": payload, "id": str(uuid.uuid4())}))

    async def say(self, text: str) -> None:
        await self.send("USER_MESSAGE", text=text)

    async def hear(self, kind: str, where: Callable[[Frame], bool] = lambda payload: True) -> Frame:
        """Read on until a frame of this type whose payload fits has come, and return it."""
        while True:
            frame = await asyncio.wait_for(self._next(), PATIENCE)
            if frame["type"] == PREFIX + kind and where(frame["payload"]):
                return frame

    async def _next(self) -> Frame:
        while not self.unheard:
            frame: Frame = json.loads(await self.socket.recv())
            self.unheard.extend(frame["payload"]["events"] if frame["type"] == PREFIX + "EVENT_BATCH" else [frame])
        self.frames.append(self.unheard.popleft())
        return self.frames[-1]

    @property
    def kinds(self) -> list[str]:
        """The durable events in the order of their sequence."""
        durable = {frame["sequence"]: frame["type"].removeprefix(PREFIX) for frame in self.frames if frame["sequence"]}
        return [durable[sequence] for sequence in sorted(durable)]


class DeskAgent:
    """A script on an agent's desktop: the Desk API with a personal token."""

    def __init__(self, demo: Frame, user: Frame) -> None:
        self.base = f"{demo['base_url']}/api/v1/projects/{demo['project_id']}"
        self.headers = {"Authorization": f"Bearer {user['token']}"}

    async def get(self, path: str) -> Frame:
        _, answer = await call(f"{self.base}/{path}", self.headers)
        return answer

    async def post(self, path: str, **body: Any) -> tuple[int, Frame]:
        return await call(f"{self.base}/{path}", self.headers, body)


async def call(url: str, headers: dict[str, str], body: Frame | None = None) -> tuple[int, Frame]:
    """POST when there is a body, else GET; return status and JSON. Errors of the server are answers too."""
    return await asyncio.to_thread(_call, url, headers, body)


def _call(url: str, headers: dict[str, str], body: Frame | None) -> tuple[int, Frame]:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json", **headers})
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return answer.status, json.loads(answer.read() or b"{}")
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read() or b"{}")


async def run_main_job(demo: Frame, agent: DeskAgent, number: int) -> float:
    """One customer from hello to a closed outcome; return the seconds it took."""
    began = time.monotonic()
    customer = Customer(demo)
    await customer.open()
    await customer.hear("POLY_AGENT_MESSAGE")
    await customer.say("How long does delivery take?")
    await customer.hear("POLY_AGENT_MESSAGE")
    await customer.say(f"I want to speak to a person please, this is case {number}")
    await customer.hear("POLY_AGENT_TRIGGERED_HANDOFF")
    await customer.hear("HANDOFF_QUEUE_STATUS")
    await customer.say(f"While I wait: the order is {number}")
    status, claim = await agent.post(f"inbox/{customer.session_id}/claim")
    assert status == 200, claim
    await customer.hear("LIVE_AGENT_JOINED")
    where = f"inbox/{customer.session_id}"
    reply = {"text": f"Hello, I have case {number}", "epoch": claim["epoch"], "client_id": str(uuid.uuid4())}
    status, sent = await agent.post(f"{where}/messages", **reply)
    assert status == 201, sent
    status, again = await agent.post(f"{where}/messages", **reply)
    assert (status, again) == (200, sent), again
    await customer.hear("LIVE_AGENT_MESSAGE", lambda payload: payload["text"] == reply["text"])
    code = (await agent.get(where))["dispositions"][0]["code"]
    facts = {"code": code, "resolved": True, "first_contact_resolved": True, "note": "", "epoch": claim["epoch"]}
    status, closed = await agent.post(f"{where}/close", **facts)
    assert status == 200, closed
    await customer.hear("SESSION_END")
    await customer.socket.close()
    assert customer.kinds[-3:] == ["LIVE_AGENT_MESSAGE", "LIVE_AGENT_LEFT", "SESSION_END"], customer.kinds
    texts = [event["payload"].get("text") for event in (await agent.get(f"{where}/events?after=0"))["events"]]
    assert texts.count(reply["text"]) == 1, texts
    assert texts.count(f"While I wait: the order is {number}") == 1, texts
    return time.monotonic() - began


async def run_all(demo: Frame, times: int, at_once: int) -> list[float]:
    user = next(user for user in demo["users"] if user["role"] == "agent")
    agent = DeskAgent(demo, user)
    gate = asyncio.Semaphore(at_once)

    async def one(number: int) -> float:
        async with gate:
            return await run_main_job(demo, agent, number)

    return await asyncio.gather(*(one(number) for number in range(1, times + 1)))


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("demo", type=Path)
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--at-once", type=int, default=5)
    options = parser.parse_args(arguments)
    demo = json.loads(options.demo.read_text(encoding="utf-8"))
    seconds = asyncio.run(run_all(demo, options.times, options.at_once))
    ordered = sorted(seconds)
    median, slowest = ordered[len(ordered) // 2], ordered[-1]
    print(f"{len(ordered)} of {options.times} done, median {median:.2f} s, slowest {slowest:.2f} s")


if __name__ == "__main__":
    main(sys.argv[1:])
