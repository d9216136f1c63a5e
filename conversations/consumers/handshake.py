"""Who may open a customer's socket: `GET /ws?session_id&access_token&cursor`, refused over HTTP as published."""

import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import orjson

from conversations.domain.correlation import CORRELATION_HEADER, read_correlation
from conversations.domain.frames import parse_cursor
from conversations.selectors.sessions import Session, read_session
from conversations.services.access_tokens import TokenInvalid, is_host_allowed, read_access_token
from conversations.services.open_sockets import NoSeat, current_open_sockets

Scope = Mapping[str, Any]
Header = tuple[bytes, bytes]


class HandshakeRefused(Exception):
    """The socket is not opened. `status` and text are the published ones."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


@dataclass(frozen=True, slots=True)
class Admission:
    """What a socket was opened for. cursor: public; seat: given back when it closes; expires_at: its token's."""

    session: Session
    cursor: int
    seat: str
    expires_at: datetime


async def admit(scope: Scope) -> Admission:
    """Read the parameters, check the token and take a seat. Raises HandshakeRefused."""
    query = {name: values[-1] for name, values in parse_qs(scope["query_string"].decode("latin-1")).items()}
    try:
        session_id = uuid.UUID(query.get("session_id", ""))
    except ValueError as error:
        raise HandshakeRefused(400, "invalid connection parameters") from error
    claims = _read_token(query.get("access_token", ""))
    session = await read_session(session_id)
    if session is None or str(session.connector_id) != claims["sub"]:
        raise HandshakeRefused(404, "session not found")
    _check_hosts(scope, session, claims)
    try:
        seat = await current_open_sockets().take_seat(session_id)
    except NoSeat as error:
        raise HandshakeRefused(429, "connection limit exceeded for session") from error
    expires_at = datetime.fromtimestamp(claims["exp"], UTC)
    return Admission(session, parse_cursor(query.get("cursor", "")), seat, expires_at)


async def refuse_handshake(scope: Scope, refused: HandshakeRefused, send: Callable[[Any], Awaitable[None]]) -> bool:
    """Answer the handshake over HTTP; False where the server cannot, then the socket is closed (403)."""
    if "websocket.http.response" not in (scope.get("extensions") or {}):
        return False
    body = orjson.dumps({"error": str(refused)})
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        *([(b"retry-after", b"5")] if refused.status == 429 else []),
        *correlation_headers(scope),
    ]
    await send({"type": "websocket.http.response.start", "status": refused.status, "headers": headers})
    await send({"type": "websocket.http.response.body", "body": body})
    return True


def correlation_of(scope: Scope) -> str:
    """The caller's own id of this handshake; empty when there is none."""
    return read_correlation(_header(scope, CORRELATION_HEADER.lower().encode()))


def correlation_headers(scope: Scope) -> list[Header]:
    name = correlation_of(scope)
    return [(CORRELATION_HEADER.lower().encode(), name.encode())] if name else []


def _read_token(token: str) -> Mapping[str, Any]:
    try:
        return read_access_token(token)
    except TokenInvalid as error:
        raise HandshakeRefused(401, "authentication failed") from error


def _check_hosts(scope: Scope, session: Session, claims: Mapping[str, Any]) -> None:
    """The host the token was given to, and a page's origin, must still be the connector's; apps send no origin."""
    origin = _header(scope, b"origin")
    named = [str(claims.get("host", "")), *([origin] if origin else [])]
    if not all(is_host_allowed(name, session.hosts) for name in named):
        raise HandshakeRefused(401, "authentication failed")


def _header(scope: Scope, name: bytes) -> str:
    value: bytes = dict(scope["headers"]).get(name, b"")
    return value.decode("latin-1")
