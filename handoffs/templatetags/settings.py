"""Template tags of the settings pages: their tabs, and what settings and chains mean in words."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from handoffs.domain.chain_words import Drawn, End
from handoffs.domain.expectations import Situation, Step, expect
from handoffs.domain.measured import Known, known_languages
from handoffs.domain.settings import Sensitivity, SettingsConfig
from handoffs.domain.triggers.signal import Trigger
from handoffs.domain.triggers.thresholds import SENSITIVITIES
from handoffs.forms.triggers import SENSITIVITIES as SENSITIVITY_WORDS
from handoffs.forms.triggers import TriggersForm

register = template.Library()

TABS = (
    ("settings", gettext_lazy("Triggers")),
    ("calibration", gettext_lazy("Calibration")),
    ("trigger-test", gettext_lazy("Test")),
    ("collected-data", gettext_lazy("Data to collect")),
    ("forbidden-topics", gettext_lazy("Forbidden topics")),
    ("reasons", gettext_lazy("Reasons")),
    ("queues", gettext_lazy("Queues")),
    ("hours", gettext_lazy("Office hours")),
    ("unanswered", gettext_lazy("When nobody answers")),
    ("project-settings", gettext_lazy("Project")),
)
SITUATIONS: dict[Situation, Any] = {
    Situation.ASKS: gettext_lazy("The customer asks for a person"),
    Situation.FRUSTRATED: gettext_lazy("The customer is frustrated"),
    Situation.NOWHERE: gettext_lazy("The conversation goes nowhere"),
    Situation.AI_DECIDES: gettext_lazy("A topic or the AI asks for a person"),
    Situation.FORBIDDEN: gettext_lazy("The customer touches a forbidden topic"),
    Situation.AI_FAILS: gettext_lazy("The AI cannot answer"),
}
READINESS: dict[Sensitivity, Any] = {
    Sensitivity.LOW: gettext_lazy("when it is unmistakable"),
    Sensitivity.NORMAL: gettext_lazy("when it is clear"),
    Sensitivity.HIGH: gettext_lazy("at the first sign"),
}
STEPS: dict[Step, Callable[[SettingsConfig], str]] = {
    Step.OFFERS: lambda settings: _("The AI offers a person, a no is heeded: {text}").format(
        text=_quoted(settings.offer_text)
    ),
    Step.TRIES: lambda settings: _tries(settings.tries_before_transfer),
    Step.ASKS_PROBLEM: lambda settings: _("The AI asks once: {text}").format(text=_quoted(settings.problem_text)),
    Step.COLLECTS: lambda settings: _collects(settings),
    Step.CONFIRMS: lambda settings: _("The AI asks: {text}").format(text=_quoted(settings.confirm_text)),
    Step.TRANSFERS: lambda settings: _("The conversation goes to a person"),
    Step.TRANSFERS_IN_SILENCE: lambda settings: _("The AI says the topic's text, nothing more, and hands over at once"),
    Step.APOLOGISES_AND_TRANSFERS: lambda settings: _("The AI hands over at once: {text}").format(
        text=_quoted(settings.unavailable_utterance)
    ),
    Step.DECLINES: lambda settings: _("The AI declines kindly and goes on: {text}").format(
        text=_quoted(settings.decline_text)
    ),
    Step.GOES_ON: lambda settings: _("The AI goes on, nobody is called"),
    Step.FIXED_TEXT: lambda settings: _("The AI says the topic's text and nothing more, nobody is called"),
    Step.APOLOGISES: lambda settings: _("The AI says that it cannot answer, nobody is called"),
}
ENDS: dict[End, Any] = {
    End.MESSAGE: gettext_lazy("leave a message"),
    End.AI: gettext_lazy("the AI carries on until it opens"),
    End.NOBODY: gettext_lazy("nobody: it takes calls only"),
}
LANGUAGE_NAMES: dict[str, Any] = {
    "en": gettext_lazy("English"),
    "es": gettext_lazy("Spanish"),
    "fr": gettext_lazy("French"),
    "de": gettext_lazy("German"),
    "it": gettext_lazy("Italian"),
    "pt": gettext_lazy("Portuguese"),
    "nl": gettext_lazy("Dutch"),
}


@dataclass(frozen=True, slots=True)
class Tab:
    name: str
    label: str | Promise
    url: str


@dataclass(frozen=True, slots=True)
class Said:
    """One situation in words. when: how readily it is noticed, empty where that cannot be set."""

    title: str
    when: str
    steps: tuple[str, ...]


@register.simple_tag
def settings_tabs() -> list[Tab]:
    """The tabs of the settings that have a page, in the table's order."""
    return [Tab(name, label, url) for name, label in TABS if (url := _url(name))]


@register.simple_tag
def say_expectations(settings: SettingsConfig) -> list[Said]:
    """What the settings make happen, one situation after the other."""
    return [
        Said(
            str(SITUATIONS[one.situation]),
            str(READINESS[one.sensitivity]) if one.sensitivity else "",
            tuple(STEPS[step](settings) for step in one.steps),
        )
        for one in expect(settings)
    ]


@register.simple_tag
def languages() -> list[tuple[str, Known]]:
    """The languages the triggers know, each with its name."""
    return [(str(LANGUAGE_NAMES[known.code]), known) for known in known_languages()]


@register.filter
def in_percent(share: float) -> str:
    """A share from 0 to 1 in whole percent."""
    return _("{number} %").format(number=round(100 * share))


@register.simple_tag
def alike_plans(plans: Iterable[Any]) -> list[tuple[list[str], tuple[str, ...]]]:
    """What happens next under several settings, one sentence a step; those that come to the same are one. plans: each
    with `name`, `settings` and `following`."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for plan in plans:
        sentences = tuple(STEPS[step](plan.settings) for step in plan.following.steps)
        alike.setdefault(sentences or (_("The AI answers"),), []).append(plan.name)
    return [(names, sentences) for sentences, names in alike.items()]


@register.simple_tag
def own_threshold(form: TriggersForm, measured: str) -> dict[str, Any] | None:
    """The own threshold of a trigger as the form stands, and the sensitivity it stands in the place of."""
    score = form.own_thresholds.get(measured)
    if score is None:
        return None
    sensitivity = form[SENSITIVITIES[Trigger(measured)]].value()
    return {"score": f"{score:.2f}", "sensitivity": dict(SENSITIVITY_WORDS)[sensitivity]}


@register.simple_tag
def chain_end(chain: Drawn) -> str:
    """What stands at the end of a drawn chain."""
    if chain.end is End.LOOP:
        return _("{name} again: a loop").format(name=chain.again)
    return str(ENDS[chain.end])


def _tries(number: int) -> str:
    words = ngettext(
        "The AI tries to help once; asked again it goes on", "The AI tries to help {number} times first", number
    )
    return words.format(number=number)


def _collects(settings: SettingsConfig) -> str:
    if not settings.collected_fields:
        return _("The AI asks for nothing: no data to collect is set up")
    labels = ", ".join(field.label for field in settings.collected_fields)
    return _("The AI asks for: {labels}").format(labels=labels)


def _quoted(text: str) -> str:
    return f"“{text}”"


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
