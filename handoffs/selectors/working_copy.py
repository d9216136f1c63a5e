"""Reads the configuration rows of a project into their frozen form.

The tables of columns say which column holds which field; `services.working_copy` writes by the same tables.
"""

from collections.abc import Mapping
from typing import Any

import cattrs
from django.db import models

from conversations.models import Project
from handoffs.domain.config import ProjectConfig, config_from_json
from handoffs.domain.settings import DEFAULT_WAIT_LIMIT_SECONDS, SettingsConfig
from handoffs.domain.sip.voice import LineConfig
from handoffs.models import Destination, ForbiddenTopic, HandoffSettings, Line, Queue, Reason, Schedule, Topic

Content = dict[str, Any]
Columns = Mapping[str, str]


def same(*names: str) -> Columns:
    return dict(zip(names, names, strict=True))


# Field of the frozen form -> column of the row.
DESTINATION: Columns = {
    **same("key", "name", "description", "is_default", "utterance", "hints", "wait_limit_seconds", "out_of_hours"),
    **same("retry_limit", "retry_seconds", "required_fields", "client_queue_name", "client_route"),
    "desk": "desk_key",
    "queue": "queue_key",
    "schedule": "schedule_key",
    "fallback": "fallback_key",
}
VOICE: Columns = {**same("method", "route", "encryption", "headers"), "line": "line_key"}
QUEUE: Columns = {
    **same("key", "name", "is_on", "target_seconds", "dispositions"),
    **same("assignment", "offer_seconds", "wrap_up_seconds", "priority", "is_sticky"),
}
TOPIC = same("key", "name", "questions", "content", "action")
REASON: Columns = {**same("code", "label", "is_urgent", "target_seconds"), "destination": "destination_key"}
FORBIDDEN_TOPIC: Columns = {
    **same("key", "name", "description", "examples", "keywords", "utterance"),
    "destination": "destination_key",
    "reason": "reason_code",
}
SCHEDULE = same("key", "name", "time_zone", "intervals", "country", "subdivision", "holidays")
SETTINGS = same(
    "is_on",
    "level",
    "on_explicit_request",
    "on_frustration",
    "on_unproductive",
    "on_ai_decision",
    "explicit_sensitivity",
    "frustration_sensitivity",
    "unproductive_sensitivity",
    "forbidden_sensitivity",
    "thresholds",
    "offer_when_inferred",
    "uses_embeddings",
    "judge",
    "collect_first",
    "require_problem_statement",
    "confirm_before_transfer",
    "tries_before_transfer",
    "collected_fields",
    "default_wait_limit_seconds",
    "after_timeout",
    "offer_try_again",
    "alternative_contacts",
    "channel_weights",
    "voice_fallback_number",
)
PROJECT: Columns = {**same("name", "ai_name", "greeting", "time_zone"), "responder": "responder_key"}
LINE = same(
    "key",
    "name",
    "kind",
    "domain",
    "transport",
    "number",
    "caller",
    "hides_route",
    "hides_headers",
    "header_place",
    "requires_x_prefix",
    "allowed_headers",
)


def read_working_copy(project: Project) -> ProjectConfig:
    """Return the project's working copy, ordered by key so that equal configurations are equal texts."""
    settings = HandoffSettings.objects.filter(project=project).first()
    return config_from_json(
        {
            **_content(project, PROJECT),
            "settings": _settings(settings) if settings else {},
            "destinations": [read_destination(row) for row in _rows(Destination, project)],
            "queues": [_content(row, QUEUE) for row in _rows(Queue, project)],
            "reasons": [_content(row, REASON) for row in Reason.objects.filter(project=project).order_by("code")],
            "topics": [_content(row, TOPIC) for row in _rows(Topic, project).filter(is_on=True)],
            "forbidden_topics": [
                _content(row, FORBIDDEN_TOPIC) for row in _rows(ForbiddenTopic, project).filter(is_on=True)
            ],
            "schedules": [_content(row, SCHEDULE) for row in _rows(Schedule, project)],
        }
    )


def read_destination(row: Destination) -> Content:
    """A destination in its frozen form's JSON; the voice side only where there is one."""
    voice = _content(row, VOICE) if row.method else None
    return {**_content(row, DESTINATION), "after_timeout": row.after_timeout or None, "voice": voice}


def read_settings(row: HandoffSettings) -> SettingsConfig:
    """The handoff settings alone, in their frozen form."""
    return cattrs.structure(_settings(row), SettingsConfig)


def read_default_wait_limit(project: Project) -> int:
    """The seconds a new destination begins with."""
    found = HandoffSettings.objects.filter(project=project).values_list("default_wait_limit_seconds", flat=True)
    return found.first() or DEFAULT_WAIT_LIMIT_SECONDS


def read_lines(*, project: Project, environment: str) -> tuple[LineConfig, ...]:
    """The telephony lines of one environment, oldest first: the first is what destinations leave by that name
    none. They are resolved where they are used and stand in no snapshot."""
    rows = Line.objects.filter(project=project, environment=environment).order_by("created_at", "pk")
    return tuple(read_line(row) for row in rows)


def read_line(row: Line) -> LineConfig:
    content = {**_content(row, LINE), "required_method": row.required_method or None}
    return cattrs.structure(content, LineConfig)


def _rows(model: type[models.Model], project: Project) -> Any:
    return model._default_manager.filter(project=project).order_by("key")


def _content(row: models.Model, columns: Columns) -> Content:
    return {field: getattr(row, column) for field, column in columns.items()}


def _settings(row: HandoffSettings) -> Content:
    return {**_content(row, SETTINGS), **{name: text for name, text in row.texts.items() if text}}
