"""The banners above every page of the console."""

from typing import Any

from django import template

from conversations.access import permissions_in
from conversations.domain.permissions import Permission
from studio.console.banners import Alarm, read_alarm
from studio.console.navigation import page_url

register = template.Library()
CALM = Alarm(has_default=True, unserved=0)


@register.inclusion_tag("studio/_banners.html", takes_context=True)
def banners(context: template.Context) -> dict[str, Any]:
    """What is wrong in the page's project; nothing on a page without one."""
    project = context.get("project")
    if project is None:
        return {"alarm": CALM}
    granted = context.get("granted")
    if granted is None:
        granted = permissions_in(context["request"].user, project)
    return {
        "alarm": read_alarm(project),
        "project": project,
        "destinations_url": page_url("destinations") if Permission.DESTINATIONS_EDIT in granted else None,
        "inbox_url": page_url("inbox") if Permission.INBOX_VIEW in granted else None,
        "may_take_work": Permission.INBOX_REPLY in granted,
    }
