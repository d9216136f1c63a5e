"""Who may open an inbox socket: the console's page by its cookie and Origin, a script by a ticket.

The handshake is always accepted; a socket that may not stay is closed with one of these codes, so that a browser
learns why and does not try for ever:
4400 a parameter is missing or unknown, 4401 not logged in or the ticket is not good, 4403 another origin or
without the permission, 4404 no such project.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.utils.crypto import constant_time_compare

from conversations.access import NotFound, NotPermitted
from conversations.domain.vocabulary import Environment
from conversations.models import User
from handoffs.domain.inbox import View
from handoffs.services.seats import Seat, keep_seat, take_seat
from handoffs.services.socket_tickets import spend_socket_ticket

BAD_PARAMETER, NOT_AUTHENTICATED, NOT_PERMITTED, NOT_FOUND = 4400, 4401, 4403, 4404
FORMATS = ("json", "html")


class HandshakeRefused(Exception):
    """The socket is closed with `code`; the text says why."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True, slots=True)
class Admission:
    """What a socket was opened for. format: json or html."""

    seat: Seat
    view: View
    format: str


def admit(scope: Mapping[str, Any]) -> Admission:
    """Read `project_id, environment, ticket, view, format` and look the person up. Raises HandshakeRefused."""
    query = {name: values[-1] for name, values in parse_qs(scope["query_string"].decode("latin-1")).items()}
    environment, view = query.get("environment", Environment.LIVE.value), query.get("view", View.WAITING.value)
    wanted = query.get("format", FORMATS[0])
    if environment not in list(Environment) or view not in list(View) or wanted not in FORMATS:
        raise HandshakeRefused(BAD_PARAMETER, "environment, view or format is not one of ours")
    user = _by_ticket(query["ticket"]) if "ticket" in query else _by_cookie(scope)
    try:
        seat = take_seat(user=user, project_id=query.get("project_id", ""), environment=environment)
    except NotFound as error:
        raise HandshakeRefused(NOT_FOUND, "There is no such project") from error
    except NotPermitted as error:
        raise HandshakeRefused(NOT_PERMITTED, str(error)) from error
    return Admission(seat, View(view), wanted)


def readmit(scope: Mapping[str, Any], seat: Seat) -> None:
    """Look again: whoever logged out, was deactivated or left the project has no socket here any more.

    Raises HandshakeRefused.
    """
    session = scope.get("session")
    # A script that came by a ticket has none.
    key = session.session_key if session else None
    if session and key and not session.exists(key):
        raise HandshakeRefused(NOT_AUTHENTICATED, "You have logged out")
    try:
        kept = keep_seat(seat)
    except NotFound as error:
        raise HandshakeRefused(NOT_FOUND, "There is no such project") from error
    except NotPermitted as error:
        raise HandshakeRefused(NOT_PERMITTED, str(error)) from error
    # A new password ends the other sessions, also those whose pages ask for nothing any more.
    if session and key and not _is_of_password(session, kept.user):
        raise HandshakeRefused(NOT_AUTHENTICATED, "You have logged out")


def _is_of_password(session: SessionBase, user: User) -> bool:
    kept: str = session.get(HASH_SESSION_KEY, "")
    return constant_time_compare(kept, user.get_session_auth_hash())


def _by_ticket(ticket: str) -> User:
    user = spend_socket_ticket(ticket=ticket)
    if user is None:
        raise HandshakeRefused(NOT_AUTHENTICATED, "This ticket is unknown, spent or too old")
    return user


def _by_cookie(scope: Mapping[str, Any]) -> User:
    """Sockets know no CSRF token: the page's origin is the defence."""
    user = scope["user"]
    if not isinstance(user, User):
        raise HandshakeRefused(NOT_AUTHENTICATED, "Log in first")
    headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
    origin, host = headers.get(b"origin", ""), headers.get(b"host", "")
    if not origin or (urlsplit(origin).netloc != host and origin not in settings.CSRF_TRUSTED_ORIGINS):
        raise HandshakeRefused(NOT_PERMITTED, "This page may not open the socket")
    return user
