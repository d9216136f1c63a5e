"""Template tags of the settings pages."""

from dataclasses import dataclass

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

register = template.Library()

TABS = (
    ("settings", _("Triggers")),
    ("collected-data", _("Data to collect")),
    ("forbidden-topics", _("Forbidden topics")),
    ("reasons", _("Reasons")),
    ("queues", _("Queues")),
    ("hours", _("Office hours")),
    ("unanswered", _("When nobody answers")),
    ("project-settings", _("Project")),
)


@dataclass(frozen=True, slots=True)
class Tab:
    name: str
    label: str | Promise
    url: str


@register.simple_tag
def settings_tabs() -> list[Tab]:
    """The tabs of the settings that have a page, in the table's order."""
    return [Tab(name, label, url) for name, label in TABS if (url := _url(name))]


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
