import pytest
from django.test import Client
from django.urls import path

from studio import urls


@pytest.mark.parametrize(
    ("address", "fields"),
    [
        ("/v1/account/project/handoffs/nothing/here", {"error_message"}),
        ("/v1/account/project/nothing", {"success", "error", "error_id", "error_code", "error_message", "data"}),
        ("/v3/nothing", {"success", "error", "error_id", "error_code", "error_message", "data"}),
        ("/v4/", {"success", "error", "error_id", "error_code", "error_message", "data"}),
        ("/api/v1/nothing", {"error", "detail"}),
    ],
)
def test_an_address_nobody_has_is_answered_in_the_interfaces_envelope(db, address, fields):
    answer = Client().get(address)
    assert answer.status_code == 404
    assert set(answer.json()) == fields


def test_elsewhere_a_page_says_it(db):
    answer = Client().get("/nothing/")
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "text/html; charset=utf-8")


@pytest.mark.parametrize("address", ["v1/a/p/handoffs", "v1/a/p/chat/create", "api/v1/thing"])
def test_a_failure_is_answered_in_the_interfaces_envelope(db, address, settings):
    def fail(request):
        raise ZeroDivisionError

    settings.ROOT_URLCONF = type("Urls", (), {"urlpatterns": [path(address, fail)], "handler500": urls.handler500})
    answer = Client(raise_request_exception=False).get(f"/{address}")
    assert answer.status_code == 500
    assert "X-Request-ID" in answer.text
    assert "Zero" not in answer.text
