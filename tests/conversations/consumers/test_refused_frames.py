"""Frames that are not taken: answered in words, the timeline unchanged, the socket alive."""

import json

import pytest
from websockets.exceptions import ConnectionClosed

from tests.conversations.consumers.timelines import timeline

UNREADABLE = "Unknown event type or invalid message format"


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
