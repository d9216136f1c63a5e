"""Turns, durations and instants, read from the moments of a timeline."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.domain.turns import (
    FINAL_STATES,
    PUBLISHED_STATES,
    HandoffTimes,
    Moment,
    build_turns,
    handoff_times,
    seconds_with_ai,
)
from handoffs.domain.lifecycle import FINAL, PUBLISHED

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
FIRST, SECOND = uuid.UUID(int=1), uuid.UUID(int=2)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def said(kind: str, seconds: float, text: str, **more) -> Moment:
    return Moment(kind, at(seconds), text, **more)


def test_a_greeting_a_question_and_its_answer_are_two_turns():
    greeting, asked = build_turns(
        [
            said("ai.message", 0, "Hello"),
            said("customer.message", 5, "How long?"),
            said("ai.message", 5.25, "Two days", topic="delivery"),
        ]
    )
    assert (greeting.user_input, greeting.user_input_at, greeting.agent_response) == ("", None, "Hello")
    assert greeting.latency is None
    assert (asked.user_input, asked.agent_response, asked.responder) == ("How long?", "Two days", "ai")
    assert (asked.user_input_at, asked.agent_response_at, asked.latency) == (at(5), at(5.25), 0.25)
    assert (asked.topics, asked.understood) == (("delivery",), True)


def test_a_message_nobody_answered_is_a_turn_of_its_own():
    first, second = build_turns(
        [
            said("customer.message", 1, "Hello?"),
            said("customer.message", 2, "Anybody?"),
            said("ai.message", 3, "Yes"),
        ]
    )
    assert (first.user_input, first.agent_response, first.responder) == ("Hello?", "", "")
    assert (second.user_input, second.agent_response) == ("Anybody?", "Yes")


def test_what_one_side_says_in_a_row_is_one_answer_and_a_human_begins_another_turn():
    asked, joined = build_turns(
        [
            said("customer.message", 1, "A person"),
            said("ai.message", 2, "Of course."),
            said("ai.message", 3, "Passing you on."),
            said("human.message", 60, "Maya here"),
            said("human.message", 61, "How can I help?"),
        ]
    )
    assert (asked.agent_response, asked.agent_response_at) == ("Of course.\n\nPassing you on.", at(2))
    assert (joined.user_input, joined.agent_response, joined.responder) == ("", "Maya here\n\nHow can I help?", "human")


def test_an_answer_that_was_none_is_out_of_domain():
    (turn,) = build_turns([said("customer.message", 1, "?"), said("ai.message", 2, "Sorry", understood=False)])
    assert not turn.understood


def test_what_is_not_said_makes_no_turn():
    assert build_turns([said("session.started", 0, ""), said("handoff.triggered", 1, "")]) == []


def test_the_time_of_the_ai_ends_with_its_ownership_and_goes_on_when_it_has_it_back():
    moments = [
        said("session.started", 0, ""),
        Moment("handoff.triggered", at(10), owner_kind="queue"),
        Moment("human.joined", at(20), owner_kind="human"),
        Moment("ai.joined", at(50), owner_kind="ai"),
    ]
    assert seconds_with_ai(moments, until=at(60)) == 20
    assert seconds_with_ai(moments[:2], until=at(60)) == 10
    assert seconds_with_ai(moments[:1], until=at(60)) == 60
    assert seconds_with_ai([], until=at(60)) == 0


def test_the_instants_of_a_handoff_are_those_of_its_own_episode():
    moments = [
        Moment("handoff.triggered", at(1), handoff_id=FIRST, handoff_state="initiated"),
        Moment("handoff.timed_out", at(2), handoff_state="timed_out"),
        Moment("handoff.triggered", at(3), handoff_id=SECOND, handoff_state="initiated"),
        Moment("handoff.accepted", at(4), handoff_state="queued"),
        Moment("human.joined", at(5), handoff_state="active"),
        Moment("human.message", at(6), "Hello"),
        Moment("session.ended", at(7), handoff_state="completed"),
        Moment("outcome.recorded", at(8)),
    ]
    assert handoff_times(moments, handoff_id=SECOND) == HandoffTimes(at(3), at(4), at(5), at(7))
    assert handoff_times(moments, handoff_id=FIRST) == HandoffTimes(at(1), None, None, at(2))
    assert handoff_times(moments, handoff_id=None) == HandoffTimes()


def test_the_words_of_states_are_those_of_the_life_cycle():
    assert {state.value: name for state, name in PUBLISHED.items()} == PUBLISHED_STATES
    assert {state.value for state in FINAL} == FINAL_STATES


@given(st.lists(st.sampled_from(["customer.message", "ai.message", "human.message", "note.added"])))
def test_nothing_said_is_lost_or_told_twice_whatever_the_order(kinds):
    moments = [said(kind, number, f"<{number}>") for number, kind in enumerate(kinds)]
    told = [text for turn in build_turns(moments) for text in (turn.user_input, turn.agent_response) if text]
    spoken = [moment.text for moment in moments if moment.type != "note.added"]
    assert "".join(told).replace("\n\n", "") == "".join(spoken)


@pytest.mark.parametrize("kinds", [[], ["note.added"]])
def test_silence_has_no_turns(kinds):
    assert build_turns([said(kind, 0, "psst") for kind in kinds]) == []
