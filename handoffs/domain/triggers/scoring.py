"""Scores of single messages for people who measure: a JSON line is a message with what was said before it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import nextafter
from typing import Any

from handoffs.domain.config import ForbiddenTopicConfig, ProjectConfig
from handoffs.domain.levels import apply_level
from handoffs.domain.settings import Level, SettingsConfig
from handoffs.domain.triggers.detection import CONSIDERED_CHARACTERS, detect
from handoffs.domain.triggers.dialogue import Said, Speaker
from handoffs.domain.triggers.forbidden import score_topics
from handoffs.domain.triggers.linear import rescale
from handoffs.domain.triggers.meaning import Embed
from handoffs.domain.triggers.signal import Signal, Trigger

ROLES: Mapping[str, Speaker] = {"user": "customer", "assistant": "ai"}
TOPICS_LINE = "__topics__"
NAMES = {"explicit": Trigger.EXPLICIT_REQUEST, "frustration": Trigger.FRUSTRATION}
EVEN = 0.5
JUST_BELOW = nextafter(EVEN, 0.0)


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
        value = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise BadLine("it is not UTF-8") from None
    except json.JSONDecodeError as error:
        raise BadLine(f"it is not JSON: {error.msg} at character {error.pos + 1}") from None
    except ValueError:
        raise BadLine("it holds a number that is too long") from None
    except RecursionError:
        raise BadLine("it is nested too deeply") from None
    if not isinstance(value, dict):
        raise BadLine('it is no object like {"id": "1", "text": "Hello", "history": []}')
    name_of(value)
    return value


def name_of(value: Mapping[str, Any]) -> str | int:
    """The id of a message or a topic. Raises `BadLine`."""
    name = value.get("id")
    if not isinstance(name, str | int) or isinstance(name, bool):
        raise BadLine('"id" must be a text or a whole number')
    return name


def read_asked(value: Mapping[str, Any]) -> Asked:
    """The message of a line's object. Raises `BadLine`."""
    said = tuple(_said(one, place) for place, one in enumerate(list_of(value, "history"), 1))
    return Asked(value["id"], text_of(value, "text"), said)


def _said(value: object, place: int) -> Said:
    role, text = (value.get("role"), value.get("text")) if isinstance(value, dict) else (None, None)
    if not (isinstance(role, str) and role in ROLES and isinstance(text, str)):
        raise BadLine(f'"history", entry {place}: {{"role": "user" or "assistant", "text": "…"}} is expected')
    return Said(ROLES[role], text, sequence=place)


def text_of(value: Mapping[str, Any], name: str) -> str:
    """The text under that name. Raises `BadLine` where there is none."""
    if not isinstance(value.get(name), str):
        raise BadLine(f'"{name}" must be a text')
    text: str = value[name]
    return text


def list_of(value: Mapping[str, Any], name: str) -> list[Any]:
    """The list under that name, empty where there is none. Raises `BadLine` where there is something else."""
    found = value.get(name)
    if not isinstance(found, list | None):
        raise BadLine(f'"{name}" must be a list')
    return found or []


def config_at(level: Level) -> ProjectConfig:
    """A project of that level's preset, and nothing else in it."""
    return ProjectConfig(settings=apply_level(SettingsConfig(), level))


def score_message(asked: Asked, config: ProjectConfig) -> dict[str, Any]:
    """The scores of explicit request and frustration, moved so that .5 and more means: fires with these settings."""
    signals = {one.trigger: one for one in detect(asked.text, history=asked.history, config=config)}
    return {"id": asked.name, **{name: moved(signals[trigger]) for name, trigger in NAMES.items()}}


def moved(signal: Signal) -> float:
    """The signal's score as it is told: not rounded, so that no two scores become one, and .5 where it just fires."""
    score = rescale(signal.score, threshold=signal.threshold)
    return max(score, EVEN) if signal.fired else min(score, JUST_BELOW)


def score_line(value: Mapping[str, Any], config: ProjectConfig) -> dict[str, Any]:
    """The answer to one line's object. Raises `BadLine`."""
    return score_message(read_asked(value), config)


def read_topics(value: Mapping[str, Any]) -> dict[str, ForbiddenTopicConfig]:
    """The forbidden topics of the first line's object, by their id. Raises `BadLine`."""
    topics = value.get("topics")
    if value["id"] != TOPICS_LINE or not isinstance(topics, list):
        raise BadLine(f'the first line must be {{"id": "{TOPICS_LINE}", "topics": […]}}')
    read: dict[str, ForbiddenTopicConfig] = {}
    for place, one in enumerate(topics, 1):
        topic = _topic(one, place)
        if topic.key in read:
            raise BadLine(f"topic {place} has the id of an earlier one")
        read[topic.key] = topic
    return read


def _topic(value: object, place: int) -> ForbiddenTopicConfig:
    if not isinstance(value, dict):
        raise BadLine(f"topic {place} is no object")
    try:
        key, name, described = str(name_of(value)), text_of(value, "name"), value.get("description") or ""
        examples, keywords = _texts(value, "examples"), _texts(value, "keywords")
    except BadLine as error:
        raise BadLine(f"topic {place}: {error}") from None
    return ForbiddenTopicConfig(key, name, str(described), examples, keywords=keywords)


def _texts(value: Mapping[str, Any], name: str) -> tuple[str, ...]:
    texts = list_of(value, name)
    if not all(isinstance(text, str) for text in texts):
        raise BadLine(f'"{name}" must be a list of texts')
    return tuple(texts)


def score_topics_line(
    value: Mapping[str, Any], topics: Mapping[str, ForbiddenTopicConfig], embed: Embed | None = None
) -> dict[str, Any]:
    """The answer to one line's object about these topics: .5 and more fires at normal sensitivity. Raises `BadLine`."""
    asked = read_asked(value)
    return {"id": asked.name, "topics": score_topics(asked.text[:CONSIDERED_CHARACTERS], topics, embed)}
