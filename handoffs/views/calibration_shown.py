"""What the calibration page shows: figures in words, the curve as a drawing and as a table, and an effect's list."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations.domain.frames import MASK
from conversations.domain.vocabulary import TurnMark, Verdict
from conversations.selectors.reviews import VERDICT_LABELS
from handoffs.domain.calibration import (
    LEAST_CASES,
    Aim,
    Case,
    Effect,
    Figures,
    Rate,
    compare_thresholds,
    count_own,
    draw_curve,
    find_best,
    find_threshold,
    measure,
)
from handoffs.domain.moments import LeftOut
from handoffs.domain.settings import MEASURED as SETTABLE
from handoffs.domain.settings import SettingsConfig
from handoffs.domain.triggers.signal import Trigger
from handoffs.domain.triggers.thresholds import SENSITIVITIES, threshold_of
from handoffs.forms.calibration import TRIGGER_LABELS, Wanted
from handoffs.forms.triggers import SENSITIVITIES as SENSITIVITY_LABELS
from handoffs.selectors.calibration import MEASURED, OF_TOPICS, ReviewedSet, SeenMoment

Context = dict[str, Any]
WORDS_SHOWN = 160
ROWS_SHOWN = 11
LISTED = 20
# The drawing, in user units: where the square of both rates lies in it.
WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 440, 284, 36, 28, 428, 248
TICKS = (0, 25, 50, 75, 100)
MARK_LABELS = {TurnMark.SHOULD_HAVE_HANDED_OFF.value: gettext_lazy("Should have handed off")}
TONES = {Verdict.NEEDED.value: "green", Verdict.ESCALATED_UNNECESSARILY.value: "amber"}
LEFT_OUT_WORDS: dict[LeftOut, Any] = {
    LeftOut.ERASED: gettext_lazy("whose words have been erased"),
    LeftOut.SILENT: gettext_lazy("in which the customer said nothing to the AI"),
    LeftOut.CONTRADICTED: gettext_lazy("called unnecessary by one reviewer and due by another"),
    LeftOut.WRONG_TOPIC: gettext_lazy("judged as the wrong topic, which says nothing of when"),
}


@dataclass(frozen=True, slots=True)
class RateShown:
    """A rate in whole percent; share None where there is nothing to have a share of."""

    share: int | None
    low: int
    high: int
    count: int
    of: int


@dataclass(frozen=True, slots=True)
class TriggerRow:
    """A trigger in one line. missing: how many judged cases are wanted before its rates are shown, 0 for none;
    sensitivity: what sets its threshold, empty where one of its own does."""

    key: str
    label: str
    own: int
    missing: int
    precision: RateShown
    recall: RateShown
    threshold: float | None
    sensitivity: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A judged moment in a list. words: the customer's message, masked where it must be; sequence: its turn;
    tone: of the verdict's chip, empty for none."""

    conversation_id: uuid.UUID
    customer: str
    at: datetime
    sequence: int
    words: str
    score: float | None
    verdict: str
    tone: str


def threshold_now(settings: SettingsConfig, trigger: Trigger) -> float:
    """From which score the trigger's cases fire with these settings."""
    return OF_TOPICS if trigger is Trigger.FORBIDDEN_TOPIC else threshold_of(settings, trigger)


def show_triggers(found: ReviewedSet, settings: SettingsConfig) -> list[TriggerRow]:
    return [_row(found.cases(trigger), trigger, settings) for trigger in MEASURED]


def show_chosen(found: ReviewedSet, settings: SettingsConfig, wanted: Wanted, *, masked: bool) -> Context:
    """The chosen trigger: its curve, and what its target would take. Empty while too few cases tell of it, and for
    forbidden topics, which have a threshold each."""
    trigger, cases = wanted.trigger, found.cases(wanted.trigger)
    if trigger.value not in SETTABLE or count_own(cases) < LEAST_CASES:
        return {}
    now, curve = measure(cases, threshold_now(settings, trigger)), draw_curve(cases)
    target = _target(found, cases, curve, now, wanted, masked=masked)
    proposed = target.get("met")
    return {
        "now": _figures(now),
        "drawing": _draw(curve, now, proposed["raw"] if proposed else None, wanted),
        "rows": [_figures(item) for item in _told_apart(curve, now)],
        "is_own": trigger.value in settings.thresholds,
        "target": target,
    }


def show_left_out(found: ReviewedSet) -> list[tuple[int, str]]:
    return [(number, str(LEFT_OUT_WORDS[why])) for why, number in sorted(found.left_out.items())]


def list_moments(moments: Iterable[SeenMoment], trigger: Trigger | None, *, masked: bool) -> list[Listed]:
    """The moments as lines; of a trigger, each with the message that made its score."""
    return [_listed(item, trigger, masked=masked) for item in moments][:LISTED]


def _row(cases: Sequence[Case], trigger: Trigger, settings: SettingsConfig) -> TriggerRow:
    figures, own = measure(cases, threshold_now(settings, trigger)), count_own(cases)
    has_own = trigger.value in settings.thresholds
    sensitivity = getattr(settings, SENSITIVITIES[trigger]).value
    return TriggerRow(
        key=trigger.value,
        label=str(TRIGGER_LABELS[trigger]),
        own=own,
        missing=max(0, LEAST_CASES - own),
        precision=_rate(figures.precision),
        recall=_rate(figures.recall),
        threshold=None if trigger is Trigger.FORBIDDEN_TOPIC else figures.threshold,
        sensitivity="" if has_own else str(dict(SENSITIVITY_LABELS)[sensitivity]),
    )


def _target(
    found: ReviewedSet, cases: Sequence[Case], curve: Sequence[Figures], now: Figures, wanted: Wanted, *, masked: bool
) -> Context:
    """What the target takes; empty where none is asked for. `met`: the threshold that meets it with its effect, else
    `best`: the most there is."""
    if wanted.percent is None:
        return {}
    asked = {"aim": wanted.aim.value, "percent": wanted.percent}
    met = find_threshold(curve, aim=wanted.aim, share=wanted.percent / 100)
    if met is None:
        return {**asked, "best": _figures(find_best(curve, aim=wanted.aim))}
    effect = compare_thresholds(cases, before=now.threshold, after=met.threshold)
    shown = {
        **_figures(met),
        "raw": met,
        "code": f"{met.threshold:.2f}",
        "is_now": met.threshold == now.threshold,
        "is_lower": met.threshold < now.threshold,
    }
    return {**asked, "met": shown, **_effect(found, effect, wanted.trigger, masked=masked)}


def _effect(found: ReviewedSet, effect: Effect, trigger: Trigger, *, masked: bool) -> Context:
    return {
        name: {
            "number": len(cases),
            "due": sum(case.is_due for case in cases),
            "listed": list_moments((found.by_key[case.key] for case in cases), trigger, masked=masked),
        }
        for name, cases in (("no_longer", effect.no_longer), ("starts", effect.now))
    }


def _listed(item: SeenMoment, trigger: Trigger | None, *, masked: bool) -> Listed:
    seen = item.seen.get(trigger) if trigger else None
    sequence = seen.sequence if seen else item.moment.sequence
    text = item.texts.get(sequence, "")
    verdict = item.moment.verdict
    return Listed(
        conversation_id=item.conversation_id,
        customer=item.customer,
        at=item.at,
        sequence=sequence,
        words=MASK if masked and text else _shortened(text),
        score=seen.score if seen else None,
        verdict=str(VERDICT_LABELS.get(verdict) or MARK_LABELS[verdict]),
        tone=TONES.get(verdict, ""),
    )


def _shortened(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= WORDS_SHOWN else f"{plain[: WORDS_SHOWN - 1].rstrip()}…"


def _rate(rate: Rate) -> RateShown:
    low, high = rate.interval
    share = None if rate.share is None else round(rate.share * 100)
    return RateShown(share, round(low * 100), round(high * 100), rate.count, rate.of)


def _figures(figures: Figures) -> Context:
    return {
        "threshold": figures.threshold,
        "precision": _rate(figures.precision),
        "recall": _rate(figures.recall),
    }


def _told_apart(curve: Sequence[Figures], now: Figures) -> list[Figures]:
    """Some thresholds over the whole curve, the one that holds among them, from the lowest."""
    steps = [list(run)[-1] for _rates, run in groupby(curve, key=lambda item: (item.precision, item.recall))]
    every = max(1, -(-len(steps) // ROWS_SHOWN))
    kept = {item.threshold: item for item in steps[::every]} | {now.threshold: now}
    return [kept[threshold] for threshold in sorted(kept)]


def _draw(curve: Sequence[Figures], now: Figures, proposed: Figures | None, wanted: Wanted) -> Context:
    """The drawing in numbers: a line of points from the lowest threshold, and the marked ones."""
    points = dict.fromkeys(point for item in curve if (point := _point(item)))
    return {
        "box": f"0 0 {WIDTH} {HEIGHT}",
        "line": " ".join(f"{x},{y}" for x, y in points),
        "now": _point(now),
        "proposed": _point(proposed) if proposed else None,
        "frame": {"x": LEFT, "y": TOP, "width": RIGHT - LEFT, "height": BOTTOM - TOP, "right": RIGHT, "bottom": BOTTOM},
        "across": [(_across(tick / 100), tick) for tick in TICKS],
        "up": [(_up(tick / 100), tick) for tick in TICKS],
        "goal": list(_goal(wanted)),
    }


def _goal(wanted: Wanted) -> Iterator[tuple[float, float, float, float]]:
    """The line the target draws: nothing without one."""
    if wanted.percent is None:
        return
    share = wanted.percent / 100
    if wanted.aim is Aim.PRECISION:
        yield LEFT, _up(share), RIGHT, _up(share)
    else:
        yield _across(share), TOP, _across(share), BOTTOM


def _point(figures: Figures) -> tuple[float, float] | None:
    """Where figures stand in the drawing; nowhere when nothing fired, or nothing was to find."""
    precision, recall = figures.precision.share, figures.recall.share
    if precision is None or recall is None:
        return None
    return _across(recall), _up(precision)


def _across(share: float) -> float:
    return round(LEFT + share * (RIGHT - LEFT), 1)


def _up(share: float) -> float:
    return round(BOTTOM - share * (BOTTOM - TOP), 1)


def say_set(trigger: Trigger, threshold: float | None) -> str:
    """What was done, to who did it."""
    label = TRIGGER_LABELS[trigger]
    if threshold is None:
        return _("{trigger}: the sensitivity counts again").format(trigger=label)
    words = _("{trigger} fires from {threshold:.2f} on, in the working copy")
    return words.format(trigger=label, threshold=threshold)


def why_set(trigger: Trigger, threshold: float | None) -> str:
    """Why a threshold was changed, for the audit."""
    if threshold is None:
        return _("Taken back on the calibration page")
    return _("For a target on the calibration page: {trigger}").format(trigger=TRIGGER_LABELS[trigger])
