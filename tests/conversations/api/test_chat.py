"""Chat API: a program creates a chat, talks to the AI, is handed off and closes, as published."""

import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from conversations.domain.permissions import ApiScope
from conversations.domain.vocabulary import Channel, Environment
from conversations.models import Connector, Conversation, Event
from conversations.services.sessions import open_session
from handoffs.models import Handoff, Release, Snapshot
from handoffs.services.deadlines import sweep_deadlines
from integrations.tasks import drain_outbox
from tests.conversations.api.conftest import key_for

ENVELOPE = {"success", "error", "error_id", "error_code", "error_message", "data"}
DELIVERY = "How long does delivery take?"


@pytest.fixture
def chat(chat_program, release, worker) -> str:
    """A chat whose AI has greeted."""
    return chat_program.call("POST", "create", {}).body["conversation_id"]


def say(program, chat: str, text: str | None, **headers: str):
    message = {} if text is None else {"message": text}
    return program.call("POST", "respond", {"conversation_id": chat, **message}, **headers)


def refused(reply, status: int, code: str) -> str:
    """Check the published envelope; return its words."""
    assert (reply.status, set(reply.body)) == (status, ENVELOPE), reply
    assert (reply.body["success"], reply.body["data"], reply.body["error_code"]) == (False, None, code)
    uuid.UUID(reply.body["error_id"])
    assert reply.body["error"] == reply.body["error_message"] != ""
    return reply.body["error_message"]


def test_a_chat_begins_with_the_greeting(chat_program, release, worker, project, connector):
    options = {
        "integration_attributes": {"shared_id": "call-7", "customer_id": "12345"},
        "variant_id": "VARIANT-1",
        "channel": "webchat",
        "asr_lang_code": "en-US",
        "tts_lang_code": "en-US",
    }

    reply = chat_program.call("POST", "create", options)

    assert (reply.status, set(reply.body)) == (200, {"conversation_id", "response"})
    assert reply.body["response"] == "Hello, Fern here."
    chat = Conversation.objects.get(pk=reply.body["conversation_id"])
    assert (chat.channel, chat.environment, chat.shared_id) == ("chat_api", "live", "call-7")
    assert (chat.connector, chat.project, chat.options) == (connector, project, options)


@pytest.mark.parametrize("body", [None, {}])
def test_nothing_has_to_be_said_to_create_one(chat_program, release, worker, body):
    assert chat_program.call("POST", "create", body).body["response"] == "Hello, Fern here."


def test_the_ai_answers_each_message(chat_program, chat):
    reply = say(chat_program, chat, DELIVERY)

    assert (reply.status, reply.body) == (
        200,
        {
            "conversation_id": chat,
            "response": "Delivery takes two working days.",
            "end_conversation": False,
        },
    )
    assert say(chat_program, chat, "When will my parcel arrive?").body["response"] == "Delivery takes two working days."


def test_without_a_message_the_last_answer_comes_again(chat_program, chat):
    said = say(chat_program, chat, DELIVERY)

    assert say(chat_program, chat, None).body == said.body
    assert Event.objects.filter(conversation=chat, type="customer.message").count() == 1


def test_several_messages_at_once_are_all_answered(chat_program, chat):
    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(lambda _: say(chat_program, chat, DELIVERY), range(4)))

    assert {reply.status for reply in replies} == {200}
    assert all("Delivery takes two working days." in reply.body["response"] for reply in replies)


def test_a_handoff_is_told_with_the_utterance_and_ends_the_chat_for_the_program(chat_program, chat):
    reply = say(chat_program, chat, "How do I make a complaint?")

    assert reply.body == {
        "conversation_id": chat,
        "response": "I'm passing you to our complaints team.",
        "end_conversation": True,
        "handoff": {"destination": "billing", "reason": "complaint"},
    }
    handoff = Handoff.objects.get(conversation=chat)
    assert (handoff.state, handoff.reason) == ("client_required", "complaint")
    refused(say(chat_program, chat, "Hello?"), 410, "ChatConversationEnded")
    assert say(chat_program, chat, None).body == reply.body


def test_closing_after_a_handoff_means_that_a_human_took_over(chat_program, chat):
    say(chat_program, chat, "How do I make a complaint?")

    assert chat_program.call("PUT", "close", {"conversation_id": chat}).body == {"success": True}

    handoff = Handoff.objects.get(conversation=chat)
    assert (handoff.state, handoff.cause) == ("completed", "client_reported")
    conversation = Conversation.objects.get(pk=chat)
    assert (conversation.owner_kind, conversation.handoff_state) == ("none", "completed")
    assert conversation.ended_at is not None


def test_closing_ends_the_chat_and_closing_again_is_no_error(chat_program, chat):
    for _ in range(2):
        reply = chat_program.call("PUT", "close", {"conversation_id": chat})
        assert (reply.status, reply.body) == (200, {"success": True})

    (ended,) = Event.objects.filter(conversation=chat, type="session.ended")
    assert ended.payload["reason"] == "REASON_USER_END"
    assert not Handoff.objects.exists()
    refused(say(chat_program, chat, "Hello?"), 410, "ChatConversationEnded")


def test_an_answer_that_takes_too_long_is_a_published_error_and_can_be_fetched_later(
    chat_program, release, monkeypatch, request
):
    monkeypatch.setattr("conversations.services.chats.ANSWER_SECONDS", 0.3)
    key = {"Idempotency_Key": "open-1"}

    words = refused(chat_program.call("POST", "create", {}, **key), 400, "CHAT_TIMEOUT")

    assert "kept" in words
    (chat,) = Conversation.objects.all()
    request.getfixturevalue("worker")
    drain_outbox.apply_async(kwargs={"lane": "turns"}, queue="turns")
    monkeypatch.setattr("conversations.services.chats.ANSWER_SECONDS", 20.0)
    again = chat_program.call("POST", "create", {}, **key)
    assert again.body == {"conversation_id": str(chat.pk), "response": "Hello, Fern here."}


def test_calls_that_wait_hold_no_thread(chat_program, release, monkeypatch):
    monkeypatch.setattr("conversations.services.chats.ANSWER_SECONDS", 1.0)
    began = time.monotonic()

    with ThreadPoolExecutor(60) as pool:
        replies = list(pool.map(lambda _: chat_program.call("POST", "create", {}), range(60)))

    for reply in replies:
        refused(reply, 400, "CHAT_TIMEOUT")
    # One after the other in the server's few threads they would take far longer.
    assert time.monotonic() - began < 12


def test_a_chat_nobody_takes_over_is_over_after_the_wait_limit(chat_program, chat, now):
    say(chat_program, chat, "How do I make a complaint?")

    sweep_deadlines(at=now + timedelta(minutes=6))

    handoff = Handoff.objects.get(conversation=chat)
    assert (handoff.state, handoff.cause) == ("timed_out", "client_silent")
    assert Conversation.objects.get(pk=chat).ended_at is not None
    assert chat_program.call("PUT", "close", {"conversation_id": chat}).body == {"success": True}


def test_a_lost_word_of_the_turns_end_costs_a_moment_and_nothing_else(chat_program, chat, monkeypatch):
    monkeypatch.setattr("handoffs.services.turns.tell_turn_done", lambda **told: None)
    monkeypatch.setattr("conversations.services.chats.CHECK_SECONDS", 0.2)

    assert say(chat_program, chat, DELIVERY).body["response"] == "Delivery takes two working days."


def test_a_key_makes_a_repeated_call_the_same_call(chat_program, chat):
    key = {"Idempotency_Key": "say-1"}

    first, again = (say(chat_program, chat, DELIVERY, **key) for _ in range(2))

    assert (first.status, again.body) == (200, first.body)
    assert Event.objects.filter(conversation=chat, type="customer.message").count() == 1
    refused(say(chat_program, chat, "Something else", **key), 409, "IDEMPOTENCY_CONFLICT")
    assert Event.objects.filter(conversation=chat, type="customer.message").count() == 1


def test_a_repeated_create_opens_one_chat(chat_program, release, worker):
    replies = [chat_program.call("POST", "create", {}, Idempotency_Key="open-1") for _ in range(2)]

    assert replies[0].body == replies[1].body
    assert Conversation.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "conversation_id"),
        ({"conversation_id": "x", "message": ""}, "message"),
        ({"conversation_id": "x", "message": "a\0b"}, "message"),
        ({"conversation_id": "x", "message": 7}, None),
        ({"conversation_id": "x", "message": ["a"]}, "message"),
        ({"conversation_id": "x", "message": "a" * 32_001}, "message"),
        ([], None),
    ],
)
def test_a_malformed_message_is_refused_with_its_field(chat_program, release, body, field):
    reply = chat_program.call("POST", "respond", body)

    if body == {"conversation_id": "x", "message": 7}:  # a number is read as text; the chat is not there
        refused(reply, 404, "NOT_FOUND")
        return
    words = refused(reply, 400, "SCHEMA_VALIDATION_FAILED")
    assert field is None or words.startswith(field)


def test_where_nothing_was_said_nothing_can_be_asked_for_again(chat_program, release, connector):
    """A chat that was opened by another door: nobody asked the AI to join it."""
    opened = open_session(connector=connector, options={}, channel=Channel.CHAT_API)

    words = refused(say(chat_program, str(opened.pk), None), 400, "SCHEMA_VALIDATION_FAILED")

    assert words == "message: nothing was said in this conversation yet, so there is nothing to be answered"


@pytest.mark.parametrize(
    "options",
    [
        {"channel": "fax"},
        {"integration_attributes": []},
        {"integration_attributes": {"shared_id": 7}},
        {"integration_attributes": {"shared_id": "x" * 201}},
        {"integration_attributes": {"note": "a\0b"}},
        {"variant_id": "x" * 201},
    ],
)
def test_malformed_options_are_refused_and_open_nothing(chat_program, release, options):
    refused(chat_program.call("POST", "create", options), 400, "SCHEMA_VALIDATION_FAILED")
    assert not Conversation.objects.exists()


@pytest.mark.parametrize("name", ["create", "respond", "close"])
@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"X_API_KEY": ""}, 401, "UNAUTHORIZED"),
        ({"X_API_KEY": "hs_nonsense"}, 401, "UNAUTHORIZED"),
        ({"X_TOKEN": ""}, 401, "UNAUTHORIZED"),
        ({"X_TOKEN": "ct_nonsense"}, 401, "UNAUTHORIZED"),
    ],
)
def test_without_both_credentials_nothing_is_opened(chat_program, release, name, headers, status, code):
    method = "PUT" if name == "close" else "POST"

    refused(chat_program.call(method, name, {"conversation_id": "x"}, **headers), status, code)

    assert not Conversation.objects.exists()


def test_a_key_needs_the_scope_and_the_project(chat_program, release, project, server):
    other = key_for(project, ApiScope.OUTCOMES)
    refused(chat_program.call("POST", "create", {}, X_API_KEY=other), 403, "FORBIDDEN")
    chat_program.root = f"{server.base_url}/v1/{project.account_id}/{uuid.uuid4()}/chat/"
    refused(chat_program.call("POST", "create", {}), 403, "FORBIDDEN")


def test_a_connector_of_the_other_environment_or_one_that_is_off_does_not_count(chat_program, release, project):
    connector = Connector.objects.create(project=project, environment="sandbox", name="Trial", hosts=[])
    refused(chat_program.call("POST", "create", {}, X_TOKEN=connector.token), 401, "UNAUTHORIZED")
    Connector.objects.update(is_active=False)
    refused(chat_program.call("POST", "create", {}), 401, "UNAUTHORIZED")


@pytest.mark.parametrize("of", ["nobody", "nonsense", "another connector", "web chat"])
def test_a_chat_that_is_not_this_connectors_is_not_found(chat_program, project, conversation, connector, of):
    other = Connector.objects.create(project=project, environment="live", name="Other", hosts=[])
    chats = {
        "nobody": str(uuid.uuid4()),
        "nonsense": "CONV-1",
        "web chat": str(conversation.pk),
        "another connector": str(conversation.pk),
    }
    if of == "another connector":
        Conversation.objects.update(connector=other, channel="chat_api")

    refused(say(chat_program, chats[of], "Hello"), 404, "NOT_FOUND")
    refused(chat_program.call("PUT", "close", {"conversation_id": chats[of]}), 404, "NOT_FOUND")
    assert not Event.objects.filter(type="customer.message").exists()


def test_before_the_first_release_there_is_nothing_to_chat_with(chat_program):
    assert not Release.objects.exists()
    assert "Publish" in refused(chat_program.call("POST", "create", {}), 400, "CHAT_DRAFT_NOT_EXIST")


def test_a_configuration_that_cannot_be_read_is_told(chat_program, release):
    broken = Snapshot.objects.create(hash="0" * 64, content={"destinations": 7})
    Release.objects.update(snapshot=broken)
    refused(chat_program.call("POST", "create", {}), 500, "CHAT_DRAFT_DEPLOYMENT_FAILED")


def test_the_sandbox_answers_from_the_working_copy(chat_program, project, worker):
    connector = Connector.objects.create(project=project, environment="sandbox", name="Trial", hosts=[])
    key = key_for(project, ApiScope.CHAT, Environment.SANDBOX)

    reply = chat_program.call("POST", "create", {}, X_API_KEY=key, X_TOKEN=connector.token)

    assert reply.body["response"] == "Hello, Fern here."
    assert Conversation.objects.get().environment == "sandbox"


def test_another_method_has_the_same_envelope(chat_program, release):
    refused(chat_program.call("GET", "create"), 405, "METHOD_NOT_ALLOWED")
    refused(chat_program.call("POST", "close", {}), 405, "METHOD_NOT_ALLOWED")
