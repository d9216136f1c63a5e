"""The published orders of events: the end of a session, and a handoff to a person."""

from django.utils import timezone

from conversations.domain.vocabulary import EndReason
from conversations.services.outcomes import OutcomeFacts
from conversations.services.replies import send_reply
from conversations.services.sessions import end_session
from handoffs.services.claims import claim_conversation
from handoffs.services.closing import close_conversation
from tests.conversations.consumers.timelines import timeline


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
