"""The triggers: master switch, levels and toggles, with what they make happen shown beside them."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _

from conversations.domain.permissions import Permission
from conversations.views.console import BOTH, WRITE, Page, console_page
from conversations.views.editing import answer_form
from handoffs.domain.levels import apply_level, differences
from handoffs.domain.settings import Level, SettingsConfig
from handoffs.forms.triggers import LEVEL_HINTS, LEVEL_NAMES, TriggersForm
from handoffs.selectors.working_copy import read_settings
from handoffs.services.settings import ensure_settings

TAB = "settings"


@console_page(Permission.SETTINGS_EDIT, methods=BOTH)
def edit_triggers(request: HttpRequest, page: Page) -> HttpResponse:
    row = ensure_settings(project=page.project)
    stored = read_settings(row)
    form = TriggersForm(request.POST or None, instance=row, project=page.project)
    drafted = form.preview(stored) if form.is_bound and form.is_valid() else stored
    shown = {"tab": TAB, "levels": _levels(), **_described(drafted)}
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


def _described(settings: SettingsConfig) -> dict[str, Any]:
    changes = differences(settings, settings.level)
    return {"settings": settings, "changes": len(changes), "level_name": LEVEL_NAMES[settings.level]}


def _levels() -> list[tuple[int, Any, Any]]:
    return [(level.value, LEVEL_NAMES[level], LEVEL_HINTS[level]) for level in Level]


urlpatterns = [
    path("settings/", edit_triggers, name="settings"),
    path("settings/preview/", preview_triggers, name="settings-preview"),
]
