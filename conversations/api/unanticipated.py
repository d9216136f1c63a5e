"""What nobody anticipated on an address of an interface, in that interface's own envelope: unknown paths, bodies that
are refused before a view reads them, and failures."""

import re
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, JsonResponse

from conversations.api.platform import full_envelope, own_envelope, short_envelope

WORDS = {
    400: "The request cannot be read",
    403: "This is not allowed",
    404: "There is no such address",
    411: "A body needs a Content-Length; one in chunks is not read",
    413: "The body is too large",
    500: "Something failed on our side; the log has it under this request's X-Request-ID",
}
ENVELOPES = (
    (re.compile(r"/v\d+/[^/]*/[^/]*/handoff"), short_envelope),
    (re.compile(r"/v\d+/[^/]*/[^/]*/outcomes(/|$)"), own_envelope),
    (re.compile(r"/v\d+(/|$)"), full_envelope),
    (re.compile(r"/api(/|$)"), own_envelope),
)


def answer_unanticipated(request: HttpRequest, status: int) -> JsonResponse | None:
    """Return the JSON body of a status; None where the address belongs to no interface: there a page says it."""
    body = _body(request.path, status)
    return None if body is None else JsonResponse(body, status=status)


def _body(path: str, status: int) -> dict[str, Any] | None:
    for pattern, envelope in ENVELOPES:
        if pattern.match(path):
            return envelope(status, HTTPStatus(status).name, WORDS[status])
    return None
