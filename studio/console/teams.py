"""The teams of a project: created, renamed, filled and deleted."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations.domain.permissions import Permission
from conversations.forms.people import TeamForm
from conversations.models import Team
from conversations.selectors.people import teams_of
from conversations.services.configuration import remove_row
from conversations.views.console import BOTH, READ, WRITE, Page, console_page
from conversations.views.editing import is_name_typed
from handoffs.domain.keys import free_key
from studio.console.people import read_tabs


@console_page(Permission.PEOPLE_EDIT, methods=READ)
def list_teams(request: HttpRequest, page: Page) -> HttpResponse:
    rows = teams_of(page.project).prefetch_related("queues")
    return render(request, "studio/people/teams.html", page.context(tab="teams", rows=rows, **read_tabs(page.project)))


@console_page(Permission.PEOPLE_EDIT, methods=BOTH)
def add(request: HttpRequest, page: Page) -> HttpResponse:
    return _edit(request, page, Team(project=page.project))


@console_page(Permission.PEOPLE_EDIT, methods=BOTH, of=Team)
def edit(request: HttpRequest, page: Page, team: Team) -> HttpResponse:
    return _edit(request, page, team)


@console_page(Permission.PEOPLE_EDIT, methods=WRITE, of=Team)
def delete(request: HttpRequest, page: Page, team: Team) -> HttpResponse:
    if not is_name_typed(request, team.name):
        return redirect("team", pk=team.pk)
    remove_row(row=team, user=page.user, project=page.project)
    messages.info(request, _("The team %(name)s is deleted") % {"name": team.name})
    return redirect("teams")


def _edit(request: HttpRequest, page: Page, team: Team) -> HttpResponse:
    form = TeamForm(request.POST or None, instance=team, project=page.project)
    if request.method == "POST" and form.is_valid():
        if form.is_new:
            taken = Team.objects.filter(project=page.project).values_list("key", flat=True)
            team.key = free_key(form.cleaned_data["name"], taken=list(taken), fallback="team")
        if form.save_by(page.user, at=timezone.now()):
            messages.info(request, _("The team %(name)s is saved") % {"name": form.cleaned_data["name"]})
            return redirect("teams")
    refused = bool(form.errors or form.conflict)
    queues = [] if form.is_new else list(team.queues.order_by("name"))
    shown = page.context(form=form, team=team, queues=queues)
    return render(request, "studio/people/team.html", shown, status=422 if refused else 200)


urlpatterns = [
    path("", list_teams, name="teams"),
    path("new/", add, name="team-add"),
    path("<uuid:pk>/", edit, name="team"),
    path("<uuid:pk>/delete/", delete, name="team-delete"),
]
