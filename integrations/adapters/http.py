"""The one way HTTP leaves Handoff Studio: guarded, bounded in time and size, no redirects, no proxies, no cookies.

It stands on httpcore, the engine of httpx: all that httpx adds would have to be switched off here, its log line
with the whole URL (which may be a secret) included.
"""

import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import httpcore
from django.conf import settings

from integrations.adapters.base import Permanent, Transient, Uncertain
from integrations.adapters.network import AddressRefused, Deadline, GuardedNetwork, Resolve, resolve_by_system
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
    target = _check(url, headers or {})
    networks = settings.OUTGOING_ALLOWED_NETWORKS if allowed is None else allowed
    network = GuardedNetwork(allowed=networks, deadline=Deadline(seconds), resolve=resolve)
    try:
        return _exchange(network, _request(method, target, headers or {}, body), limit)
    except AddressRefused as error:
        raise Permanent(str(error)) from error
    except httpcore.TimeoutException as error:
        raise _failure(network)(f"{target.host} did not answer within {seconds:g} s") from error
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


def _exchange(network: GuardedNetwork, request: httpcore.Request, limit: int) -> Answer:
    with httpcore.ConnectionPool(ssl_context=_ssl_context(), network_backend=network) as pool:
        response = pool.handle_request(request)
        try:
            body = _read(response, limit)
        finally:
            response.close()
    named = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
    return Answer(response.status, named, body[:limit], truncated=len(body) > limit)


def _read(response: httpcore.Response, limit: int) -> bytes:
    received = bytearray()
    for chunk in response.iter_stream():
        received += chunk
        if len(received) > limit:
            break
    return bytes(received)


def _failure(network: GuardedNetwork) -> type[Transient | Uncertain]:
    return Uncertain if network.wrote else Transient


def _cause(error: Exception) -> str:
    """Name the kind of failure and the system's own words for it, without anything that was sent."""
    return f"{type(error).__name__} {error}"[:300].strip()


@lru_cache(maxsize=1)
def _ssl_context() -> ssl.SSLContext:
    return httpcore.default_ssl_context()
