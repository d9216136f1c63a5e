"""Own dates of office hours out of a calendar file: shown first, then added."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conversations.domain.permissions import Permission
from conversations.services.configuration import StaleRevision
from conversations.views.console import BOTH, WRITE, Page, console_page
from handoffs.forms.calendar_import import CalendarForm, ChosenDatesForm, as_choice
from handoffs.models import Schedule
from handoffs.selectors.schedules import read_schedule
from handoffs.services.schedules import import_holidays


@console_page(Permission.SETTINGS_EDIT, methods=BOTH, of=Schedule)
def read_calendar(request: HttpRequest, page: Page, schedule: Schedule) -> HttpResponse:
    """Ask for a file; with one, show what would be added and what would not."""
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = CalendarForm(*posted, schedule=read_schedule(schedule), today=timezone.localdate())
    is_read = form.is_bound and form.is_valid()
    context = page.context(
        form=form,
        schedule=schedule,
        is_read=is_read,
        choices=[(holiday, as_choice(holiday)) for holiday in form.found.holidays],
        skipped=form.found.skipped,
    )
    return render(request, "handoffs/hours/import.html", context, status=422 if form.errors else 200)


@console_page(Permission.SETTINGS_EDIT, methods=WRITE, of=Schedule)
def add_dates(request: HttpRequest, page: Page, schedule: Schedule) -> HttpResponse:
    """Add the dates that were ticked and go to the editor, which shows them."""
    form = ChosenDatesForm(request.POST, schedule=read_schedule(schedule))
    if not form.is_valid():
        problem = next(iter(form.errors.values()))[0]
        messages.error(request, _("Nothing was added. {problem}").format(problem=problem))
        return redirect("hours-import", pk=schedule.pk)
    try:
        number = import_holidays(
            schedule=schedule, holidays=form.chosen, user=page.user, at=timezone.now(),
            revision=form.cleaned_data["revision"], why=_("Calendar file"),
        )  # fmt: skip
    except StaleRevision as stale:
        words = _("Nothing was added: {person} saved these hours meanwhile. Choose the file again to see what is new")
        messages.error(request, words.format(person=stale.row.updated_by or _("somebody")))
        return redirect("hours-import", pk=schedule.pk)
    words = ngettext("{number} date added", "{number} dates added", number)
    messages.success(request, words.format(number=number))
    return redirect("hours-edit", pk=schedule.pk)


urlpatterns = [
    path("<uuid:pk>/import/", read_calendar, name="hours-import"),
    path("<uuid:pk>/import/add/", add_dates, name="hours-import-add"),
]
