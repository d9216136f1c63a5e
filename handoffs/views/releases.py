"""Releases: what live conversations read, and the button that makes the working copy the next one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations.domain.permissions import Permission
from conversations.views.console import WRITE, Page, console_page
from handoffs.selectors.releases import is_published, list_uncollected, newest_releases
from handoffs.services.releases import NothingToPublish, publish_release

NOTE_MAX = 500


@console_page(Permission.RELEASE_PUBLISH)
def list_releases(request: HttpRequest, page: Page) -> HttpResponse:
    releases = newest_releases(page.project)
    context = page.context(
        releases=releases,
        current=releases[0] if releases else None,
        is_published=is_published(page.project),
        note_max=NOTE_MAX,
        uncollected=list_uncollected(page.project),
    )
    return render(request, "handoffs/releases/releases.html", context)


@console_page(Permission.RELEASE_PUBLISH, methods=WRITE)
def publish(request: HttpRequest, page: Page) -> HttpResponse:
    """Publish the working copy and come back to the list, which says what happened."""
    note = request.POST.get("note", "").replace("\0", "").strip()[:NOTE_MAX]
    try:
        release = publish_release(project=page.project, publisher=page.user, at=timezone.now(), note=note)
    except NothingToPublish as nothing:
        messages.info(request, str(nothing))
    else:
        messages.success(request, _("Release {number} is live").format(number=release.number))
    return redirect("releases")


urlpatterns = [
    path("releases/", list_releases, name="releases"),
    path("releases/publish/", publish, name="release-publish"),
]
