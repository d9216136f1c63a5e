"""Adding and editing a destination, with what it puts on the wire beside the form."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations.domain.permissions import Permission
from conversations.selectors.transcript import customer_name
from conversations.views.console import BOTH, WRITE, Page, console_page
from handoffs.domain.config import DestinationConfig
from handoffs.domain.contract import advise_on_context
from handoffs.domain.destinations import check_destination, choose_line, say_where_now
from handoffs.domain.sip.fields import fields_shown
from handoffs.domain.sip.findings import Lint, Severity
from handoffs.domain.sip.lint import lint_destination
from handoffs.domain.sip.voice import LineConfig, SipMethod
from handoffs.forms.destinations import DestinationForm
from handoffs.models import Destination
from handoffs.selectors.destination_cards import read_tests
from handoffs.selectors.destination_surroundings import read_config_of, read_surroundings
from handoffs.selectors.wire_preview import (
    choose_conversation,
    draw_wire,
    list_variables_of,
    read_facts,
    recent_conversations,
)
from handoffs.selectors.working_copy import read_default_wait_limit

EDIT = Permission.DESTINATIONS_EDIT
TESTS_SHOWN = 3
SAMPLE = "sample"
VANISHING = ("route", "encryption", "headers")
# While somebody types, what is not there yet is no mistake.
NOT_YET = frozenset({"route-missing", "header-name-missing", "queue-missing", "value-empty", "fallback-missing"})


@console_page(EDIT, methods=BOTH)
def add(request: HttpRequest, page: Page) -> HttpResponse:
    limit = read_default_wait_limit(page.project)
    return _edit(request, page, Destination(project=page.project, wait_limit_seconds=limit))


@console_page(EDIT, methods=BOTH, of=Destination)
def edit(request: HttpRequest, page: Page, row: Destination) -> HttpResponse:
    return _edit(request, page, row)


def _edit(request: HttpRequest, page: Page, row: Destination) -> HttpResponse:
    name = row.name
    form = _form(request, page, row)
    if form.is_bound and form.is_valid() and form.save_by(page.user, at=timezone.now()):
        messages.info(request, _("{name} saved").format(name=form.row.name))
        return redirect("destination-edit", pk=form.row.pk)
    context = page.context(
        name=name,
        row=row,
        tests=[] if form.is_new else read_tests(row, newest=TESTS_SHOWN),
        shown_by_line=_shown_by_line(form.lines),
        **_live(request, page, form, is_typing=False),
    )
    status = 409 if form.conflict else 422 if form.is_bound else 200
    return render(request, "handoffs/destinations/editor.html", context, status=status)


@console_page(EDIT, methods=WRITE)
def preview_new(request: HttpRequest, page: Page) -> HttpResponse:
    return _preview(request, page, Destination(project=page.project))


@console_page(EDIT, methods=BOTH, of=Destination)
def preview(request: HttpRequest, page: Page, row: Destination) -> HttpResponse:
    """The wire and what is to be said of the form as it stands; asked by GET, a dialog about the saved destination."""
    return _preview(request, page, row) if request.method == "POST" else _show_saved(request, page, row)


def _preview(request: HttpRequest, page: Page, row: Destination) -> HttpResponse:
    form = _form(request, page, row)
    form.is_valid()
    context = page.context(**_live(request, page, form, is_typing=True))
    return render(request, "handoffs/destinations/_live.html", context)


def _show_saved(request: HttpRequest, page: Page, row: Destination) -> HttpResponse:
    around = read_surroundings(page.project)
    line = choose_line(row.line_key, around.lines)
    context = page.context(row=row, opener=f"menu-{row.pk}", **_wire(request, page, read_config_of(row), line))
    only_wire = request.GET.get("conversation") is not None
    name = "_wire_again.html" if only_wire else "_wire_dialog.html"
    return render(request, f"handoffs/destinations/{name}", context)


def _form(request: HttpRequest, page: Page, row: Destination) -> DestinationForm:
    data = request.POST if request.method == "POST" else None
    return DestinationForm(data, instance=row, project=page.project, surroundings=read_surroundings(page.project))


def _live(request: HttpRequest, page: Page, form: DestinationForm, *, is_typing: bool) -> dict[str, Any]:
    """The form with what is to be said field by field, and the wire beside it."""
    wire = _wire(request, page, form.draft, form.line)
    found = (
        *(check_destination(form.draft, config=form.surroundings.config, line=form.line) if form.is_bound else ()),
        *lint_destination(form.draft, line=form.line, known_variables=wire["known"]),
        *advise_on_context(form.draft, config=form.surroundings.config),
    )
    said = _by_subject(lint for lint in found if not (is_typing and lint.code in NOT_YET))
    now = say_where_now(form.draft, config=form.surroundings.config, at=timezone.now())
    rows = [
        {"form": row, "name": said.get(f"headers[{index}].name"), "value": said.get(f"headers[{index}].value")}
        for index, row in enumerate(form.headers.forms)
    ]
    return {"form": form, "said": said, "header_rows": rows, "text_now": now, **wire}


def _by_subject(lints: Iterable[Lint]) -> dict[str, Lint]:
    """The weightiest lint of each field."""
    by_weight = sorted(lints, key=lambda lint: list(Severity).index(lint.severity), reverse=True)
    return {lint.subject: lint for lint in by_weight}


def _wire(request: HttpRequest, page: Page, draft: DestinationConfig, line: LineConfig) -> dict[str, Any]:
    offered = recent_conversations(page.project, environment=page.environment)
    newest = str(offered[0].pk) if offered else SAMPLE
    asked = request.POST.get("conversation") or request.GET.get("conversation") or newest
    conversation = choose_conversation(offered, asked)
    masked = not page.may(Permission.PII_VIEW)
    facts = read_facts(conversation, page.project, masked=masked)
    variables = list_variables_of(facts)
    return {
        "wire": draw_wire(draft, line=line, facts=facts),
        "facts": facts,
        "known": None if facts.is_sample or masked else [variable.name for variable in variables],
        "variables": json.dumps([asdict(variable) for variable in variables]),
        "chosen": str(conversation.pk) if conversation else SAMPLE,
        "conversations": [
            {"id": str(each.pk), "title": customer_name(each, masked=masked), "at": each.created_at} for each in offered
        ],
    }


def _shown_by_line(lines: tuple[LineConfig, ...]) -> str:
    """For the page's script: by line and method, what the voice part shows. The rule itself is the domain's."""
    keys = ("", *(line.key for line in lines))
    table = {key: _shown_by_method(choose_line(key, lines)) for key in keys}
    return json.dumps(table)


def _shown_by_method(line: LineConfig) -> dict[str, Any]:
    answers = {method.value: fields_shown(method, line) for method in SipMethod}
    return {
        "methods": [method.value for method in answers[SipMethod.REFER].methods],
        "fields": {name: [part for part in VANISHING if getattr(shown, part)] for name, shown in answers.items()},
    }


urlpatterns = [
    path("new/", add, name="destination-new"),
    path("preview/", preview_new, name="destination-preview-new"),
    path("<uuid:pk>/", edit, name="destination-edit"),
    path("<uuid:pk>/preview/", preview, name="destination-preview"),
]
