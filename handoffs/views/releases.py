"""Releases: what live conversations read, and the button that makes the working copy the next one."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from conversations.access import NotFound, access_project, first_project
from conversations.domain.permissions import Permission
from conversations.models import Project, User
from handoffs.selectors.releases import is_published, newest_releases
from handoffs.services.releases import NothingToPublish, publish_release

NOTE_MAX = 500


@login_required
@require_safe
def list_releases(request: HttpRequest) -> HttpResponse:
    project = _project(cast(User, request.user))
    releases = newest_releases(project)
    context = {
        "project": project,
        "releases": releases,
        "current": releases[0] if releases else None,
        "is_published": is_published(project),
        "note_max": NOTE_MAX,
    }
    with timezone.override(project.time_zone):
        return render(request, "handoffs/releases/releases.html", context)


@login_required
@require_POST
def publish(request: HttpRequest) -> HttpResponse:
    """Publish the working copy and come back to the list, which says what happened."""
    user = cast(User, request.user)
    note = request.POST.get("note", "").strip()[:NOTE_MAX]
    try:
        release = publish_release(project=_project(user), publisher=user, at=timezone.now(), note=note)
    except NothingToPublish as nothing:
        messages.info(request, str(nothing))
    else:
        messages.success(request, _("Release {number} is live").format(number=release.number))
    return redirect("releases")


def _project(user: User) -> Project:
    home = first_project(user)
    if home is None:
        raise NotFound("project")
    return access_project(user, home.pk, Permission.RELEASE_PUBLISH)


urlpatterns = [
    path("releases/", list_releases, name="releases"),
    path("releases/publish/", publish, name="release-publish"),
]
