"""The published orders of a conversation with the AI: real socket, real outbox, real worker, real responder."""

import pytest


@pytest.fixture
def joined(worker, customer):
    """A customer whom the AI has greeted."""
    customer.send("REQUEST_POLY_AGENT_JOIN")
    customer.until_kind("POLY_AGENT_MESSAGE")
    return customer


def test_the_ai_joins_thinks_and_greets(joined):
    assert joined.kinds == [
        "SESSION_START",
        "REQUEST_POLY_AGENT_JOIN",
        "POLY_AGENT_JOINED",
        "POLY_AGENT_THINKING",
        "POLY_AGENT_MESSAGE",
    ]
    assert [event["sequence"] for event in joined.events] == [1, 2, 3, None, 4]
    assert joined.events[-1]["payload"]["text"] == "Hello, Fern here."


def test_a_question_is_echoed_thought_about_and_answered(joined):
    before = len(joined.events)
    joined.says("How long does delivery take?")
    answer = joined.until_kind("POLY_AGENT_MESSAGE")

    assert joined.kinds[before:] == ["USER_MESSAGE", "POLY_AGENT_THINKING", "POLY_AGENT_MESSAGE"]
    assert answer["payload"]["text"] == "Delivery takes two working days."
    assert set(answer["payload"]) == {"text", "agent_name", "message_id"}


def test_who_asks_for_a_person_is_passed_on_in_the_published_order(joined):
    before = len(joined.events)
    joined.says("I want to speak to a real person please")
    joined.until_kind("HANDOFF_QUEUE_STATUS")

    assert joined.kinds[before:] == [
        "USER_MESSAGE",
        "POLY_AGENT_MESSAGE",
        "POLY_AGENT_TRIGGERED_HANDOFF",
        "POLY_AGENT_LEFT",
        "HANDOFF_ACCEPTED",
        "HANDOFF_QUEUE_STATUS",
    ]
    assert joined.events[-1]["payload"]["queue_name"] == "Billing"
    assert joined.events[-1]["payload"]["position_in_queue"] == 1


def test_while_waiting_the_ai_keeps_silent(joined):
    joined.says("I want to speak to a real person please")
    joined.until_kind("HANDOFF_QUEUE_STATUS")
    before = len(joined.events)

    joined.says("How long does delivery take?")
    joined.says("Are you there?")

    assert set(joined.kinds[before:]) <= {"USER_MESSAGE", "HANDOFF_QUEUE_STATUS"}
