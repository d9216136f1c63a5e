"""Bodies that no interface reads: larger than the limit, or in chunks of unknown length. Both are refused in the
interface's own envelope before a view would take them for empty or malformed."""

from collections.abc import Callable
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.utils.decorators import sync_and_async_middleware

from conversations.api.unanticipated import answer_unanticipated

WITH_BODIES = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@sync_and_async_middleware
def refuse_bodies(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Answer 411 (RFC 9110 section 15.5.12) and 413 (15.5.14) on the addresses of the interfaces."""
    if iscoroutinefunction(get_response):

        async def answer_later(request: HttpRequest) -> Any:
            return _refusal(request) or await get_response(request)

        return answer_later
    return lambda request: _refusal(request) or get_response(request)


def _refusal(request: HttpRequest) -> JsonResponse | None:
    if request.method not in WITH_BODIES:
        return None
    length = request.headers.get("Content-Length", "")
    if not length and request.headers.get("Transfer-Encoding"):
        return answer_unanticipated(request, 411)
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return answer_unanticipated(request, 413) if length.isdecimal() and int(length) > limit else None
