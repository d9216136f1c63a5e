"""Writes a frozen configuration as a project's working copy: what a new project starts from."""

from collections.abc import Mapping, Sequence
from typing import Any

import cattrs
from django.db import models, transaction

from conversations.domain.vocabulary import Environment
from conversations.models import Project
from handoffs.domain.config import INBOX, ProjectConfig
from handoffs.domain.sip.voice import LineConfig
from handoffs.models import Desk, Destination, ForbiddenTopic, HandoffSettings, Line, Queue, Reason, Schedule, Topic
from handoffs.selectors import working_copy as read

Content = Mapping[str, Any]


def start_working_copy(*, project: Project, config: ProjectConfig) -> None:
    """Make the configuration rows of a project that has none, and its built-in inbox in both environments.

    The project's own columns (name, greeting, …) are the caller's. A destination without a voice route gets none.
    """
    content = cattrs.unstructure(config)
    with transaction.atomic():
        for environment in Environment:
            Desk.objects.create(project=project, environment=environment, key=INBOX, name="Inbox", kind="inbox")
        HandoffSettings.objects.create(project=project, **_settings(content["settings"]))
        _create(project, Destination, map(_destination, content["destinations"]))
        for model, name, columns in (
            (Queue, "queues", read.QUEUE),
            (Reason, "reasons", read.REASON),
            (Topic, "topics", read.TOPIC),
            (ForbiddenTopic, "forbidden_topics", read.FORBIDDEN_TOPIC),
            (Schedule, "schedules", read.SCHEDULE),
        ):
            _create(project, model, (_columns(item, columns) for item in content[name]))


def add_lines(*, project: Project, lines: Sequence[LineConfig]) -> None:
    """Make the lines of a new project in both environments, without a sign-in."""
    for environment in Environment:
        for content in cattrs.unstructure(lines):
            Line.objects.create(
                project=project, environment=environment, required_method=content["required_method"] or "",
                **_columns(content, read.LINE),
            )  # fmt: skip


def _create(project: Project, model: type[models.Model], rows: Any) -> None:
    model._default_manager.bulk_create(model(project=project, **row) for row in rows)


def _destination(item: Content) -> dict[str, Any]:
    voice = _columns(item["voice"], read.VOICE) if item["voice"] else {}
    return {**_columns(item, read.DESTINATION), "after_timeout": item["after_timeout"] or "", **voice}


def _settings(item: Content) -> dict[str, Any]:
    """Columns of the settings row; every other field of the settings is a text."""
    texts = {name: text for name, text in item.items() if name not in read.SETTINGS}
    return {**_columns(item, read.SETTINGS), "texts": texts}


def _columns(item: Content, columns: read.Columns) -> dict[str, Any]:
    return {column: _stored(item[field]) for field, column in columns.items()}


def _stored(value: Any) -> Any:
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
