"""Your own agent over HTTP: what it is posted, and every form in which it may answer."""

import json
import time
from datetime import UTC, datetime

import pytest

from integrations.adapters.base import GivenUp, Permanent, Transient, Uncertain
from integrations.domain.signing import new_secret, verify, verify_standard
from integrations.responders.base import HandoffAction
from integrations.responders.http import HttpResponder
from tests.emulators.answering import Pause, Script, events, lines, whole
from tests.integrations.responders.conftest import Hearer

SECRET = new_secret()
LINK = "https://shop.example/7741"


@pytest.fixture
def responder(server):
    def make(secret=SECRET, **settings):
        return HttpResponder(settings={"url": server.url, **settings}, credentials={"secret": secret})

    return make


@pytest.fixture
def ask(server, responder, turn, hearer):
    """Let the agent answer with a script; returns our reply."""

    def run(script, **settings):
        server.write = lambda asked: script
        return responder(**settings).answer(turn, hearer)

    return run


def test_the_agent_is_posted_the_turn_and_nothing_of_another(ask, server, turn):
    ask(whole({"text": "Tomorrow."}))
    (asked,) = server.asked
    assert asked.json == {
        "type": "turn",
        "turn_id": "turn-1",
        "conversation_id": str(turn.conversation_id),
        "environment": "live",
        "channel": "web_chat",
        "ai_name": "Fern",
        "handoff_allowed": True,
        "messages": [{"role": "ai", "text": "Hello."}, {"role": "customer", "text": "Where is my parcel?"}],
        "state": {"order": "7741"},
    }


def test_topics_go_along_where_the_connection_says_so(ask, server):
    ask(whole({"text": "Tomorrow."}), sends_topics=True)
    assert server.asked[0].json["topics"] == [
        {"key": "delivery", "name": "Delivery", "questions": ["How long?"], "content": "Two working days."}
    ]


def test_the_call_is_signed_as_webhooks_are_and_says_when_it_is_a_repeat(ask, server):
    ask(whole({"text": "Tomorrow."}))
    (asked,) = server.asked
    for check in (verify, verify_standard):
        check(secrets=[SECRET], headers=asked.headers, body=asked.body, at=datetime.now(UTC))
    assert (asked.headers["idempotency-key"], asked.headers["x-studio-event-id"]) == ("turn-1", "turn-1")


def test_without_a_secret_the_call_is_not_signed(ask, server):
    ask(whole({"text": "Tomorrow."}), secret="")
    assert "x-studio-signature" not in server.asked[0].headers


def test_everything_an_answer_may_hold_is_read(ask):
    link = {"content_type": "ATTACHMENT_CONTENT_TYPE_URL", "content_url": LINK}
    reply = ask(
        whole(
            {
                "text": "It left on Monday.",
                "understood": False,
                "attachments": [link],
                "response_suggestions": [{"message_text": "Thanks"}],
                "state": {"order": None, "parcel": "late"},
                "handoff": {
                    "destination": "Billing",
                    "reason": "refund",
                    "utterance": "I'm passing you on.",
                    "soft": True,
                    "data": {"amount": 12.5},
                },
            }
        )
    )
    assert (reply.text, reply.understood, reply.state) == (
        "It left on Monday.",
        False,
        {"order": None, "parcel": "late"},
    )
    assert (list(reply.attachments), list(reply.suggestions)) == ([link], [{"message_text": "Thanks"}])
    assert reply.action == HandoffAction(
        destination="Billing", reason="refund", utterance="I'm passing you on.", soft=True, data={"amount": 12.5}
    )


@pytest.mark.parametrize("form", [events, lines])
def test_a_streamed_answer_is_heard_as_it_comes(ask, hearer, form):
    reply = ask(form([{"delta": "It left "}, {"delta": "on Monday."}, {"understood": True}]))
    assert hearer.parts == ["It left ", "on Monday."]
    assert reply.text == "It left on Monday."


def test_the_text_of_the_last_line_is_the_answer_when_it_has_one(ask, hearer):
    assert ask(lines([{"delta": "It lef"}, {"text": "It left on Monday."}])).text == "It left on Monday."


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"text": 5}, "reply.text must be of type string"),
        ({"text": "a", "answer": "b", "and": 1}, "reply has fields that are not known: and, answer"),
        (["a"], "reply must be of type object"),
        ({"text": "x" * 32_001}, "reply.text is longer than 32000 characters"),
        ({"text": "a", "handoff": {"route": "x"}}, "reply.handoff has fields that are not known: route"),
        ({"text": "a", "handoff": {"soft": "yes"}}, "reply.handoff.soft must be of type boolean"),
        ({"text": "a", "handoff": {"data": []}}, "reply.handoff.data must be of type object"),
        ({"text": "a", "attachments": {}}, "reply.attachments must be of type array"),
        ({"attachments": [{"title": "A"}]}, "reply.content_url: An attachment needs the https address"),
        ({"attachments": [{"content_url": "javascript:1"}]}, "reply.content_url: An https address"),
        ({"attachments": [{"content_url": LINK}] * 11}, "reply.attachments: A list of 10 attachments at most"),
        ({"response_suggestions": [{"message_text": ""}]}, "reply.response_suggestions: Each a text"),
        ({"text": "a\x00b"}, "holds the character NUL"),
        ({}, "the reply says nothing"),
        ({"state": {"a": 1}}, "the reply says nothing"),
    ],
)  # fmt: skip
def test_an_answer_of_another_shape_is_refused_and_says_where(ask, content, words):
    with pytest.raises(Permanent) as refused:
        ask(whole(content))
    assert words in str(refused.value)


def test_an_answer_that_is_no_json_is_refused_without_quoting_it(ask):
    with pytest.raises(Permanent, match=r"the reply is no JSON: .* at line 1, column \d+") as refused:
        ask(Script((b"<h1>s3cret</h1>",)))
    assert "s3cret" not in str(refused.value)


def test_parts_that_never_end_are_heard_up_to_the_limit(ask, hearer):
    with pytest.raises(Permanent, match="the parts of the reply are longer than 32000 characters"):
        ask(lines([*[{"delta": "x" * 16_000}] * 3, {"understood": True}]))
    assert len("".join(hearer.parts)) == 32_000


@pytest.mark.parametrize("line", [{"delta": 5}, {"delta": "a", "text": "b"}, {"delte": "a"}])
def test_a_part_of_another_shape_is_refused(ask, line):
    with pytest.raises(Permanent, match="reply"):
        ask(lines([line]))


def test_a_stream_that_ends_before_its_reply_is_no_answer(ask):
    with pytest.raises(Uncertain, match="the stream ended before its reply"):
        ask(lines([{"delta": "It left"}]))


@pytest.mark.parametrize(
    ("status", "kind"), [(400, Permanent), (401, Permanent), (302, Permanent), (429, Transient), (503, Transient)]
)
def test_a_status_that_is_no_success_is_said_and_its_body_is_not(ask, status, kind):
    with pytest.raises(kind, match=f"answered with status {status}") as refused:
        ask(whole({"text": "s3cret"}, status=status))
    assert "s3cret" not in str(refused.value)


def test_an_agent_that_does_not_begin_in_time_is_not_waited_for(ask):
    begun = time.monotonic()
    with pytest.raises(Uncertain, match="did not begin to answer within 1 s"):
        ask(Script(before=5.0), first_byte_seconds=1)
    assert time.monotonic() - begun < 3


def test_an_agent_that_begins_and_never_ends_is_not_waited_for_either(ask, hearer):
    begun = time.monotonic()
    with pytest.raises(Uncertain, match="did not answer within 1 s"):
        ask(lines([{"delta": "It left"}, Pause()]), total_seconds=1)
    assert (time.monotonic() - begun < 3, hearer.parts) == (True, ["It left"])


def test_an_answer_without_end_is_cut_off(ask):
    with pytest.raises(Permanent, match="more than"):
        ask(Script((b" " * 65_536 for _ in range(200)), media_type="application/x-ndjson"))
    with pytest.raises(Permanent, match="the reply has more than 262144 bytes"):
        ask(Script(b" " * 65_536 for _ in range(200)))


def test_whoever_waits_may_leave_and_the_agent_is_hung_up_on(server, responder, turn):
    server.write = lambda asked: lines([{"delta": "It left"}, Pause()])
    begun = time.monotonic()
    with pytest.raises(GivenUp):
        responder().answer(turn, Hearer(leaves_after=1))
    assert time.monotonic() - begun < 2
    assert server.hung_up.wait(5)


def test_an_inner_address_is_not_called(turn, hearer, settings):
    settings.OUTGOING_ALLOWED_NETWORKS = []
    responder = HttpResponder(settings={"url": "http://169.254.169.254/latest"}, credentials={})
    with pytest.raises(Permanent, match="is not a public address"):
        responder.answer(turn, hearer)


def test_text_outside_ascii_survives_a_cut_anywhere(ask, server, hearer):
    body = json.dumps({"delta": "Grüße 👋"}, ensure_ascii=False).encode() + b"\n" + b'{"understood": true}\n'
    assert (
        ask(Script((body[i : i + 1] for i in range(len(body))), media_type="application/x-ndjson")).text == "Grüße 👋"
    )
