"""The keys that lead to pages: `g`, then a letter."""

from collections.abc import Mapping
from itertools import chain

from django import template

from conversations.access import permissions_in
from studio.console.navigation import SECTIONS, Link, visible_links

register = template.Library()

GO: Mapping[str, str] = {
    "h": "home",
    "i": "inbox",
    "q": "review",
    "d": "destinations",
    "s": "settings",
    "a": "audit",
}


@register.simple_tag(takes_context=True)
def go_links(context: template.Context) -> list[tuple[str, Link]]:
    """Letter and link of every page that has one and that this person can open."""
    project, request = context.get("project"), context["request"]
    if project is None:
        return []
    granted = context.get("granted")
    if granted is None:
        granted = permissions_in(request.user, project)
    found = chain.from_iterable(visible_links(part, granted=granted, path=request.path) for part in SECTIONS)
    links = {link.item.url_name: link for link in found}
    return [(key, links[name]) for key, name in GO.items() if name in links]
