"""Every field people edit has its entry in the audit, with what it was and what it became."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from django.apps import apps
from django.urls import reverse

from conversations.domain.audited import HIDDEN
from conversations.domain.vocabulary import Environment
from conversations.models import AuditEntry, Connector, Project, Team
from conversations.models.configured import Configured
from conversations.services.configuration import BOOKKEEPING
from handoffs.models import (
    Agent,
    Desk,
    Destination,
    ForbiddenTopic,
    HandoffSettings,
    Line,
    Queue,
    Reason,
    Schedule,
    Topic,
)
from integrations.models import Connection, WebhookEndpoint
from tests.html_forms import read_form
from tests.world import OBJECTS, World, create_world

Typed = Mapping[str, str | list[str] | None]


@dataclass(frozen=True)
class Edit:
    """On this page, type this and send it: None empties or unticks. alone: a button of its own, no form around it."""

    page: str
    typed: Typed = field(default_factory=dict)
    alone: bool = False


ON = "on"
STAYS = "what others refer to: it never changes"
NOT_EDITED: Mapping[type[Configured], Mapping[str, str]] = {
    Agent: {"user": "who it is"},
    Project: {
        "account": "a project stays where it was made",
        "is_demo": "how it came about",
        "deleted_at": "deleting is an entry of its own, project.deleted",
    },
    Team: {"key": STAYS},
    Connector: {
        "environment": "chosen once: conversations stay where they are",
        "channel": "chosen once, for the same reason",
        "last_used_at": "counted, not edited",
    },
    Destination: {"key": STAYS},
    ForbiddenTopic: {"key": STAYS},
    Queue: {"key": STAYS},
    Reason: {"code": STAYS},
    Schedule: {"key": STAYS},
    Line: {
        "key": STAYS,
        "environment": "chosen once; a copy goes to the other one",
        "kind": "chosen once",
        "health": "found out, not edited",
        "number": "of a Twilio number only: its form is the same",
    },
    HandoffSettings: {},
    Topic: dict.fromkeys(
        ("key", "name", "questions", "content", "action", "is_on"), "topics have no page of their own yet"
    ),
    Connection: {
        "key": STAYS,
        "environment": "chosen once; a copy goes to the other one",
        "kind": "chosen once",
        **dict.fromkeys(("health", "checked_at", "last_error"), "found out, not edited"),
    },
    WebhookEndpoint: {
        "environment": "chosen once",
        "previous_secret": "follows from making a new secret",
        "previous_secret_until": "follows from making a new secret",
    },
}

EDITS: Mapping[type[Configured], Mapping[str, Edit]] = {
    Project: {
        "name": Edit("project-settings", {"name": "Fernhill Broadband"}),
        "ai_name": Edit("project-settings", {"ai_name": "Moss"}),
        "greeting": Edit("project-settings", {"greeting": "Good day."}),
        "time_zone": Edit("project-settings", {"time_zone": "Europe/London"}),
        "responder_key": Edit("responder-choose", alone=True),
    },
    Team: {
        "name": Edit("team", {"name": "Care and billing"}),
        "members": Edit("team", {"members": "{person}"}),
    },
    Connector: {
        "name": Edit("connector", {"name": "Shop"}),
        "hosts": Edit("connector", {"hosts": "shop.example.com"}),
        "is_active": Edit("connector", {"is_active": None}),
        "token": Edit("connector-rotate", {"revision": "1"}, alone=True),
    },
    Destination: {
        "name": Edit("destination-edit", {"name": "Bills"}),
        "description": Edit("destination-edit", {"description": "Bills and refunds"}),
        "utterance": Edit("destination-edit", {"utterance": "One moment."}),
        "is_default": Edit("destination-default", alone=True),
        "method": Edit("destination-edit", {"method": "refer"}),
        "route": Edit("destination-edit", {"route": "sip:desk@sbc.example.com"}),
        "encryption": Edit("destination-edit", {"encryption": "udp_rtp"}),
        "line_key": Edit("destination-edit", {"line_key": "trunk"}),
        "headers": Edit(
            "destination-edit",
            {"headers-TOTAL_FORMS": "1", "headers-0-name": "X-Case", "headers-0-value": "1",
             "headers-0-when_missing": "drop"},
        ),
        "desk_key": Edit("destination-edit", {"desk_key": "client"}),
        "queue_key": Edit("destination-edit", {"queue_key": "other"}),
        "hints": Edit(
            "destination-edit",
            {"hints-TOTAL_FORMS": "1", "hints-0-name": "skills", "hints-0-value": "refunds"},
        ),
        "wait_limit_seconds": Edit("destination-edit", {"wait_limit_seconds": "2:00"}),
        "schedule_key": Edit("destination-edit", {"schedule_key": "office"}),
        "out_of_hours": Edit("destination-edit", {"schedule_key": "office", "out_of_hours": "ai"}),
        "fallback_key": Edit("destination-edit", {"fallback_key": "second"}),
        "required_fields": Edit("destination-edit", {"required_fields": "order_number"}),
        "after_timeout": Edit("destination-edit", {"after_timeout": "end"}),
        "retry_limit": Edit("destination-edit", {"after_timeout": "retry", "retry_limit": "4"}),
        "retry_seconds": Edit("destination-edit", {"after_timeout": "retry", "retry_seconds": "1:00"}),
        "client_queue_name": Edit("destination-edit", {"desk_key": "client", "client_queue_name": "Refund desk"}),
        "client_route": Edit("destination-edit", {"desk_key": "client", "client_route": "app://refunds"}),
    },
    ForbiddenTopic: {
        "name": Edit("forbidden-topic", {"name": "Courts"}),
        "description": Edit("forbidden-topic", {"description": "Anything about lawyers"}),
        "keywords": Edit("forbidden-topic", {"keywords": "lawyer*"}),
        "examples": Edit("forbidden-topic", {"examples": "I will sue you"}),
        "destination_key": Edit("forbidden-topic", {"destination_key": "second"}),
        "reason_code": Edit("forbidden-topic", {"reason_code": "needs_human"}),
        "utterance": Edit("forbidden-topic", {"utterance": "A person answers that."}),
        "is_on": Edit("forbidden-topic", {"is_on": None}),
    },
    Agent: {
        "capacity": Edit("person-work", {"capacity": "7"}),
        "channel_limits": Edit("person-work", {"limit_email": "2"}),
        "skills": Edit("person-work", {"skills": "Refunds, german"}),
    },
    Queue: {
        "name": Edit("queue", {"name": "Bills"}),
        "assignment": Edit("queue", {"assignment": "offer"}),
        "offer_seconds": Edit("queue", {"offer_seconds": "0:45"}),
        "wrap_up_seconds": Edit("queue", {"wrap_up_seconds": "1:30"}),
        "priority": Edit("queue", {"priority": "2"}),
        "is_sticky": Edit("queue", {"is_sticky": None}),
        "is_on": Edit("queue", {"is_on": None, "confirmed": ON}),
        "target_seconds": Edit("queue", {"target_seconds": "3:00"}),
        "dispositions": Edit("queue", {"dispositions-0-label": "Money returned"}),
        "teams": Edit("queue", {"teams": "{team}"}),
    },
    Reason: {
        "label": Edit("reason", {"label": "Asked for somebody"}),
        "destination_key": Edit("reason", {"destination_key": "second"}),
        "target_seconds": Edit("reason", {"target_seconds": "1:00"}),
        "is_urgent": Edit("reason", {"is_urgent": ON}),
    },
    Schedule: {
        "name": Edit("hours-edit", {"name": "Shop hours"}),
        "time_zone": Edit("hours-edit", {"time_zone": "Europe/Madrid"}),
        "country": Edit("hours-edit", {"country": "GB"}),
        "subdivision": Edit("hours-edit", {"country": "GB", "subdivision": "SCT"}),
        "intervals": Edit("hours-edit", {"day0-TOTAL_FORMS": "1", "day0-0-start": "09:00", "day0-0-end": "17:00"}),
        "holidays": Edit(
            "hours-edit",
            {"holidays-TOTAL_FORMS": "1", "holidays-0-date": "2026-12-24", "holidays-0-name": "Christmas Eve"},
        ),
    },
    Line: {
        "name": Edit("line", {"name": "Second trunk"}),
        "domain": Edit("line", {"domain": "sbc2.example.com"}),
        "transport": Edit("line", {"transport": "tcp"}),
        "caller": Edit("line", {"caller": "sip:fern@sbc.example.com"}),
        "required_method": Edit("line", {"required_method": "refer"}),
        "hides_route": Edit("line", {"hides_route": ON}),
        "hides_headers": Edit("line", {"hides_headers": ON}),
        "header_place": Edit("line", {"header_place": "refer_to"}),
        "requires_x_prefix": Edit("line", {"requires_x_prefix": None}),
        "allowed_headers": Edit("line", {"allowed_headers": "Subject"}),
    },
    HandoffSettings: {
        "is_on": Edit("settings", {"is_on": None}),
        "level": Edit("settings", {"level": "2"}),
        "on_explicit_request": Edit("settings", {"on_explicit_request": None}),
        "on_frustration": Edit("settings", {"on_frustration": None}),
        "on_unproductive": Edit("settings", {"on_unproductive": None}),
        "on_ai_decision": Edit("settings", {"on_ai_decision": None}),
        "explicit_sensitivity": Edit("settings", {"explicit_sensitivity": "low"}),
        "frustration_sensitivity": Edit("settings", {"frustration_sensitivity": "low"}),
        "unproductive_sensitivity": Edit("settings", {"unproductive_sensitivity": "low"}),
        "forbidden_sensitivity": Edit("settings", {"forbidden_sensitivity": "low"}),
        "thresholds": Edit("settings", {"thresholds": None}),
        "offer_when_inferred": Edit("settings", {"offer_when_inferred": None}),
        "uses_embeddings": Edit("settings", {"uses_embeddings": None}),
        "judge": Edit("settings", {"judge": "own-model"}),
        "collect_first": Edit("settings", {"collect_first": ON}),
        "require_problem_statement": Edit("settings", {"require_problem_statement": ON}),
        "confirm_before_transfer": Edit("settings", {"confirm_before_transfer": ON}),
        "tries_before_transfer": Edit("settings", {"tries_before_transfer": "1"}),
        "collected_fields": Edit(
            "collected-data",
            {"collected_fields-TOTAL_FORMS": "1", "collected_fields-0-label": "Order",
             "collected_fields-0-kind": "text"},
        ),
        "default_wait_limit_seconds": Edit("unanswered", {"default_wait_limit_seconds": "4:00"}),
        "after_timeout": Edit("unanswered", {"after_timeout": "ai"}),
        "offer_try_again": Edit("unanswered", {"offer_try_again": None}),
        "alternative_contacts": Edit(
            "unanswered",
            {"alternative_contacts-TOTAL_FORMS": "1", "alternative_contacts-0-kind": "email",
             "alternative_contacts-0-label": "Write to us", "alternative_contacts-0-value": "help@example.com"},
        ),
        "channel_weights": Edit("channel-weights", {"email": "2"}),
        "voice_fallback_number": Edit("unanswered", {"voice_fallback_number": "+442079460177"}),
        "texts": Edit("unanswered", {"request_utterance": "One moment, somebody comes."}),
    },
    Topic: {},
    Connection: {
        "name": Edit("connection", {"name": "Second agent"}),
        "settings": Edit("connection", {"total_seconds": "40"}),
        "is_active": Edit("connection", {"is_active": None}),
        "credentials": Edit("connection", {"secret": "whsec_" + "bm90IGEgc2VjcmV0LCBvbmx5IGEgdGVzdCEhISE="}),
    },
    WebhookEndpoint: {
        "name": Edit("webhook-edit", {"name": "Sales system"}),
        "url": Edit("webhook-edit", {"url": "https://sales.example.com/in"}),
        "events": Edit("webhook-edit", {"told": "chosen", "events": ["handoff.accepted"]}),
        "source": Edit("webhook-edit", {"source": "crm"}),
        "is_active": Edit("webhook-edit", {"is_active": None}),
        "headers": Edit("webhook-edit", {"new_headers": "X-Team: care"}),
        "secret": Edit("webhook-secret", {"revision": "1"}, alone=True),
    },
}  # fmt: skip
CASES = [(model, name) for model, edits in EDITS.items() for name in edits]


@pytest.fixture
def world(project, owner, agent, claimed, connector) -> World:
    """A destination that has every way and reach of its own; another one to go to."""
    world = create_world(project=project, owner=owner, member=agent, conversation=claimed, connector=connector)
    Queue.objects.create(project=project, key="other", name="Other", dispositions=[{"code": "done", "label": "Done"}])
    for environment in Environment:
        app = {"name": "App", "kind": "client"}
        Desk.objects.get_or_create(app, project=project, environment=environment, key="client")
    WebhookEndpoint.objects.update(url="https://crm.example.com/")
    # What is not set or installed can only be taken back.
    HandoffSettings.objects.update(thresholds={"frustration": 0.62}, uses_embeddings=True)
    Connection.objects.create(
        project=project, environment="live", key="own-model", kind="openai_compatible", name="Own model"
    )
    Destination.objects.filter(key="billing").update(
        method="invite", route="sip:billing@sbc.example.com", is_default=False
    )
    Destination.objects.create(project=project, key="second", name="Second", queue_key="billing", is_default=True)
    return world


def edited_columns(model: type[Configured]) -> set[str]:
    columns = {column.name for column in model._meta.concrete_fields} - BOOKKEEPING
    return columns | {column.name for column in model._meta.many_to_many}


def test_every_field_of_every_configured_row_has_a_line():
    models = [model for model in apps.get_models() if issubclass(model, Configured)]
    missing = {
        model.__name__: sorted(edited_columns(model) ^ {*EDITS.get(model, {}), *NOT_EDITED.get(model, {})})
        for model in models
    }
    assert {name: columns for name, columns in missing.items() if columns} == {}


@pytest.mark.parametrize(("model", "name"), CASES, ids=lambda part: getattr(part, "__name__", part))
def test_an_edit_of_a_field_is_in_the_audit_with_before_and_after(client, world, model, name):
    edit = EDITS[model][name]
    client.force_login(world.owner)
    url = reverse(edit.page, kwargs=OBJECTS[edit.page](world) if edit.page in OBJECTS else {})

    answer = client.post(url, sent(client, url, edit, world), follow=True)

    assert answer.status_code in (200, 201), problems(answer.text)
    changed = AuditEntry.objects.filter(action=f"{model._meta.db_table}.changed", user=world.owner)
    entry = next((entry for entry in changed if name in entry.after), None)
    assert entry is not None, f"no entry has {name}: {[entry.after for entry in changed]}; {problems(answer.text)}"
    assert name in entry.before
    assert entry.before[name] != entry.after[name] or entry.after[name] == HIDDEN


def sent(client, url: str, edit: Edit, world: World) -> dict[str, list[str]]:
    """The form as the page shows it, with what is typed over it."""
    form = {"project": [str(world.project.pk)]} if edit.alone else read_form(client.get(url).text, holding="revision")
    known = {"{person}": str(world.person.pk), "{team}": str(world.team.pk)}
    for name, value in edit.typed.items():
        values = value if isinstance(value, list) else [] if value is None else [known.get(value, value)]
        form[name] = values
    return form


def problems(html: str) -> list[str]:
    """What the page says is wrong."""

    marked = re.findall(r'class="hs-error[^>]*>(.*?)</', html, re.DOTALL)
    return [re.sub(r"<[^>]+>", " ", text).strip() for text in marked]
