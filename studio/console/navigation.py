"""The console's navigation: one table. What has no page yet, or is not this person's to see, is left out."""

from collections.abc import Container
from dataclasses import dataclass
from functools import cache

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conversations.domain.permissions import Permission


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the rail. permission: what it takes to see it, None for everybody. on_phone: in the bottom bar."""

    label: str | Promise
    icon: str
    url_name: str
    permission: Permission | None = None
    on_phone: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    label: str | Promise
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """An item a person can open: `current` when the page shown belongs to it."""

    item: Item
    url: str
    current: bool


_P = Permission
SECTIONS = (
    Section(
        "",
        (
            Item(_("Home"), "home", "home", on_phone=True),
            Item(_("Inbox"), "inbox", "inbox", _P.INBOX_VIEW, on_phone=True),
            Item(_("Review"), "checklist", "review", _P.REVIEW_VIEW, on_phone=True),
            Item(_("Reports"), "chart-bar", "reports", _P.REPORTS_VIEW),
        ),
    ),
    Section(
        _("Build"),
        (
            Item(_("Destinations"), "route", "destinations", _P.DESTINATIONS_EDIT),
            Item(_("Settings"), "adjustments-horizontal", "settings", _P.SETTINGS_EDIT),
            Item(_("Topics"), "books", "topics", _P.TOPICS_EDIT),
            Item(_("Functions"), "code", "functions", _P.SETTINGS_EDIT),
            Item(_("Integrations"), "plug", "integrations", _P.INTEGRATIONS_EDIT),
            Item(_("Releases"), "versions", "releases", _P.RELEASE_PUBLISH),
        ),
    ),
    Section(
        _("Project"),
        (
            Item(_("People"), "users", "people", _P.PEOPLE_EDIT),
            Item(_("API keys"), "key", "api-keys", _P.API_KEYS_EDIT),
            Item(_("Webhooks"), "webhook", "webhooks", _P.WEBHOOKS_EDIT),
            Item(_("Audit"), "history", "audit", _P.AUDIT_VIEW),
            Item(_("Health"), "heartbeat", "health", _P.INTEGRATIONS_EDIT),
        ),
    ),
)


@cache
def page_url(url_name: str) -> str | None:
    """Where the page lives; None while it does not exist."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return None


def is_current(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))


def visible_links(section: Section, *, granted: Container[Permission], path: str) -> list[Link]:
    """What a person with these permissions can open, in the table's order."""
    allowed = (item for item in section.items if item.permission is None or item.permission in granted)
    return [Link(item, url, is_current(path, url)) for item in allowed if (url := page_url(item.url_name))]
