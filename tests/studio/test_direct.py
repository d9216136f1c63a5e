"""The short way answers what Django's own handler answers, headers and all."""

import uuid

import pytest
from asgiref.testing import ApplicationCommunicator
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from conversations.database import close_async_pool
from handoffs.urls import hot_patterns
from studio.direct import DirectHandler
from studio.urls import handler400, handler500


@csrf_exempt
async def tell(request, name):
    return HttpResponse(f"{name} {request.GET.get('q', '')}", content_type="text/plain")


@csrf_exempt
async def fail(request):
    raise ZeroDivisionError


ROUTES = [path("v1/a/p/tell/<str:name>", tell), path("v1/a/p/fail", fail)]


@pytest.fixture
def both(settings):
    """Django's handler and ours, with the same routes."""
    routes = {"urlpatterns": ROUTES, "handler400": handler400, "handler500": handler500}
    settings.ROOT_URLCONF = type("Urls", (), routes)
    settings.SECURE_HSTS_SECONDS = 60
    return ASGIHandler(), DirectHandler(ROUTES)


async def ask(handler, address, *, method="GET", scheme="http", query=b"", host=b"localhost"):
    """Return the status, the headers without those that differ each time, and the body."""
    scope = {
        "type": "http", "method": method, "path": address, "query_string": query, "scheme": scheme,
        "headers": [(b"host", host), (b"x-request-id", b"asked-by-a-test")],
    }  # fmt: skip
    asked = ApplicationCommunicator(handler, scope)
    await asked.send_input({"type": "http.request", "body": b"", "more_body": False})
    start = await asked.receive_output(5)
    body = b""
    while (message := await asked.receive_output(5)).get("more_body"):
        body += message["body"]
    await asked.wait()
    told = {name.decode().lower(): value.decode() for name, value in start["headers"]}
    return start["status"], told, body + message["body"]


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_an_answer_has_the_same_headers_on_both_ways(both, scheme):
    first, second = [await ask(one, "/v1/a/p/tell/x", scheme=scheme, query=b"q=%C3%A5") for one in both]
    assert first == second
    assert (first[0], first[2].decode()) == (200, "x å")
    assert first[1]["x-request-id"] == "asked-by-a-test"
    assert first[1]["content-length"] == str(len(first[2]))
    assert {"content-security-policy", "x-content-type-options", "x-frame-options"} <= first[1].keys()
    assert ("strict-transport-security" in first[1]) == (scheme == "https")


async def test_the_short_way_takes_no_thread_and_no_middleware_of_browsers(both, monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("the short way went through a thread")

    monkeypatch.setattr("asgiref.sync.SyncToAsync.__call__", refuse)
    assert (await ask(both[1], "/v1/a/p/tell/x"))[0] == 200
    with pytest.raises(AssertionError):
        await ask(both[0], "/v1/a/p/tell/x")


@pytest.mark.parametrize(
    ("address", "how", "status"),
    [
        ("/v1/a/p/tell/x", {"method": "POST"}, 200),
        ("/v1/a/p/tell/x", {"host": b"elsewhere.example"}, 400),
        ("/v1/a/p/tell/x", {"query": b"\xff"}, 400),
        ("/v1/a/p/fail", {}, 500),
        ("/v1/a/p/nothing", {}, 404),
    ],
)
async def test_what_goes_wrong_is_answered_alike(db, both, address, how, status):
    first, second = [await ask(one, address, **how) for one in both]
    assert (first[0], second[0]) == (status, status)
    assert first[1]["content-type"] == second[1]["content-type"]


@pytest.mark.django_db(transaction=True)
async def test_the_hot_read_of_the_handoff_api_goes_that_way(monkeypatch):
    monkeypatch.setattr(ASGIHandler, "__call__", None)
    status, told, body = await ask(DirectHandler(hot_patterns), f"/v1/{uuid.uuid4()}/{uuid.uuid4()}/handoff_state")
    await close_async_pool()
    assert (status, told["content-type"]) == (401, "application/json")
    assert b"error_message" in body
