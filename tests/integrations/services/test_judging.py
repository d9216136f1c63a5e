"""The judge of unsure scores, asked over real HTTP; whatever goes wrong, the scores decide."""

import logging
import time

import orjson
import pytest

from conversations.append import append_event
from conversations.domain.timeline import NewEvent
from conversations.models import Event, OutboxEntry
from handoffs.domain.config import ProjectConfig
from handoffs.domain.triggers.dialogue import Said
from handoffs.domain.triggers.signal import Trigger
from handoffs.domain.turns import Heard, decide_turn
from handoffs.models import Handoff, HandoffSettings
from handoffs.selectors.explanations import explain_handoff
from handoffs.services.releases import publish_release, read_current_config
from handoffs.services.turns import consider_turn, lease_turn
from integrations.models import Connection, Sealed
from integrations.services.turns import take_turn
from tests.emulators.answering import AnsweringServer, Pause, Script, completion, whole

ANNOYED = "This is useless, you stupid bot. My number is 0151 234567, write to ana@example.com"
CALM = "How long does delivery take?"


@pytest.fixture
def model(loopback_allowed):
    with AnsweringServer() as model:
        yield model


def answers(**fields: object) -> Script:
    return whole(completion(content=orjson.dumps(fields).decode()))


def score_of(text: str, config: ProjectConfig, trigger: Trigger) -> float:
    signals = decide_turn(Heard((1,), (Said("customer", text, 1),)), config=config).signals
    return next(signal.score for signal in signals if signal.trigger is trigger)


@pytest.fixture
def settle(project, owner, model, conversation, now):
    """Publish thresholds by which the text's frustration is that share of what fires, with a judge."""

    def by(share: float, *, text: str = ANNOYED, judge: str = "own-model", **connection) -> None:
        config = read_current_config(project=project, environment="live").config
        threshold = score_of(text, config, Trigger.FRUSTRATION) / share
        HandoffSettings.objects.update(judge=judge, thresholds={"frustration": threshold}, offer_when_inferred=False)
        Connection.objects.create(
            **{
                "project": project, "environment": "live", "key": "own-model", "kind": "openai_compatible",
                "name": "Own model", "settings": {"url": model.url, "model": "judge-1"},
                "credentials": Sealed.of({"api_key": "sk-1"}), **connection,
            }
        )  # fmt: skip
        publish_release(project=project, publisher=owner, at=now)

    return by


@pytest.fixture
def says(conversation, cast, now):
    def run(text: str = ANNOYED) -> None:
        cast.customer_says(conversation, text)
        take_turn(entry=OutboxEntry.objects.filter(topic="turn.due").latest("id"), at=now)

    return run


def test_a_yes_hands_over_with_the_judge_in_the_evidence_and_can_be_explained_without_it(settle, says, model):
    settle(0.7)
    model.write = lambda asked: answers(frustration_1=True)

    says()

    made = Handoff.objects.get()
    assert made.trigger == "frustration"
    (evidence,) = made.evidence["signals"]
    assert evidence["evidence"]["rule"] == "judge"
    assert evidence["evidence"]["sentence"].startswith("A language model judged it so")
    assert len(model.asked) == 1
    explained = explain_handoff(made.pk)
    assert explained.differences == ()
    assert len(model.asked) == 1


def test_it_is_asked_with_the_key_about_masked_words(settle, says, model):
    settle(0.7)
    model.write = lambda asked: answers(frustration_1=False)

    says()

    (asked,) = model.asked
    assert (asked.path, asked.headers["authorization"]) == ("/v1/chat/completions", "Bearer sk-1")
    shown = asked.json["messages"][1]["content"]
    assert "useless" in shown
    assert "[number]" in shown
    assert "[e-mail]" in shown
    assert not any(hidden in shown for hidden in ("0151", "234567", "ana@", "example.com"))


def test_a_no_leaves_it_to_the_responder(settle, says, model, conversation):
    settle(0.7)
    model.write = lambda asked: answers(frustration_1=False)

    says()

    assert not Handoff.objects.exists()
    assert Event.objects.filter(conversation=conversation, type="ai.message").exists()


@pytest.mark.parametrize("share", [0.45, 1.0, 1.4])
def test_what_is_sure_is_not_asked(settle, says, model, share):
    settle(share)

    says()

    assert model.asked == []
    assert Handoff.objects.exists() is (share >= 1)


@pytest.mark.parametrize("text", ["I want to talk to a person, you stupid bot", "How do I complain?"])
def test_whoever_asks_for_a_person_is_judged_by_nobody(settle, says, model, text):
    settle(0.7)

    says("I want to talk to a person please")

    assert Handoff.objects.get().trigger == "explicit_request"
    assert model.asked == []


def test_without_a_judge_nobody_is_asked(settle, says, model):
    settle(0.7, judge="")

    says()

    assert (model.asked, Handoff.objects.exists()) == ([], False)


def test_the_greeting_does_not_wait_for_it(settle, conversation, cast, now):
    settle(0.7)
    append_event(conversation_id=conversation.pk, event=NewEvent("customer.join_requested", "customer", {}))
    cast.customer_says(conversation, ANNOYED)
    lease_turn(conversation_id=conversation.pk, holder=1, at=now)
    said_before = []

    def judge(doubt):
        said = Event.objects.filter(conversation=conversation, type="ai.message")
        said_before.extend(said.values_list("payload__kind", flat=True))
        return ()

    assert consider_turn(conversation_id=conversation.pk, at=now, judge=judge)
    assert said_before == ["greeting"]


FAILURES = {
    "status 500": lambda: whole({}, status=500),
    "a redirect": lambda: whole({}, status=302),
    "no JSON": lambda: Script((b"<html>",)),
    "no answer of the schema": lambda: answers(frustration_1="true"),
    "more than was asked": lambda: answers(frustration_1=True, note="x"),
    "words": lambda: whole(completion(content="Yes, hand over.")),
    "a refusal": lambda: whole(completion(content=None, refusal="I cannot.")),
    "cut short": lambda: whole(completion(content='{"frustration_1": true}', finish="length")),
    "an error in place of it": lambda: whole({"error": {"message": "secret words"}}),
    "silence": lambda: Script(before=30.0),
    "a drip": lambda: Script((b"{", Pause(30.0))),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_whatever_goes_wrong_the_scores_decide_within_two_seconds_and_it_is_logged_without_content(
    settle, says, model, failure, caplog
):
    settle(0.7)
    model.write = lambda asked: FAILURES[failure]()
    began = time.monotonic()

    with caplog.at_level(logging.WARNING, logger="integrations.services.judging"):
        says()

    assert time.monotonic() - began < 2.0 + 3.0  # its patience, and a busy machine's
    assert not Handoff.objects.exists()
    (record,) = [record for record in caplog.records if record.name == "integrations.services.judging"]
    said = record.getMessage()
    assert said.startswith("the scores decide without the judge (")
    assert not any(word in said for word in ("useless", "0151", "secret", "hand over", "cannot", "sk-1"))


@pytest.mark.parametrize(
    "changed",
    [{"is_active": False}, {"environment": "sandbox"}, {"kind": "http_responder"}, {"key": "renamed"}],
)
def test_a_connection_that_cannot_judge_here_is_done_without(settle, says, model, changed):
    settle(0.7, **changed)

    says()

    assert (model.asked, Handoff.objects.exists()) == ([], False)


def test_a_private_address_is_not_called(settle, says, model, settings):
    settle(0.7)
    settings.OUTGOING_ALLOWED_NETWORKS = []

    says()

    assert (model.asked, Handoff.objects.exists()) == ([], False)
