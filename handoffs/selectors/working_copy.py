"""Reads the configuration rows of a project into their frozen form."""

from collections.abc import Mapping
from typing import Any

from conversations.models import Project
from handoffs.domain.config import ProjectConfig, config_from_json
from handoffs.models import Destination, HandoffSettings, Queue, Topic

Content = dict[str, Any]


def read_working_copy(project: Project) -> ProjectConfig:
    """Return the project's working copy, ordered by key so that equal configurations are equal texts."""
    settings = HandoffSettings.objects.filter(project=project).first()
    return config_from_json(
        {
            "name": project.name,
            "ai_name": project.ai_name,
            "greeting": project.greeting,
            "settings": _settings(settings) if settings else {},
            "reasons": settings.reasons if settings else [],
            "destinations": [_destination(row) for row in Destination.objects.filter(project=project).order_by("key")],
            "queues": [_queue(row) for row in Queue.objects.filter(project=project).order_by("key")],
            "topics": [_topic(row) for row in Topic.objects.filter(project=project, is_on=True).order_by("key")],
        }
    )


def _settings(row: HandoffSettings) -> Content:
    texts: Mapping[str, str] = {name: text for name, text in row.texts.items() if text}
    return {
        "is_on": row.is_on,
        "level": row.level,
        "on_explicit_request": row.on_explicit_request,
        "explicit_threshold": row.explicit_threshold,
        **texts,
    }


def _destination(row: Destination) -> Content:
    return {
        "key": row.key,
        "name": row.name,
        "description": row.description,
        "is_default": row.is_default,
        "desk": row.desk_key,
        "queue": row.queue_key,
        "wait_limit_seconds": row.wait_limit_seconds,
        "fallback": row.fallback_key,
    }


def _queue(row: Queue) -> Content:
    return {
        "key": row.key,
        "name": row.name,
        "is_on": row.is_on,
        "target_seconds": row.target_seconds,
        "dispositions": row.dispositions,
    }


def _topic(row: Topic) -> Content:
    return {
        "key": row.key,
        "name": row.name,
        "questions": row.questions,
        "content": row.content,
        "action": row.action,
    }
