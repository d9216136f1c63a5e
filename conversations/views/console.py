"""What every page of the console stands on: who asks, in which project and environment, with which permission."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Protocol, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from conversations.access import (
    NotFound,
    RowOfProject,
    access_project,
    access_row,
    first_project,
    permissions_in,
    projects_of,
)
from conversations.domain.permissions import Permission
from conversations.domain.vocabulary import Environment
from conversations.models import Project, User

PROJECT_KEPT_AS = "project"
ENVIRONMENT_KEPT_AS = "environment"
NUL = "%00"  # in a query: no page has such an address, and PostgreSQL takes no such text
READ, WRITE, BOTH = ("GET", "HEAD"), ("POST",), ("GET", "HEAD", "POST")
View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Page:
    """Whose page it is: the person, the project and environment it shows, and what they may do there."""

    user: User
    project: Project
    environment: Environment
    granted: frozenset[Permission]

    def context(self, **shown: Any) -> dict[str, Any]:
        """What the frame of every page needs, and what this one shows."""
        return {"project": self.project, "environment": self.environment.value, "granted": self.granted, **shown}

    def may(self, permission: Permission) -> bool:
        return permission in self.granted


class PageView(Protocol):
    """What `console_page` makes of a view. permission: what it takes, None for everybody in the project."""

    permission: Permission | None

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse: ...


def console_page(
    permission: Permission | None, *, methods: tuple[str, ...] = READ, of: type[RowOfProject] | None = None
) -> Callable[[Callable[..., HttpResponse]], View]:
    """Turn `view(request, page)` into a page of the console; with `of`, `view(request, page, row)`.

    Without `of` the project is the one a form was shown for (`project` in it), the one asked for in the query, the
    one chosen last, or the first. With `of` the URL's `pk` names a row, and its project is the page's. What is
    absent and what belongs to a project one is not in are the same 404; a missing permission is 403. The view runs
    in the project's time zone. `view.permission` says what it takes, for the test of all permissions.
    """

    def decorate(view: Callable[..., HttpResponse]) -> View:
        def show(request: HttpRequest, page: Page, *args: Any, **kwargs: Any) -> HttpResponse:
            with timezone.override(page.project.time_zone):
                return view(request, page, *args, **kwargs)

        @wraps(view)
        def page_view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            if NUL in request.META["QUERY_STRING"]:
                raise NotFound("address")
            user = cast(User, request.user)
            if of is not None:
                row, project = access_row(of, user, kwargs.pop("pk"), permission)
                return show(request, _page(request, user, project), row, *args, **kwargs)
            found = current_project(request)
            if found is None:
                return render(request, "studio/no_project.html")
            project = access_project(user, found.pk, permission)
            return show(request, _page(request, user, project), *args, **kwargs)

        cast(PageView, page_view).permission = permission
        return never_cache(login_required(page_view))

    return decorate


def current_project(request: HttpRequest) -> Project | None:
    """The project this request is about; None for a person without any. Raises NotFound for one asked for that is
    not theirs. One asked for in the query stays chosen."""
    mine = projects_of(cast(User, request.user))
    asked_for = request.POST.get("project") or request.GET.get("project")
    if asked_for:
        found = mine.filter(pk=_uuid(asked_for)).first()
        if found is None:
            raise NotFound("project")
        if "project" in request.GET:
            request.session[PROJECT_KEPT_AS] = str(found.pk)
        return found
    kept = request.session.get(PROJECT_KEPT_AS)
    return (mine.filter(pk=kept).first() if kept else None) or first_project(cast(User, request.user))


def current_environment(request: HttpRequest) -> Environment:
    """The environment asked for in the query stays chosen until the person leaves; live at first."""
    if (wanted := request.GET.get("environment", "")) in list(Environment):
        request.session[ENVIRONMENT_KEPT_AS] = wanted
    return Environment(request.session.get(ENVIRONMENT_KEPT_AS, Environment.LIVE.value))


def _page(request: HttpRequest, user: User, project: Project) -> Page:
    return Page(user, project, current_environment(request), permissions_in(user, project))


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise NotFound("project") from error
