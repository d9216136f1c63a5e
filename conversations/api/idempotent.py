"""`Idempotency-Key` on a call of the published interfaces, as one line in its view."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.utils import timezone
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from conversations.api.platform import PlatformView
from conversations.services.api_keys import lineage_of
from conversations.services.idempotency import Answer, answer_once, digest_of

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
LONGEST = 200

Method = Callable[..., Response]


def idempotent(method: Method) -> Method:
    """A method of a PlatformView that does its work once for each `Idempotency-Key`, in one transaction with the
    keeping of its answer. Without the header it is called as it is."""

    @wraps(method)
    def answer(view: PlatformView, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get(HEADER)
        if key is None:
            return method(view, request, *args, **kwargs)
        given = answer_once(
            # Whoever rotates its key between a call and its repetition is still the same caller.
            scope=f"{lineage_of(view.key)}:{request.method}:{type(view).__name__}",
            key=_checked(key),
            digest=digest_of(request.get_full_path(), request.data),
            at=timezone.now(),
            call=lambda: _plain(method(view, request, *args, **kwargs)),
        )
        return Response(given.body, status=given.status, headers={REPLAYED: "true"} if given.is_repeat else None)

    return answer


def _checked(key: str) -> str:
    if not 0 < len(key) <= LONGEST or not key.isprintable():
        raise ValidationError({HEADER: [f"1 to {LONGEST} printable characters"]})
    return key


def _plain(response: Response) -> Answer:
    """The answer as it will be read: identifiers and times are text."""
    return Answer(response.status_code, json.loads(JSONRenderer().render(response.data) or b"null"))
