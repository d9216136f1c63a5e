"""A webhook receiver on loopback: records every call, checks its signatures, answers as told.

In a test: `with HttpReceiver(secrets=[…]) as receiver: receiver.will_answer(Answer(500), Answer(200)); …`.
By hand:   `python -m tests.emulators.http_receiver --port 9000 --secret whsec_… --answer 500 --answer 200`
prints one line of JSON for each call. An answer is a status, `429:30` (Retry-After), `302:http://…` (redirect),
`slow:7` (seconds before the answer), `drip:0.5` (seconds between the bytes of one that never ends), or `never`.
"""

import argparse
import json
import socket
import ssl
import sys
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from integrations.domain.signing import BadSignature, verify, verify_standard


@dataclass(frozen=True, slots=True)
class Answer:
    """status and headers of an answer; `after` seconds of silence before it; `drip` seconds between its bytes."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b"ok"
    after: float = 0.0
    drip: float = 0.0


NEVER = Answer(after=3600.0)


@dataclass(frozen=True, slots=True)
class Call:
    at: datetime
    method: str
    path: str
    headers: Mapping[str, str]  # names in lower case
    body: bytes
    is_signed: bool
    is_signed_standard: bool

    @property
    def event_id(self) -> str:
        return self.headers.get("x-studio-event-id", "")

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class HttpReceiver:
    """Answers from `will_answer` in turn, then 200 for ever. `calls` holds what came, oldest first."""

    def __init__(
        self,
        *,
        secrets: Sequence[str] = (),
        port: int = 0,
        tls: ssl.SSLContext | None = None,
        on_call: Callable[[Call], None] | None = None,
    ) -> None:
        self.secrets = list(secrets)
        self.calls: list[Call] = []
        self._answers: deque[Answer] = deque()
        self._on_call = on_call
        self._changed = threading.Condition()
        self._closing = threading.Event()
        self._server = _Server(("127.0.0.1", port), _handler_for(self))
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def port(self) -> int:
        return self._server.server_address[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def event_ids(self) -> set[str]:
        """The distinct events that came: what a receiver that drops repeats has seen."""
        return {call.event_id for call in self.calls}

    def will_answer(self, *answers: Answer) -> None:
        self._answers.extend(answers)

    def wait_for(self, number: int, *, seconds: float = 10.0) -> list[Call]:
        """Return the calls once there are `number` of them. Raises TimeoutError."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.calls) >= number, seconds):
                raise TimeoutError(f"{len(self.calls)} calls after {seconds:g} s, not {number}")
            return list(self.calls)

    def take(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Record one call and return the answer it gets."""
        at = datetime.now(UTC)
        named = {name.lower(): value for name, value in headers.items()}
        signed, standard = self._check(verify, named, body, at), self._check(verify_standard, named, body, at)
        call = Call(at, method, path, named, body, signed, standard)
        with self._changed:
            self.calls.append(call)
            answer = self._answers.popleft() if self._answers else Answer()
            self._changed.notify_all()
        if self._on_call:
            self._on_call(call)
        return answer

    def pause(self, seconds: float) -> bool:
        """Wait, but not beyond the end of the receiver; False when it has ended."""
        return not self._closing.wait(seconds) if seconds else True

    def _check(self, check: Callable[..., None], headers: Mapping[str, str], body: bytes, at: datetime) -> bool:
        try:
            check(secrets=self.secrets, headers=headers, body=body, at=at)
        except BadSignature:
            return False
        return True


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that hangs up early is what several tests are about."""
        if not isinstance(sys.exc_info()[1], ConnectionError | ssl.SSLError):
            super().handle_error(request, client_address)


def _handler_for(receiver: HttpReceiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            answer = receiver.take(self.command, self.path, dict(self.headers.items()), body)
            if not receiver.pause(answer.after):
                return
            if answer.drip:
                self._drip(answer)
                return
            self.send_response(answer.status)
            for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

        do_GET = do_PUT = do_POST

        def _drip(self, answer: Answer) -> None:
            """Send headers without end, a byte at a time: every single read of the caller succeeds."""
            self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.wfile.write(f"HTTP/1.1 {answer.status} OK\r\nX-Slow: ".encode())
            while receiver.pause(answer.drip):
                self.wfile.write(b"a")

        def log_message(self, *arguments: Any) -> None:
            pass

    return Handler


def parse_answer(text: str) -> Answer:
    """Return the answer a word of the command line means."""
    kind, _, rest = text.partition(":")
    if kind == "never":
        return NEVER
    if kind in {"slow", "drip"}:
        return Answer(after=float(rest)) if kind == "slow" else Answer(drip=float(rest))
    header = {"Location": rest} if kind.startswith("3") else {"Retry-After": rest}
    return Answer(int(kind), header if rest else {})


def _print(line: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=9000)
    parser.add_argument("--secret", action="append", default=[])
    parser.add_argument("--answer", action="append", default=[], type=parse_answer)
    options = parser.parse_args()

    def show(call: Call) -> None:
        line = {
            "at": call.at.isoformat(),
            "path": call.path,
            "event_id": call.event_id,
            "signed": call.is_signed,
            "signed_standard": call.is_signed_standard,
            "body": call.body.decode(errors="replace"),
        }
        _print(line)

    with HttpReceiver(secrets=options.secret, port=options.port, on_call=show) as receiver:
        receiver.will_answer(*options.answer)
        _print({"listening": receiver.url})
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
