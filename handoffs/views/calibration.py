"""How right the triggers are by what reviewers said, and a threshold for a target."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations.domain.permissions import Permission
from conversations.services.configuration import StaleRevision
from conversations.views.console import READ, WRITE, Page, console_page
from conversations.views.editing import REFUSED, shown_revision
from handoffs.domain.calibration import LEAST_CASES
from handoffs.domain.settings import MEASURED
from handoffs.forms.calibration import DAYS, ENVIRONMENTS, TRIGGER_LABELS, CalibrationForm, ThresholdForm, Wanted
from handoffs.selectors.calibration import CONVERSATIONS, ReviewedSet, read_reviewed
from handoffs.selectors.working_copy import read_settings, read_working_copy
from handoffs.services.calibration import set_threshold
from handoffs.services.settings import ensure_settings
from handoffs.views.calibration_shown import (
    Context,
    list_moments,
    say_set,
    show_chosen,
    show_left_out,
    show_triggers,
    why_set,
)

TAB = "calibration"
PAGE = "handoffs/calibration/calibration.html"
NOT_SETTABLE = gettext_lazy("This trigger has no such threshold")


@console_page(Permission.SETTINGS_EDIT, methods=READ)
def show_calibration(request: HttpRequest, page: Page) -> HttpResponse:
    """The figures of every trigger; of the chosen one its curve, and what a target would take."""
    form = CalibrationForm(request.GET)
    wanted = form.wanted()
    row = ensure_settings(project=page.project)
    masked = not page.may(Permission.PII_VIEW)
    found = read_reviewed(
        project=page.project,
        environment=page.environment,
        since=wanted.since(timezone.now()),
        config=read_working_copy(page.project),
        masked=masked,
    )
    settings = read_settings(row)
    context = page.context(
        tab=TAB,
        form=form,
        wanted=wanted,
        revision=row.revision,
        triggers=show_triggers(found, settings),
        chosen=show_chosen(found, settings, wanted, masked=masked),
        can_review=page.may(Permission.REVIEW_VIEW),
        **_choices(page, wanted),
        **_extent(found, masked=masked),
    )
    return render(request, PAGE, context, status=REFUSED if form.errors else 200)


@console_page(Permission.SETTINGS_EDIT, methods=WRITE)
def apply_threshold(request: HttpRequest, page: Page) -> HttpResponse:
    """Write a threshold of its own for a trigger into the working copy, or take it away again; back to the page."""
    form = ThresholdForm(request.POST)
    if not form.is_valid():
        return HttpResponse(NOT_SETTABLE, status=REFUSED)
    trigger, threshold = form.trigger_meant, form.cleaned_data["threshold"]
    try:
        set_threshold(
            settings=ensure_settings(project=page.project),
            trigger=trigger,
            threshold=threshold,
            user=page.user,
            at=timezone.now(),
            revision=shown_revision(request),
            why=why_set(trigger, threshold),
        )
    except StaleRevision as stale:
        messages.error(request, _stale(stale))
    else:
        messages.success(request, say_set(trigger, threshold))
    return redirect(_address(CalibrationForm(request.POST).wanted()))


def _choices(page: Page, wanted: Wanted) -> Context:
    return {
        "days": DAYS,
        "environments": ENVIRONMENTS,
        "environment_shown": page.environment.value,
        "label": TRIGGER_LABELS[wanted.trigger],
        "is_settable": wanted.trigger.value in MEASURED,
    }


def _extent(found: ReviewedSet, *, masked: bool) -> Context:
    """How much was read, and what of it says nothing."""
    return {
        "least": LEAST_CASES,
        "limit": CONVERSATIONS,
        "conversations": found.conversations,
        "moments": len(found.moments),
        "is_cut": found.is_cut,
        "left_out": show_left_out(found),
        "unseen": list_moments(found.unseen, None, masked=masked),
    }


def _stale(stale: StaleRevision) -> str:
    words = _("Not saved: {by} changed the settings at {at:%H:%M:%S}. Look at the figures again")
    return words.format(by=stale.row.updated_by or _("somebody"), at=timezone.localtime(stale.row.updated_at))


def _address(wanted: Wanted) -> str:
    query = {"trigger": wanted.trigger.value, "days": wanted.days}
    return f"{reverse(TAB)}?{urlencode(query)}"


urlpatterns = [
    path("settings/calibration/", show_calibration, name="calibration"),
    path("settings/calibration/threshold/", apply_threshold, name="calibration-threshold"),
]
