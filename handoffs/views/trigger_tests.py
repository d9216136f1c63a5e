"""Test a message, a transcript or a conversation: what the triggers make of it with the settings as saved. Stores
nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _

from conversations.access import NotFound, NotPermitted, access_conversation
from conversations.domain.permissions import Permission
from conversations.views.console import BOTH, Page, console_page
from conversations.views.editing import REFUSED
from handoffs.adapters.embeddings import load_embed
from handoffs.domain.config import ProjectConfig
from handoffs.domain.levels import apply_level
from handoffs.domain.rehearsal import Following, Rehearsed, Weighed, mark_evidence, rehearse
from handoffs.domain.settings import Level, Sensitivity, SettingsConfig
from handoffs.domain.triggers.signal import Trigger
from handoffs.forms.trigger_tests import Tried, TriggerTestForm, Words
from handoffs.forms.triggers import LEVEL_NAMES, SENSITIVITIES, TRIGGER_NAMES
from handoffs.selectors.rehearsals import read_dialogue
from handoffs.selectors.working_copy import read_working_copy

TAB = "trigger-test"
BAR, ROW_HEIGHT = 22, 30  # of a drawn course: a message's width, a trigger's height


@dataclass(frozen=True, slots=True)
class Mark:
    """A threshold on a bar from 0 to 100. is_chosen: the one that counts with the settings as saved."""

    name: str
    score: float
    at: float
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """A trigger's score of a message, drawn from 0 to 100."""

    name: str
    score: float
    threshold: float
    width: float
    fired: bool
    marks: tuple[Mark, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What would follow under some settings. name: of the level, empty for those saved."""

    name: str
    settings: SettingsConfig
    following: Following


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """parts: the text, each part with whether it is evidence."""

    message: Rehearsed
    parts: tuple[tuple[str, bool], ...]
    bars: tuple[Bar, ...]
    plans: tuple[Plan, ...]
    fired: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One message in a drawn course: y and height in a row of ROW_HEIGHT."""

    x: int
    y: float
    height: float
    fired: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One trigger over all messages that were looked at, as a picture; said: the same in words."""

    name: str
    columns: tuple[Column, ...]
    width: int
    said: str


@console_page(Permission.SETTINGS_EDIT, methods=BOTH)
def try_triggers(request: HttpRequest, page: Page) -> HttpResponse:
    form = TriggerTestForm(_sent(request))
    config = read_working_copy(page.project)
    words = _words(form, page) if form.is_bound and form.is_valid() else None
    shown = {"tab": TAB, "form": form, "config": config, **(_tried(words, config) if words else {})}
    template = "handoffs/settings/_tested.html" if request.headers.get("HX-Request") else "handoffs/settings/test.html"
    status = REFUSED if form.errors else 200
    return render(request, template, page.context(**shown), status=status)


def _sent(request: HttpRequest) -> Mapping[str, Any] | None:
    """What was typed; a link may name a conversation."""
    if request.method == "POST":
        return request.POST
    asked_for = request.GET.get("conversation")
    return {"what": Tried.CONVERSATION.value, "conversation": asked_for} if asked_for else None


def _words(form: TriggerTestForm, page: Page) -> Words | None:
    """What is tried; None, and an error at the field, for a conversation this person may not read."""
    if form.conversation_id is None:
        return form.words
    try:
        conversation = access_conversation(page.user, form.conversation_id, Permission.PII_VIEW, project=page.project)
    except NotFound:
        form.add_error("conversation", _("No conversation of this project has this id"))
    except NotPermitted:
        form.add_error("conversation", _("Your role may not read what customers wrote. Paste a transcript instead"))
    else:
        words = Words(*read_dialogue(conversation))
        if words.heard:
            return words
        form.add_error("conversation", _("The customer wrote nothing to the AI in it, or it has been erased"))
    return None


def _tried(words: Words, config: ProjectConfig) -> dict[str, Any]:
    embed = load_embed() if config.settings.uses_embeddings else None
    rehearsed = rehearse(words.dialogue, words.heard, config=config, embed=embed)
    shown = [_shown(message, config) for message in rehearsed]
    return {
        "rehearsed": shown,
        "heard": len(words.heard),
        "firing": [one for one in shown if one.fired],
        "course": list(_course(rehearsed, config)) if len(words.heard) > 1 else [],
        "is_one": len(rehearsed) == 1,
    }


def _shown(message: Rehearsed, config: ProjectConfig) -> ShownMessage:
    bars = tuple(_bar(weighed, config) for weighed in message.weighed)
    signals, text = [weighed.signal for weighed in message.weighed], message.said.text
    # What fired, else what came nearest, if it came half the way.
    telling = [one for one in signals if one.fired] or [one for one in signals if one.score >= one.threshold / 2 > 0]
    return ShownMessage(
        message=message,
        parts=mark_evidence(text, [one.evidence for one in telling]),
        bars=bars,
        plans=tuple(_plans(message, config)),
        fired=tuple(bar.name for bar in bars if bar.fired),
    )


def _bar(weighed: Weighed, config: ProjectConfig) -> Bar:
    signal, words = weighed.signal, dict(SENSITIVITIES)
    marks = [
        Mark(str(words[sensitivity.value]), score, 100 * score, score == signal.threshold and weighed.own is None)
        for sensitivity, score in sorted(weighed.marks.items(), key=lambda item: list(Sensitivity).index(item[0]))
        if score <= 1
    ]
    if weighed.own is not None:
        marks.append(Mark(_("Own"), weighed.own, 100 * weighed.own, is_chosen=True))
    return Bar(
        name=_name(signal.trigger, signal.topic, config),
        score=signal.score,
        threshold=signal.threshold,
        width=100 * min(1.0, signal.score),
        fired=signal.fired,
        marks=tuple(_together(marks)),
        sentence=signal.evidence.sentence,
    )


def _together(marks: Sequence[Mark]) -> Iterator[Mark]:
    """Marks at one place are one."""
    for at in dict.fromkeys(mark.at for mark in marks):
        same = [mark for mark in marks if mark.at == at]
        name = ", ".join(mark.name if number == 0 else mark.name.lower() for number, mark in enumerate(same))
        yield Mark(name, same[0].score, at, any(mark.is_chosen for mark in same))


def _plans(message: Rehearsed, config: ProjectConfig) -> Iterator[Plan]:
    if message.at is None:
        return
    yield Plan("", config.settings, message.now)
    for level in Level:
        yield Plan(str(LEVEL_NAMES[level]), apply_level(config.settings, level), message.at[level])


def _name(trigger: Trigger, topic: str, config: ProjectConfig) -> str:
    name = str(TRIGGER_NAMES[trigger.value])
    found = next((one.name for one in config.forbidden_topics if one.key == topic), "")
    return f"{name}: {found}" if found else name


def _course(messages: Sequence[Rehearsed], config: ProjectConfig) -> Iterator[Row]:
    """The scores over the messages that were looked at, a row for each trigger that was."""
    looked_at = [message for message in messages if message.weighed]
    triggers = dict.fromkeys(weighed.signal.trigger for message in looked_at for weighed in message.weighed)
    for trigger in triggers:
        best = [_best(message, trigger) for message in looked_at]
        fired = [str(message.place) for message, (_score, fires) in zip(looked_at, best, strict=True) if fires]
        said = _("fires at message {places}").format(places=", ".join(fired)) if fired else _("never fires")
        columns = tuple(
            Column(number * BAR + 3, ROW_HEIGHT - (ROW_HEIGHT - 2) * score, (ROW_HEIGHT - 2) * score, fires)
            for number, (score, fires) in enumerate(best)
        )
        yield Row(str(TRIGGER_NAMES[trigger.value]), columns, len(looked_at) * BAR, said)


def _best(message: Rehearsed, trigger: Trigger) -> tuple[float, bool]:
    """The highest score of the trigger, and whether it fired; never quite nothing, so that there is a bar to see."""
    signals = [weighed.signal for weighed in message.weighed if weighed.signal.trigger is trigger]
    return max([0.04, *(min(1.0, one.score) for one in signals)]), any(one.fired for one in signals)


urlpatterns = [path("settings/test/", try_triggers, name=TAB)]
