"""Every column people edit reaches the frozen configuration, and what is written fresh is read back the same."""

from dataclasses import replace
from typing import Any

import pytest

from conversations.models import Project
from conversations.services.configuration import BOOKKEEPING
from handoffs.domain.config import ProjectConfig
from handoffs.models import Destination, ForbiddenTopic, HandoffSettings, Queue, Reason, Schedule, Topic
from handoffs.selectors.working_copy import read_working_copy
from handoffs.services.working_copy import start_working_copy

MODELS = (Project, HandoffSettings, Destination, Queue, Reason, Topic, ForbiddenTopic, Schedule)
# Another value of every column than the one the row below begins with.
OTHER: dict[type, dict[str, Any]] = {
    Project: {
        "name": "Other",
        "ai_name": "Ivy",
        "greeting": "Hi.",
        "time_zone": "Europe/Madrid",
        "responder_key": "own",
    },
    HandoffSettings: {
        "is_on": False,
        "level": 2,
        "on_explicit_request": False,
        "on_frustration": False,
        "on_unproductive": False,
        "on_ai_decision": False,
        "explicit_sensitivity": "low",
        "frustration_sensitivity": "low",
        "unproductive_sensitivity": "low",
        "forbidden_sensitivity": "low",
        "thresholds": {"frustration": 0.62},
        "offer_when_inferred": False,
        "uses_embeddings": True,
        "judge": "own",
        "collect_first": True,
        "require_problem_statement": True,
        "confirm_before_transfer": True,
        "tries_before_transfer": 2,
        "collected_fields": [{"key": "a", "label": "A", "kind": "choice", "is_required": True, "choices": ["1", "2"]}],
        "default_wait_limit_seconds": 60,
        "after_timeout": "ai",
        "offer_try_again": False,
        "alternative_contacts": [{"kind": "form", "label": "Write", "value": "https://example.com/"}],
        "channel_weights": {"email": 2},
        "voice_fallback_number": "+442079460177",
        "texts": {"decline_text": "Sorry."},
    },
    Destination: {
        "key": "other",
        "name": "Other",
        "description": "Other",
        "is_default": True,
        "utterance": "Other",
        "desk_key": "slack",
        "queue_key": "other",
        "hints": {"skills": "refunds"},
        "wait_limit_seconds": 60,
        "schedule_key": "other",
        "out_of_hours": "queue",
        "fallback_key": "other",
        "after_timeout": "retry",
        "retry_limit": 5,
        "retry_seconds": 90,
        "required_fields": ["order_number"],
        "client_queue_name": "Callback",
        "client_route": "https://example.com/call",
        "method": "refer",
        "route": "tel:+44207946000",
        "encryption": "udp_rtp",
        "headers": [{"name": "X-A", "value": "b", "when_missing": "drop"}],
        "line_key": "trunk",
    },
    Queue: {
        "key": "other",
        "name": "Other",
        "is_on": False,
        "target_seconds": 60,
        "dispositions": [{"code": "a", "label": "A"}],
        "assignment": "offer",
        "offer_seconds": 20,
        "wrap_up_seconds": 60,
        "priority": 3,
        "is_sticky": False,
    },
    Reason: {"code": "other", "label": "Other", "destination_key": "other", "is_urgent": True, "target_seconds": 60},
    Topic: {
        "key": "other",
        "name": "Other",
        "questions": ["Other?"],
        "content": "Other",
        "action": {"destination": "a", "reason": "b", "utterance": "c"},
        "is_on": False,
    },
    ForbiddenTopic: {
        "key": "other",
        "name": "Other",
        "description": "Other",
        "examples": ["Other"],
        "keywords": ["Other"],
        "destination_key": "other",
        "reason_code": "other",
        "utterance": "Other",
        "is_on": False,
    },
    Schedule: {
        "key": "other",
        "name": "Other",
        "time_zone": "Europe/Madrid",
        "intervals": [{"day": 0, "start": "09:00", "end": "17:00"}],
        "country": "GB",
        "subdivision": "ENG",
        "holidays": [{"date": "2026-12-25", "name": "Christmas", "intervals": []}],
    },
}
# Whose project it is and whether it is a demo decides nothing; `level` is where the toggles started from.
NO_CONFIGURATION = {Project: {"account", "is_demo", "deleted_at"}}


@pytest.fixture
def rows(account) -> dict[type, Any]:
    """One plain row of every model."""
    project = Project.objects.create(account=account, name="Plain")
    return {
        Project: project,
        HandoffSettings: HandoffSettings.objects.create(project=project),
        Destination: Destination.objects.create(
            project=project, key="plain", name="Plain", method="invite", route="sip:a@b.example"
        ),
        Queue: Queue.objects.create(project=project, key="plain", name="Plain"),
        Reason: Reason.objects.create(project=project, code="plain", label="Plain"),
        Topic: Topic.objects.create(project=project, key="plain", name="Plain", content="Plain"),
        ForbiddenTopic: ForbiddenTopic.objects.create(project=project, key="plain", name="Plain", description="Plain"),
        Schedule: Schedule.objects.create(project=project, key="plain", name="Plain", time_zone="UTC"),
    }


@pytest.mark.parametrize("model", MODELS)
def test_every_column_is_tried(model):
    columns = {field.name for field in model._meta.concrete_fields} - BOOKKEEPING - NO_CONFIGURATION.get(model, set())
    assert set(OTHER[model]) == columns


@pytest.mark.parametrize(
    ("model", "column"),
    [(model, column) for model in MODELS for column in OTHER[model]],
    ids=lambda one: getattr(one, "__name__", one),
)
def test_every_column_reaches_the_frozen_configuration(rows, model, column):
    plain = read_working_copy(rows[Project])
    setattr(rows[model], column, OTHER[model][column])
    rows[model].save()
    assert read_working_copy(rows[Project]) != plain


def test_what_is_written_fresh_is_read_back_the_same(account, rows):
    for model, row in rows.items():
        for column, value in OTHER[model].items():
            setattr(row, column, row.is_on if column == "is_on" else value)
        row.save()
    whole: ProjectConfig = read_working_copy(rows[Project])

    own = {name: value for name, value in OTHER[Project].items() if name != "name"}
    copy = Project.objects.create(account=account, name="Copy", **own)
    start_working_copy(project=copy, config=whole)

    assert read_working_copy(copy) == replace(whole, name="Copy")
