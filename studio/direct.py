"""A short way to the few asynchronous views that are read all the time.

Django's handler goes through a thread for the signals of each request and for most of its middleware, even where the
view is asynchronous: many times what such a view costs itself. What browsers need (sessions, CSRF, messages) means
nothing to a program with a key; the headers of an answer, the request's id and the answers to failures are the same.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from io import BytesIO
from typing import Any, cast

from csp.middleware import CSPMiddleware
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.security import SecurityMiddleware
from django.urls import ResolverMatch, URLPattern

from studio.middleware import RequestIdMiddleware

Answer = Callable[[HttpRequest], Awaitable[HttpResponse]]


def _nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


# Their headers are on every answer.
HEADERS = (SecurityMiddleware, CSPMiddleware, XFrameOptionsMiddleware)


class DirectHandler(ASGIHandler):
    """Django's handler, with a short way for GET of the given routes. Their views are asynchronous and do without
    Django's database connections, sessions and user."""

    def __init__(self, routes: Sequence[URLPattern]) -> None:
        super().__init__()
        self._routes = routes
        self._middleware = tuple(middleware(_nothing) for middleware in HEADERS)
        self._headers: dict[bool, Mapping[str, str]] = {}
        inner = convert_exception_to_response(self._ask)
        self._answer = cast(Answer, convert_exception_to_response(RequestIdMiddleware(inner)))

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        match = self._match(scope)
        if match is None:
            await super().__call__(scope, receive, send)
            return
        request, response = self.create_request(scope, BytesIO())
        if request is not None:
            request.resolver_match = match
            response = await self._answer(request)
        assert response is not None
        await self.send_response(response, send)

    def _match(self, scope: dict[str, Any]) -> ResolverMatch | None:
        if scope["method"] != "GET":
            return None
        path = scope["path"].removeprefix("/")
        return next((match for route in self._routes if (match := route.resolve(path))), None)

    async def _ask(self, request: HttpRequest) -> HttpResponse:
        """Raises DisallowedHost, as Django's middleware does."""
        request.get_host()
        match = request.resolver_match
        assert match is not None
        response: HttpResponse = await match.func(request, *match.args, **match.kwargs)
        response.headers["Content-Length"] = str(len(response.content))
        for name, value in self._common_headers(request).items():
            response.headers[name] = value
        return response

    def _common_headers(self, request: HttpRequest) -> Mapping[str, str]:
        """What does not differ between answers, but with TLS: written by Django's middleware once."""
        is_secure = request.is_secure()
        if is_secure not in self._headers:
            blank = _nothing(request)
            del blank.headers["Content-Type"]
            for middleware in self._middleware:
                middleware.process_response(request, blank)
            self._headers[is_secure] = dict(blank.headers)
        return self._headers[is_secure]
