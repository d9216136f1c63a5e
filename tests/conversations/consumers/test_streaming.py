"""Streamed answers on real sockets: chunks and their message to who asked for it, the whole to everybody else."""

import uuid

import pytest
from django.utils import timezone

from conversations.append import append_event
from conversations.domain.timeline import NewEvent
from conversations.models.ids import new_id
from conversations.realtime import publish_to_customer
from conversations.services.sessions import open_session

TEXT = "Two working days."


@pytest.fixture
def conversation(release, connector):
    """A session that asked for streamed answers."""
    return open_session(connector=connector, options={"streaming_enabled": True})


def tell(conversation, message_id: uuid.UUID, *texts: str) -> None:
    for index, text in enumerate(texts, start=1):
        payload = {"message_id": str(message_id), "text": text, "chunk_index": index, "is_complete": False}
        publish_to_customer(conversation.id, "ai.chunk", payload, at=timezone.now())


def store(conversation, message_id: uuid.UUID, text: str = TEXT):
    event = NewEvent("ai.message", "ai", {"text": text, "agent_name": "Fern"}, id=message_id)
    return append_event(conversation_id=conversation.id, event=event)


def seen(socket) -> list[tuple]:
    return [
        (kind, event["sequence"], event["payload"].get("text"), event["payload"].get("is_complete"))
        for kind, event in zip(socket.kinds, socket.events, strict=True)
        if kind.startswith("POLY_AGENT_MESSAGE")
    ]


def test_a_session_that_asked_for_it_is_told_that_it_gets_it(customer):
    assert customer.events[0]["payload"]["capabilities"]["streaming"] is True


def test_an_answer_comes_in_chunks_and_is_complete_when_it_is_stored(customer, dial, conversation):
    answer = new_id()
    tell(conversation, answer, "Two ", "working days.")
    stored = store(conversation, answer)
    customer.says("Thanks")

    assert seen(customer) == [
        ("POLY_AGENT_MESSAGE_CHUNK", None, "Two ", False),
        ("POLY_AGENT_MESSAGE_CHUNK", None, "working days.", False),
        ("POLY_AGENT_MESSAGE_CHUNK", 2, "", True),
    ]
    last = next(event for event in customer.events if event["sequence"] == 2)
    assert (last["id"], last["payload"]["message_id"]) == (str(stored.id), str(answer))
    assert customer.sequences == [1, 2, 3]


def test_who_comes_back_gets_the_message_whole_and_once(customer, dial, conversation):
    answer = new_id()
    tell(conversation, answer, TEXT)
    store(conversation, answer)
    customer.says("Thanks")
    back, behind = dial(cursor=1), dial(cursor=2)
    back.read()
    behind.read()

    assert seen(back) == [("POLY_AGENT_MESSAGE", 2, TEXT, None)]
    assert seen(behind) == []


def test_who_comes_in_the_middle_gets_no_chunks_and_the_message_whole(customer, dial, conversation):
    answer = new_id()
    tell(conversation, answer, "Two ")
    customer.until_kind("POLY_AGENT_MESSAGE_CHUNK")
    late = dial()
    late.read()
    payload = {"message_id": str(answer), "text": "working days.", "chunk_index": 2, "is_complete": False}
    publish_to_customer(conversation.id, "ai.chunk", payload, at=timezone.now())
    store(conversation, answer)
    late.says("Thanks")

    assert seen(late) == [("POLY_AGENT_MESSAGE", 2, TEXT, None)]
