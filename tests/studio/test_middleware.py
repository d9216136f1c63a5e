import asyncio
import logging

import pytest
from django.http import HttpResponse
from django.test import AsyncRequestFactory, RequestFactory
from structlog.contextvars import get_contextvars

from studio.middleware import RequestIdMiddleware, request_id


@pytest.mark.parametrize("header", ["0190f3a2-77aa-7d3e-9a53-0a0a0a0a0a0a", "trace.id_12", "a" * 64])
def test_an_id_from_outside_is_kept(header):
    assert request_id(header) == header


@pytest.mark.parametrize(
    "header", [None, "", "short", "a" * 65, "with space12", "new\nline1234", "-leading1", "<script>1"]
)
def test_anything_else_is_replaced_by_a_new_one(header):
    made = {request_id(header), request_id(header)}
    assert header not in made
    assert {len(name) for name in made} == {32}
    assert len(made) == 2


@pytest.fixture
def written(caplog):
    """What the middleware has logged so far, without what every line has."""
    caplog.set_level(logging.INFO, logger="studio.middleware")
    usual = ("logger", "timestamp", "ms")

    def lines():
        records = [record.msg for record in caplog.records if record.name == "studio.middleware"]
        return [{name: value for name, value in line.items() if name not in usual} for line in records]

    return lines


def test_a_request_carries_its_id_into_the_log_and_the_answer(written):
    seen = {}

    def view(request):
        seen.update(get_contextvars())
        return HttpResponse(status=204)

    answer = RequestIdMiddleware(view)(RequestFactory().get("/x?token=hidden", headers={"X-Request-ID": "abc-12345"}))
    assert answer.headers["X-Request-ID"] == seen["request_id"] == "abc-12345"
    assert get_contextvars() == {}
    line = {"event": "request", "level": "info", "method": "GET", "path": "/x", "status": 204}
    assert written() == [{**line, "request_id": "abc-12345"}]


def test_it_works_the_same_for_asynchronous_views():
    seen = {}

    async def view(request):
        seen.update(get_contextvars())
        return HttpResponse("ok")

    request = AsyncRequestFactory().get("/x", headers={"X-Request-ID": "abc-12345"})
    answer = asyncio.run(RequestIdMiddleware(view)(request))
    assert answer.headers["X-Request-ID"] == seen["request_id"] == "abc-12345"


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/static/app.css"])
def test_what_is_asked_all_the_time_is_not_logged(path, written):
    RequestIdMiddleware(lambda request: HttpResponse())(RequestFactory().get(path))
    assert written() == []
