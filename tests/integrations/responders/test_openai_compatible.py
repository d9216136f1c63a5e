"""A model behind chat completions: what it is asked, and everything it may come back with."""

import json
from dataclasses import replace

import pytest
from jsonschema import Draft202012Validator

from integrations.adapters.base import GivenUp, Permanent, Transient, Uncertain
from integrations.responders.base import NOT_UNDERSTOOD, HandoffAction
from integrations.responders.openai_compatible import OpenAiCompatibleResponder
from tests.emulators.answering import Pause, Script, chunk, completion, events, tool_call, whole
from tests.integrations.responders.conftest import Hearer

WISH = {"destination": "billing", "reason": "refund", "utterance": "I'm passing you on.", "summary": "Wants a refund"}
ARGUMENTS = json.dumps(WISH)


@pytest.fixture
def responder(server):
    def make(**settings):
        stored = {"url": server.url, "model": "fern-1", **settings}
        return OpenAiCompatibleResponder(settings=stored, credentials={"api_key": "sk-test"})

    return make


@pytest.fixture
def ask(server, responder, turn, hearer):
    def run(script, **settings):
        server.write = lambda asked: script
        return responder(**settings).answer(turn, hearer)

    return run


def streamed(*contents, finish="stop"):
    return events([chunk({"role": "assistant", "content": ""}), *contents, chunk({}, finish), "[DONE]"])


def test_the_model_is_asked_with_topics_dialogue_and_the_tool(ask, server):
    ask(streamed(chunk({"content": "Two days."})), instructions="Be kind.")
    (asked,) = server.asked
    assert (asked.path, asked.headers["authorization"]) == ("/v1/chat/completions", "Bearer sk-test")
    body = asked.json
    system, *dialogue = body["messages"]
    assert (body["model"], body["stream"], body["max_tokens"], body["tool_choice"]) == ("fern-1", True, 600, "auto")
    assert all(part in system["content"] for part in ("You are Fern", "Be kind.", "## Delivery\nTwo working days."))
    assert dialogue == [
        {"role": "assistant", "content": "Hello."},
        {"role": "user", "content": "Where is my parcel?"},
    ]
    function = body["tools"][0]["function"]
    assert function["name"] == "handoff"
    assert function["parameters"]["properties"]["destination"]["enum"] == ["billing", "care"]
    assert function["parameters"]["properties"]["reason"]["enum"] == ["needs_human", "refund"]
    Draft202012Validator.check_schema(function["parameters"])


def test_the_tool_is_not_offered_where_its_wish_would_not_be_followed(server, responder, turn, hearer):
    server.write = lambda asked: whole(completion(content="Two days."))
    responder().answer(replace(turn, can_hand_off=False), hearer)
    assert not {"tools", "tool_choice"} & server.asked[0].json.keys()
    assert "handoff" not in server.asked[0].json["messages"][0]["content"]


def test_the_limit_of_tokens_goes_by_the_name_the_server_knows(ask, server):
    ask(whole(completion(content="Two days.")), token_limit="max_completion_tokens", max_tokens=90, streams=False)
    body = server.asked[0].json
    assert (body["max_completion_tokens"], body["stream"], "max_tokens" in body) == (90, False, False)


def test_a_whole_answer_is_read(ask):
    reply = ask(whole(completion(content="Two days.")))
    assert (reply.text, reply.understood, reply.action) == ("Two days.", True, None)


def test_a_streamed_answer_is_heard_as_it_comes(ask, hearer):
    reply = ask(streamed(chunk({"content": "Two "}), chunk({"content": "days."})))
    assert (hearer.parts, reply.text) == (["Two ", "days."], "Two days.")


def test_a_server_that_does_not_stream_although_asked_is_understood(ask, hearer):
    assert ask(whole(completion(content="Two days.")), streams=True).text == "Two days."
    assert hearer.parts == []


def test_the_tool_hands_over(ask):
    reply = ask(whole(completion(calls=[tool_call(ARGUMENTS)], finish="tool_calls")))
    assert reply.action == HandoffAction(**WISH)
    assert reply.text == ""


def test_a_tool_call_in_pieces_is_put_together(ask):
    first = tool_call("", index=0)
    rest = [
        {"index": 0, "function": {"arguments": ARGUMENTS[start : start + 7]}} for start in range(0, len(ARGUMENTS), 7)
    ]
    calls = (chunk({"tool_calls": [call]}) for call in (first, *rest))
    reply = ask(streamed(chunk({"content": "One moment."}), *calls, finish="tool_calls"))
    assert (reply.action, reply.text) == (HandoffAction(**WISH), "One moment.")


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (tool_call(ARGUMENTS[:-5]), "the arguments of the handoff are no JSON"),
        (tool_call(json.dumps({**WISH, "destination": "moon"})), "destination enum"),
        (tool_call(json.dumps({**WISH, "route": "x"})), "as a whole additionalProperties"),
        (tool_call(json.dumps({"summary": "s", "reason": "refund"})), "as a whole required"),
        (tool_call(json.dumps({**WISH, "summary": "s" * 4_001})), "are too long: summary"),
        (tool_call("[]"), "as a whole type"),
        (tool_call(ARGUMENTS, name="delete_account"), "an unknown tool, 'delete_account'"),
    ],
)
def test_a_call_that_does_not_fit_does_nothing_and_counts_as_unproductive(ask, caplog, call, words):
    reply = ask(whole(completion(calls=[call], finish="tool_calls")))
    assert (reply.action, reply.understood, reply.text) == (None, False, NOT_UNDERSTOOD)
    assert words in caplog.text


def test_an_action_written_into_the_text_is_only_text(ask):
    text = 'handoff({"destination": "billing"})'
    assert ask(whole(completion(content=text))).action is None


@pytest.mark.parametrize(
    ("answer", "text", "understood"),
    [
        (completion(content=None, refusal="I can't help with that."), "I can't help with that.", False),
        (completion(content=""), NOT_UNDERSTOOD, False),
        (completion(content="  \n"), NOT_UNDERSTOOD, False),
        (completion(content="Two da", finish="length"), "Two da", True),
        (completion(content="Two da", finish="content_filter"), "Two da", False),
        (completion(content=None, finish="content_filter"), NOT_UNDERSTOOD, False),
        (completion(content="a\x00b"), "ab", True),
    ],
)
def test_refusals_empty_and_cut_answers(ask, answer, text, understood):
    reply = ask(whole(answer))
    assert (reply.text, reply.understood) == (text, understood)


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (Script((b"<html>",)), "the completion is no JSON"),
        (whole({"error": {"message": "sk-test is wrong"}}), "answered with an error"),
        (whole({"object": "list"}), "no list of choices"),
        (whole({"choices": []}), "has no choice"),
        (whole(completion(content="x" * 32_001)), "longer than 32000 characters"),
        (whole(completion(refusal="x" * 32_001)), "longer than 32000 characters"),
        (streamed(*[chunk({"content": "x" * 16_000})] * 3), "longer than 32000 characters"),
        (whole({"choices": ["a"]}), "no list of choices"),
        (whole(completion(content=5)), "the content of the completion is no text"),
        (whole({"choices": [{"message": "hello"}]}), "the message of the completion is no object"),
        (whole({"choices": [{"message": {"tool_calls": ["x"]}}]}), "a tool call names no function"),
        (events([chunk({"content": "Two"}), {"error": {"message": "overloaded"}}]), "answered with an error"),
    ],
)
def test_what_is_no_completion_is_refused_without_quoting_it(ask, script, words):
    with pytest.raises(Permanent, match=words) as refused:
        ask(script)
    assert "sk-test" not in str(refused.value)


@pytest.mark.parametrize(("status", "kind"), [(401, Permanent), (404, Permanent), (429, Transient), (500, Transient)])
def test_a_status_that_is_no_success_is_a_failure(ask, status, kind):
    with pytest.raises(kind, match=f"answered with status {status}"):
        ask(whole({"error": {"message": "no"}}, status=status))


def test_a_stream_that_breaks_off_is_no_answer(ask):
    with pytest.raises(Uncertain, match="the stream ended before its answer"):
        ask(events([chunk({"content": "Two"})]))


def test_whoever_waits_may_leave_in_the_middle(server, responder, turn):
    server.write = lambda asked: events([chunk({"content": "Two"}), Pause()])
    with pytest.raises(GivenUp):
        responder().answer(turn, Hearer(leaves_after=1))
    assert server.hung_up.wait(5)


def test_usage_and_other_choices_of_a_stream_are_passed_over(ask):
    other = chunk({"content": "Three"})
    other["choices"][0]["index"] = 1
    usage = {**chunk({}), "choices": [], "usage": {"total_tokens": 9}}
    assert ask(streamed(other, chunk({"content": "Two"}), usage)).text == "Two"
