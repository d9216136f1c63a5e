"""What is asked before a transfer: offered, confirmed, told, tried and collected, one question at a time.

A pure state machine. `begin` meets a wish to hand over, `hear` what the customer answered to a question. Nobody is
kept: a person asked for again while something is asked ends the questions, with what there is.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from handoffs.domain.collection import PROBLEM_KEY, SKIPPED, find_known, hint_of, read_value
from handoffs.domain.contract import is_given
from handoffs.domain.field_answers import looks_like_name, name_field, refuses
from handoffs.domain.problem import states_problem
from handoffs.domain.settings import CollectedField, FieldKind, SettingsConfig
from handoffs.domain.triggers.answers import Answer, read_answer
from handoffs.domain.triggers.signal import Trigger

ASKED_ONCE_MORE = 2  # a question that got no answer is asked so often, and no more
LONGEST_PROBLEM = 4_000
# What ends the questions of a stage: asking for a person again; and who loses their temper is asked for no more data.
ENOUGH = frozenset({Trigger.EXPLICIT_REQUEST})
ENOUGH_DATA = ENOUGH | {Trigger.FRUSTRATION}


class Stage(StrEnum):
    """What is being asked."""

    OFFER = "offer"  # shall I bring in a person?
    CONFIRM = "confirm"  # shall I pass you on now?
    PROBLEM = "problem"  # what is it about?
    TRY = "try"  # the AI tries to help; nothing is asked, but asked again it is over
    COLLECT = "collect"  # one field after the other


# What nobody asked for, what the customer asked for, what the AI or a topic of it decided.
INFERRED = frozenset({Trigger.UNPRODUCTIVE, Trigger.FRUSTRATION})
REQUESTED = frozenset({Trigger.EXPLICIT_REQUEST})
DECIDED = frozenset({Trigger.AI_DECISION, Trigger.TOPIC_ACTION, Trigger.FUNCTION})
ALL = INFERRED | REQUESTED | DECIDED
# In this order, before which transfers, and whether the settings want it. What stands in no row goes at once: a
# forbidden topic is not discussed, an API has decided.
BEFORE_TRANSFER: tuple[tuple[Stage, Collection[Trigger], Callable[[SettingsConfig], bool]], ...] = (
    (Stage.OFFER, INFERRED, lambda settings: settings.offer_when_inferred),
    (Stage.CONFIRM, REQUESTED | DECIDED, lambda settings: settings.confirm_before_transfer),
    # Whoever was offered a person and said yes has confirmed it.
    (Stage.CONFIRM, INFERRED, lambda settings: settings.confirm_before_transfer and not settings.offer_when_inferred),
    (Stage.PROBLEM, REQUESTED, lambda settings: settings.require_problem_statement),
    (Stage.TRY, REQUESTED, lambda settings: settings.tries_before_transfer > 0),
    (Stage.COLLECT, ALL, lambda settings: settings.collect_first),
)
QUESTIONS = {Stage.OFFER: "offer_text", Stage.CONFIRM: "confirm_text", Stage.PROBLEM: "problem_text"}


class Outcome(StrEnum):
    """What is to be done after a move."""

    ASKS = "asks"  # the text is said, and an answer waited for
    TRIES = "tries"  # the responder answers, the text before its words
    TRANSFERS = "transfers"
    STAYS = "stays"  # the AI says the text, if there is one, and keeps the conversation
    ANSWERS = "answers"  # the responder answers as ever, the text before its words if there is one


@dataclass(frozen=True, slots=True)
class Plan:
    """What a wish to hand over has before it. fields: what is asked for, in order; state: what is known already;
    problem: what the customer said it is about, empty when nothing."""

    stages: tuple[Stage, ...]
    settings: SettingsConfig
    fields: tuple[CollectedField, ...] = ()
    state: Mapping[str, Any] = field(default_factory=dict)
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it has come. stage: what is being asked, None for nothing; passed: the stages that are behind; asked:
    how often the present question was put; field: the key asked for; tries: how often the AI has tried; skipped and
    left_out: the keys the customer skipped, and those that were answered wrongly too often; cut_short: a person was
    asked for again before the end."""

    stage: Stage | None = None
    passed: tuple[Stage, ...] = ()
    asked: int = 0
    field: str = ""
    tries: int = 0
    skipped: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    cut_short: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """progress: from here on; text: what the AI says; changes: of the collected data; declined: the customer does not
    want it now."""

    outcome: Outcome
    progress: Progress
    text: str = ""
    changes: Mapping[str, Any] = field(default_factory=dict)
    declined: bool = False


def stages_before(trigger: Trigger, *, settings: SettingsConfig) -> tuple[Stage, ...]:
    """What comes before a transfer of this trigger, in order."""
    return tuple(stage for stage, triggers, applies in BEFORE_TRANSFER if trigger in triggers and applies(settings))


def begin(plan: Plan, progress: Progress = Progress(), *, said: Sequence[str] = ()) -> Move:
    """The first question that has to be asked, or the transfer when there is none. said: the customer's words in this
    conversation, oldest first: what is in them already is not asked for."""
    missing = [item for item in plan.fields if not is_given(item.key, plan.state)]
    changes = find_known(missing, said) if Stage.COLLECT in plan.stages else {}
    if plan.problem and not is_given(PROBLEM_KEY, plan.state) and _wants_problem(plan):
        changes = {**changes, PROBLEM_KEY: plan.problem[:LONGEST_PROBLEM]}
    return _go_on(plan, replace(progress, stage=None), changes)


def hear(plan: Plan, progress: Progress, *, said: Sequence[str], fired: Collection[Trigger]) -> Move:
    """What follows the customer's answer. said: the messages of this turn; fired: the triggers in them. Raises
    ValueError when nothing has been asked."""
    if progress.stage is None:
        raise ValueError("nothing has been asked")
    enough = ENOUGH_DATA if progress.stage is Stage.COLLECT and not _is_answer(plan, progress, said) else ENOUGH
    return HEAR[progress.stage](plan, progress, said, not enough.isdisjoint(fired))


def _hear_yes_or_no(plan: Plan, progress: Progress, said: Sequence[str], asks_again: bool) -> Move:
    """Several messages at once: the last one that is a yes or a no counts."""
    answers = [answer for text in said if (answer := read_answer(text)) is not Answer.UNCLEAR]
    answer = Answer.YES if asks_again else answers[-1] if answers else Answer.UNCLEAR
    if answer is Answer.YES:
        return _pass_on(plan, progress, {})
    if answer is Answer.NO:
        # Whoever says no because of something they want to know is told that, too.
        outcome = Outcome.ANSWERS if states_problem(said) else Outcome.STAYS
        return Move(outcome, Progress(), plan.settings.declined_offer_text, declined=True)
    if progress.stage is Stage.CONFIRM and progress.asked < ASKED_ONCE_MORE:
        return _ask(progress, plan.settings.confirm_text)
    return Move(Outcome.ANSWERS, Progress(), declined=True)


def _hear_problem(plan: Plan, progress: Progress, said: Sequence[str], asks_again: bool) -> Move:
    if asks_again:
        return _cut_short(progress)
    problem = "\n".join(said)[:LONGEST_PROBLEM].strip()
    is_told = problem and problem.casefold() not in SKIPPED
    return _pass_on(plan, progress, {PROBLEM_KEY: problem} if is_told else {})


def _hear_after_try(plan: Plan, progress: Progress, said: Sequence[str], asks_again: bool) -> Move:
    return _go_on(plan, progress, {}) if asks_again else Move(Outcome.ANSWERS, progress)


def _hear_value(plan: Plan, progress: Progress, said: Sequence[str], asks_again: bool) -> Move:
    if asks_again:
        return _cut_short(progress)
    wanted = _asked_for(plan, progress)
    if wanted is None:
        return _go_on(plan, progress, {})
    is_refused = wanted.kind is FieldKind.TEXT and any(refuses(text) for text in said)
    value = (
        None if is_refused else next((value for text in said if (value := read_value(wanted, text)) is not None), None)
    )
    if value is not None:
        return _go_on(plan, progress, {wanted.key: value, **_others(plan, wanted, said)})
    if not wanted.is_required and (is_refused or any(text.strip().casefold() in SKIPPED for text in said)):
        return _go_on(plan, replace(progress, skipped=(*progress.skipped, wanted.key)), {})
    if progress.asked < ASKED_ONCE_MORE:
        return _ask(progress, plan.settings.not_valid_text.format(hint=hint_of(wanted)))
    return _go_on(plan, replace(progress, left_out=(*progress.left_out, wanted.key)), {})


def _asked_for(plan: Plan, progress: Progress) -> CollectedField | None:
    return next((item for item in plan.fields if item.key == progress.field), None)


def _is_answer(plan: Plan, progress: Progress, said: Sequence[str]) -> bool:
    """Whether it is what was asked for, however angry it sounds: any value but a few words, or a name. The word model
    knows no names: some look like insults."""
    wanted = _asked_for(plan, progress)
    return wanted is not None and any(
        read_value(wanted, text) is not None and (wanted.kind is not FieldKind.TEXT or looks_like_name(text))
        for text in said
    )


def _others(plan: Plan, wanted: CollectedField, said: Sequence[str]) -> Mapping[str, Any]:
    """What else the answer tells beside what it was asked for."""
    return find_known([item for item in plan.fields if item is not wanted and not is_given(item.key, plan.state)], said)


def try_failed(plan: Plan, progress: Progress) -> Move:
    """The AI had no answer when it tried: what comes after the try."""
    return _pass_on(plan, replace(progress, tries=plan.settings.tries_before_transfer), {})


def _go_on(plan: Plan, progress: Progress, changes: Mapping[str, Any]) -> Move:
    """The next thing that has to be asked, from the stage in hand on."""
    for stage in plan.stages:
        if stage not in progress.passed and (move := GO_ON[stage](plan, progress, changes)):
            return replace(move, changes=changes)
        if stage not in progress.passed:
            progress = replace(progress, stage=None, asked=0, passed=(*progress.passed, stage))
    return Move(Outcome.TRANSFERS, replace(progress, stage=None), changes=changes)


def _pass_on(plan: Plan, progress: Progress, changes: Mapping[str, Any]) -> Move:
    """The stage in hand is behind."""
    passed = (*progress.passed, *((progress.stage,) if progress.stage else ()))
    return _go_on(plan, replace(progress, stage=None, asked=0, passed=passed), changes)


def _cut_short(progress: Progress) -> Move:
    """Asked again for a person while being asked something: that is enough."""
    return Move(Outcome.TRANSFERS, replace(progress, stage=None, cut_short=True))


def _ask(progress: Progress, text: str) -> Move:
    return Move(Outcome.ASKS, replace(progress, asked=progress.asked + 1), text)


def _ask_yes_or_no(plan: Plan, progress: Progress, changes: Mapping[str, Any], stage: Stage) -> Move:
    text: str = getattr(plan.settings, QUESTIONS[stage])
    return _ask(replace(progress, stage=stage, asked=0), text)


def _ask_problem(plan: Plan, progress: Progress, changes: Mapping[str, Any]) -> Move | None:
    is_known = is_given(PROBLEM_KEY, {**plan.state, **changes})
    return None if is_known else _ask_yes_or_no(plan, progress, changes, Stage.PROBLEM)


def _try(plan: Plan, progress: Progress, changes: Mapping[str, Any]) -> Move | None:
    if progress.tries >= plan.settings.tries_before_transfer:
        return None
    return Move(
        Outcome.TRIES, replace(progress, stage=Stage.TRY, tries=progress.tries + 1), plan.settings.try_text
    )  # fmt: skip


def _ask_for_field(plan: Plan, progress: Progress, changes: Mapping[str, Any]) -> Move | None:
    known = {**plan.state, **changes}
    left = {*progress.skipped, *progress.left_out}
    wanted = next((item for item in plan.fields if item.key not in left and not is_given(item.key, known)), None)
    if wanted is None:
        return None
    text = plan.settings.collect_text.format(field=name_field(wanted))
    return _ask(replace(progress, stage=Stage.COLLECT, field=wanted.key, asked=0), text)


def _wants_problem(plan: Plan) -> bool:
    return Stage.PROBLEM in plan.stages or any(item.key == PROBLEM_KEY for item in plan.fields)


HEAR: Mapping[Stage, Callable[[Plan, Progress, Sequence[str], bool], Move]] = {
    Stage.OFFER: _hear_yes_or_no,
    Stage.CONFIRM: _hear_yes_or_no,
    Stage.PROBLEM: _hear_problem,
    Stage.TRY: _hear_after_try,
    Stage.COLLECT: _hear_value,
}
GO_ON: Mapping[Stage, Callable[[Plan, Progress, Mapping[str, Any]], Move | None]] = {
    Stage.OFFER: lambda plan, progress, changes: _ask_yes_or_no(plan, progress, changes, Stage.OFFER),
    Stage.CONFIRM: lambda plan, progress, changes: _ask_yes_or_no(plan, progress, changes, Stage.CONFIRM),
    Stage.PROBLEM: _ask_problem,
    Stage.TRY: _try,
    Stage.COLLECT: _ask_for_field,
}
