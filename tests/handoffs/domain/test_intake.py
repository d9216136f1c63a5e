"""The questions before a transfer, as the machine they are: from every state a customer gets to a person."""

from dataclasses import replace

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from handoffs.domain.intake import (
    ASKED_ONCE_MORE,
    BEFORE_TRANSFER,
    Outcome,
    Plan,
    Progress,
    Stage,
    begin,
    hear,
    stages_before,
    try_failed,
)
from handoffs.domain.settings import CollectedField, FieldKind, SettingsConfig
from handoffs.domain.triggers.signal import Trigger

ASKS = frozenset({Trigger.EXPLICIT_REQUEST})
CURSES = frozenset({Trigger.FRUSTRATION})
NOTHING: frozenset[Trigger] = frozenset()
EMAIL = CollectedField("email", "your e-mail address", FieldKind.EMAIL, is_required=True)
ORDER = CollectedField("order_number", "your order number")
EVERYTHING = SettingsConfig(
    confirm_before_transfer=True, require_problem_statement=True, tries_before_transfer=2, collect_first=True
)
IN_ORDER = tuple(dict.fromkeys(stage for stage, _, _ in BEFORE_TRANSFER))


def plan(*stages: Stage, problem: str = "", **state: str) -> Plan:
    return Plan(stages or IN_ORDER, EVERYTHING, (EMAIL, ORDER), state, problem)


@pytest.mark.parametrize(
    ("trigger", "stages"),
    [
        (Trigger.EXPLICIT_REQUEST, (Stage.CONFIRM, Stage.PROBLEM, Stage.TRY, Stage.COLLECT)),
        (Trigger.FRUSTRATION, (Stage.OFFER, Stage.COLLECT)),
        (Trigger.UNPRODUCTIVE, (Stage.OFFER, Stage.COLLECT)),
        (Trigger.AI_DECISION, (Stage.CONFIRM, Stage.COLLECT)),
        (Trigger.TOPIC_ACTION, (Stage.CONFIRM, Stage.COLLECT)),
        (Trigger.FUNCTION, (Stage.CONFIRM, Stage.COLLECT)),
        (Trigger.FORBIDDEN_TOPIC, ()),
        (Trigger.API, ()),
        (Trigger.HUMAN_TAKEOVER, ()),
    ],
)
def test_every_trigger_has_its_questions(trigger, stages):
    assert stages_before(trigger, settings=EVERYTHING) == stages
    assert stages_before(trigger, settings=replace(EVERYTHING, offer_when_inferred=False))[:1] != (Stage.OFFER,)


@pytest.mark.parametrize("trigger", Trigger)
def test_a_level_that_asks_nothing_asks_nothing(trigger):
    assert stages_before(trigger, settings=SettingsConfig(offer_when_inferred=False)) == ()


def test_nothing_to_ask_is_a_transfer():
    assert begin(replace(plan(), stages=())).outcome is Outcome.TRANSFERS
    assert begin(plan(Stage.COLLECT, email="ada@example.com", order_number="7")).outcome is Outcome.TRANSFERS


def test_who_curses_while_data_is_collected_is_asked_no_more():
    asked = begin(plan(Stage.COLLECT))
    assert hear(plan(Stage.COLLECT), asked.progress, said=["damn"], fired=CURSES).progress.cut_short
    told = begin(plan(Stage.PROBLEM))
    move = hear(plan(Stage.PROBLEM), told.progress, said=["My damn parcel"], fired=CURSES)
    assert (move.outcome, move.changes) == (Outcome.TRANSFERS, {"problem_statement": "My damn parcel"})


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        (FieldKind.TEXT, "Rosa Ditch"),
        (FieldKind.EMAIL, "dumb@example.com"),
        (FieldKind.LONG_TEXT, "You idiots have charged me twice"),
    ],
)
def test_what_was_asked_for_is_taken_however_angry_it_sounds(kind, answer):
    collects = Plan((Stage.COLLECT,), EVERYTHING, (CollectedField("wanted", "it", kind, is_required=True),))
    move = hear(collects, begin(collects).progress, said=[answer], fired=CURSES)
    assert (move.progress.cut_short, move.changes) == (False, {"wanted": answer})


def test_a_refusal_is_no_value():
    collects = plan(Stage.COLLECT, email="ada@example.com")
    move = hear(collects, begin(collects).progress, said=["I'd rather not say"], fired=NOTHING)
    assert (move.outcome, move.changes, move.progress.skipped) == (Outcome.TRANSFERS, {}, ("order_number",))


def test_an_answer_may_tell_more_than_was_asked():
    asked = begin(plan(Stage.COLLECT))
    move = hear(plan(Stage.COLLECT), asked.progress, said=["ada@example.com, order 7741"], fired=NOTHING)
    assert (move.outcome, move.changes) == (Outcome.TRANSFERS, {"email": "ada@example.com", "order_number": "7741"})


def test_a_field_that_is_collected_no_more_is_asked_no_more():
    asked = begin(plan(Stage.COLLECT))
    gone = replace(plan(Stage.COLLECT), fields=(ORDER,))
    move = hear(gone, asked.progress, said=["whatever"], fired=NOTHING)
    assert (move.outcome, move.progress.field) == (Outcome.ASKS, "order_number")


def test_each_try_needs_another_request():
    first = begin(plan(Stage.TRY))
    assert (first.outcome, first.progress.tries) == (Outcome.TRIES, 1)
    meanwhile = hear(plan(Stage.TRY), first.progress, said=["And the price?"], fired=NOTHING)
    assert (meanwhile.outcome, meanwhile.progress) == (Outcome.ANSWERS, first.progress)
    second = hear(plan(Stage.TRY), first.progress, said=["a person"], fired=ASKS)
    assert (second.outcome, second.progress.tries) == (Outcome.TRIES, 2)
    assert hear(plan(Stage.TRY), second.progress, said=["a person"], fired=ASKS).outcome is Outcome.TRANSFERS
    assert try_failed(plan(Stage.TRY), first.progress).outcome is Outcome.TRANSFERS


SAYINGS = st.sampled_from(
    ["yes", "no", "no thanks", "maybe", "My parcel arrived broken", "ada@example.com", "7741", "skip", "Why?", "", "👍"]
)


class Asked(RuleBasedStateMachine):
    """A customer who answers anything to any question, with any of the stages before them."""

    @initialize(
        stages=st.sets(st.sampled_from(IN_ORDER)),
        tries=st.integers(1, 2),
        problem=st.sampled_from(["", "My parcel arrived broken"]),
        said=st.lists(SAYINGS, max_size=3),
    )
    def ask_for_a_person(self, stages, tries, problem, said):
        own = replace(EVERYTHING, tries_before_transfer=tries)
        self.plan = replace(plan(problem=problem), settings=own, stages=tuple(s for s in IN_ORDER if s in stages))
        self.state: dict[str, str] = {}
        self.questions: list[tuple[Stage, str]] = []
        self.over = False
        self._take(begin(self.plan, said=said))

    @precondition(lambda self: not self.over)
    @rule(said=st.lists(SAYINGS, min_size=1, max_size=2), fired=st.sampled_from([NOTHING, CURSES]))
    def answer(self, said, fired):
        self._take(hear(self.plan, self.progress, said=said, fired=fired))

    @precondition(lambda self: self.over)
    @rule()
    def ask_for_a_person_later(self):
        self.questions = []
        self._take(begin(self.plan))

    @precondition(lambda self: not self.over)
    @rule(said=SAYINGS)
    def ask_again(self, said):
        stage, tries = self.progress.stage, self.progress.tries
        move = hear(self.plan, self.progress, said=[said], fired=ASKS)
        if stage in (Stage.PROBLEM, Stage.COLLECT):
            assert (move.outcome, move.progress.cut_short) == (Outcome.TRANSFERS, True)
        elif stage is Stage.TRY:
            assert move.progress.tries == tries + 1 or move.outcome is not Outcome.TRIES
        else:
            assert not move.declined
        self._take(move)

    def _take(self, move):
        self.state |= move.changes
        self.plan = replace(self.plan, state=self.state)
        self.move, self.progress = move, move.progress
        if move.outcome is Outcome.ASKS:
            self.questions.append((move.progress.stage, move.progress.field))
        self.over = move.progress.stage is None

    @invariant()
    def what_is_open_is_a_question_or_a_try(self):
        if hasattr(self, "move"):
            stays_open = self.progress.stage is not None
            assert stays_open == (self.move.outcome in (Outcome.ASKS, Outcome.TRIES) or self._answers_in_between())

    @invariant()
    def no_question_is_put_more_than_twice(self):
        for question in getattr(self, "questions", ()):
            assert self.questions.count(question) <= ASKED_ONCE_MORE

    @invariant()
    def nothing_passed_is_asked_again(self):
        if hasattr(self, "move"):
            assert self.progress.stage not in self.progress.passed
            assert [IN_ORDER.index(stage) for stage in self.progress.passed] == sorted(
                IN_ORDER.index(stage) for stage in self.progress.passed
            )

    @invariant()
    def a_person_is_reached_by_asking_for_one(self):
        """From wherever this is: as many requests as there are stages and tries, and no other answer."""
        if not hasattr(self, "move") or self.over:
            return
        progress, state = self.progress, dict(self.state)
        for _ in range(len(IN_ORDER) + 2):
            move = hear(replace(self.plan, state=state), progress, said=["a person"], fired=ASKS)
            state |= move.changes
            if move.outcome is Outcome.TRANSFERS:
                return
            progress = move.progress
        raise AssertionError(f"kept at {progress}")

    def _answers_in_between(self):
        return self.move.outcome is Outcome.ANSWERS and self.progress.stage is Stage.TRY


Asked.TestCase.settings = hypothesis_settings(max_examples=80, stateful_step_count=12, deadline=None)
TestAsked = Asked.TestCase


def test_nothing_is_heard_where_nothing_was_asked():
    with pytest.raises(ValueError, match="nothing has been asked"):
        hear(plan(), Progress(), said=["yes"], fired=NOTHING)
