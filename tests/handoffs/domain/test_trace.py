"""The decision trace: complete, without the customer's words, and made again to the same answer."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffs.domain.config import DestinationConfig, OutOfHours, ProjectConfig, QueueConfig, ReasonConfig
from handoffs.domain.office_hours.schedules import ScheduleConfig
from handoffs.domain.routing import find_route
from handoffs.domain.settings import Sensitivity, SettingsConfig
from handoffs.domain.trace import compare_decisions, decide_again, trace_decision
from handoffs.domain.triggers.dialogue import Said
from handoffs.domain.triggers.signal import Trigger
from handoffs.domain.turns import HandoffRequest, Heard, Verdict, decide_turn, find_unsure

AT = datetime(2026, 11, 21, 15, 30, tzinfo=UTC)
SAID = ("Hello", "Can I talk to a real person please")
SHUT = ScheduleConfig("shut", "Shut", "Europe/London")
CONFIG = ProjectConfig(
    destinations=(
        DestinationConfig(
            "night", "Night", queue="night", is_default=True, schedule="shut", out_of_hours=OutOfHours.FALLBACK,
            fallback="billing",
        ),
        DestinationConfig("billing", "Billing", queue="billing"),
    ),
    queues=(QueueConfig("billing", "Billing"), QueueConfig("night", "Night")),
    reasons=(ReasonConfig("needs_human", "Needs a person"),),
    schedules=(SHUT,),
)  # fmt: skip


def traced(request, config=CONFIG, at=AT):
    route = find_route(config, asked_for=request.destination, reason=request.reason, at=at)
    return trace_decision(
        request=request, route=route, config=config, snapshot_hash="abc", release_number=3, by_client=False,
        channel="web_chat", epoch=1, ready=2, at=at,
    )  # fmt: skip


def hear(said, first=4, before=()):
    """A turn of these messages of the customer's, three places apart; before: what the AI and they said earlier."""
    messages = tuple(Said("customer", text, first + 3 * at) for at, text in enumerate(said))
    return Heard(tuple(message.sequence for message in messages), (*before, *messages))


def asked_for_a_person(config=CONFIG, said=SAID):
    decision = decide_turn(hear(said), config=config)
    assert decision.request is not None
    return decision.request


def again(trace, said=SAID, config=CONFIG, **others):
    heard = hear(said)
    return decide_again(trace, config=config, dialogue=heard.dialogue, **others)


def test_a_trace_holds_everything_the_decision_was_made_from():
    trace = traced(asked_for_a_person())
    assert trace["inputs"] == {
        "heard": [4, 7],
        "history": [],
        "declined": {},
        "verdicts": [],
        "embedded": False,
        "noticed_under": "",
        "epoch": 1,
        "trigger": "explicit_request",
        "reason": "needs_human",
        "destination": "",
        "soft": False,
        "by_client": False,
        "channel": "web_chat",
    }
    requests = [item for item in trace["considered"] if item["trigger"] == "explicit_request"]
    assert [(item["sequence"], item["fired"]) for item in requests] == [(4, False), (7, True)]
    assert {item["threshold"] for item in requests} == {trace["settings"]["thresholds"]["explicit_request"]} == {0.8}
    assert {item["trigger"] for item in trace["considered"]} >= {"explicit_request", "frustration"}
    assert [(look["destination"], look["finding"], look["hours"]) for look in trace["route"]] == [
        ("night", "closed_fallback", "closed"),
        ("billing", "queue_on", ""),
    ]
    decided = trace["decided"]
    assert (decided["trigger"], decided["switch"], decided["is_followed"]) == (
        "explicit_request", "on_explicit_request", True,
    )  # fmt: skip
    assert (decided["destination"], decided["queue"], decided["arrival"]) == ("billing", "billing", "queue")
    assert (trace["snapshot"], trace["release"], trace["ready"]) == ("abc", 3, {"queue": "billing", "agents": 2})
    assert trace["settings"]["on_frustration"] is True


def test_a_trace_holds_none_of_the_customers_words():
    text = orjson.dumps(traced(asked_for_a_person())).decode().casefold()
    assert not [word for said in SAID for word in ("real person", "talk to", said.casefold()) if word in text]


def test_the_same_inputs_give_the_same_answer_after_a_journey_through_json():
    trace = orjson.loads(orjson.dumps(traced(asked_for_a_person())))
    assert compare_decisions(trace, again(trace)) == ()


@pytest.mark.parametrize(
    ("config", "said", "line"),
    [
        (CONFIG, ("Hello", "Where is my parcel?"), "fired: was true, is false"),
        (
            replace(CONFIG, settings=SettingsConfig(explicit_sensitivity=Sensitivity.LOW)),
            SAID,
            "threshold: was 0.8, is 0.9",
        ),
        (
            replace(CONFIG, queues=(QueueConfig("billing", "Billing", is_on=False),)),
            SAID,
            'decided.arrival: was "queue", is "nobody"',
        ),
        (replace(CONFIG, destinations=CONFIG.destinations[1:]), SAID, "route: was"),
    ],
)
def test_other_inputs_are_told_line_by_line(config, said, line):
    trace = traced(asked_for_a_person())
    differences = compare_decisions(trace, again(trace, said, config))
    assert any(line in found for found in differences), differences


@pytest.mark.parametrize("trigger", [Trigger.TOPIC_ACTION, Trigger.AI_DECISION, Trigger.API, Trigger.HUMAN_TAKEOVER])
def test_a_wish_from_outside_the_rules_is_an_input_itself(trigger):
    request = HandoffRequest(trigger, "refund", "One moment.", destination="billing", soft=True)
    trace = traced(request)
    assert (trace["decided"]["trigger"], trace["considered"]) == (trigger.value, [])
    assert compare_decisions(trace, again(trace, ())) == ()


ANNOYED = "This is useless, you stupid bot"


def test_what_was_looked_at_beside_the_message_is_named_and_none_of_it_repeated():
    before = (Said("customer", "Where is it?", 1), Said("ai", "I don't have an answer.", 2, understood=False))
    decision = decide_turn(hear([ANNOYED], before=before), config=CONFIG)
    trace = orjson.loads(orjson.dumps(traced(decision.request)))
    assert trace["inputs"]["history"] == [1, 2]
    assert "useless" not in orjson.dumps(trace).decode()
    dialogue = hear([ANNOYED], before=before).dialogue
    assert compare_decisions(trace, decide_again(trace, config=CONFIG, dialogue=dialogue)) == ()


def test_a_judges_word_is_an_input_and_nobody_is_asked_again():
    signals = decide_turn(hear([ANNOYED]), config=CONFIG).signals
    score = next(signal.score for signal in signals if signal.trigger is Trigger.FRUSTRATION)
    settings = SettingsConfig(thresholds={"frustration": score * 1.5})
    config = replace(CONFIG, settings=settings)
    alone = decide_turn(hear([ANNOYED]), config=config)
    assert alone.request is None
    unsure = find_unsure(alone.signals, settings=settings)
    assert [signal.trigger for signal in unsure] == [Trigger.FRUSTRATION]
    heard = replace(hear([ANNOYED]), verdicts=(Verdict(Trigger.FRUSTRATION, 0, True),))
    trace = orjson.loads(orjson.dumps(traced(decide_turn(heard, config=config).request, config)))
    assert trace["inputs"]["verdicts"] == [{"trigger": "frustration", "turn": 0, "fires": True}]
    assert next(item for item in trace["considered"] if item["fired"])["rule"] == "judge"
    assert compare_decisions(trace, again(trace, [ANNOYED], config)) == ()


def test_what_was_noticed_under_another_configuration_is_found_under_that_one_again():
    strict = replace(CONFIG, settings=SettingsConfig(thresholds={"explicit_request": 1.0}))
    request = replace(asked_for_a_person(), snapshot="earlier")
    trace = orjson.loads(orjson.dumps(traced(request, strict)))
    assert trace["inputs"]["noticed_under"] == "earlier"
    assert compare_decisions(trace, again(trace, config=strict, noticed=CONFIG)) == ()
    assert compare_decisions(trace, again(trace, config=strict)) != ()


def test_a_trace_of_the_first_version_is_read_by_its_own_rules():
    """As it was written before there were other detectors than that of requests."""
    signals = [
        {"trigger": "explicit_request", "sequence": 4, "score": 0.0, "threshold": 0.8, "fired": False, "rule": ""},
        {"trigger": "explicit_request", "sequence": 7, "score": 0.9, "threshold": 0.8, "fired": True, "rule": "r"},
    ]
    now = traced(asked_for_a_person())
    found = {item["sequence"]: item for item in now["considered"] if item["trigger"] == "explicit_request"}
    for signal in signals:
        signal.update({name: found[signal["sequence"]][name] for name in ("score", "rule")})
    inputs = {name: now["inputs"][name] for name in (
        "heard", "epoch", "trigger", "reason", "destination", "soft", "by_client", "channel",
    )}  # fmt: skip
    old = {**now, "version": 1, "inputs": inputs, "considered": signals}
    assert compare_decisions(old, again(old)) == ()
    assert compare_decisions(old, again(old, ("Hello", "Where is my parcel?"))) != ()


@given(
    said=st.lists(st.sampled_from([*SAID, "agent", "no human please", "I WANT A PERSON NOW", "", ANNOYED]), max_size=4),
    declined=st.dictionaries(st.sampled_from(["frustration", "unproductive"]), st.integers(0, 6)),
    sensitivity=st.sampled_from(Sensitivity),
    hours_later=st.integers(0, 24 * 400),
)
def test_every_decision_can_be_made_again(said, declined, sensitivity, hours_later):
    settings = SettingsConfig(explicit_sensitivity=sensitivity, frustration_sensitivity=sensitivity)
    config = replace(CONFIG, settings=settings)
    heard = replace(hear(said), declined=declined)
    decision = decide_turn(heard, config=config)
    outside = HandoffRequest(Trigger.AI_DECISION, "refund", "One moment.", heard=heard.sequences)
    request = decision.request or replace(outside, signals=decision.signals, declined=declined)
    trace = traced(request, config, at=AT + timedelta(hours=hours_later))
    stored = orjson.loads(orjson.dumps(trace))
    assert compare_decisions(stored, again(stored, said, config)) == ()
