"""Who is let in: sessions, tokens, origins, the number of sockets; and where a cursor resumes."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import psycopg
import pytest
from django.db import connection, transaction
from django.utils import timezone
from websockets.exceptions import ConnectionClosedError, InvalidStatus

from conversations.models import Connector, Conversation
from conversations.services.access_tokens import LIFETIME, issue_access_token
from conversations.services.open_sockets import SOCKETS_PER_SESSION
from conversations.services.ownership import lock_conversation
from conversations.services.replies import add_note
from tests.conversations.consumers.customer_client import wait_until
from tests.conversations.consumers.timelines import timeline


def refused(dial, **different) -> tuple[int, dict]:
    with pytest.raises(InvalidStatus) as refusal:
        dial(**different)
    return refusal.value.response.status_code, json.loads(refusal.value.response.body)


@pytest.mark.parametrize("session_id", ["", "nonsense", "42", "%00", "01a1fbd3-364a-7010-b953-685fb600638"])
def test_what_is_no_session_id_is_a_bad_request(dial, session_id):
    assert refused(dial, session_id=session_id) == (400, {"error": "invalid connection parameters"})


def test_an_unknown_session_is_not_found(dial):
    answer = refused(dial, session_id="01a1fbd3-364a-7010-b953-685fb600638c")

    assert answer == (404, {"error": "session not found"})


def test_the_session_of_another_connector_is_not_found(dial, project):
    other = Connector.objects.create(project=project, environment="live", name="Other", hosts=["127.0.0.1"])
    token = issue_access_token(token=other.token, host="127.0.0.1", at=timezone.now())

    assert refused(dial, access_token=token) == (404, {"error": "session not found"})


def test_the_session_of_a_connector_that_was_switched_off_is_not_found(dial, connector):
    Connector.objects.filter(pk=connector.pk).update(is_active=False)

    assert refused(dial) == (404, {"error": "session not found"})


@pytest.mark.parametrize("token", ["", "nonsense", "a.b.c"])
def test_what_is_no_token_is_not_let_in(dial, token):
    assert refused(dial, access_token=token) == (401, {"error": "authentication failed"})


def test_an_expired_token_is_not_let_in(dial, connector):
    token = issue_access_token(token=connector.token, host="127.0.0.1", at=timezone.now() - LIFETIME)

    assert refused(dial, access_token=token) == (401, {"error": "authentication failed"})


def test_a_token_that_expires_closes_its_socket(dial, connector):
    at = timezone.now() - LIFETIME + timedelta(seconds=2)
    customer = dial(access_token=issue_access_token(token=connector.token, host="127.0.0.1", at=at))
    customer.read()

    with pytest.raises(ConnectionClosedError) as closed:
        customer.read(within=4)

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4001


@pytest.mark.parametrize("origin", ["https://evil.example", "http://127.0.0.1.evil.example", "null", "http://[::1"])
def test_a_page_of_another_origin_is_not_let_in(dial, origin):
    assert refused(dial, origin=origin) == (401, {"error": "authentication failed"})


@pytest.mark.parametrize("origin", ["http://127.0.0.1", "http://127.0.0.1:8000", "https://127.0.0.1"])
def test_a_page_of_the_connectors_host_is_let_in(dial, origin):
    assert dial(origin=origin).read()


def test_a_token_given_to_a_host_the_connector_has_no_more_is_not_let_in(dial, connector):
    Connector.objects.filter(pk=connector.pk).update(hosts=["shop.example"])

    assert refused(dial) == (401, {"error": "authentication failed"})


def test_a_fresh_token_lets_in_whose_token_has_expired(dial, connector):
    at = timezone.now() - LIFETIME + timedelta(seconds=1)
    customer = dial(access_token=issue_access_token(token=connector.token, host="127.0.0.1", at=at))
    assert customer.reads_until_closed() == 4001

    fresh = issue_access_token(token=connector.token, host="127.0.0.1", at=timezone.now())
    back = dial(access_token=fresh, cursor=1)
    back.read()
    assert back.says("Back again")["sequence"] == 2


def test_the_callers_own_id_of_a_handshake_comes_back_whether_it_is_let_in_or_not(dial):
    named = {"X-PolyAI-Correlation-Id": "app-17"}

    assert dial(headers=named).connection.response.headers["X-PolyAI-Correlation-Id"] == "app-17"
    with pytest.raises(InvalidStatus) as refusal:
        dial(headers=named, session_id="nonsense")
    assert refusal.value.response.headers["X-PolyAI-Correlation-Id"] == "app-17"
    assert "X-PolyAI-Correlation-Id" not in dial(headers={"X-PolyAI-Correlation-Id": "a b"}).connection.response.headers


def test_a_refused_handshake_leaves_no_trace(dial, conversation):
    before = timeline(conversation)

    refused(dial, access_token="nonsense")

    assert timeline(conversation) == before


def test_the_eleventh_socket_of_a_session_is_refused_until_one_has_left(dial):
    sockets = [dial() for _ in range(SOCKETS_PER_SESSION)]
    for socket in sockets:
        socket.read()

    assert refused(dial) == (429, {"error": "connection limit exceeded for session"})

    sockets[0].connection.close()
    assert wait_until(lambda: _is_let_in(dial))
    assert sockets[1].beats()


def _is_let_in(dial) -> bool:
    try:
        return bool(dial().read())
    except InvalidStatus:
        return False


def test_of_fourteen_sockets_at_once_ten_are_let_in(dial):
    def try_one(_: int) -> bool:
        return _is_let_in(dial)

    with ThreadPoolExecutor(14) as pool:
        let_in = list(pool.map(try_one, range(14)))

    assert let_in.count(True) == SOCKETS_PER_SESSION


@pytest.fixture
def said(conversation, cast, agent):
    """Four public events, with a note between them that is not the customer's to see."""
    cast.customer_says(conversation, "one")
    add_note(conversation_id=conversation.id, author=agent, text="hm", client_id=None)
    cast.customer_says(conversation, "two")
    cast.customer_says(conversation, "three")
    return conversation


@pytest.mark.parametrize("cursor", ["2", "seq:2"])
def test_a_cursor_brings_what_came_after_it(dial, said, cursor):
    back = dial(cursor=cursor)

    assert [event["payload"]["text"] for event in back.read()] == ["two", "three"]
    assert back.sequences == [3, 4]


def test_a_cursor_at_the_end_brings_an_empty_batch(dial, said):
    back = dial(cursor=4)

    assert back.read() == []
    assert back.says("four")["sequence"] == 5


@pytest.mark.parametrize("cursor", ["5", "999999999", "-3", "nonsense", "%F0%9F", "", "1e3", "9" * 60])
def test_a_cursor_from_the_future_or_of_garbage_brings_everything(dial, said, cursor):
    back = dial(cursor=cursor)
    back.read()

    assert back.sequences == [1, 2, 3, 4]
    assert back.says("four")["sequence"] == 5
    assert back.notices == []


def test_a_message_whose_database_connection_dies_is_stored_over_another_and_echoed_once(customer, conversation):
    with transaction.atomic():
        lock_conversation(conversation.id)
        customer.send("USER_MESSAGE", {"text": "Hold on"}, id="m-1")
        wait_until(_kill_who_waits_for_a_lock)

    echo = customer.until_kind("USER_MESSAGE")
    assert (echo["sequence"], echo["metadata"]) == (2, {"custom": {"client_id": "m-1"}})
    assert customer.notices == []
    assert customer.says("Hold on", "m-1")["sequence"] == 2
    assert Conversation.objects.get(pk=conversation.pk).last_sequence == 2


def test_who_sends_a_message_while_every_database_connection_dies_is_told_and_may_send_it_again(
    customer, conversation, settings
):
    tries = 1 + settings.ASYNC_POOL_SIZE + 1  # the lane, each connection of the pool, and one that is new
    with transaction.atomic():
        lock_conversation(conversation.id)
        customer.send("USER_MESSAGE", {"text": "Hold on"}, id="m-1")
        for _ in range(tries):
            wait_until(_kill_who_waits_for_a_lock)
        notice = customer.until_kind("SYSTEM_MESSAGE")

    assert notice["payload"] == {"level": "SYSTEM_MESSAGE_LEVEL_ERROR", "message": "Unable to retrieve session"}
    assert notice["metadata"] == {"custom": {"client_id": "m-1"}}
    assert customer.says("Hold on", "m-1")["sequence"] == 2
    assert Conversation.objects.get(pk=conversation.pk).last_sequence == 2


def _kill_who_waits_for_a_lock() -> int:
    with psycopg.connect(**_where()) as outside:
        killed = outside.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return len(killed.fetchall())


def _where() -> dict:
    wanted = ("host", "port", "user", "password", "dbname")
    given = connection.get_connection_params()
    return {name: given[name] for name in wanted if given.get(name)}
