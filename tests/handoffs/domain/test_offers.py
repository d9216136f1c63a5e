"""Which waiting handoff is offered to whom."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffs.domain.capacity import Limits, Load, has_room
from handoffs.domain.offers import ASKED_AGAIN_AFTER, Need, Worker, is_suited, match_offers

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
ANA, BEN, CAT = (uuid.UUID(int=number) for number in (1, 2, 3))
FOUR = Limits(4)


def worker(agent_id=ANA, *, limits=FOUR, load=0, skills=(), is_asked=False, minutes_idle=None) -> Worker:
    given_at = NOON - timedelta(minutes=minutes_idle) if minutes_idle is not None else None
    return Worker(agent_id, limits, Load(load), frozenset(skills), is_asked, given_at)


def need(number=1, **facts) -> Need:
    pk = uuid.UUID(int=1000 + number)
    return Need(handoff_id=pk, conversation_id=pk, channel=facts.pop("channel", "web_chat"), **facts)


def offered(needs, workers, at=NOON) -> list[tuple[int, uuid.UUID]]:
    return [(one.handoff_id.int - 1000, agent_id) for one, agent_id in match_offers(needs, workers, at=at)]


@pytest.mark.parametrize(
    ("workers", "asked"),
    [
        ([worker(ANA, load=2), worker(BEN, load=1)], BEN),
        ([worker(ANA, load=2, limits=Limits(8)), worker(BEN, load=2)], ANA),
        ([worker(ANA, minutes_idle=1), worker(BEN, minutes_idle=9)], BEN),
        ([worker(ANA, minutes_idle=9), worker(BEN)], BEN),
        ([worker(BEN), worker(ANA)], ANA),
        ([worker(ANA, is_asked=True), worker(BEN, load=3)], BEN),
        ([worker(ANA, load=4), worker(BEN, load=3)], BEN),
    ],
    ids=["least load", "least share", "longest idle", "never given", "same for all", "asked already", "full"],
)
def test_the_one_with_the_least_load_is_asked_then_who_was_idle_longest(workers, asked):
    assert offered([need()], workers) == [(1, asked)]


def test_the_previous_agent_is_asked_first_while_there_is_room():
    workers = [worker(ANA), worker(BEN, load=3)]

    assert offered([need(previous=BEN)], workers) == [(1, BEN)]
    assert offered([need(previous=BEN)], [worker(ANA), worker(BEN, load=4)]) == [(1, ANA)]
    assert offered([need(previous=CAT)], [worker(ANA)]) == [(1, ANA)]


def test_only_who_can_do_it_and_works_the_queue_is_asked():
    workers = [worker(ANA, skills=["german"]), worker(BEN, skills=["german", "refunds"])]

    assert offered([need(skills=frozenset({"refunds"}))], workers) == [(1, BEN)]
    assert offered([need(skills=frozenset({"french"}))], workers) == []
    assert offered([need(members=frozenset({BEN}))], workers) == [(1, BEN)]
    assert offered([need(members=frozenset())], workers) == []


def test_what_nobody_can_take_does_not_hold_up_the_rest():
    assert offered([need(1, skills=frozenset({"french"})), need(2)], [worker(ANA)]) == [(2, ANA)]


def test_everybody_is_asked_one_thing_at_a_time_in_the_order_of_the_queue():
    assert offered([need(1), need(2), need(3)], [worker(ANA), worker(BEN)]) == [(1, ANA), (2, BEN)]


def test_a_lighter_one_does_not_overtake_one_that_is_only_too_heavy_for_now():
    assert offered([need(1, weight=2), need(2)], [worker(ANA, load=3)]) == []
    assert offered([need(1, weight=9), need(2)], [worker(ANA, load=3)]) == [(2, ANA)]
    assert offered([need(1, weight=2), need(2)], [worker(ANA, load=3), worker(BEN)]) == [(1, BEN), (2, ANA)]


def test_a_full_channel_does_not_keep_others_away():
    limits = Limits(4, {"email": 0})

    assert offered([need(1, channel="email"), need(2)], [worker(ANA, limits=limits)]) == [(2, ANA)]


def test_who_refused_is_asked_again_only_when_nobody_else_can_and_after_a_while():
    lately, long_ago = NOON - timedelta(seconds=1), NOON - ASKED_AGAIN_AFTER

    assert offered([need(refused={ANA: lately})], [worker(ANA), worker(BEN, load=3)]) == [(1, BEN)]
    assert offered([need(refused={ANA: long_ago})], [worker(ANA), worker(BEN, load=3)]) == [(1, BEN)]
    assert offered([need(refused={ANA: lately})], [worker(ANA)]) == []
    assert offered([need(refused={ANA: long_ago})], [worker(ANA)]) == [(1, ANA)]


SKILLS = st.frozensets(st.sampled_from(["german", "refunds"]))
WORKERS = st.lists(
    st.builds(
        Worker,
        agent_id=st.integers(1, 6).map(lambda number: uuid.UUID(int=number)),
        limits=st.builds(Limits, capacity=st.integers(0, 5)),
        load=st.builds(Load, weight=st.integers(0, 6)),
        skills=SKILLS,
        is_asked=st.booleans(),
    ),
    unique_by=lambda one: one.agent_id,
    max_size=6,
)
NEEDS = st.lists(
    st.builds(
        Need,
        handoff_id=st.uuids(),
        conversation_id=st.uuids(),
        channel=st.just("web_chat"),
        weight=st.integers(1, 3),
        skills=SKILLS,
        members=st.none() | st.frozensets(st.integers(1, 6).map(lambda number: uuid.UUID(int=number))),
    ),
    unique_by=lambda one: one.handoff_id,
    max_size=12,
)


@given(NEEDS, WORKERS)
def test_whatever_waits_and_whoever_works(needs, workers):
    by_id = {one.agent_id: one for one in workers}
    pairs = list(match_offers(needs, workers, at=NOON))

    assert [one for one, _ in pairs] == [one for one in needs if one in {made for made, _ in pairs}]
    assert len({agent_id for _, agent_id in pairs}) == len(pairs)
    for one, agent_id in pairs:
        taker = by_id[agent_id]
        assert is_suited(taker, one)
        assert not taker.is_asked
        assert has_room(taker.load, taker.limits, channel=one.channel, weight=one.weight)
