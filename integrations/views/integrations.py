"""The Integrations page of one environment."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from conversations.domain.permissions import Permission
from conversations.views.console import Page, console_page
from integrations.selectors.integrations import read_integrations


@console_page(Permission.INTEGRATIONS_EDIT)
def show_integrations(request: HttpRequest, page: Page) -> HttpResponse:
    found = read_integrations(project=page.project, environment=page.environment)
    return render(request, "integrations/integrations.html", page.context(**found))


urlpatterns = [
    path("", show_integrations, name="integrations"),
    path("lines/", include("integrations.views.lines")),
    path("connections/", include("integrations.views.connections")),
]
