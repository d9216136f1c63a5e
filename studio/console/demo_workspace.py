"""The demo workspace says what it is on Home, and can be removed there."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations.access import NotFound
from conversations.domain.permissions import Permission
from conversations.models import Project
from conversations.views.console import BOTH, Page, console_page
from studio.demo.removal import read_going, remove_demo
from studio.demonstration import credentials_file

UNPROCESSABLE = 422


def is_name_of(project: Project, typed: str) -> bool:
    return typed.strip().casefold() == project.name.casefold()


@console_page(Permission.PROJECT_REMOVE, methods=BOTH)
def remove(request: HttpRequest, page: Page) -> HttpResponse:
    """Say exactly what goes, and after the name was typed let it go."""
    if not page.project.is_demo:
        raise NotFound("demo")
    typed = request.POST.get("typed", "")
    if request.method != "POST":
        return _show(request, page, {})
    if not is_name_of(page.project, typed):
        return _show(request, page, {"typed": typed, "is_wrong": True}, status=UNPROCESSABLE)
    remove_demo(project=page.project, remover=page.user, at=timezone.now())
    # Its passwords open nothing any more, and stand there in plain text.
    credentials_file().unlink(missing_ok=True)
    messages.info(request, _("{name} is removed").format(name=page.project.name))
    return redirect("home")


def _show(request: HttpRequest, page: Page, shown: dict[str, Any], status: int = 200) -> HttpResponse:
    going = read_going(project=page.project, remover=page.user)
    return render(request, "studio/remove_demo.html", page.context(going=going, **shown), status=status)


urlpatterns = [path("demo-workspace/remove/", remove, name="demo-remove")]
