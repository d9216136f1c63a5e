"""The project itself: its name, the AI's name and first words, and the zone its dates are shown in."""

from copy import copy

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _

from conversations.domain.permissions import Permission
from conversations.views.console import BOTH, Page, console_page
from conversations.views.editing import answer_form
from handoffs.domain.time_zones import time_zone_names
from handoffs.forms.project import ProjectForm

TAB = "project-settings"


@console_page(Permission.SETTINGS_EDIT, methods=BOTH)
def edit_project(request: HttpRequest, page: Page) -> HttpResponse:
    # A copy: a form writes what was typed into its row, and the frame shows the project as it is.
    form = ProjectForm(request.POST or None, instance=copy(page.project), project=page.project)
    shown = {"tab": TAB, "zones": time_zone_names()}
    template = "handoffs/settings/project.html"
    return answer_form(request, page, form, template=template, then=TAB, said=_("Project saved"), shown=shown)


urlpatterns = [path("settings/project/", edit_project, name="project-settings")]
