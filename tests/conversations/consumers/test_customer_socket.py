"""The customer's socket against the real server: joining, echoes, and what others see of it."""

import json

import redis

from conversations.models import Event
from conversations.realtime import conversation_topic
from conversations.realtime.bus import ORIGIN_LENGTH
from conversations.realtime.messages import unpack
from conversations.services.replies import add_note, send_reply
from tests.conversations.consumers.customer_client import wait_until
from tests.conversations.consumers.timelines import timeline


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

        told = wait_until(lambda: news.get_message(timeout=1))["data"]
        frames = unpack(told[ORIGIN_LENGTH:]).frames

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
