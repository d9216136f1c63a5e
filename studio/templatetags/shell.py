"""Tags of the console's frame: the rail, and the bottom bar of a phone."""

from typing import Any

from django import template
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from conversations.access import permissions_in, projects_of
from conversations.domain.permissions import Permission
from conversations.domain.vocabulary import Environment, OwnerKind
from conversations.models import Conversation, Project
from conversations.views.console import ENVIRONMENT_KEPT_AS, PROJECT_KEPT_AS, current_environment, current_project
from studio.console.navigation import SECTIONS, Link, Section, visible_links
from studio.mail import MailState, read_mail_state

register = template.Library()

ENVIRONMENTS = (
    (Environment.LIVE, _("Live"), _("What customers reach")),
    (Environment.SANDBOX, _("Sandbox"), _("For trying out; no customer is in it")),
)
# Places in a list: they mean nothing in the other environment.
PLACES = ("page", "cursor")
MOST_WAITING = 100
MOST_PROJECTS = 7


def _granted(context: template.Context, project: Project | None) -> frozenset[Permission]:
    request: HttpRequest = context["request"]
    if project is None or not request.user.is_authenticated:
        return frozenset()
    return permissions_in(request.user, project)


def _sections(granted: frozenset[Permission], path: str) -> list[tuple[Section, list[Link]]]:
    listed = ((section, visible_links(section, granted=granted, path=path)) for section in SECTIONS)
    return [(section, links) for section, links in listed if links]


@register.inclusion_tag("studio/_navigation.html", takes_context=True)
def navigation(context: template.Context) -> dict[str, Any]:
    """Rail and bottom bar of the person asking; a page may give `project`, `waiting_count`, `presence`."""
    request: HttpRequest = context["request"]
    user = request.user
    project = context.get("project") or (current_project(request) if user.is_authenticated else None)
    granted = _granted(context, project)
    sections = _sections(granted, request.path)
    return {
        "request": request,
        "user": user,
        "csrf_token": context.get("csrf_token"),
        "project": project,
        "sections": sections,
        "phone_links": [link for _, links in sections for link in links if link.item.on_phone],
        "other_links": [link for _, links in sections for link in links if not link.item.on_phone],
        "waiting_count": _waiting(context, project, granted),
        "switcher": _switcher(request, project, granted),
        "presence": context.get("presence"),
    }


def _waiting(context: template.Context, project: Project | None, granted: frozenset[Permission]) -> int | str | None:
    """How many wait in the environment shown: the page's own count, or one query that stops at a hundred."""
    if "waiting_count" in context or project is None or Permission.INBOX_VIEW not in granted:
        count: int | None = context.get("waiting_count")
        return count
    environment = context.get("environment") or current_environment(context["request"]).value
    waiting = Conversation.objects.filter(project=project, environment=environment, owner_kind=OwnerKind.QUEUE)
    number = waiting[:MOST_WAITING].count()
    return number if number < MOST_WAITING else f"{MOST_WAITING - 1}+"


def _switcher(request: HttpRequest, project: Project | None, granted: frozenset[Permission]) -> dict[str, Any]:
    """The projects to switch to, the one shown among them; the page of all projects knows the rest."""
    user = request.user
    if not user.is_authenticated:
        return {"projects": [], "may_create": False}
    others = projects_of(user).exclude(pk=project.pk) if project else projects_of(user)
    listed = sorted([*([project] if project else []), *others[:MOST_PROJECTS]], key=lambda one: one.name.lower())
    return {
        "projects": [
            {
                "name": one.name,
                "ai_name": one.ai_name,
                "url": f"{reverse('home')}?{PROJECT_KEPT_AS}={one.pk}",
                "chosen": one == project,
            }
            for one in listed
        ],
        "may_create": user.is_superuser or Permission.PEOPLE_EDIT in granted,
    }


@register.simple_tag
def mail_state() -> MailState:
    """Whether this installation can send e-mail, through which server and as whom."""
    return read_mail_state()


@register.inclusion_tag("studio/_environment.html", takes_context=True)
def environment_switch(context: template.Context) -> dict[str, Any]:
    """Which environment the page shows, with a menu to show the other; the rest of the query stays."""
    request: HttpRequest = context["request"]
    shown = context.get("environment") or current_environment(request).value
    return {
        "environment": shown,
        "choices": [
            {
                "environment": environment.value,
                "label": label,
                "hint": hint,
                "url": _other_query(request, environment),
                "chosen": environment.value == shown,
            }
            for environment, label, hint in ENVIRONMENTS
        ],
    }


def _other_query(request: HttpRequest, environment: Environment) -> str:
    query = request.GET.copy()
    for name in PLACES:
        query.pop(name, None)
    query[ENVIRONMENT_KEPT_AS] = environment.value
    return f"?{query.urlencode()}"
