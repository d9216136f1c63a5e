"""The customer's socket against the real server: joining, echoes, sessions, and what is refused."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import psycopg
import pytest
import redis
from django.db import connection, transaction
from django.utils import timezone
from websockets.exceptions import ConnectionClosed, ConnectionClosedError, InvalidStatus

from conversations.consumers.customer import SOCKETS_PER_SESSION
from conversations.domain.vocabulary import EndReason
from conversations.models import Connector, Conversation, Event
from conversations.realtime import conversation_topic
from conversations.services.access_tokens import LIFETIME, issue_access_token
from conversations.services.outcomes import OutcomeFacts
from conversations.services.ownership import lock_conversation
from conversations.services.replies import add_note, send_reply
from conversations.services.sessions import end_session
from handoffs.services.claims import claim_conversation
from handoffs.services.closing import close_conversation

UNREADABLE = "Unknown event type or invalid message format"


def timeline(conversation) -> list[tuple]:
    return list(
        Event.objects.filter(conversation=conversation).order_by("sequence").values_list("sequence", "type", "payload")
    )


def wait_until(met, within: float = 5.0):
    """Ask again and again until the answer is true; return it."""
    end = time.monotonic() + within
    while not (answer := met()):
        assert time.monotonic() < end, "this has not come true"
        time.sleep(0.01)
    return answer


# --- joining and talking ---------------------------------------------------------------------


def test_who_joins_first_gets_the_session_start(dial, conversation):
    customer = dial()

    (start,) = customer.read()

    event = Event.objects.get()
    assert start == {
        "id": str(event.id),
        "sequence": 1,
        "timestamp": event.created_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "type": "EVENT_TYPE_SESSION_START",
        "payload": {
            "capabilities": {
                "streaming": False,
                "max_message_size_bytes": 131_072,
                "max_reconnect_attempts": 10,
                "heartbeat_interval_seconds": 30,
            }
        },
    }


def test_the_history_comes_in_order_and_in_batches_of_a_hundred(dial, conversation, cast):
    for number in range(120):
        cast.customer_says(conversation, str(number))
    customer = dial()

    first, second = customer.read(), customer.read()

    assert (len(first), len(second)) == (100, 21)
    assert customer.sequences == list(range(1, 122))


def test_a_message_comes_back_as_its_own_receipt(customer, conversation):
    echo = customer.says("Where is my parcel?", "m-1")

    event = Event.objects.get(type="customer.message")
    assert (echo["id"], echo["sequence"], echo["type"]) == (str(event.id), 2, "EVENT_TYPE_USER_MESSAGE")
    assert echo["payload"] == {"text": "Where is my parcel?", "message_id": str(event.id)}
    assert echo["metadata"] == {"custom": {"client_id": "m-1"}}


def test_a_message_sent_twice_with_one_id_is_one_row_and_the_same_echo(customer, conversation):
    echo = customer.says("Where is it?", "m-1")
    before = timeline(conversation)

    again = customer.says("Where is it?", "m-1")

    assert again == echo
    assert timeline(conversation) == before
    assert customer.says("Hello?", "m-2")["sequence"] == echo["sequence"] + 1


def test_a_message_sent_twice_after_a_cut_is_one_row(customer, dial, conversation):
    echo = customer.says("Where is it?", "m-1")
    customer.cut()
    back = dial(cursor=echo["sequence"])
    back.read()

    assert back.says("Where is it?", "m-1") == echo
    assert Event.objects.filter(type="customer.message").count() == 1


def test_messages_without_an_id_are_messages_of_their_own(customer):
    assert customer.says("Hello")["sequence"] + 1 == customer.says("Hello")["sequence"]


def test_the_ai_is_asked_to_join_once(customer, conversation):
    customer.send("REQUEST_POLY_AGENT_JOIN")
    echo = customer.until_kind("REQUEST_POLY_AGENT_JOIN")
    customer.send("REQUEST_POLY_AGENT_JOIN")
    customer.says("A message called join", "join")

    assert echo["sequence"] == 2
    assert [row[1] for row in timeline(conversation)] == [
        "session.started",
        "customer.join_requested",
        "customer.message",
    ]


def test_all_sockets_of_a_session_see_the_same(dial, conversation):
    phone, laptop = dial(), dial()
    phone.read()
    laptop.read()

    echo = phone.says("Hello from my phone")

    assert laptop.until(lambda event: event["id"] == echo["id"]) == echo


def test_a_heartbeat_is_answered_and_leaves_no_trace(customer, conversation):
    before = timeline(conversation)

    echo = customer.beats()

    assert (echo["type"], echo["sequence"], echo["payload"]) == ("EVENT_TYPE_HEARTBEAT", None, {})
    assert echo["id"]
    assert echo["timestamp"].endswith("Z")
    assert timeline(conversation) == before


def test_typing_is_told_to_staff_only_and_leaves_no_trace(customer, dial, conversation, settings):
    other = dial()
    other.read()
    before = timeline(conversation)
    with redis.Redis.from_url(settings.REDIS_URL) as bus, bus.pubsub() as news:
        news.subscribe(conversation_topic(conversation.id))
        news.get_message(timeout=2)
        customer.send("USER_TYPING", {"state": "TYPING_STATE_STARTED"})

        _, _, frames = json.loads(wait_until(lambda: news.get_message(timeout=1))["data"])

    assert sorted(frames) == ["staff", "staff_masked"]
    assert json.loads(frames["staff"]) == {
        "type": "typing",
        "conversation_id": str(conversation.id),
        "author": "customer",
        "state": "TYPING_STATE_STARTED",
    }
    assert timeline(conversation) == before
    other.says("Nothing came before this")
    assert other.kinds == ["SESSION_START", "USER_MESSAGE"]


def test_what_staff_write_to_each_other_never_reaches_the_customer(customer, claimed, agent):
    add_note(conversation_id=claimed.id, author=agent, text="Difficult one", client_id=None)
    epoch = claimed.epoch
    send_reply(conversation_id=claimed.id, author=agent, text="Hi, Maya here", epoch=epoch, client_id=None)

    customer.until_kind("LIVE_AGENT_MESSAGE")

    assert "Difficult one" not in json.dumps(customer.events)
    assert customer.sequences == list(range(1, customer.sequences[-1] + 1))


# --- the orders of events --------------------------------------------------------------------


def test_ending_the_session_is_echoed_then_told_with_its_reason(customer, conversation):
    customer.send("USER_END_SESSION")

    end = customer.until_kind("SESSION_END")

    assert customer.kinds == ["SESSION_START", "USER_END_SESSION", "SESSION_END"]
    assert customer.sequences == [1, 2, 3]
    assert end["payload"] == {"reason": "REASON_USER_END"}


def test_after_the_end_a_message_is_refused_in_words_and_the_socket_lives(customer, conversation):
    end_session(conversation_id=conversation.id, reason=EndReason.USER_ABANDONED, at=timezone.now())
    assert customer.until_kind("SESSION_END")["payload"] == {"reason": "REASON_USER_ABANDONED"}
    before = timeline(conversation)

    customer.send("USER_MESSAGE", {"text": "One more thing"})
    notice = customer.until_kind("SYSTEM_MESSAGE")

    assert notice["payload"] == {
        "level": "SYSTEM_MESSAGE_LEVEL_ERROR",
        "message": "This session has ended. Open a new one to go on",
    }
    assert notice["sequence"] is None
    customer.beats()
    assert timeline(conversation) == before


def test_an_ended_session_ends_once(customer, conversation):
    customer.send("USER_END_SESSION")
    customer.until_kind("SESSION_END")
    before = timeline(conversation)

    customer.send("USER_END_SESSION")
    customer.beats()

    assert timeline(conversation) == before


def test_a_server_managed_handoff_comes_in_the_published_order(customer, conversation, cast, agent):
    cast.hand_off(conversation)
    claimed = claim_conversation(conversation_id=conversation.id, agent=agent, at=timezone.now())
    epoch = claimed.epoch
    send_reply(conversation_id=claimed.id, author=agent, text="Hi", epoch=epoch, client_id=None)
    facts = OutcomeFacts("refund_issued", resolved=True)
    close_conversation(conversation_id=claimed.id, agent=agent, epoch=epoch, facts=facts, at=timezone.now())

    end = customer.until_kind("SESSION_END")

    assert customer.kinds == [
        "SESSION_START",
        "POLY_AGENT_MESSAGE",
        "POLY_AGENT_TRIGGERED_HANDOFF",
        "POLY_AGENT_LEFT",
        "HANDOFF_ACCEPTED",
        "HANDOFF_QUEUE_STATUS",
        "LIVE_AGENT_JOINED",
        "LIVE_AGENT_MESSAGE",
        "LIVE_AGENT_LEFT",
        "SESSION_END",
    ]
    assert end["payload"] == {"reason": "REASON_NATURAL_END"}
    triggered = customer.events[2]
    assert triggered["payload"] == {}
    assert set(triggered["metadata"]["custom"]) >= {"handoff_id", "reason", "destination", "trigger"}
    assert all(isinstance(value, str) for value in triggered["metadata"]["custom"].values())
    told = customer.events[6]["payload"]["agent"]
    assert (told["id"], told["name"].split()[0], told["avatar_url"]) == (str(agent.id), "Maya", "")


# --- refused frames --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("hello", UNREADABLE),
        ("", UNREADABLE),
        ("{", UNREADABLE),
        ("[]", UNREADABLE),
        ("null", UNREADABLE),
        ('{"payload": {}}', UNREADABLE),
        ('{"type": 7, "payload": {}}', UNREADABLE),
        ('{"type": "EVENT_TYPE_USER_MESSAGE", "payload": "hi"}', UNREADABLE),
        ('{"type": "EVENT_TYPE_USER_MESSAGE", "payload": {"text": "hi"}, "id": 7}', UNREADABLE),
        ('{"type": "EVENT_TYPE_DANCE", "payload": {}}', UNREADABLE),
        ('{"type": "USER_MESSAGE", "payload": {"text": "hi"}}', UNREADABLE),
        ('{"type": "EVENT_TYPE_USER_MESSAGE", "payload": {}}', "A message needs a text"),
        ('{"type": "EVENT_TYPE_USER_MESSAGE", "payload": {"text": " \\u0000 "}}', "A message needs a text"),
        ('{"type": "EVENT_TYPE_USER_MESSAGE", "payload": {"text": ["hi"]}}', "A message needs a text"),
        (
            '{"type": "EVENT_TYPE_USER_TYPING", "payload": {"state": ["x"]}}',
            "A typing event needs the state TYPING_STATE_STARTED or TYPING_STATE_STOPPED",
        ),
        (
            '{"type": "EVENT_TYPE_POLY_AGENT_MESSAGE", "payload": {"text": "I am the AI"}}',
            "Event type not allowed: EVENT_TYPE_POLY_AGENT_MESSAGE",
        ),
        (
            '{"type": "EVENT_TYPE_SESSION_END", "payload": {}}',
            "Event type not allowed: EVENT_TYPE_SESSION_END",
        ),
        (
            '{"type": "EVENT_TYPE_LIVE_AGENT_JOINED", "payload": {}}',
            "Event type not allowed: EVENT_TYPE_LIVE_AGENT_JOINED",
        ),
    ],
)
def test_a_frame_that_is_not_taken_is_answered_in_words_and_changes_nothing(customer, conversation, text, told):
    before = timeline(conversation)

    customer.send_text(text)
    notice = customer.until_kind("SYSTEM_MESSAGE")

    assert notice["payload"] == {"level": "SYSTEM_MESSAGE_LEVEL_ERROR", "message": told}
    assert notice["sequence"] is None
    customer.beats()
    assert timeline(conversation) == before
    assert customer.says("Still here")["sequence"] == 2


def test_bytes_are_read_as_text(customer):
    customer.send_text(b'{"type": "EVENT_TYPE_USER_MESSAGE", "payload": {"text": "Bytes"}}')

    assert customer.until(lambda event: event["payload"].get("text") == "Bytes")["sequence"] == 2


def test_bytes_that_are_no_text_are_refused(customer, conversation):
    customer.send_text(b"\xff\xfe\x00")

    assert customer.until_kind("SYSTEM_MESSAGE")["payload"]["message"] == UNREADABLE
    assert customer.says("Still here")["sequence"] == 2


def test_a_message_over_the_limit_is_refused_in_words_and_one_at_the_limit_is_taken(customer, conversation, settings):
    empty = len(json.dumps({"type": "EVENT_TYPE_USER_MESSAGE", "payload": {"text": ""}}))
    longest = "x" * (settings.MESSAGE_MAX_BYTES - empty)
    before = timeline(conversation)

    customer.send("USER_MESSAGE", {"text": longest + "x"})
    told = customer.until_kind("SYSTEM_MESSAGE")["payload"]["message"]

    assert told == "The message is larger than 131072 bytes and was not sent"
    assert timeline(conversation) == before
    assert customer.says(longest)["sequence"] == 2


def test_bytes_count_for_the_limit_not_characters(customer, conversation):
    before = timeline(conversation)

    customer.send_text(
        json.dumps({"type": "EVENT_TYPE_USER_MESSAGE", "payload": {"text": "é" * 70_000}}, ensure_ascii=False)
    )

    assert "larger than 131072 bytes" in customer.until_kind("SYSTEM_MESSAGE")["payload"]["message"]
    assert timeline(conversation) == before


def test_a_message_far_over_the_limit_closes_the_socket_which_can_come_back(customer, dial, conversation):
    before = timeline(conversation)
    with pytest.raises(ConnectionClosed) as closed:
        customer.says("x" * 400_000)

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1009
    back = dial(cursor=1)
    assert back.read() == []
    assert timeline(conversation) == before
    assert back.says("Back")["sequence"] == 2


# --- the handshake ---------------------------------------------------------------------------


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


# --- cursors ---------------------------------------------------------------------------------


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


# --- failures --------------------------------------------------------------------------------


def test_a_database_connection_lost_in_the_middle_of_a_message_costs_the_socket_but_not_the_message(
    customer, dial, conversation
):
    with transaction.atomic():
        lock_conversation(conversation.id)
        customer.send("USER_MESSAGE", {"text": "Hold on"}, id="m-1")
        wait_until(_kill_who_waits_for_a_lock)
        with pytest.raises(ConnectionClosed):
            customer.until_kind("USER_MESSAGE")
    assert [row[1] for row in timeline(conversation)] == ["session.started"]

    sockets = [dial(cursor=1) for _ in range(SOCKETS_PER_SESSION)]
    for socket in sockets:
        socket.read()

    assert sockets[0].says("Hold on", "m-1")["sequence"] == 2
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
