"""What no interface reads is refused in its own envelope: bodies in chunks and bodies that are too large."""

import http.client
from collections.abc import Iterator
from urllib.parse import urlsplit

import orjson
from django.test import AsyncClient, Client

FULL = {"success", "error", "error_id", "error_code", "error_message", "data"}
OWN = {"error", "detail"}
ADDRESSES = [
    ("POST", "/v1/account/project/handoffs", {"error_message"}),
    ("POST", "/v1/account/project/chat/create", FULL),
    ("PUT", "/v1/account/project/outcomes/crm-1", OWN),
    ("POST", "/api/v1/sessions", OWN),
    ("POST", "/api/v1/projects/project/inbox/claim-next", OWN),
]
HEADERS = {"Content-Type": "application/json", "Origin": "http://127.0.0.1:1"}


def chunks() -> Iterator[bytes]:
    yield b'{"reason": '
    yield b'"needs_human"}'


def send(base_url: str, method: str, address: str, body) -> tuple[int, set[str]]:
    """A body without a length goes out in chunks."""
    connection = http.client.HTTPConnection(urlsplit(base_url).netloc, timeout=20)
    try:
        connection.request(method, address, body, HEADERS)
        answer = connection.getresponse()
        assert answer.headers["X-Request-ID"]
        return answer.status, set(orjson.loads(answer.read()))
    finally:
        connection.close()


def test_a_body_in_chunks_is_refused_and_not_taken_for_an_empty_one(server):
    for method, address, fields in ADDRESSES:
        assert send(server.base_url, method, address, chunks()) == (411, fields), address


def test_a_body_that_is_too_large_is_refused_in_the_envelope(server, settings):
    body = b'"' + b"x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE + b'"'
    for method, address, fields in ADDRESSES:
        assert send(server.base_url, method, address, body) == (413, fields), address


def test_the_largest_body_that_is_read_is_read(db, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    sent = [Client().post("/api/v1/sessions", b" " * size, "application/json").status_code for size in (100, 101)]
    assert sent == [401, 413]


async def test_it_is_the_same_on_the_event_loop(settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    answer = await AsyncClient().post("/v1/a/p/chat/respond", b" " * 101, "application/json")
    assert (answer.status_code, answer.json()["error_code"]) == (413, "REQUEST_ENTITY_TOO_LARGE")


def test_a_page_refuses_in_words_of_its_own(db, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    assert Client().post("/login/", {"username": "x" * 200}).headers["Content-Type"].startswith("text/html")
