"""The four levels as the table they are: what each sets, how far settings are from one, and what then happens."""

from dataclasses import fields, replace

import pytest

from handoffs.domain.expectations import Situation, Step, expect
from handoffs.domain.levels import PRESET_FIELDS, PRESETS, SENSITIVITY_OF, apply_level, differences, hands_over
from handoffs.domain.settings import CollectedField, Level, Sensitivity, SettingsConfig
from handoffs.domain.triggers.signal import Trigger
from handoffs.domain.triggers.thresholds import threshold_of

LOW, NORMAL, HIGH = Sensitivity.LOW, Sensitivity.NORMAL, Sensitivity.HIGH
QUICK = SettingsConfig()

TABLE = {
    # level: triggers on, explicit, frustration, unproductive, collect first, problem statement, confirm, tries
    Level.AI_ONLY: (False, NORMAL, NORMAL, NORMAL, False, False, False, 0),
    Level.QUICK: (True, NORMAL, HIGH, HIGH, False, False, False, 0),
    Level.BALANCED: (True, NORMAL, NORMAL, NORMAL, True, False, False, 0),
    Level.AI_FIRST: (True, NORMAL, LOW, LOW, True, True, False, 1),
}


@pytest.mark.parametrize("level", Level)
def test_each_level_sets_its_row(level):
    at = apply_level(QUICK, level)
    switches = {at.on_explicit_request, at.on_frustration, at.on_unproductive, at.on_ai_decision}
    assert switches == {TABLE[level][0]}
    assert at.level is level
    assert TABLE[level][1:] == (
        at.explicit_sensitivity,
        at.frustration_sensitivity,
        at.unproductive_sensitivity,
        at.collect_first,
        at.require_problem_statement,
        at.confirm_before_transfer,
        at.tries_before_transfer,
    )


def test_new_settings_are_quick_as_it_comes():
    assert apply_level(QUICK, Level.QUICK) == QUICK


def test_an_explicit_request_is_recognised_alike_wherever_it_is_followed():
    assert len({threshold_of(apply_level(QUICK, level), Trigger.EXPLICIT_REQUEST) for level in Level}) == 1


@pytest.mark.parametrize("level", Level)
def test_a_level_leaves_alone_what_it_does_not_set(level):
    own = replace(QUICK, is_on=False, decline_text="No.", collected_fields=(CollectedField("name", "Name"),))
    at = apply_level(own, level)
    others = [field.name for field in fields(SettingsConfig) if field.name not in {*PRESET_FIELDS, "level"}]
    assert [getattr(at, name) for name in others] == [getattr(own, name) for name in others]


@pytest.mark.parametrize("level", Level)
def test_no_level_differs_from_itself(level):
    assert differences(apply_level(QUICK, level), level) == ()


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("name", PRESET_FIELDS)
def test_every_field_that_is_changed_is_one_change(level, name):
    at = apply_level(QUICK, level)
    other = {bool: lambda value: not value, int: lambda value: value + 1}.get(
        type(getattr(at, name)), lambda value: LOW if value is not LOW else HIGH
    )
    changed = replace(at, **{name: other(getattr(at, name))})
    switched_off = {sensitivity for switch, sensitivity in SENSITIVITY_OF.items() if not getattr(at, switch)}
    assert differences(changed, level) == (() if name in switched_off else (name,))


def test_a_trigger_that_is_off_is_one_change_whatever_its_sensitivity():
    changed = replace(QUICK, on_frustration=False, frustration_sensitivity=LOW)
    assert differences(changed, Level.QUICK) == ("on_frustration",)


def test_presets_name_fields_of_the_settings_only():
    assert set(PRESET_FIELDS) < {field.name for field in fields(SettingsConfig)}
    assert set(PRESETS) == set(Level)


@pytest.mark.parametrize(
    ("own", "answer"),
    [
        (QUICK, True),
        (replace(QUICK, is_on=False), False),
        (apply_level(QUICK, Level.AI_ONLY), False),
        (replace(apply_level(QUICK, Level.AI_ONLY), on_ai_decision=True), True),
    ],
)
def test_one_trigger_and_the_master_switch_are_enough_to_reach_a_person(own, answer):
    assert hands_over(own) is answer


def steps(settings: SettingsConfig) -> dict[Situation, tuple[Step, ...]]:
    return {one.situation: one.steps for one in expect(settings)}


STAYS = {
    Situation.ASKS: (Step.DECLINES,),
    Situation.FRUSTRATED: (Step.GOES_ON,),
    Situation.NOWHERE: (Step.GOES_ON,),
    Situation.AI_DECIDES: (Step.GOES_ON,),
    Situation.FORBIDDEN: (Step.FIXED_TEXT,),
    Situation.AI_FAILS: (Step.APOLOGISES,),
}
AT_ONCE = {
    Situation.FORBIDDEN: (Step.TRANSFERS_IN_SILENCE,),
    Situation.AI_FAILS: (Step.APOLOGISES_AND_TRANSFERS,),
}


def through(*first: Step) -> tuple[Step, ...]:
    return (*first, Step.TRANSFERS)


@pytest.mark.parametrize(
    ("level", "asks", "inferred", "decided"),
    [
        (Level.QUICK, through(), through(Step.OFFERS), through()),
        (
            Level.BALANCED,
            through(Step.COLLECTS),
            through(Step.OFFERS, Step.COLLECTS),
            through(Step.COLLECTS),
        ),
        (
            Level.AI_FIRST,
            through(Step.ASKS_PROBLEM, Step.TRIES, Step.COLLECTS),
            through(Step.OFFERS, Step.COLLECTS),
            through(Step.COLLECTS),
        ),
    ],
)
def test_what_a_level_makes_happen(level, asks, inferred, decided):
    said = steps(apply_level(QUICK, level))
    assert said == {
        Situation.ASKS: asks,
        Situation.FRUSTRATED: inferred,
        Situation.NOWHERE: inferred,
        Situation.AI_DECIDES: decided,
        **AT_ONCE,
    }


@pytest.mark.parametrize("own", [apply_level(QUICK, Level.AI_ONLY), replace(QUICK, is_on=False)])
def test_nothing_transfers_with_ai_only_or_with_the_master_switch_off(own):
    assert steps(own) == STAYS


def test_a_confirmation_comes_before_anything_else_is_asked():
    said = steps(replace(apply_level(QUICK, Level.BALANCED), confirm_before_transfer=True))
    assert said[Situation.ASKS] == through(Step.CONFIRMS, Step.COLLECTS)


@pytest.mark.parametrize(("offers", "first"), [(True, Step.OFFERS), (False, Step.CONFIRMS)])
def test_whoever_takes_an_offer_is_not_asked_to_confirm_it(offers, first):
    said = steps(replace(QUICK, confirm_before_transfer=True, offer_when_inferred=offers))
    assert said[Situation.FRUSTRATED] == said[Situation.NOWHERE] == through(first)


def test_only_triggers_that_are_on_say_how_readily_they_fire():
    said = {one.situation: one.sensitivity for one in expect(replace(QUICK, on_unproductive=False))}
    assert said == {
        **dict.fromkeys(Situation),
        Situation.ASKS: NORMAL,
        Situation.FRUSTRATED: HIGH,
    }
