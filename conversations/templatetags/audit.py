"""Template tags of the audit: an entry's action, fields and values in words."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations.domain.audited import HIDDEN, FieldChange, list_changes
from conversations.forms.audit import NOUNS
from conversations.models import AuditEntry
from conversations.services.api_keys import PERSONAL_TOKEN

register = template.Library()

VERBS: Mapping[str, str | Promise] = {
    "added": gettext_lazy("added"),
    "changed": gettext_lazy("changed"),
    "removed": gettext_lazy("removed"),
    "revoked": gettext_lazy("revoked"),
    "published": gettext_lazy("published"),
    "password_reset": gettext_lazy("reset the password of"),
    "password_changed": gettext_lazy("changed the password of"),
    "reset_link_made": gettext_lazy("made a link to reset the password of"),
    "logged_out_elsewhere": gettext_lazy("ended the other sessions of"),
}
# Columns whose name is not yet the word people know; the others are read from their name.
FIELDS: Mapping[str, str | Promise] = {
    "is_active": gettext_lazy("Switched on"),
    "is_on": gettext_lazy("Switched on"),
    "is_default": gettext_lazy("Default"),
    "is_urgent": gettext_lazy("Urgent"),
    "hosts": gettext_lazy("Allowed hosts"),
    "url": gettext_lazy("URL"),
    "ai_name": gettext_lazy("Name of the AI"),
    "full_name": gettext_lazy("Name"),
    "source": gettext_lazy("System behind it"),
    "credentials": gettext_lazy("Sign-in"),
    "previous_secret": gettext_lazy("Old secret"),
    "previous_secret_until": gettext_lazy("Old secret valid until"),
    "desk_key": gettext_lazy("Desk"),
    "queue_key": gettext_lazy("Queue"),
    "line_key": gettext_lazy("Line"),
    "schedule_key": gettext_lazy("Hours"),
    "fallback_key": gettext_lazy("Fallback"),
    "destination_key": gettext_lazy("Destination"),
    "reason_code": gettext_lazy("Reason"),
    "wait_limit_seconds": gettext_lazy("Wait limit in seconds"),
    "default_wait_limit_seconds": gettext_lazy("Wait limit in seconds"),
    "target_seconds": gettext_lazy("Target in seconds"),
    "required_method": gettext_lazy("Accepts only"),
    "requires_x_prefix": gettext_lazy("Own headers begin with X-"),
    "hides_route": gettext_lazy("Carrier routes the call"),
    "hides_headers": gettext_lazy("Own headers not carried"),
    "allowed_headers": gettext_lazy("Also carries"),
    "header_place": gettext_lazy("Headers of a REFER stand"),
}
PROTOCOL = {"refer": "REFER", "invite": "INVITE", "bye": "BYE", "tls": "TLS", "tcp": "TCP", "udp": "UDP"}
FIELDS_IN_CAPITALS = frozenset({"method", "required_method", "transport"})
NAME_AND_VALUE = frozenset({"name", "value"})
SHORTEST_INSTANT = 19  # characters of 2026-11-21T12:07:00


@register.filter
def action_words(entry: AuditEntry) -> str:
    """What was done to what kind of thing, as `changed the webhook`."""
    noun, _dot, verb = entry.action.partition(".")
    words = VERBS.get(verb, verb.replace("_", " "))
    if noun == PERSONAL_TOKEN:  # its subject is whose it is
        return _("{verb} a personal token of").format(verb=words)
    if str(words).endswith(" of"):
        return str(words)
    thing = str(NOUNS.get(noun, noun.replace("_", " ")))
    lowered = thing if thing[:2].isupper() else thing[:1].lower() + thing[1:]
    return _("{verb} the {thing}").format(verb=words, thing=lowered)


@register.filter
def changes_of(entry: AuditEntry) -> tuple[FieldChange, ...]:
    return list_changes(entry.before, entry.after)


@register.filter
def field_words(field: str) -> str:
    """The name of a field as people know it."""
    plain = field.removesuffix("_key").removesuffix("_at").replace("_", " ")
    return str(FIELDS.get(field) or plain[:1].upper() + plain[1:])


@register.simple_tag
def audited_lines(change: FieldChange, side: str) -> list[str]:
    """A field's value before or after, one text a line; none for what is empty."""
    value = getattr(change, side)
    if change.field in FIELDS_IN_CAPITALS and value in PROTOCOL:
        return [PROTOCOL[value]]
    return value_lines(value)


def value_lines(value: Any) -> list[str]:
    """A JSON value in words: lists one item a line, objects one field a line, instants in the active zone."""
    if isinstance(value, list):
        return [_item_words(item) for item in value]
    if isinstance(value, dict):
        return [f"{field_words(str(name))}: {_item_words(item)}" for name, item in value.items()]
    words = _item_words(value)
    return [words] if words else []


def _item_words(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        return _object_words(value)
    if isinstance(value, list):
        return ", ".join(map(_item_words, value))
    if value == HIDDEN:
        return _("a secret, never shown")
    return "" if value is None else _instant_words(str(value))


def _object_words(value: Mapping[str, Any]) -> str:
    """An object on one line; a header as it would be sent, what else is said of it behind."""
    if not value.keys() >= NAME_AND_VALUE:
        return ", ".join(f"{name}: {_item_words(item)}" for name, item in value.items() if item not in (None, ""))
    rest = _object_words({name: item for name, item in value.items() if name not in NAME_AND_VALUE})
    header = f"{value['name']}: {_item_words(value['value'])}"
    return f"{header} ({rest.replace('_', ' ')})" if rest else header


def _instant_words(text: str) -> str:
    if len(text) < SHORTEST_INSTANT or not text[:4].isdigit():
        return text
    instant = _read_instant(text)
    return text if instant is None else date_format(timezone.localtime(instant), "j M Y, H:i")


def _read_instant(text: str) -> datetime | None:
    try:
        instant = parse_datetime(text)
    except ValueError:
        return None
    return instant if instant is not None and timezone.is_aware(instant) else None
