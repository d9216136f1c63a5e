"""Office hours: the list, and the editor with its grid, which follows what is typed."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import available_timezones

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations.domain.permissions import Permission
from conversations.views.console import BOTH, WRITE, Page, console_page
from conversations.views.editing import is_name_typed
from handoffs.domain.office_hours.calendar import hours_at
from handoffs.domain.office_hours.schedules import ScheduleConfig
from handoffs.domain.office_hours.words import HoursWords, describe_hours
from handoffs.forms.hours import HoursForm, region_choices
from handoffs.models import Destination, Schedule
from handoffs.selectors.schedules import destinations_by_schedule, destinations_with, list_schedules, read_schedule
from handoffs.services.schedules import ScheduleInUse, duplicate_schedule, remove_schedule
from handoffs.views.hours_shown import customer_zones, show_hours

PER_PAGE = 25
ZONES = sorted(
    zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix", "right"))
)


@dataclass(frozen=True, slots=True)
class Row:
    """One schedule of the list. state: whether it is open, and what comes next."""

    schedule: Schedule
    frozen: ScheduleConfig
    is_open: bool
    state: str
    used_by: tuple[Destination, ...]


@console_page(Permission.SETTINGS_EDIT)
def list_hours(request: HttpRequest, page: Page) -> HttpResponse:
    search = request.GET.get("q", "").strip()
    shown = Paginator(list_schedules(page.project, search=search), PER_PAGE).get_page(request.GET.get("page"))
    used, at = destinations_by_schedule(page.project), timezone.now()
    context = page.context(
        tab="hours",
        rows=[_row(schedule, tuple(used.get(schedule.key, ())), at) for schedule in shown],
        shown=shown,
        search=search,
        at=at,
    )
    return render(request, "handoffs/hours/list.html", context)


@console_page(Permission.SETTINGS_EDIT, methods=BOTH)
def add_hours(request: HttpRequest, page: Page) -> HttpResponse:
    fresh = Schedule(project=page.project, time_zone=page.project.time_zone)
    return _edit(request, page, fresh)


@console_page(Permission.SETTINGS_EDIT, methods=BOTH, of=Schedule)
def edit_hours(request: HttpRequest, page: Page, schedule: Schedule) -> HttpResponse:
    return _edit(request, page, schedule)


@console_page(Permission.SETTINGS_EDIT, methods=WRITE)
def preview_new_hours(request: HttpRequest, page: Page) -> HttpResponse:
    return _preview(request, page, Schedule(project=page.project, time_zone=page.project.time_zone))


@console_page(Permission.SETTINGS_EDIT, methods=WRITE, of=Schedule)
def preview_hours(request: HttpRequest, page: Page, schedule: Schedule) -> HttpResponse:
    return _preview(request, page, schedule)


@console_page(Permission.SETTINGS_EDIT)
def list_regions(request: HttpRequest, page: Page) -> HttpResponse:
    """The regions of the country chosen, as the options of their select."""
    context = page.context(regions=region_choices(request.GET.get("country", "")))
    return render(request, "handoffs/hours/_regions.html", context)


@console_page(Permission.SETTINGS_EDIT, methods=WRITE, of=Schedule)
def duplicate_hours(request: HttpRequest, page: Page, schedule: Schedule) -> HttpResponse:
    copy = duplicate_schedule(schedule=schedule, user=page.user)
    messages.success(request, _("{name} is added, nothing uses it yet").format(name=copy.name))
    return redirect("hours-edit", pk=copy.pk)


@console_page(Permission.SETTINGS_EDIT, methods=WRITE, of=Schedule)
def delete_hours(request: HttpRequest, page: Page, schedule: Schedule) -> HttpResponse:
    """Delete by typing the name; refused while destinations use it."""
    if not is_name_typed(request, schedule.name):
        return redirect("hours")
    try:
        remove_schedule(schedule=schedule, user=page.user)
    except ScheduleInUse as in_use:
        words = _("Not deleted: {name} is still in use. Point these elsewhere first: {uses}")
        messages.error(request, words.format(name=schedule.name, uses=in_use))
    else:
        messages.success(request, _("{name} is deleted").format(name=schedule.name))
    return redirect("hours")


def _row(schedule: Schedule, used_by: tuple[Destination, ...], at: datetime) -> Row:
    frozen = read_schedule(schedule)
    now = hours_at(frozen, at)
    words = describe_hours(now, at=at, time_zone=frozen.time_zone)
    return Row(schedule, frozen, now.is_open, _say_state(now.is_open, words), used_by)


def _say_state(is_open: bool, words: HoursWords) -> str:
    if is_open:
        return words.state
    if not words.opening:
        return _("Never opens")
    return _("{state}, opens {opening}").format(state=words.state, opening=words.opening)


def _edit(request: HttpRequest, page: Page, schedule: Schedule) -> HttpResponse:
    form = _form(request, page, schedule)
    if form.is_bound and form.is_valid() and form.save_by(page.user, at=timezone.now()):
        messages.success(request, _("{name} is saved").format(name=form.cleaned_data["name"]))
        return redirect("hours-edit", pk=schedule.pk)
    form.take_notes(while_typing=False)
    name = "" if form.is_new else form.initial["name"]
    context = page.context(
        form=form,
        schedule=schedule,
        name=name,
        zones=ZONES,
        customer_zones=customer_zones(request.GET.get("customer_zone", "")),
        used_by=destinations_with(schedule),
        **show_hours(form, at=timezone.now(), customer_zone=request.GET.get("customer_zone", "")),
    )
    return render(request, "handoffs/hours/editor.html", context, status=422 if form.is_bound else 200)


def _preview(request: HttpRequest, page: Page, schedule: Schedule) -> HttpResponse:
    """What the page draws from the form, while somebody types; nothing is saved and nothing is refused."""
    form = _form(request, page, schedule)
    form.is_valid()
    form.take_notes(while_typing=True)
    shown = show_hours(form, at=timezone.now(), customer_zone=request.POST.get("customer_zone", ""))
    return render(request, "handoffs/hours/_preview.html", page.context(form=form, is_preview=True, **shown))


def _form(request: HttpRequest, page: Page, schedule: Schedule) -> HoursForm:
    posted = request.POST if request.method == "POST" else None
    return HoursForm(posted, instance=schedule, project=page.project, today=timezone.localdate())


urlpatterns = [
    path("", list_hours, name="hours"),
    path("new/", add_hours, name="hours-add"),
    path("new/preview/", preview_new_hours, name="hours-add-preview"),
    path("regions/", list_regions, name="hours-regions"),
    path("<uuid:pk>/", edit_hours, name="hours-edit"),
    path("<uuid:pk>/preview/", preview_hours, name="hours-preview"),
    path("<uuid:pk>/duplicate/", duplicate_hours, name="hours-duplicate"),
    path("<uuid:pk>/delete/", delete_hours, name="hours-delete"),
]
