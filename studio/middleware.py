"""A request's id: taken from the caller or made here, in every log line and in the answer."""

import re
import time
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from structlog.contextvars import bind_contextvars, clear_contextvars

HEADER = "X-Request-ID"
ACCEPTABLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}", re.ASCII)
QUIET_PATHS = ("/healthz", "/readyz", "/static/")

logger = structlog.get_logger(__name__)


def request_id(header: str | None) -> str:
    """The caller's id when it is 8 to 64 letters, digits, dots, dashes or underscores; else a new one."""
    return header if header and ACCEPTABLE.fullmatch(header) else uuid.uuid4().hex


def finish(request: HttpRequest, response: HttpResponseBase, start: float, name: str) -> HttpResponseBase:
    """Put the id on the answer and log one line: the path without its query, which may carry tokens."""
    response.headers[HEADER] = name
    if not request.path.startswith(QUIET_PATHS):
        milliseconds = round((time.perf_counter() - start) * 1000, 1)
        logger.info("request", method=request.method, path=request.path, status=response.status_code, ms=milliseconds)
    return response


class RequestIdMiddleware:
    """Bind `request_id` while the request is handled, answer with it, and log the request."""

    sync_capable = async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self._get_response = get_response
        self._is_async = iscoroutinefunction(get_response)
        if self._is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        if self._is_async:
            return self._answer_later(request)
        start, name = time.perf_counter(), request_id(request.headers.get(HEADER))
        bind_contextvars(request_id=name)
        try:
            return finish(request, self._get_response(request), start, name)
        finally:
            # Also what the view has bound: under WSGI and in tests the thread goes on to another request.
            clear_contextvars()

    async def _answer_later(self, request: HttpRequest) -> HttpResponseBase:
        start, name = time.perf_counter(), request_id(request.headers.get(HEADER))
        bind_contextvars(request_id=name)
        try:
            return finish(request, await self._get_response(request), start, name)
        finally:
            clear_contextvars()
