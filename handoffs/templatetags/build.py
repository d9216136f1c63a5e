"""Template tags of the pages that edit the working copy."""

from typing import Any

from django import template

from conversations.domain.permissions import Permission
from handoffs.selectors.releases import count_changes

register = template.Library()


@register.inclusion_tag("handoffs/_working_copy.html", takes_context=True)
def working_copy(context: template.Context) -> dict[str, Any]:
    """How far the working copy is from what is live. Needs `project` and `granted` of the page."""
    changed = count_changes(context["project"])
    return {
        "number": changed.number,
        "changes": changed.count,
        "may_publish": Permission.RELEASE_PUBLISH in context["granted"],
    }
