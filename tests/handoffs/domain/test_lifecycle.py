"""The life cycle against an expectation written from the protocol's table, not from the code's."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffs.domain.lifecycle import (
    CAUSES,
    FINAL,
    INBOX_ENTRY,
    INITIAL,
    OPEN,
    PUBLISHED,
    TRANSITIONS,
    WAITING,
    Cause,
    NotAllowed,
    Signal,
    State,
    WrongCause,
    advance,
    allowed_signals,
    check_cause,
    steps,
)

ROOT = Path(__file__).resolve().parents[3]

# "leaves to", word for word from the protocol.
LEAVES_TO = {
    "initiated": "requested client_required transferring active failed abandoned",
    "requested": "accepted failed timed_out abandoned returned",
    "accepted": "queued active failed timed_out abandoned returned",
    "queued": "active failed timed_out abandoned returned",
    "active": "completed transferred returned failed abandoned",
    "client_required": "completed failed timed_out abandoned",
    "transferring": "completed failed timed_out abandoned",
    "completed": "",
    "transferred": "",
    "failed": "",
    "timed_out": "",
    "abandoned": "",
    "returned": "",
}

# What each signal does in each state it is heard in: "state>next state".
HEARD = {
    "ask_desk": "initiated>requested",
    "require_client": "initiated>client_required",
    "voice_started": "initiated>transferring",
    "taken_over": "initiated>active",
    "desk_accepted": "requested>accepted",
    "entered_queue": "accepted>queued",
    "human_joined": "accepted>active queued>active",
    "closed": "active>completed",
    "human_left": "active>completed",
    "transferred": "active>transferred",
    "handed_back": "active>returned",
    "taken_back": "requested>returned accepted>returned queued>returned",
    "customer_cancelled": (
        "initiated>abandoned requested>returned accepted>returned queued>returned client_required>abandoned"
    ),
    "customer_ended": (
        "initiated>abandoned requested>abandoned accepted>abandoned queued>abandoned active>completed "
        "client_required>abandoned transferring>abandoned"
    ),
    "customer_left": (
        "initiated>abandoned requested>abandoned accepted>abandoned queued>abandoned active>abandoned "
        "client_required>abandoned transferring>abandoned"
    ),
    "desk_unavailable": "initiated>failed requested>failed accepted>failed queued>failed",
    "desk_failed": "requested>failed accepted>failed queued>failed active>failed",
    "wait_expired": (
        "requested>timed_out accepted>timed_out queued>timed_out client_required>timed_out transferring>timed_out"
    ),
    "client_completed": "client_required>completed",
    "client_failed": "client_required>failed",
    "voice_answered": "transferring>completed",
    "voice_done": "transferring>completed",
    "voice_unconfirmed": "transferring>completed",
    "voice_failed": "transferring>failed",
    "voice_unknown": "transferring>failed",
}


def expected(state, signal):
    arrows = dict(pair.split(">") for pair in HEARD[signal.value].split())
    return arrows.get(state.value)


def test_the_states_are_those_of_the_protocol():
    assert [state.value for state in State] == list(LEAVES_TO)


def test_every_signal_has_an_expectation():
    assert sorted(signal.value for signal in Signal) == sorted(HEARD)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("signal", Signal)
def test_each_signal_in_each_state_does_what_the_protocol_says(state, signal):
    wanted = expected(state, signal)
    if wanted is None:
        with pytest.raises(NotAllowed) as refusal:
            advance(state, signal)
        assert (refusal.value.state, refusal.value.signal) == (state, signal)
        assert refusal.value.allowed == tuple(one for one in Signal if expected(state, one))
    else:
        assert advance(state, signal) == wanted


@pytest.mark.parametrize("state", State)
def test_each_state_leaves_exactly_to_where_the_protocol_lets_it(state):
    assert {new.value for (old, _), new in TRANSITIONS.items() if old is state} == set(LEAVES_TO[state].split())


def test_final_states_are_final_and_all_others_are_open():
    assert {state.value for state in FINAL} == {state for state, nexts in LEAVES_TO.items() if not nexts}
    assert frozenset(State) == OPEN | FINAL
    assert not OPEN & FINAL
    assert all(allowed_signals(state) == () for state in FINAL)


def test_every_state_is_reached_from_the_initial_one():
    seen = {INITIAL}
    while new := {TRANSITIONS[old, signal] for old, signal in TRANSITIONS if old in seen} - seen:
        seen |= new
    assert seen == set(State)


def test_every_open_state_can_still_end_when_the_customer_leaves():
    assert {advance(state, Signal.CUSTOMER_LEFT) for state in OPEN} == {State.ABANDONED}


def test_everything_that_waits_has_a_way_out_by_deadline():
    waits = WAITING | {State.CLIENT_REQUIRED, State.TRANSFERRING}
    assert {advance(state, Signal.WAIT_EXPIRED) for state in waits} == {State.TIMED_OUT}


def test_the_refusal_tells_what_would_be_allowed():
    with pytest.raises(NotAllowed) as refusal:
        advance(State.CLIENT_REQUIRED, Signal.HUMAN_JOINED)
    assert str(refusal.value) == (
        "human_joined is not allowed in client_required; allowed: "
        "customer_cancelled, customer_ended, customer_left, wait_expired, client_completed, client_failed"
    )


def test_the_refusal_of_a_final_state_says_that_it_is_final():
    with pytest.raises(NotAllowed, match="closed is not allowed in completed; allowed: nothing, it is final"):
        advance(State.COMPLETED, Signal.CLOSED)


def test_the_built_in_inbox_queues_a_handoff_in_one_go():
    states = [INITIAL]
    for signal in INBOX_ENTRY:
        states.append(advance(states[-1], signal))
    assert states == [State.INITIATED, State.REQUESTED, State.ACCEPTED, State.QUEUED]


@pytest.mark.parametrize("signal", [Signal.ENTERED_QUEUE, Signal.HUMAN_JOINED])
def test_the_first_sign_of_life_of_a_desk_stands_for_its_acceptance(signal):
    assert steps(State.REQUESTED, signal) == (Signal.DESK_ACCEPTED, signal)


def test_a_signal_that_fits_is_applied_alone():
    assert steps(State.ACCEPTED, Signal.HUMAN_JOINED) == (Signal.HUMAN_JOINED,)
    assert steps(State.REQUESTED, Signal.WAIT_EXPIRED) == (Signal.WAIT_EXPIRED,)


def test_no_acceptance_is_invented_elsewhere():
    with pytest.raises(NotAllowed):
        steps(State.INITIATED, Signal.HUMAN_JOINED)
    with pytest.raises(NotAllowed):
        steps(State.REQUESTED, Signal.CLOSED)


@given(st.lists(st.sampled_from(list(Signal)), max_size=40))
def test_no_run_of_signals_skips_acceptance_or_leaves_a_final_state(signals):
    state, passed = INITIAL, [INITIAL]
    for signal in signals:
        try:
            moves = steps(state, signal)
        except NotAllowed:
            continue
        for move in moves:
            state = advance(state, move)
            passed.append(state)
    assert all(one in OPEN for one in passed[:-1])
    if State.QUEUED in passed:
        assert State.ACCEPTED in passed


def test_only_final_states_have_causes_and_each_has_some():
    assert set(CAUSES) == FINAL
    assert all(CAUSES.values())
    assert frozenset().union(*CAUSES.values()) == frozenset(Cause)


@pytest.mark.parametrize(
    ("state", "cause"),
    [
        (State.TIMED_OUT, Cause.WAIT_LIMIT),
        (State.COMPLETED, Cause.CLOSED_BY_AGENT),
        (State.COMPLETED, Cause.HANDED_OFF_UNCONFIRMED),
        (State.FAILED, Cause.UNKNOWN_AFTER_ACCEPT),
        (State.FAILED, Cause.QUEUE_OFF),
        (State.RETURNED, Cause.AI_TAKEBACK),
    ],
)
def test_a_cause_explains_its_state(state, cause):
    assert check_cause(state, cause) is cause


def test_a_cause_of_another_state_is_refused_with_those_that_fit():
    with pytest.raises(WrongCause) as refusal:
        check_cause(State.TIMED_OUT, Cause.CLOSED_BY_AGENT)
    assert str(refusal.value) == (
        "closed_by_agent does not explain timed_out; allowed: wait_limit, desk_silent, client_silent, no_answer"
    )


def test_an_open_handoff_has_no_cause():
    with pytest.raises(WrongCause, match="allowed: none, it is not final"):
        check_cause(State.QUEUED, Cause.WAIT_LIMIT)


def test_the_published_words_are_those_of_the_handoff_api():
    words = {
        "handoff_initiated": "initiated requested accepted queued client_required transferring",
        "handoff_completed": "active completed transferred returned",
        "handoff_failed": "failed timed_out abandoned",
    }
    assert {State(state): word for word, states in words.items() for state in states.split()} == PUBLISHED


def test_the_diagram_in_the_docs_is_the_one_the_table_draws():
    spec = spec_from_file_location("draw_lifecycle", ROOT / "tools" / "draw_lifecycle.py")
    tool = module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert tool.PAGE.read_text(encoding="utf-8") == tool.render(), "run: python tools/draw_lifecycle.py"
