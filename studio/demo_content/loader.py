"""Reads the demo workspace, an invented phone shop, out of the JSON files beside this module.

What is wrong in a file is said with its name and the place, before anything is written to a database.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import cattrs
import orjson
from cattrs.errors import BaseValidationError

from conversations.domain.vocabulary import Role
from handoffs.domain.config import (
    DestinationConfig,
    ForbiddenTopicConfig,
    ProjectConfig,
    QueueConfig,
    ReasonConfig,
    TopicConfig,
)
from handoffs.domain.office_hours.schedules import ScheduleConfig
from handoffs.domain.settings import SettingsConfig
from handoffs.domain.sip.voice import LineConfig

FOLDER = Path(__file__).resolve().parent
CONVERSATIONS = FOLDER / "conversations.jsonl"
LEAST_QUESTIONS = 4  # fewer sample questions find too little
EMAIL_DOMAIN = ".example.com"  # reserved, reaches nobody: RFC 2606

Read = TypeVar("Read")


class BadDemoContent(ValueError):
    """A file of the demo workspace is wrong; the message names the file and the place."""


@dataclass(frozen=True, slots=True)
class DemoUser:
    """A person of the workspace; passwords are made when the workspace is."""

    name: str
    email: str
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class DemoTeam:
    """A team: its members' e-mail addresses and the keys of the queues it works."""

    name: str
    members: tuple[str, ...]
    queues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DemoProject:
    """The project itself: its names, the AI's greeting, and the texts of the handoff settings."""

    name: str
    ai_name: str
    greeting: str
    time_zone: str
    settings: SettingsConfig


@dataclass(frozen=True, slots=True)
class DemoWorkspace:
    """Everything the demo sets up; `config` is the working copy that becomes release 1."""

    account: str
    config: ProjectConfig
    users: tuple[DemoUser, ...]
    teams: tuple[DemoTeam, ...]
    lines: tuple[LineConfig, ...] = ()


@dataclass(frozen=True, slots=True)
class AccountFile:
    account: str
    project: DemoProject


@dataclass(frozen=True, slots=True)
class RoutingFile:
    queues: tuple[QueueConfig, ...]
    destinations: tuple[DestinationConfig, ...]
    reasons: tuple[ReasonConfig, ...]
    schedules: tuple[ScheduleConfig, ...]
    forbidden_topics: tuple[ForbiddenTopicConfig, ...]
    lines: tuple[LineConfig, ...]


@dataclass(frozen=True, slots=True)
class PeopleFile:
    users: tuple[DemoUser, ...]
    teams: tuple[DemoTeam, ...]


@lru_cache(maxsize=1)
def strict_converter() -> cattrs.Converter:
    """Refuses keys nobody reads, so that a typing mistake is not silently ignored."""
    return cattrs.Converter(forbid_extra_keys=True, prefer_attrib_converters=False)


def load_workspace(folder: Path = FOLDER) -> DemoWorkspace:
    """The demo workspace of this folder. Raises `BadDemoContent`."""
    account = read_file(folder / "workspace.json", AccountFile)
    routing = read_file(folder / "routing.json", RoutingFile)
    people = read_file(folder / "people.json", PeopleFile)
    topics = read_file(folder / "topics.json", tuple[TopicConfig, ...])
    config = join_config(account.project, routing, topics)
    workspace = DemoWorkspace(account.account, config, people.users, people.teams, routing.lines)
    problems = list(find_problems(workspace))
    if problems:
        raise BadDemoContent("; ".join(problems))
    return workspace


def join_config(project: DemoProject, routing: RoutingFile, topics: tuple[TopicConfig, ...]) -> ProjectConfig:
    """The frozen configuration out of its files."""
    return ProjectConfig(
        name=project.name,
        ai_name=project.ai_name,
        greeting=project.greeting,
        time_zone=project.time_zone,
        settings=project.settings,
        destinations=routing.destinations,
        queues=routing.queues,
        reasons=routing.reasons,
        topics=topics,
        schedules=routing.schedules,
        forbidden_topics=routing.forbidden_topics,
    )


def read_file(path: Path, shape: type[Read]) -> Read:
    """The content of a JSON file in this shape. Raises `BadDemoContent`."""
    try:
        content: Any = orjson.loads(path.read_bytes())
        return strict_converter().structure(content, shape)
    except FileNotFoundError:
        raise BadDemoContent(f"{path.name} is missing in {path.parent}") from None
    except orjson.JSONDecodeError as error:
        raise BadDemoContent(f"{path.name} is no JSON: {error}") from error
    except BaseValidationError as error:
        raise BadDemoContent(f"{path.name}: {'; '.join(cattrs.transform_error(error, path='$'))}") from error


def find_problems(workspace: DemoWorkspace) -> Iterator[str]:
    """What fits the shapes but not together."""
    yield from find_repeats(workspace)
    yield from find_dangling(workspace)
    yield from find_thin_topics(workspace.config.topics)
    defaults = [one.key for one in workspace.config.destinations if one.is_default]
    if len(defaults) != 1:
        yield f"routing.json: exactly one destination is the default, not {len(defaults)}"
    for user in workspace.users:
        if not user.email.endswith(EMAIL_DOMAIN):
            yield f"people.json: {user.email} does not end in {EMAIL_DOMAIN}"


def find_repeats(workspace: DemoWorkspace) -> Iterator[str]:
    """Keys that stand twice in their list."""
    config = workspace.config
    lists: tuple[tuple[str, list[str]], ...] = (
        ("topics.json: topic", [topic.key for topic in config.topics]),
        ("routing.json: destination", [one.key for one in config.destinations]),
        ("routing.json: queue", [queue.key for queue in config.queues]),
        ("routing.json: schedule", [schedule.key for schedule in config.schedules]),
        ("routing.json: forbidden topic", [topic.key for topic in config.forbidden_topics]),
        ("routing.json: line", [line.key for line in workspace.lines]),
        ("routing.json: reason", [reason.code for reason in config.reasons]),
        ("people.json: user", [user.email for user in workspace.users]),
    )
    for place, keys in lists:
        for key in sorted({key for key in keys if keys.count(key) > 1}):
            yield f"{place} {key} stands twice"


def find_dangling(workspace: DemoWorkspace) -> Iterator[str]:
    """References to what is not there."""
    config = workspace.config
    destinations = {one.key for one in config.destinations}
    queues = {queue.key for queue in config.queues}
    reasons = {reason.code for reason in config.reasons}
    emails = {user.email for user in workspace.users}
    schedules = {schedule.key for schedule in config.schedules}
    lines = {line.key for line in workspace.lines}
    for one in config.destinations:
        yield from missing(f"routing.json: destination {one.key}", "queue", [one.queue], queues)
        yield from missing(f"routing.json: destination {one.key}", "schedule", [one.schedule], schedules)
        yield from missing(f"routing.json: destination {one.key}", "line", [one.voice.line if one.voice else ""], lines)
        yield from missing(f"routing.json: destination {one.key}", "fallback", [one.fallback], destinations)
    for reason in config.reasons:
        yield from missing(f"routing.json: reason {reason.code}", "destination", [reason.destination], destinations)
    for forbidden in config.forbidden_topics:
        place = f"routing.json: forbidden topic {forbidden.key}"
        yield from missing(place, "destination", [forbidden.destination], destinations)
        yield from missing(place, "reason", [forbidden.reason], reasons)
    for topic in config.topics:
        if topic.action:
            yield from missing(
                f"topics.json: topic {topic.key}", "destination", [topic.action.destination], destinations
            )
            yield from missing(f"topics.json: topic {topic.key}", "reason", [topic.action.reason], reasons)
    for team in workspace.teams:
        yield from missing(f"people.json: team {team.name}", "queue", team.queues, queues)
        yield from missing(f"people.json: team {team.name}", "member", team.members, emails)


def missing(place: str, what: str, wanted: Iterable[str], known: set[str]) -> Iterator[str]:
    """One complaint for each name that nobody has; an empty name refers to nothing."""
    return (f"{place}: no {what} is called {name}" for name in wanted if name and name not in known)


def find_thin_topics(topics: Iterable[TopicConfig]) -> Iterator[str]:
    """Topics that could not be found, or would say nothing."""
    for topic in topics:
        if len(topic.questions) < LEAST_QUESTIONS:
            count = len(topic.questions)
            yield f"topics.json: topic {topic.key} has {count} sample questions, {LEAST_QUESTIONS} at least"
        if not topic.content.strip():
            yield f"topics.json: topic {topic.key} says nothing"
