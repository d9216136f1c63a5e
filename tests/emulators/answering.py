"""Agents on loopback for the tests of responders: one that speaks our own turn, one that speaks chat completions.

Each answers every call by a script: a function of the call's body that yields pieces of the answer's body, with
`Pause` between them where time passes. Hanging up early is noticed and kept in `hung_up`.
"""

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

EVENTS = "text/event-stream"


@dataclass(frozen=True, slots=True)
class Pause:
    """seconds of silence, or for as long as the emulator lives."""

    seconds: float = 3600.0


@dataclass(frozen=True, slots=True)
class Script:
    """One answer: status, media type and body in pieces; `before`: silence before the headers."""

    pieces: Iterable[bytes | Pause] = (b"{}",)
    status: int = 200
    media_type: str = "application/json"
    before: float = 0.0


@dataclass
class Asked:
    """One call. `headers` in lower case."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


Writer = Callable[[Asked], Script]


@dataclass
class AnsweringServer:
    """Answers each call with what `write` makes of it; `asked` holds the calls, oldest first."""

    write: Writer = field(default=lambda asked: Script())
    asked: list[Asked] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._closing = threading.Event()
        self.hung_up = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.owner = self
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def pause(self, seconds: float) -> bool:
        return not self._closing.wait(seconds)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64
    owner: "AnsweringServer"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that hangs up is what several tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        owner, body = self.server.owner, self.rfile.read(int(self.headers.get("Content-Length", 0)))
        asked = Asked(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
        owner.asked.append(asked)
        script = owner.write(asked)
        if script.before and not owner.pause(script.before):
            return
        self.send_response(script.status)
        self.send_header("Content-Type", script.media_type)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            for piece in script.pieces:
                self._send(piece)
            self.wfile.write(b"0\r\n\r\n")
        except OSError:
            owner.hung_up.set()

    def _send(self, piece: bytes | Pause) -> None:
        if isinstance(piece, Pause):
            self._wait(piece.seconds)
        elif piece:
            self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
            self.wfile.flush()

    def _wait(self, seconds: float) -> None:
        """Be silent; a caller who hangs up meanwhile shows as the end of what can be read."""
        self.connection.settimeout(seconds)
        try:
            if not self.connection.recv(1):
                raise ConnectionResetError
        except TimeoutError:
            return
        finally:
            self.connection.settimeout(None)

    def log_message(self, *arguments: Any) -> None:
        pass


def whole(content: Mapping[str, Any], **more: Any) -> Script:
    return Script((json.dumps(content).encode(),), **more)


def events(contents: Iterable[Mapping[str, Any] | str | Pause]) -> Script:
    """A stream of server-sent events."""
    return Script(_event_bytes(contents), media_type=EVENTS)


def lines(contents: Iterable[Mapping[str, Any] | Pause]) -> Script:
    """A stream of JSON, one object a line."""
    pieces = (item if isinstance(item, Pause) else json.dumps(item).encode() + b"\n" for item in contents)
    return Script(pieces, media_type="application/x-ndjson")


def _event_bytes(contents: Iterable[Mapping[str, Any] | str | Pause]) -> Iterator[bytes | Pause]:
    for item in contents:
        if isinstance(item, Pause):
            yield item
        else:
            yield f"data: {item if isinstance(item, str) else json.dumps(item)}\n\n".encode()


def completion(
    *, content: str | None = None, calls: Iterable[Mapping[str, Any]] = (), finish: str = "stop", **said: Any
):
    """A whole chat completion."""
    message = {"role": "assistant", "content": content, "refusal": None, **said}
    if calls := list(calls):
        message["tool_calls"] = calls
    choice = {"index": 0, "message": message, "finish_reason": finish, "logprobs": None}
    return {**_COMPLETION, "object": "chat.completion", "choices": [choice]}


def chunk(delta: Mapping[str, Any], finish: str | None = None) -> dict[str, Any]:
    """One event of a streamed chat completion."""
    choice = {"index": 0, "delta": dict(delta), "finish_reason": finish, "logprobs": None}
    return {**_COMPLETION, "object": "chat.completion.chunk", "choices": [choice]}


def tool_call(arguments: str, name: str = "handoff", index: int | None = None) -> dict[str, Any]:
    """A call of a tool; with `index` as it stands in a stream."""
    call = {"id": "call_1", "type": "function", "function": {"name": name, "arguments": arguments}}
    return call if index is None else {"index": index, **call}


_COMPLETION = {"id": "chatcmpl-1", "created": 1_790_000_000, "model": "fern-1"}
