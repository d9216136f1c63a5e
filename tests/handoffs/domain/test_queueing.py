"""Positions and estimates."""

from datetime import UTC, datetime, timedelta

import pytest

from handoffs.domain.queueing import band_of, estimate_wait

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("position", "band"),
    [(1, 1), (2, 2), (3, 3), (4, 5), (5, 5), (6, 10), (10, 10), (11, 20), (20, 20), (21, 21), (400, 21)],
)
def test_a_position_falls_into_its_band(position, band):
    assert band_of(position) == band


def test_the_estimate_follows_the_pace_of_claims():
    claims = [NOON - timedelta(minutes=minutes) for minutes in range(6)]

    assert estimate_wait(1, claims) == 60
    assert estimate_wait(3, claims) == 180


def test_too_few_claims_give_no_estimate():
    assert estimate_wait(1, [NOON] * 4) is None
