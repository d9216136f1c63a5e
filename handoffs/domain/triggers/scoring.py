"""Scores of single messages for people who measure: a JSON line is a message with what was said before it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handoffs.domain.config import ForbiddenTopicConfig, ProjectConfig
from handoffs.domain.levels import apply_level
from handoffs.domain.settings import Level, SettingsConfig
from handoffs.domain.triggers.detection import CONSIDERED_CHARACTERS, detect
from handoffs.domain.triggers.dialogue import Said, Speaker
from handoffs.domain.triggers.forbidden import score_topics
from handoffs.domain.triggers.linear import rescale
from handoffs.domain.triggers.meaning import Embed
from handoffs.domain.triggers.signal import Trigger

ROLES: Mapping[str, Speaker] = {"user": "customer", "assistant": "ai"}
TOPICS_LINE = "__topics__"
NAMES = {"explicit": Trigger.EXPLICIT_REQUEST, "frustration": Trigger.FRUSTRATION}
DIGITS = 9


class BadLine(ValueError):
    """A line is not what was asked for; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A message to be scored; `name` is its id as it was given."""

    name: str | int
    text: str
    history: tuple[Said, ...] = ()


def read_object(line: bytes) -> dict[str, Any]:
    """The JSON object of a line, its id a text or a whole number. Raises `BadLine`."""
    try:
        value = json.loads(line.decode())
    except UnicodeDecodeError:
        raise BadLine("it is not UTF-8") from None
    except json.JSONDecodeError as error:
        raise BadLine(f"it is not JSON: {error.msg} at character {error.pos + 1}") from None
    except RecursionError:
        raise BadLine("it is nested too deeply") from None
    if not isinstance(value, dict):
        raise BadLine('it is no object like {"id": "1", "text": "Hello", "history": []}')
    if not isinstance(value.get("id"), str | int) or isinstance(value["id"], bool):
        raise BadLine('"id" must be a text or a whole number')
    return value


def read_asked(value: Mapping[str, Any]) -> Asked:
    """The message of a line's object. Raises `BadLine`."""
    history = value.get("history") or []
    if not isinstance(history, list):
        raise BadLine('"history" must be a list')
    said = tuple(_said(one, place) for place, one in enumerate(history, 1))
    return Asked(value["id"], text_of(value, "text"), said)


def _said(value: object, place: int) -> Said:
    if not isinstance(value, dict) or value.get("role") not in ROLES or not isinstance(value.get("text"), str):
        raise BadLine(f'"history", entry {place}: {{"role": "user" or "assistant", "text": "…"}} is expected')
    return Said(ROLES[value["role"]], value["text"], sequence=place)


def text_of(value: Mapping[str, Any], name: str) -> str:
    """The text under that name. Raises `BadLine` where there is none."""
    if not isinstance(value.get(name), str):
        raise BadLine(f'"{name}" must be a text')
    text: str = value[name]
    return text


def config_at(level: Level) -> ProjectConfig:
    """A project of that level's preset, and nothing else in it."""
    return ProjectConfig(settings=apply_level(SettingsConfig(), level))


def score_message(asked: Asked, config: ProjectConfig) -> dict[str, Any]:
    """The scores of explicit request and frustration, moved so that .5 and more means: fires with these settings."""
    signals = {one.trigger: one for one in detect(asked.text, history=asked.history, config=config)}
    scores = {
        name: round(rescale(signals[trigger].score, threshold=signals[trigger].threshold), DIGITS)
        for name, trigger in NAMES.items()
    }
    return {"id": asked.name, **scores}


def score_line(value: Mapping[str, Any], config: ProjectConfig) -> dict[str, Any]:
    """The answer to one line's object. Raises `BadLine`."""
    return score_message(read_asked(value), config)


def read_topics(value: Mapping[str, Any]) -> dict[str, ForbiddenTopicConfig]:
    """The forbidden topics of the first line's object, by their id. Raises `BadLine`."""
    topics = value.get("topics")
    if value["id"] != TOPICS_LINE or not isinstance(topics, list):
        raise BadLine(f'the first line must be {{"id": "{TOPICS_LINE}", "topics": […]}}')
    return dict(_topic(one, place) for place, one in enumerate(topics, 1))


def _topic(value: object, place: int) -> tuple[str, ForbiddenTopicConfig]:
    if not isinstance(value, dict):
        raise BadLine(f"topic {place} is no object")
    lists = {name: value.get(name) or [] for name in ("examples", "keywords")}
    for name, texts in lists.items():
        if not (isinstance(texts, list) and all(isinstance(text, str) for text in texts)):
            raise BadLine(f'topic {place}: "{name}" must be a list of texts')
    try:
        key, name, described = text_of(value, "id"), text_of(value, "name"), value.get("description") or ""
    except BadLine as error:
        raise BadLine(f"topic {place}: {error}") from None
    return key, ForbiddenTopicConfig(
        key, name, str(described), tuple(lists["examples"]), keywords=tuple(lists["keywords"])
    )


def score_topics_line(
    value: Mapping[str, Any], topics: Mapping[str, ForbiddenTopicConfig], embed: Embed | None = None
) -> dict[str, Any]:
    """The answer to one line's object about these topics: .5 and more fires at normal sensitivity. Raises `BadLine`."""
    asked = read_asked(value)
    scores = score_topics(asked.text[:CONSIDERED_CHARACTERS], topics, embed)
    return {"id": asked.name, "topics": {key: round(score, DIGITS) for key, score in scores.items()}}
