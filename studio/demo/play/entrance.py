"""How an outside client comes in: connector token → access token → session → address of the socket."""

import asyncio
from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import Any
from urllib.parse import urlencode

import orjson

from integrations.adapters.base import AdapterError
from integrations.adapters.http import Answer, call

SECONDS = 15.0
# The address is given by whoever runs the program on their own machine: no outsider's URL, so nothing is guarded.
EVERYWHERE = (ip_network("0.0.0.0/0"), ip_network("::/0"))


class NoEntrance(Exception):
    """The server does not answer, or does not let this customer in; the text says why."""


@dataclass(frozen=True, slots=True)
class Entrance:
    """A server's door with a valid access token (24 h)."""

    base_url: str
    access_token: str = field(repr=False)

    async def open_session(self) -> str:
        """Start a conversation; return its id. Raises NoEntrance."""
        headers = {"Authorization": f"Bearer {self.access_token}"}
        answer = await _post(f"{self.base_url}/api/v1/sessions", headers, {"platform": "custom"})
        return str(answer["session_id"])

    def socket_url(self, session_id: str, *, cursor: int = 0) -> str:
        query = urlencode({"session_id": session_id, "access_token": self.access_token, "cursor": cursor})
        return f"{self.base_url.replace('http', 'ws', 1)}/ws?{query}"


async def find_entrance(*, base_url: str, token: str, host: str) -> Entrance:
    """Exchange a connector's token and host for an access token. Raises NoEntrance."""
    base_url = base_url.rstrip("/")
    answer = await _post(f"{base_url}/api/v1/access-token", {"X-Token": token, "X-Host": host}, {})
    return Entrance(base_url, str(answer["access_token"]))


async def _post(url: str, headers: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
    sent = {"Content-Type": "application/json", **headers}
    try:
        answer = await asyncio.to_thread(
            call, method="POST", url=url, seconds=SECONDS, headers=sent, body=orjson.dumps(body), allowed=EVERYWHERE
        )
    except AdapterError as error:
        raise NoEntrance(f"{url}: {error}. Is the server running (`make up`), or at another `--base-url`?") from error
    return _content(url, answer)


def _content(url: str, answer: Answer) -> dict[str, Any]:
    try:
        content = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        content = None
    if answer.status != 200 or not isinstance(content, dict):
        raise NoEntrance(f"{url} answered {answer.status}: {answer.excerpt(200)}")
    return content
