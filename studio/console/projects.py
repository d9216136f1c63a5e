"""The projects a person belongs to: all of them, a new one, the deleted ones an owner can bring back."""

import uuid
from typing import TYPE_CHECKING, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conversations.access import projects_of
from conversations.domain.permissions import Permission, permissions_of
from conversations.models import Project, User
from conversations.selectors.people import roles_by_project
from conversations.services.projects import (
    RESTORABLE_FOR,
    CustomersInside,
    TooLate,
    access_deleted_project,
    account_for_new,
    customers_inside,
    delete_project,
    deleted_projects,
    restore_project,
)
from conversations.views.console import BOTH, PROJECT_KEPT_AS, Page, console_page, current_project
from handoffs.domain.time_zones import find_time_zone, suggest_time_zone, time_zone_names
from studio.console.roles import ROLE_WORDS
from studio.new_project import start_project

if TYPE_CHECKING:  # Django's forms are generic for the type checker only
    ProjectModelForm = forms.ModelForm[Project]
else:
    ProjectModelForm = forms.ModelForm

NAME_TAKEN = gettext_lazy("Another project has this name. Names differ by more than upper and lower case")


class NewProjectForm(ProjectModelForm):
    """What a project starts from; all of it can be changed later."""

    class Meta:
        model = Project
        fields = ("name", "ai_name", "greeting", "time_zone")
        labels = {
            "name": gettext_lazy("Name"),
            "ai_name": gettext_lazy("The AI's name"),
            "greeting": gettext_lazy("Greeting"),
            "time_zone": gettext_lazy("Time zone"),
        }
        help_texts = {
            "name": gettext_lazy("Your people see it, customers do not"),
            "ai_name": gettext_lazy("Customers see it beside what the AI says"),
            "greeting": gettext_lazy("The AI's first words in each conversation"),
            "time_zone": gettext_lazy("Of your office hours and reports, as Europe/London"),
        }
        widgets = {
            "greeting": forms.Textarea(attrs={"rows": 2}),
            "time_zone": forms.TextInput(attrs={"list": "time-zones", "autocomplete": "off"}),
        }

    def clean_time_zone(self) -> str:
        typed: str = self.cleaned_data["time_zone"]
        if zone := find_time_zone(typed):
            return zone
        nearest = suggest_time_zone(typed) or "Europe/London"
        raise forms.ValidationError(_("No time zone is called so. Try %(zone)s") % {"zone": nearest})


@never_cache
@login_required
@require_safe
def list_projects(request: HttpRequest) -> HttpResponse:
    user, now = cast(User, request.user), timezone.now()
    roles = roles_by_project(user)
    rows = [
        {
            "project": one,
            "url": _home_of(one),
            "roles": [ROLE_WORDS[role].name for role in roles[one.pk]],
            "may_delete": Permission.PROJECT_REMOVE in permissions_of(roles[one.pk]),
        }
        for one in projects_of(user)
    ]
    gone = [
        {"project": one, "until": (one.deleted_at or now) + RESTORABLE_FOR} for one in deleted_projects(user, at=now)
    ]
    shown = {
        "project": current_project(request),
        "rows": rows,
        "gone": gone,
        "may_create": account_for_new(user) is not None,
    }
    return render(request, "studio/projects/projects.html", shown)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    account = account_for_new(user)
    if account is None:
        raise PermissionDenied
    form = NewProjectForm(request.POST or None, instance=Project(account=account))
    if request.method == "POST" and form.is_valid():
        try:
            project = start_project(project=form.save(commit=False), by=user)
        except IntegrityError:
            form.add_error("name", str(NAME_TAKEN))
        else:
            messages.info(request, _("%(name)s is yours. Next: its first destination") % {"name": project})
            return redirect(_home_of(project))
    shown = {"project": current_project(request), "form": form, "zones": time_zone_names()}
    return render(request, "studio/projects/create.html", shown, status=422 if form.errors else 200)


@console_page(Permission.PROJECT_REMOVE, methods=BOTH)
def delete(request: HttpRequest, page: Page) -> HttpResponse:
    """Ask for the project's name, say what happens, and delete it; refused while customers are inside."""
    inside, problem = customers_inside(page.project), ""
    if request.method == "POST":
        problem = _delete(request, page)
        if not problem:
            return redirect("projects")
    shown = page.context(inside=_inside_words(inside) if inside else "", problem=problem)
    return render(request, "studio/projects/delete.html", shown, status=422 if problem else 200)


def _delete(request: HttpRequest, page: Page) -> str:
    """Delete the project; why it was refused, or nothing."""
    name = page.project.name
    if request.POST.get("typed", "").strip() != name.strip():
        return _("That is not its name. Type %(name)s") % {"name": name}
    try:
        delete_project(project=page.project, by=page.user, at=timezone.now())
    except CustomersInside as refused:
        return _inside_words(refused.number)
    request.session.pop(PROJECT_KEPT_AS, None)
    messages.info(request, _("%(name)s is deleted. It can be brought back here for 30 days") % {"name": name})
    return ""


@never_cache
@login_required
@require_POST
def restore(request: HttpRequest, project_id: uuid.UUID) -> HttpResponse:
    user = cast(User, request.user)
    project = access_deleted_project(user, project_id)
    try:
        restore_project(project=project, by=user, at=timezone.now())
    except TooLate:
        messages.error(request, _("%(name)s was deleted over 30 days ago") % {"name": project})
    except IntegrityError:
        messages.error(
            request, _("Another project is called %(name)s by now. Rename that one first") % {"name": project}
        )
    else:
        messages.info(request, _("%(name)s is back") % {"name": project})
    return redirect("projects")


def _inside_words(number: int) -> str:
    return ngettext(
        "%(number)s customer waits or is with a person. Close that conversation first",
        "%(number)s customers wait or are with people. Close those conversations first",
        number,
    ) % {"number": number}


def _home_of(project: Project) -> str:
    return f"{reverse('home')}?{PROJECT_KEPT_AS}={project.pk}"


urlpatterns = [
    path("projects/", list_projects, name="projects"),
    path("projects/new/", create, name="project-create"),
    path("projects/delete/", delete, name="project-delete"),
    path("projects/<uuid:project_id>/restore/", restore, name="project-restore"),
]
