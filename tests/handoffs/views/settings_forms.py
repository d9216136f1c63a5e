"""Sends the forms of the settings pages as a browser would: everything the page shows, and what was changed."""

from typing import Any

from django.forms import BaseForm
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

Sent = dict[str, Any]


def url_of(page: str, row: Any = None) -> str:
    return reverse(page, args=[row.pk] if row is not None else [])


def shown(client: Client, url: str) -> Sent:
    """What the form of a page would send if nothing were changed."""
    form = client.get(url).context["form"]
    sent = _values(form)
    for prefix, rows in getattr(form, "lists", {}).items():
        sent |= listed(prefix, [{field: row[field].value() for field in row.fields} for row in rows])
    return sent


def listed(prefix: str, rows: list[dict[str, Any]]) -> Sent:
    """A list of rows as the browser sends it."""
    sent: Sent = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": 0}
    for number, row in enumerate(rows):
        sent |= _sendable({f"{prefix}-{number}-{name}": value for name, value in row.items()})
    return sent


def send(client: Client, url: str, **changes: Any) -> HttpResponse:
    """Open the page, change fields (None takes one away, as an unticked box), and save."""
    return client.post(url, _sendable({**shown(client, url), **changes}))


def _values(form: BaseForm) -> Sent:
    values = {name: form[name].value() for name in form.fields if not form.fields[name].disabled}
    return _sendable(values)


def _sendable(values: Sent) -> Sent:
    texts = {name: "\n".join(value) if _is_lines(value) else value for name, value in values.items()}
    return {name: value for name, value in texts.items() if value is not None and value is not False}


def _is_lines(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(line, str) for line in value) and bool(value)
