"""The triggers: master switch, levels and toggles, with what they make happen shown beside them."""

from dataclasses import dataclass
from time import perf_counter
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations.access import NotPermitted
from conversations.domain.permissions import Permission
from conversations.domain.vocabulary import Environment
from conversations.views.console import BOTH, WRITE, Page, console_page
from conversations.views.editing import answer_form
from handoffs.domain.levels import apply_level, differences
from handoffs.domain.past_week import Change
from handoffs.domain.settings import Level, SettingsConfig
from handoffs.forms.triggers import LEVEL_HINTS, LEVEL_NAMES, TriggersForm
from handoffs.selectors.working_copy import read_settings, read_working_copy
from handoffs.services.rehearsals import MOST_CONVERSATIONS, Week, rehearse_week
from handoffs.services.settings import ensure_settings

TAB = "settings"
MOST_CHANGES = 8


@dataclass(frozen=True, slots=True)
class WeekBar:
    """What one set of settings would have done. reached: conversations; at_once, asked: of 100, drawn."""

    name: str
    reached: int
    at_once: float
    asked: float


@console_page(Permission.SETTINGS_EDIT, methods=BOTH)
def edit_triggers(request: HttpRequest, page: Page) -> HttpResponse:
    row = ensure_settings(project=page.project)
    stored = read_settings(row)
    form = TriggersForm(request.POST or None, instance=row, project=page.project)
    drafted = form.preview(stored) if form.is_bound and form.is_valid() else stored
    shown = {"tab": TAB, "levels": _levels(), "most_conversations": MOST_CONVERSATIONS, **_described(drafted)}
    template = "handoffs/settings/triggers.html"
    return answer_form(request, page, form, template=template, then=TAB, said=_("Triggers saved"), shown=shown)


@console_page(Permission.SETTINGS_EDIT, methods=WRITE)
def preview_triggers(request: HttpRequest, page: Page) -> HttpResponse:
    """What the form as it stands would make happen; with `apply`, the toggles as the chosen level sets them, or
    without the own threshold of `trigger`."""
    row = ensure_settings(project=page.project)
    form = TriggersForm(request.POST, instance=row, project=page.project)
    if not form.is_valid():
        return HttpResponseBadRequest(_("This is no form of the triggers"))
    drafted = form.preview(read_settings(row))
    if "apply" not in request.POST:
        return render(request, "handoffs/settings/_preview.html", page.context(**_described(drafted)))
    if request.POST["apply"] == "own":
        form, focused = form.without_own(request.POST.get("trigger", "")), request.POST.get("trigger", "")
    else:
        drafted = apply_level(drafted, drafted.level)
        form, focused = form.at_level(drafted.level), "all" if request.POST["apply"] == "reset" else ""
    context = page.context(form=form, focused=focused, **_described(drafted))
    return render(request, "handoffs/settings/_preview_level.html", context)


@console_page(Permission.SETTINGS_EDIT, methods=WRITE)
def show_last_week(request: HttpRequest, page: Page) -> HttpResponse:
    """What the form as it stands, and each level, would have done with the conversations of the last week."""
    row = ensure_settings(project=page.project)
    form = TriggersForm(request.POST, instance=row, project=page.project)
    if not form.is_valid():
        return HttpResponseBadRequest(_("This is no form of the triggers"))
    if not page.may(Permission.CONVERSATIONS_VIEW):
        raise NotPermitted(Permission.CONVERSATIONS_VIEW)
    looked_in = request.POST.get("looked_in", "")
    environment = Environment(looked_in) if looked_in in list(Environment) else Environment.LIVE
    week = rehearse_week(
        project=page.project, environment=environment.value, config=read_working_copy(page.project),
        draft=form.preview(read_settings(row)), at=timezone.now(), clock=perf_counter,
    )  # fmt: skip
    return render(
        request, "handoffs/settings/_week.html", page.context(week=week, looked_in=environment.value, **_drawn(week))
    )


def _drawn(week: Week) -> dict[str, Any]:
    happened = sum(week.happened.values())
    most = max([1, happened, *(tally.reached for tally in week.tallies.values())])
    bars = [
        WeekBar(
            str(LEVEL_NAMES[plan]) if plan is not None else _("These settings"),
            tally.reached, 100 * tally.at_once.total() / most, 100 * tally.asked_first.total() / most,
        )
        for plan, tally in week.tallies.items()
    ]  # fmt: skip
    draft = week.tallies[None]
    triggers = [
        (trigger.value, draft.at_once[trigger], draft.asked_first[trigger], week.happened.get(trigger, 0))
        for trigger in week.triggers
    ]
    changes = [(change.value, len(week.changed(change)), week.changed(change)[:MOST_CHANGES]) for change in Change]
    return {
        "bars": bars,
        "draft": draft,
        "at_once": draft.at_once.total(),
        "asked": draft.asked_first.total(),
        "happened": happened,
        "happened_at": 100 * happened / most,
        "triggers": triggers,
        "changes": changes,
    }


def _described(settings: SettingsConfig) -> dict[str, Any]:
    changes = differences(settings, settings.level)
    return {"settings": settings, "changes": len(changes), "level_name": LEVEL_NAMES[settings.level]}


def _levels() -> list[tuple[int, Any, Any]]:
    return [(level.value, LEVEL_NAMES[level], LEVEL_HINTS[level]) for level in Level]


urlpatterns = [
    path("settings/", edit_triggers, name="settings"),
    path("settings/last-week/", show_last_week, name="settings-last-week"),
    path("settings/preview/", preview_triggers, name="settings-preview"),
]
