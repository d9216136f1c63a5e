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
from handoffs.domain.triggers.signal import Trigger
from handoffs.domain.turns import HandoffRequest, decide_turn

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


def asked_for_a_person(config=CONFIG, said=SAID):
    decision = decide_turn(said, settings=config.settings)
    assert decision.request is not None
    return replace(decision.request, heard=(4, 7), signals=decision.signals)


def test_a_trace_holds_everything_the_decision_was_made_from():
    trace = traced(asked_for_a_person())
    assert trace["inputs"] == {
        "heard": [4, 7], "epoch": 1, "trigger": "explicit_request", "reason": "needs_human", "destination": "",
        "soft": False, "by_client": False, "channel": "web_chat",
    }  # fmt: skip
    assert [(item["trigger"], item["sequence"], item["fired"]) for item in trace["considered"]] == [
        ("explicit_request", 4, False),
        ("explicit_request", 7, True),
    ]
    assert all(item["threshold"] == trace["settings"]["explicit_threshold"] == 0.8 for item in trace["considered"])
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
    assert compare_decisions(trace, decide_again(trace, config=CONFIG, said=SAID)) == ()


@pytest.mark.parametrize(
    ("config", "said", "line"),
    [
        (CONFIG, ("Hello", "Where is my parcel?"), "considered[1].fired: was true, is false"),
        (
            replace(CONFIG, settings=SettingsConfig(explicit_sensitivity=Sensitivity.LOW)),
            SAID,
            "considered[0].threshold: was 0.8, is 0.9",
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
    differences = compare_decisions(
        trace := traced(asked_for_a_person()), decide_again(trace, config=config, said=said)
    )
    assert any(found.startswith(line) for found in differences), differences


@pytest.mark.parametrize("trigger", [Trigger.TOPIC_ACTION, Trigger.AI_DECISION, Trigger.API, Trigger.HUMAN_TAKEOVER])
def test_a_wish_from_outside_the_rules_is_an_input_itself(trigger):
    request = HandoffRequest(trigger, "refund", "One moment.", destination="billing", soft=True)
    trace = traced(request)
    assert (trace["decided"]["trigger"], trace["considered"]) == (trigger.value, [])
    assert compare_decisions(trace, decide_again(trace, config=CONFIG, said=())) == ()


@given(
    said=st.lists(st.sampled_from([*SAID, "agent", "no human please", "I WANT A PERSON NOW", ""]), max_size=4),
    sensitivity=st.sampled_from(Sensitivity),
    hours_later=st.integers(0, 24 * 400),
)
def test_every_decision_can_be_made_again(said, sensitivity, hours_later):
    config = replace(CONFIG, settings=SettingsConfig(explicit_sensitivity=sensitivity))
    decision = decide_turn(said, settings=config.settings)
    request = decision.request or HandoffRequest(Trigger.AI_DECISION, "refund", "One moment.")
    heard = tuple(range(10, 10 + len(said)))
    trace = traced(
        replace(request, heard=heard, signals=decision.signals), config, at=AT + timedelta(hours=hours_later)
    )
    stored = orjson.loads(orjson.dumps(trace))
    assert compare_decisions(stored, decide_again(stored, config=config, said=said)) == ()
