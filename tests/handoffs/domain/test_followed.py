"""Which requests for a person the settings let through."""

from dataclasses import replace

import pytest

from handoffs.domain.levels import apply_level
from handoffs.domain.settings import Level, SettingsConfig
from handoffs.domain.triggers.signal import Trigger
from handoffs.domain.turns import AI_UNAVAILABLE, SWITCH_OF_TRIGGER, HandoffRequest, is_followed

ON = SettingsConfig()
OFF = replace(ON, is_on=False)
AI_ONLY = apply_level(ON, Level.AI_ONLY)


def request(trigger: Trigger, reason: str = "needs_human") -> HandoffRequest:
    return HandoffRequest(trigger, reason, "I'm passing you on.")


@pytest.mark.parametrize("trigger", Trigger)
def test_everything_is_followed_at_the_start_and_nothing_with_ai_only_or_off(trigger):
    assert is_followed(request(trigger), settings=ON)
    assert not is_followed(request(trigger), settings=OFF)
    assert not is_followed(request(trigger), settings=AI_ONLY)


@pytest.mark.parametrize(("trigger", "switch"), SWITCH_OF_TRIGGER.items())
def test_a_trigger_needs_its_own_switch(trigger, switch):
    assert not is_followed(request(trigger), settings=replace(ON, **{switch: False}))
    assert is_followed(request(trigger), settings=replace(AI_ONLY, **{switch: True}))


def test_an_ai_that_cannot_answer_hands_over_while_anything_does():
    unavailable = request(Trigger.AI_DECISION, AI_UNAVAILABLE)
    assert is_followed(unavailable, settings=replace(ON, on_ai_decision=False))
    assert not is_followed(unavailable, settings=AI_ONLY)
