"""Access token and session over HTTP, with every published error text."""

from datetime import UTC, datetime, timedelta

import jwt
import pytest
from django.conf import settings
from django.utils import timezone

from conversations.models import Connector, Conversation, Customer, Deadline, Event
from conversations.services.access_tokens import issue_access_token, read_access_token

TOKEN, SESSIONS = "/api/v1/access-token", "/api/v1/sessions"


def ask_token(client, token: str | None = None, host: str | None = None):
    given = {"X-Token": token, "X-Host": host}
    headers = {name: value for name, value in given.items() if value is not None}
    return client.post(TOKEN, b"{}", content_type="application/json", headers=headers)


def open_session(client, authorization: str | None, body: bytes = b"{}", content_type: str = "application/json"):
    headers = {"Authorization": authorization} if authorization is not None else {}
    return client.post(SESSIONS, body, content_type=content_type, headers=headers)


@pytest.fixture
def bearer(connector) -> str:
    return "Bearer " + issue_access_token(token=connector.token, host="127.0.0.1", at=timezone.now())


# --- access token ----------------------------------------------------------------------------


def test_a_connector_gets_a_token_for_a_day(client, connector):
    before = datetime.now(UTC)

    answer = ask_token(client, connector.token, "127.0.0.1")

    assert answer.status_code == 200
    body = answer.json()
    assert (body["expires_in"], body["token_type"], len(body)) == (86400, "Bearer", 3)
    claims = read_access_token(body["access_token"])
    assert (claims["sub"], claims["host"]) == (str(connector.id), "127.0.0.1")
    assert abs(datetime.fromtimestamp(claims["exp"], UTC) - before - timedelta(days=1)) < timedelta(seconds=5)
    connector.refresh_from_db()
    assert connector.last_used_at >= before


@pytest.mark.parametrize(
    "host", ["shop.example", "www.shop.example", "SHOP.example", "shop.example:8443", "https://www.shop.example/cart"]
)
def test_a_host_its_subdomains_and_any_port_of_it_are_the_connectors(client, connector, host):
    Connector.objects.update(hosts=["Shop.example"])

    assert ask_token(client, connector.token, host).status_code == 200


@pytest.mark.parametrize("host", ["evilshop.example", "shop.example.evil.test", "example", "//", "http://", "[::1"])
def test_another_host_is_refused(client, connector, host):
    Connector.objects.update(hosts=["shop.example"])

    answer = ask_token(client, connector.token, host)

    assert (answer.status_code, answer.json()["detail"]) == (401, "Failed to validate connector")


@pytest.mark.parametrize(("token", "host"), [(None, None), ("ct_x", None), (None, "127.0.0.1"), ("", "")])
def test_without_both_headers_there_is_no_token(client, db, token, host):
    answer = ask_token(client, token, host)

    assert answer.status_code == 401
    assert answer.json() == {"error": "unauthorized", "detail": "Missing authentication headers"}


def test_an_unknown_connector_token_is_refused(client, db):
    answer = ask_token(client, "ct_unknown", "127.0.0.1")

    assert (answer.status_code, answer.json()["detail"]) == (401, "Connector token does not exist")


def test_a_connector_without_hosts_is_refused(client, connector):
    Connector.objects.update(hosts=[])

    answer = ask_token(client, connector.token, "127.0.0.1")

    assert (answer.status_code, answer.json()["detail"]) == (401, "Connector missing host domain")


def test_a_connector_that_was_switched_off_is_refused(client, connector):
    Connector.objects.update(is_active=False)

    answer = ask_token(client, connector.token, "127.0.0.1")

    assert (answer.status_code, answer.json()["detail"]) == (401, "Failed to validate connector")


def test_a_token_is_asked_for_by_post(client, db):
    answer = client.get(TOKEN)

    assert (answer.status_code, answer.json()["error"]) == (405, "method_not_allowed")


# --- session ---------------------------------------------------------------------------------


def test_a_session_is_a_conversation_of_a_new_customer_with_the_ai(client, connector, bearer):
    answer = open_session(client, bearer, b'{"platform": "ios", "streaming_enabled": true}')

    conversation = Conversation.objects.get()
    assert (answer.status_code, answer.json()) == (200, {"session_id": str(conversation.id)})
    assert (conversation.owner_kind, conversation.epoch, conversation.environment) == ("ai", 1, "live")
    assert (conversation.connector, conversation.customer) == (connector, Customer.objects.get())
    assert conversation.options == {"platform": "ios", "streaming_enabled": True}
    event = Event.objects.get()
    assert (event.type, event.public_sequence) == ("session.started", 1)
    assert event.payload["capabilities"]["max_message_size_bytes"] == 131_072


@pytest.mark.parametrize("body", [b"", b"{}"])
def test_a_body_is_not_needed(client, connector, bearer, body):
    assert open_session(client, bearer, body).status_code == 200
    assert Conversation.objects.get().options == {"platform": "web", "streaming_enabled": False}


def test_what_a_session_says_of_itself_is_kept(client, connector, bearer):
    body = '{"metadata": {"custom": {"accepts_return": "true", "note": "C:\\\\u0000 größer"}}}'

    assert open_session(client, bearer, body.encode()).status_code == 200
    assert Conversation.objects.get().options["metadata"]["custom"]["note"] == "C:\\u0000 größer"


@pytest.mark.parametrize("given", [None, ""])
def test_without_a_token_header_there_is_no_session(client, db, given):
    answer = open_session(client, given)

    assert answer.status_code == 401
    assert answer.json() == {"error": "unauthorized", "detail": "Missing authentication headers"}


@pytest.mark.parametrize("given", ["Bearer", "Bearer ", "Basic dTpw", "abc"])
def test_a_header_without_a_bearer_token_is_a_bad_request(client, db, given):
    answer = open_session(client, given)

    assert (answer.status_code, answer.json()["detail"]) == (400, "Missing access token")


def a_token(**changes) -> str:
    now = datetime.now(UTC)
    claims = {
        "sub": "01a1fbd3-364a-7010-b953-685fb600638c",
        "aud": "messaging",
        "iat": now,
        "exp": now.replace(year=2099),
    }
    given = {**claims, **changes}
    key, algorithm = given.pop("key", settings.SECRET_KEY), given.pop("algorithm", "HS256")
    return jwt.encode({name: value for name, value in given.items() if value is not None}, key, algorithm=algorithm)


@pytest.mark.parametrize(
    "wrong",
    [
        {"exp": datetime(2020, 1, 1, tzinfo=UTC)},
        {"exp": None},
        {"aud": "elsewhere"},
        {"aud": None},
        {"sub": None},
        {"key": "k" * 40},
        {"key": "", "algorithm": "none"},
        {"key": settings.SECRET_KEY * 2, "algorithm": "HS512"},
        {},
    ],
    ids=["expired", "endless", "audience", "nobody's", "no subject", "key", "unsigned", "algorithm", "no connector"],
)
def test_a_token_that_is_not_ours_or_not_valid_any_more_is_refused(client, connector, wrong):
    answer = open_session(client, f"Bearer {a_token(**wrong)}")

    assert answer.status_code == 401
    assert answer.json() == {"error": "unauthorized", "detail": "Invalid access token"}
    assert not Conversation.objects.exists()


@pytest.mark.parametrize("text", ["nonsense", "a.b.c", "ünïcödé"])
def test_what_is_no_token_is_refused(client, connector, text):
    answer = open_session(client, f"Bearer {text}")

    assert (answer.status_code, answer.json()["detail"]) == (401, "Invalid access token")


def test_the_token_of_a_connector_that_was_switched_off_opens_nothing(client, connector, bearer):
    Connector.objects.update(is_active=False)

    answer = open_session(client, bearer)

    assert (answer.status_code, answer.json()["detail"]) == (401, "Invalid access token")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"hello",
        b"[]",
        b"null",
        b"7",
        b'"web"',
        b"\xff\xfe",
        b'{"platform": "toaster"}',
        b'{"streaming_enabled": "perhaps"}',
        b'{"metadata": "x"}',
        b'{"metadata": {"custom": {"x": "\\u0000"}}}',
        b'{"metadata": {"custom": {"x": "\\ud800"}}}',
        b'{"device_type": "\\u0000"}',
    ],
)
def test_a_body_that_makes_no_sense_is_refused_in_the_published_words(client, connector, bearer, body):
    answer = open_session(client, bearer, body)

    assert answer.status_code == 400
    assert answer.json() == {"error": "bad_request", "detail": "Error parsing request"}
    assert not Conversation.objects.exists()


def test_a_body_that_is_no_json_is_refused_in_the_published_words(client, connector, bearer):
    answer = open_session(client, bearer, b"platform=web", content_type="application/x-www-form-urlencoded")

    assert (answer.status_code, answer.json()["detail"]) == (400, "Error parsing request")


# --- the caller's own id, hosts and origins of what a token opens --------------------------------


@pytest.mark.parametrize("path", [TOKEN, SESSIONS])
@pytest.mark.parametrize(("given", "answered"), [("app-17:a", "app-17:a"), ("a b", None), ("x" * 129, None)])
def test_the_callers_own_id_of_a_call_comes_back_when_it_is_one(client, db, path, given, answered):
    answer = client.post(path, b"{}", content_type="application/json", headers={"X-PolyAI-Correlation-Id": given})

    assert answer.headers.get("X-PolyAI-Correlation-Id") == answered


def test_a_browser_may_send_the_id_and_read_it(client, db):
    asked = {"Origin": "https://shop.example", "Access-Control-Request-Method": "POST"}
    wanted = {"Access-Control-Request-Headers": "x-polyai-correlation-id,x-token"}

    answer = client.options(TOKEN, headers={**asked, **wanted})
    assert "x-polyai-correlation-id" in answer.headers["Access-Control-Allow-Headers"]
    answer = client.post(TOKEN, b"{}", content_type="application/json", headers={"Origin": "https://shop.example"})
    assert "X-PolyAI-Correlation-Id" in answer.headers["Access-Control-Expose-Headers"]


@pytest.mark.parametrize(
    ("hosts", "origin", "status"),
    [
        (["127.0.0.1"], None, 200),
        (["127.0.0.1"], "https://127.0.0.1:8443", 200),
        (["127.0.0.1", "shop.example"], "https://www.shop.example", 200),
        (["127.0.0.1"], "https://evil.example", 401),
        (["127.0.0.1"], "null", 401),
        (["shop.example"], None, 401),
        ([], None, 401),
    ],
    ids=["an app", "its page", "another of its hosts", "another page", "a page without origin", "host gone", "no host"],
)
def test_a_token_opens_sessions_for_its_connectors_hosts_only(client, connector, bearer, hosts, origin, status):
    Connector.objects.update(hosts=hosts)
    headers = {"Authorization": bearer, **({"Origin": origin} if origin else {})}

    answer = client.post(SESSIONS, b"{}", content_type="application/json", headers=headers)

    assert answer.status_code == status


def test_a_session_is_watched_from_its_opening(client, connector, bearer):
    open_session(client, bearer)

    deadline = Deadline.objects.get()
    assert (deadline.kind, deadline.subject_id) == ("idle", Conversation.objects.get().pk)


@pytest.mark.parametrize(("body", "streams"), [(b"{}", False), (b'{"streaming_enabled": true}', True)])
def test_a_session_that_asks_for_streamed_answers_is_told_so(client, connector, bearer, body, streams):
    open_session(client, bearer, body)

    assert Event.objects.get().payload["capabilities"]["streaming"] is streams
