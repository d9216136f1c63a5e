"""The one way HTTP leaves Handoff Studio: guarded, bounded in time and size, no redirects, no proxies, no cookies.

It stands on httpcore, the engine of httpx: all that httpx adds would have to be switched off here, its log line
with the whole URL (which may be a secret) included.
"""

import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache

import httpcore
from django.conf import settings

from integrations.adapters.base import Permanent, Transient, Uncertain
from integrations.adapters.network import (
    AddressRefused,
    GuardedNetwork,
    Patience,
    Resolve,
    never,
    resolve_by_system,
)
from integrations.domain.addresses import Network
from integrations.domain.targets import Target, TargetRefused, check_headers, parse_target

USER_AGENT = "HandoffStudio/1.0"
BODY_LIMIT = 65_536  # bytes of an answer that are read; the rest is left in the wire


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: header names in lower case, `body` up to the limit and `truncated` if there was more."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    truncated: bool

    def excerpt(self, length: int = 500) -> str:
        """Return the start of the body as printable text."""
        text = self.body[: 4 * length].decode(errors="replace")[:length]
        return "".join(character if character.isprintable() else " " for character in text).strip()


@dataclass(frozen=True, slots=True)
class OpenAnswer:
    """An answer whose body is still coming, in `chunks` as they arrive; header names in lower case."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    chunks: Iterator[bytes] = field(repr=False)

    @property
    def media_type(self) -> str:
        """What the body is, as `application/json`; empty when it was not said."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


def call(
    *,
    method: str,
    url: str,
    seconds: float,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    limit: int = BODY_LIMIT,
    resolve: Resolve = resolve_by_system,
    allowed: Sequence[Network] | None = None,
) -> Answer:
    """Send one request over HTTP/1.1 and return the answer, whatever its status, within `seconds` all in all.

    `allowed`: the networks it may reach besides the public internet; None for those the installation allows.

    Raises Permanent when the guard refuses the URL, a header or the address; Transient when no byte of the
    request left; Uncertain when some did and no whole answer came.
    """
    with open_answer(
        method=method, url=url, patience=Patience(seconds), headers=headers, body=body, resolve=resolve, allowed=allowed
    ) as answer:
        received = _read(answer.chunks, limit)
    return Answer(answer.status, answer.headers, received[:limit], truncated=len(received) > limit)


@contextmanager
def open_answer(
    *,
    method: str,
    url: str,
    patience: Patience,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    resolve: Resolve = resolve_by_system,
    allowed: Sequence[Network] | None = None,
    is_given_up: Callable[[], bool] = never,
) -> Iterator[OpenAnswer]:
    """Send one request as `call` does and yield its answer as soon as the headers are there; leaving the block hangs
    up. What `call` raises is raised wherever the block reads; GivenUp soon after `is_given_up` answers True."""
    target = _check(url, headers or {})
    networks = settings.OUTGOING_ALLOWED_NETWORKS if allowed is None else allowed
    network = GuardedNetwork(allowed=networks, patience=patience, resolve=resolve, is_given_up=is_given_up)
    try:
        with _exchange(network, _request(method, target, headers or {}, body)) as answer:
            yield answer
    except AddressRefused as error:
        raise Permanent(str(error)) from error
    except httpcore.TimeoutException as error:
        raise _failure(network)(f"{target.host} {_too_late(error, network, patience)}") from error
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise _failure(network)(f"{target.host}: {_cause(error)}") from error


def _check(url: str, headers: Mapping[str, str]) -> Target:
    try:
        check_headers(headers)
        return parse_target(url)
    except TargetRefused as error:
        raise Permanent(str(error)) from error


def _request(method: str, target: Target, headers: Mapping[str, str], body: bytes) -> httpcore.Request:
    """Build the request from the checked parts: no second parser reads the URL."""
    url = httpcore.URL(scheme=target.scheme, host=target.host, port=target.port, target=target.path)
    ours = [
        ("Host", target.authority),
        ("User-Agent", USER_AGENT),
        ("Accept-Encoding", "identity"),
        ("Connection", "close"),
        ("Content-Length", str(len(body))),
    ]
    return httpcore.Request(method, url, headers=[*ours, *headers.items()], content=body)


@contextmanager
def _exchange(network: GuardedNetwork, request: httpcore.Request) -> Iterator[OpenAnswer]:
    with httpcore.ConnectionPool(ssl_context=_ssl_context(), network_backend=network) as pool:
        response = pool.handle_request(request)
        named = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
        try:
            yield OpenAnswer(response.status, named, response.iter_stream())
        finally:
            response.close()


def _read(chunks: Iterable[bytes], limit: int) -> bytes:
    received = bytearray()
    for chunk in chunks:
        received += chunk
        if len(received) > limit:
            break
    return bytes(received)


def _failure(network: GuardedNetwork) -> type[Transient | Uncertain]:
    return Uncertain if network.wrote else Transient


def _too_late(error: Exception, network: GuardedNetwork, patience: Patience) -> str:
    if patience.connect and isinstance(error, httpcore.ConnectTimeout):
        return f"was not reached within {patience.connect:g} s"
    if patience.first_byte and not network.is_answered:
        return f"did not begin to answer within {patience.first_byte:g} s"
    return f"did not answer within {patience.total:g} s"


def _cause(error: Exception) -> str:
    """Name the kind of failure and the system's own words for it, without anything that was sent, or came back:
    what is wrong with an answer is told, not the line that is."""
    words, _, _ = str(error).partition(": bytearray(")
    return f"{type(error).__name__} {words}"[:300].strip()


@lru_cache(maxsize=1)
def _ssl_context() -> ssl.SSLContext:
    return httpcore.default_ssl_context()
