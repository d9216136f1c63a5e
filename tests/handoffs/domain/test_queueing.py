"""Positions, estimates, and what a place in a queue is made of."""

from datetime import UTC, datetime, timedelta

import pytest

from handoffs.domain.config import DestinationConfig, ProjectConfig, QueueConfig, ReasonConfig
from handoffs.domain.queueing import (
    EntryFacts,
    Pace,
    band_of,
    entry_facts,
    estimate_wait,
    read_priority,
    read_skills,
)
from handoffs.domain.settings import SettingsConfig

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("position", "band"),
    [(1, 1), (2, 2), (3, 3), (4, 5), (5, 5), (6, 10), (10, 10), (11, 20), (20, 20), (21, 21), (400, 21)],
)
def test_a_position_falls_into_its_band(position, band):
    assert band_of(position) == band


def claims(*minutes_ago: float) -> list[datetime]:
    return [NOON - timedelta(minutes=minutes) for minutes in minutes_ago]


def test_the_estimate_follows_the_pace_of_claims():
    pace = Pace(claims(0, 1, 2, 3, 4, 5))

    assert estimate_wait(1, pace, at=NOON) == 60
    assert estimate_wait(3, pace, at=NOON) == 180


def test_a_standstill_makes_the_estimate_longer():
    assert estimate_wait(1, Pace(claims(20, 21, 22, 23, 25)), at=NOON) == 300


@pytest.mark.parametrize(
    "pace",
    [
        Pace(),
        Pace(claims(0, 1, 2, 3)),
        Pace(claims(61, 62, 63, 64, 65, 66)),
        Pace(served_seconds=[60.0] * 4, places=4),
        Pace(served_seconds=[60.0] * 20, places=0),
    ],
    ids=["nothing", "few claims", "claims of long ago", "few services", "nobody ready"],
)
def test_too_little_to_go_by_gives_no_estimate(pace):
    assert estimate_wait(1, pace, at=NOON) is None


def test_with_people_ready_a_position_waits_its_share_of_a_service():
    pace = Pace(served_seconds=[200.0, 100.0, 200.0, 300.0, 9000.0], places=4)

    assert [estimate_wait(position, pace, at=NOON) for position in (1, 4, 10)] == [50, 200, 500]


def test_an_estimate_is_never_0():
    assert estimate_wait(1, Pace(served_seconds=[1.0] * 5, places=50), at=NOON) == 1


CONFIG = ProjectConfig(
    settings=SettingsConfig(channel_weights={"email": 2, "sms": 0}),
    queues=(QueueConfig("billing", "Billing", priority=2), QueueConfig("care", "Care")),
    reasons=(ReasonConfig("fraud", "Fraud", is_urgent=True), ReasonConfig("needs_human", "Needs a person")),
)
BILLING = DestinationConfig("billing", "Billing", queue="billing", hints={"skills": "Refunds, german", "priority": "1"})


@pytest.mark.parametrize(
    ("destination", "reason", "channel", "facts"),
    [
        (BILLING, "needs_human", "web_chat", EntryFacts(3, ("refunds", "german"), 1)),
        (BILLING, "fraud", "email", EntryFacts(13, ("refunds", "german"), 2)),
        (DestinationConfig("care", "Care", queue="care"), "unknown", "sms", EntryFacts(0, (), 1)),
        (DestinationConfig("gone", "Gone", queue="gone"), "needs_human", "web_chat", EntryFacts()),
        (None, "fraud", "web_chat", EntryFacts(priority=10)),
    ],
    ids=["hints", "urgent e-mail", "nothing said", "no queue", "no destination"],
)
def test_an_entry_is_made_of_queue_hints_reason_and_channel(destination, reason, channel, facts):
    assert entry_facts(CONFIG, destination, reason=reason, channel=channel) == facts


@pytest.mark.parametrize(
    ("text", "priority"),
    [("", 0), ("3", 3), (" +2 ", 2), ("-1", -1), ("99", 4), ("-99", -4), ("high", 0), ("²", 0), ("1" * 5000, 0)],
)
def test_a_hint_of_priority_is_a_number_within_bounds_or_counts_nothing(text, priority):
    assert read_priority(text) == priority


def test_skills_are_written_as_people_do():
    assert read_skills(" Refunds,german , refunds,, ") == ("refunds", "german")
