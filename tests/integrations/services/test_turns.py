"""Turns answered over a connection: who is asked, what becomes of the answer, and what when there is none."""

import json
import threading
from contextlib import closing
from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.db import connection as database

from conversations.models import Conversation, Event, OutboxEntry
from conversations.realtime import close_bus
from conversations.services.turn_news import listen_to_turns
from handoffs.models import Handoff, HandoffSettings, TurnLease
from handoffs.services.claims import claim_conversation
from handoffs.services.releases import publish_release
from handoffs.services.turns import consider_turn, is_turn_wanted, lease_turn
from integrations.models import Connection, Sealed
from integrations.services.turns import take_turn
from tests.emulators.answering import AnsweringServer, Pause, chunk, events, lines, tool_call, whole
from tests.listening import Listening

QUESTION = "Where is my parcel?"


@pytest.fixture
def server(loopback_allowed):
    with AnsweringServer() as server:
        yield server


@pytest.fixture
def connect(project, owner, server, now):
    """Let a connection answer in live, from the next release on."""

    def make(kind="http_responder", key="own-agent", **settings):
        stored = {"url": server.url, **settings}
        made = Connection.objects.create(
            project=project, environment="live", key=key, kind=kind, name="Own agent", settings=stored,
            credentials=Sealed.of({}),
        )  # fmt: skip
        project.responder_key = key
        project.save()
        publish_release(project=project, publisher=owner, at=now)
        return made

    return make


@pytest.fixture
def says(conversation, cast, now):
    """The customer says it, and the turn it asks for is run."""

    def run(text=QUESTION):
        cast.customer_says(conversation, text)
        take_turn(entry=OutboxEntry.objects.filter(topic="turn.due").latest("id"), at=now)
        conversation.refresh_from_db()

    return run


def said_by_ai(conversation):
    events = Event.objects.filter(conversation=conversation, type="ai.message").order_by("sequence")
    return [event.payload["text"] for event in events]


def test_the_connection_of_the_release_answers(connect, conversation, server, says):
    connection = connect()
    server.write = lambda asked: whole({"text": "It left on Monday."})
    says()
    assert said_by_ai(conversation) == ["It left on Monday."]
    assert server.asked[0].json["messages"][-1] == {"role": "customer", "text": QUESTION}
    connection.refresh_from_db()
    assert (connection.health, connection.last_error) == ("ok", "")


def test_what_the_answer_collects_is_written_by_an_event_and_asked_with_the_next_time(
    connect, conversation, server, says
):
    connect()
    answers = iter([{"text": "And the order?", "state": {"name": "Ada"}}, {"text": "Thanks."}])
    server.write = lambda asked: whole(next(answers))
    says()
    says("7741")
    assert conversation.state == {"name": "Ada"}
    assert Event.objects.get(type="state.changed").payload["changes"] == {"name": "Ada"}
    assert server.asked[1].json["state"] == {"name": "Ada"}


def test_data_over_the_limit_is_no_answer_and_nothing_of_it_is_kept(connect, conversation, server, says):
    connect()
    server.write = lambda asked: whole({"text": "Kept.", "state": {"blob": "x" * 65_536}})
    says()
    assert (conversation.state, Handoff.objects.get().reason) == ({}, "ai_unavailable")


def test_the_agent_hands_over_by_the_name_of_a_destination_with_its_data(connect, conversation, server, says):
    connect()
    handoff = {"destination": "BILLING", "reason": "refund", "utterance": "I'm passing you on.", "data": {"order": 7}}
    server.write = lambda asked: whole({"text": "I see.", "state": {"name": "Ada"}, "handoff": handoff})
    says()
    made = Handoff.objects.get()
    assert (made.trigger, made.reason, made.destination_key) == ("ai_decision", "refund", "billing")
    assert made.data == {"name": "Ada", "order": 7}
    assert conversation.handoff_data == made.data
    assert said_by_ai(conversation) == ["I see.", "I'm passing you on."]


def test_an_unknown_destination_is_the_defaults_and_is_flagged(connect, server, says):
    connect()
    server.write = lambda asked: whole({"handoff": {"destination": "moon", "utterance": "One moment."}})
    says()
    made = Handoff.objects.get()
    assert (made.destination_key, made.evidence["unknown_destination"]) == ("billing", "moon")


def test_a_wish_the_settings_do_not_follow_is_only_a_text(connect, conversation, server, says):
    HandoffSettings.objects.update(on_ai_decision=False)
    connect()
    server.write = lambda asked: whole({"text": "I can't decide that.", "handoff": {"utterance": "One moment."}})
    says()
    assert (said_by_ai(conversation), Handoff.objects.exists()) == (["I can't decide that."], False)
    assert server.asked[0].json["handoff_allowed"] is False


def test_a_model_hands_over_by_its_tool(connect, conversation, server, says):
    connect("openai_compatible", model="fern-1")
    wish = {"reason": "needs_human", "utterance": "I'm passing you on.", "summary": "A lost parcel"}
    server.write = lambda asked: events(
        [chunk({"tool_calls": [tool_call(json.dumps(wish), index=0)]}), chunk({}, "tool_calls")]
    )
    says()
    made = Handoff.objects.get()
    assert (made.reason, made.utterance, made.evidence["summary"]) == (
        "needs_human", "I'm passing you on.", "A lost parcel",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (whole({"text": 5}), "reply.text must be of type string"),
        (whole({}, status=500), "answered with status 500"),
    ],
)
def test_an_agent_that_fails_counts_as_unproductive_and_hands_over(connect, conversation, server, says, script, words):
    connection = connect()
    server.write = lambda asked: script
    says()
    made = Handoff.objects.get()
    assert (made.reason, made.evidence["understood"], words in made.evidence["error"]) == (
        "ai_unavailable",
        False,
        True,
    )
    connection.refresh_from_db()
    assert (connection.health, words in connection.last_error) == ("failing", True)


@pytest.mark.parametrize("gone", [{"is_active": False}, {"environment": "sandbox"}, {"kind": "sip_trunk"}])
def test_a_connection_that_does_not_answer_here_hands_over(connect, conversation, server, says, gone):
    connection = connect()
    Connection.objects.filter(pk=connection.pk).update(**gone)
    says()
    assert Handoff.objects.get().evidence["error"] == "no connection own-agent answers in live"
    assert server.asked == []


def test_answers_that_are_none_are_counted(conversation, says):
    says("Tell me a joke about penguins")
    says("What is the capital of Peru?")
    says("How long does delivery take?")
    answers = Event.objects.filter(conversation=conversation, type="ai.message").order_by("sequence")
    assert [event.payload.get("not_understood") for event in answers] == [1, 2, None]


def streaming(conversation):
    Conversation.objects.filter(pk=conversation.pk).update(options={"streaming_enabled": True})


@pytest.fixture
def told(conversation, transactional_db):
    """What reached the customer of one type, oldest first."""
    with Listening() as listening:
        listening.follow(conversation.id)

        def of(kind):
            listening.wait_for(conversation.id, "POLY_AGENT_MESSAGE")
            return listening.frames(conversation.id, kind)

        yield of


def test_an_answer_is_streamed_to_who_asked_for_it_under_the_id_of_its_message(
    conversation, told, connect, server, says
):
    connect()
    streaming(conversation)
    suggestions = [{"message_text": "Thanks"}]
    server.write = lambda asked: lines(
        [{"delta": "It left "}, {"delta": "on Monday."}, {"response_suggestions": suggestions}]
    )
    says()
    (message,) = (frame["payload"] for frame in told("POLY_AGENT_MESSAGE"))
    chunks = [frame["payload"] for frame in told("POLY_AGENT_MESSAGE_CHUNK")]
    assert [(chunk["chunk_index"], chunk["text"], chunk["is_complete"]) for chunk in chunks] == [
        (1, "It left ", False),
        (2, "on Monday.", False),
        (3, "", True),
    ]
    assert {chunk["message_id"] for chunk in chunks} == {message["message_id"]}
    assert chunks[-1]["response_suggestions"] == message["response_suggestions"] == suggestions
    assert message["text"] == "It left on Monday."


def test_nothing_is_streamed_to_who_did_not_ask_for_it(told, connect, server, says):
    connect()
    server.write = lambda asked: lines([{"delta": "It left"}, {}])
    says()
    assert [frame["payload"]["text"] for frame in told("POLY_AGENT_MESSAGE")] == ["It left"]
    assert told("POLY_AGENT_MESSAGE_CHUNK") == []


def test_what_was_streamed_before_a_failure_stays_said(conversation, told, connect, server, says):
    connect()
    streaming(conversation)
    server.write = lambda asked: lines([{"delta": "It left"}])
    says()
    first, second = (frame["payload"] for frame in told("POLY_AGENT_MESSAGE"))
    chunks = [frame["payload"] for frame in told("POLY_AGENT_MESSAGE_CHUNK")]
    assert (first["text"], second["text"]) == ("It left", Handoff.objects.get().utterance)
    assert [(chunk["message_id"], chunk["is_complete"]) for chunk in chunks] == [
        (first["message_id"], False),
        (first["message_id"], True),
    ]


@pytest.mark.django_db(transaction=True)
def test_a_takeover_calls_the_running_answer_off(connect, conversation, cast, agent, server, now):
    """The agent would never end its answer; the turn ends at once all the same, and nothing is said."""
    connect()
    asked = threading.Event()

    def begin(_):
        asked.set()
        return lines([{"delta": "It left"}, Pause()])

    server.write = begin
    cast.customer_says(conversation, QUESTION)
    entry = OutboxEntry.objects.filter(topic="turn.due").latest("id")

    def answer():
        with closing(database):
            take_turn(entry=entry, at=now)

    turn = threading.Thread(target=answer)
    turn.start()
    assert asked.wait(10)
    cast.hand_off(conversation)
    claim_conversation(conversation_id=conversation.id, agent=agent, at=now)
    turn.join(3)
    assert not turn.is_alive()
    assert server.hung_up.wait(5)
    assert "It left" not in said_by_ai(conversation)
    assert TurnLease.objects.get().holder is None


def test_a_turn_that_takes_long_keeps_its_lease(conversation, cast, now):
    cast.customer_says(conversation, QUESTION)
    lease_turn(conversation_id=conversation.id, holder=1, at=now)
    turn = consider_turn(conversation_id=conversation.id, at=now)
    later = now + timedelta(seconds=40)
    assert is_turn_wanted(turn=turn, holder=1, at=later)
    assert not lease_turn(conversation_id=conversation.id, holder=2, at=now + timedelta(seconds=60))
    assert not is_turn_wanted(turn=turn, holder=2, at=later)


@pytest.mark.django_db(transaction=True)
def test_the_end_of_a_turn_is_told_to_who_waits_for_it(conversation, cast, now):
    asked = cast.customer_says(conversation, QUESTION)
    entry = OutboxEntry.objects.filter(topic="turn.due").latest("id")

    async def wait():
        async with listen_to_turns(conversation.id) as news:
            await sync_to_async(take_turn)(entry=entry, at=now)
            answer = await news.wait_for(asked.sequence, seconds=5)
        await close_bus()
        return answer

    assert async_to_sync(wait)()
