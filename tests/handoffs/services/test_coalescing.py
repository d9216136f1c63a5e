"""Whoever asks while it runs is served by one more round."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from handoffs.services.coalescing import MOST_ROUNDS, run_coalesced

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
PATIENCE = 10


def test_many_who_ask_during_a_round_cost_one_more():
    key, began, may_end, rounds = uuid4(), threading.Event(), threading.Event(), []

    def run(at: datetime) -> int:
        rounds.append(at)
        began.set()
        assert may_end.wait(PATIENCE)
        return 1

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(run_coalesced, key, run, at=NOON)
        assert began.wait(PATIENCE)
        others = [run_coalesced(key, run, at=NOON + timedelta(seconds=number)) for number in range(1, 9)]
        may_end.set()

        assert (first.result(PATIENCE), others) == (2, [0] * 8)
    assert rounds == [NOON, NOON + timedelta(seconds=8)]


def test_a_failure_leaves_the_way_free():
    key = uuid4()

    def fail(at: datetime) -> int:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        run_coalesced(key, fail, at=NOON)
    assert run_coalesced(key, lambda at: 3, at=NOON) == 3


def test_nobody_is_kept_for_the_work_of_others_without_end():
    """Whoever is asked again in every round stops all the same; the next to ask goes on."""
    key, rounds = uuid4(), []

    def asked_again_meanwhile(at):
        rounds.append(at)
        assert run_coalesced(key, asked_again_meanwhile, at=at) == 0
        return 1

    assert run_coalesced(key, asked_again_meanwhile, at=NOON) == MOST_ROUNDS
    assert run_coalesced(key, lambda at: 1, at=NOON) == 1
    assert len(rounds) == MOST_ROUNDS
