"""Conversations that have happened, decided again."""

from dataclasses import replace

import pytest

from handoffs.domain.config import ProjectConfig
from handoffs.domain.levels import apply_level
from handoffs.domain.past_week import Change, Tally, follow_past, order_triggers
from handoffs.domain.rehearsal import Following
from handoffs.domain.settings import Level, SettingsConfig
from handoffs.domain.triggers.dialogue import Said
from handoffs.domain.triggers.signal import Trigger

ASKED = (Said("customer", "Where is my parcel?", 1), Said("ai", "Two days.", 2), Said("customer", "Get me a person", 3))
CALM = ASKED[:1]
T = Trigger


def followed(dialogue, heard, happened, *, config) -> Following:
    """With the settings of the configuration itself."""
    return follow_past(dialogue, heard, happened, config=config, plans={None: config.settings})[None]


def at(level: Level) -> ProjectConfig:
    return ProjectConfig(settings=apply_level(SettingsConfig(), level))


def test_the_first_message_that_leads_to_a_person_decides():
    following = followed(ASKED, (0, 2), "", config=at(Level.QUICK))
    assert (following.trigger, following.reaches, following.asks_first) == (T.EXPLICIT_REQUEST, True, False)
    assert followed(ASKED, (0, 2), "", config=at(Level.BALANCED)).asks_first


def test_at_level_0_nobody_is_reached():
    assert not followed(ASKED, (0, 2), T.EXPLICIT_REQUEST.value, config=at(Level.AI_ONLY)).reaches


def test_what_was_detected_then_and_is_not_now_stays_with_the_ai():
    assert not followed(CALM, (0,), T.FRUSTRATION.value, config=at(Level.QUICK)).reaches


@pytest.mark.parametrize("trigger", [T.AI_DECISION, T.TOPIC_ACTION, T.FUNCTION, T.API, T.HUMAN_TAKEOVER])
def test_what_came_from_elsewhere_comes_again(trigger):
    assert followed(CALM, (0,), trigger.value, config=at(Level.QUICK)).trigger is trigger


@pytest.mark.parametrize(("trigger", "reaches"), [(T.AI_DECISION, False), (T.API, False), (T.HUMAN_TAKEOVER, True)])
def test_with_handoff_off_only_a_person_who_takes_over_still_does(trigger, reaches):
    off = ProjectConfig(settings=SettingsConfig(is_on=False))
    assert followed(CALM, (0,), trigger.value, config=off).reaches is reaches


def test_erased_words_are_passed_over():
    erased = (replace(ASKED[0], text=""), *ASKED[1:])
    assert followed(erased, (0, 2), "", config=at(Level.QUICK)).reaches


def test_a_tally_counts_by_trigger_and_keeps_what_would_be_otherwise():
    asked, offered = followed(ASKED, (2,), "", config=at(Level.QUICK)), Following()
    tally = Tally()
    tally.count(0, asked, happened="")
    tally.count(1, asked, happened=T.EXPLICIT_REQUEST.value)
    tally.count(2, offered, happened=T.FRUSTRATION.value)
    tally.count(3, offered, happened="")
    assert (tally.reached, tally.at_once[T.EXPLICIT_REQUEST], tally.asked_first.total()) == (2, 2, 0)
    assert tally.changed == {
        Change.NEWLY: [(0, T.EXPLICIT_REQUEST)],
        Change.NO_LONGER: [(2, T.FRUSTRATION)],
    }
    assert order_triggers((tally,), {T.API: 1}) == (T.EXPLICIT_REQUEST, T.API)


def test_several_plans_are_followed_at_once_and_each_as_alone():
    plans = {None: SettingsConfig(), **{level: at(level).settings for level in Level}}
    together = follow_past(ASKED, (0, 2), "", config=ProjectConfig(), plans=plans)
    assert together == {
        plan: followed(ASKED, (0, 2), "", config=ProjectConfig(settings=s)) for plan, s in plans.items()
    }
