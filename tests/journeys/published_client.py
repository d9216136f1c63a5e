"""A customer's client written from the published Messaging API alone, which goes through one of its orders and
accepts exactly the frames of that order.

    python tests/journeys/published_client.py demo.json server-managed --say "I want to talk to a person"

It knows where the server is and a connector's token, nothing else; it prints `session <id>` when it has one, and
`<order>: as published` at the end.
"""

import argparse
import asyncio
import json
import sys
import uuid
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import websockets

Frame = dict[str, Any]
PREFIX = "EVENT_TYPE_"
PATIENCE = 30.0
CLEAN_CLOSE = 1000

JOIN = ["SESSION_START", "REQUEST_POLY_AGENT_JOIN", "POLY_AGENT_JOINED", "POLY_AGENT_MESSAGE"]
ASK = ["USER_MESSAGE", "POLY_AGENT_MESSAGE"]
LIVE = ["LIVE_AGENT_JOINED", "LIVE_AGENT_MESSAGE", "USER_MESSAGE", "LIVE_AGENT_LEFT", "SESSION_END"]
# Every frame with a sequence, queue status apart, which may come any number of times between accepted and joined.
ORDERS = {
    "server-managed": [*JOIN, *ASK, "POLY_AGENT_TRIGGERED_HANDOFF", "POLY_AGENT_LEFT", "HANDOFF_ACCEPTED", *LIVE],
    "client-managed": [*JOIN, *ASK, "POLY_AGENT_TRIGGERED_HANDOFF", "CLIENT_HANDOFF_REQUIRED", "POLY_AGENT_LEFT"],
    "failed": [
        *JOIN, *ASK, "POLY_AGENT_TRIGGERED_HANDOFF", "POLY_AGENT_LEFT", "HANDOFF_FAILED", "SYSTEM_MESSAGE",
        "SESSION_END",
    ],
    "timed-out": [
        *JOIN, *ASK, "POLY_AGENT_TRIGGERED_HANDOFF", "POLY_AGENT_LEFT", "HANDOFF_ACCEPTED", "HANDOFF_TIMEOUT",
        "SYSTEM_MESSAGE", "SESSION_END",
    ],
}  # fmt: skip
# What has no sequence, and may come at any time.
TRANSIENT = {"POLY_AGENT_THINKING", "LIVE_AGENT_TYPING", "HEARTBEAT", "HANDOFF_QUEUE_STATUS", "EVENT_BATCH"}
LAST = {"client-managed": "POLY_AGENT_LEFT"}
# The payload fields each event is published with; a server may send them all, and no others.
FIELDS = {
    "SESSION_START": {"capabilities"},
    "POLY_AGENT_JOINED": {"agent_name", "agent_avatar_url"},
    "POLY_AGENT_MESSAGE": {"message_id", "text", "attachments", "response_suggestions", "agent_name"},
    "USER_MESSAGE": {"message_id", "text"},
    "HANDOFF_ACCEPTED": {"queue_name"},
    "HANDOFF_QUEUE_STATUS": {"queue_name", "position_in_queue", "estimated_wait_seconds"},
    "CLIENT_HANDOFF_REQUIRED": {"reason", "queue_name", "route"},
    "HANDOFF_FAILED": {"reason"},
    "HANDOFF_TIMEOUT": {"reason"},
    "LIVE_AGENT_JOINED": {"agent"},
    "LIVE_AGENT_TYPING": {"state", "agent_id", "agent_name"},
    "LIVE_AGENT_MESSAGE": {"message_id", "agent_id", "agent_name", "text", "attachments", "response_suggestions"},
    "LIVE_AGENT_LEFT": {"agent_id", "agent_name"},
    "SESSION_END": {"reason"},
    "SYSTEM_MESSAGE": {"level", "message"},
    "EVENT_BATCH": {"events"},
}


class Client:
    """The published handshake, envelope and rules of the road."""

    def __init__(self, base_url: str, token: str, host: str) -> None:
        self.base_url, self.token, self.host = base_url, token, host
        self.journal: list[Frame] = []
        self.seen: set[str] = set()

    async def open(self) -> str:
        given = await self.post("access-token", {"X-Token": self.token, "X-Host": self.host})
        assert (given["token_type"], given["expires_in"]) == ("Bearer", 86400), given
        bearer = {"Authorization": f"Bearer {given['access_token']}"}
        session_id: str = (await self.post("sessions", bearer, {"platform": "ios"}))["session_id"]
        query = f"session_id={session_id}&access_token={given['access_token']}&cursor=0"
        self.socket = await websockets.connect(f"{self.base_url.replace('http', 'ws', 1)}/ws?{query}")
        return session_id

    async def post(self, path: str, headers: dict[str, str], body: Frame | None = None) -> Frame:
        url, data = f"{self.base_url}/api/v1/{path}", json.dumps(body or {}).encode()
        request = Request(url, data, {"Content-Type": "application/json", **headers}, method="POST")

        def ask() -> Frame:
            with urlopen(request, timeout=PATIENCE) as answer:
                return json.loads(answer.read())

        return await asyncio.to_thread(ask)

    async def send(self, kind: str, **payload: str) -> None:
        await self.socket.send(json.dumps({"type": PREFIX + kind, "payload": payload}))

    async def hear(self, kind: str) -> Frame:
        """Read on to the next frame of this type."""
        while True:
            for frame in await self.read():
                if frame["type"] == PREFIX + kind:
                    return frame

    async def read(self) -> list[Frame]:
        frame = json.loads(await asyncio.wait_for(self.socket.recv(), PATIENCE))
        self.check(frame)
        if frame["type"] != f"{PREFIX}EVENT_BATCH":
            return [frame]
        for event in frame["payload"]["events"]:
            self.check(event)
        return frame["payload"]["events"]

    def check(self, frame: Frame) -> None:
        """As published clients read it: what they would drop, or take for new, is an error here."""
        kind = frame["type"].removeprefix(PREFIX)
        assert frame["type"] == PREFIX + kind, frame
        assert frame.keys() - {"metadata"} == {"id", "sequence", "timestamp", "type", "payload"}, frame
        assert frame["payload"].keys() <= FIELDS.get(kind, set()), frame
        uuid.UUID(frame["id"])
        datetime.fromisoformat(frame["timestamp"])
        custom = frame.get("metadata", {}).get("custom", {})
        assert all(isinstance(value, str) for value in custom.values()), frame
        if frame["sequence"] is None:
            assert kind in TRANSIENT, frame
            return
        assert frame["id"] not in self.seen, f"told twice: {frame}"
        assert frame["sequence"] == len(self.journal) + 1, f"a gap before {frame}"
        self.seen.add(frame["id"])
        self.journal.append(frame)

    @property
    def kinds(self) -> list[str]:
        return [frame["type"].removeprefix(PREFIX) for frame in self.journal]


async def go_through(client: Client, order: str, text: str) -> None:
    print("session", await client.open(), flush=True)
    await client.hear("SESSION_START")
    await client.send("REQUEST_POLY_AGENT_JOIN")
    await client.hear("POLY_AGENT_MESSAGE")
    await client.send("HEARTBEAT")
    await client.hear("HEARTBEAT")
    await client.send("USER_MESSAGE", text=text)
    if order == "server-managed":
        await client.hear("LIVE_AGENT_MESSAGE")
        await client.send("USER_TYPING", state="TYPING_STATE_STARTED")
        await client.send("USER_MESSAGE", text="Thank you, that is all")
    await client.hear(LAST.get(order, "SESSION_END"))
    # Whatever else came would be here before the echo of this.
    await client.send("HEARTBEAT")
    await client.hear("HEARTBEAT")
    await client.socket.close(CLEAN_CLOSE)


def check_order(client: Client, order: str) -> None:
    kinds = client.kinds
    assert [kind for kind in kinds if kind != "HANDOFF_QUEUE_STATUS"] == ORDERS[order], kinds
    if "HANDOFF_QUEUE_STATUS" in kinds:
        first = kinds.index("HANDOFF_QUEUE_STATUS")
        assert kinds.index("HANDOFF_ACCEPTED") < first, kinds
    for frame in client.journal:
        CHECKS.get(frame["type"].removeprefix(PREFIX), lambda order, payload: None)(order, frame["payload"])


def _check_end(order: str, payload: Frame) -> None:
    assert payload == {"reason": "REASON_NATURAL_END"}, payload


def _check_required(order: str, payload: Frame) -> None:
    assert payload["reason"] in {"COMPLEX_QUERY", "AGENT_DECISION", "POLICY"}, payload
    assert payload["queue_name"], payload


def _check_start(order: str, payload: Frame) -> None:
    capabilities = payload["capabilities"]
    assert capabilities.keys() == {
        "streaming", "max_message_size_bytes", "max_reconnect_attempts", "heartbeat_interval_seconds",
    }, payload  # fmt: skip
    assert (capabilities["streaming"], capabilities["max_message_size_bytes"]) == (False, 131072), payload


def _check_joined(order: str, payload: Frame) -> None:
    assert payload["agent"].keys() == {"id", "name", "avatar_url"}, payload


CHECKS = {
    "SESSION_START": _check_start,
    "SESSION_END": _check_end,
    "CLIENT_HANDOFF_REQUIRED": _check_required,
    "LIVE_AGENT_JOINED": _check_joined,
}


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("demo", type=Path)
    parser.add_argument("order", choices=ORDERS)
    parser.add_argument("--say", required=True)
    options = parser.parse_args(arguments)
    demo = json.loads(options.demo.read_text(encoding="utf-8"))
    client = Client(demo["base_url"], demo["connector"]["token"], demo["connector"]["host"])
    try:
        asyncio.run(go_through(client, options.order, options.say))
        check_order(client, options.order)
    finally:
        print("heard", " ".join(client.kinds), flush=True)
    print(f"{options.order}: as published")


if __name__ == "__main__":
    main(sys.argv[1:])
