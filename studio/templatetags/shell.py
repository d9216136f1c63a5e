"""Tags of the console's frame: the rail, and the bottom bar of a phone."""

from typing import Any

from django import template
from django.http import HttpRequest

from conversations.access import permissions_in
from conversations.domain.permissions import Permission
from conversations.models import Project
from conversations.views.console import current_project
from studio.console.navigation import SECTIONS, Link, Section, visible_links

register = template.Library()


def _granted(context: template.Context, project: Project | None) -> frozenset[Permission]:
    request: HttpRequest = context["request"]
    if project is None or not request.user.is_authenticated:
        return frozenset()
    return permissions_in(request.user, project)


def _sections(context: template.Context, project: Project | None) -> list[tuple[Section, list[Link]]]:
    granted, path = _granted(context, project), context["request"].path
    listed = ((section, visible_links(section, granted=granted, path=path)) for section in SECTIONS)
    return [(section, links) for section, links in listed if links]


@register.inclusion_tag("studio/_navigation.html", takes_context=True)
def navigation(context: template.Context) -> dict[str, Any]:
    """Rail and bottom bar of the person asking; a page may give `project`, `waiting_count`, `presence`."""
    request: HttpRequest = context["request"]
    user = request.user
    project = context.get("project") or (current_project(request) if user.is_authenticated else None)
    sections = _sections(context, project)
    return {
        "request": request,
        "user": user,
        "csrf_token": context.get("csrf_token"),
        "project": project,
        "sections": sections,
        "phone_links": [link for _, links in sections for link in links if link.item.on_phone],
        "other_links": [link for _, links in sections for link in links if not link.item.on_phone],
        "waiting_count": context.get("waiting_count"),
        "presence": context.get("presence"),
    }
