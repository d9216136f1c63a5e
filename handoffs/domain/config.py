"""The frozen configuration every decision takes as an argument, and its JSON form.

A snapshot is this, as canonical JSON; simulator, sandbox and live run the same code over it. Things refer to
each other by stable key.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

import cattrs
import orjson

INBOX = "inbox"
DEFAULT_WAIT_LIMIT_SECONDS = 300


class Level(IntEnum):
    """The preset levels of the handoff settings."""

    AI_ONLY = 0
    QUICK = 1
    BALANCED = 2
    AI_FIRST = 3


@dataclass(frozen=True, slots=True)
class Disposition:
    code: str
    label: str


@dataclass(frozen=True, slots=True)
class QueueConfig:
    """A named line of waiting handoffs. `is_on`: switched on; `target_seconds`: the wait that is aimed at."""

    key: str
    name: str
    is_on: bool = True
    target_seconds: int = 120
    dispositions: tuple[Disposition, ...] = ()


@dataclass(frozen=True, slots=True)
class DestinationConfig:
    """Where a handoff goes, its text side: desk, queue, wait limit in seconds, fallback destination's key."""

    key: str
    name: str
    description: str = ""
    is_default: bool = False
    desk: str = INBOX
    queue: str = ""
    wait_limit_seconds: int = DEFAULT_WAIT_LIMIT_SECONDS
    fallback: str = ""


@dataclass(frozen=True, slots=True)
class ReasonConfig:
    code: str
    label: str
    destination: str = ""
    is_urgent: bool = False


@dataclass(frozen=True, slots=True)
class TopicAction:
    """What a topic does beside answering: hand off to a destination, saying the utterance first."""

    destination: str
    reason: str
    utterance: str


@dataclass(frozen=True, slots=True)
class TopicConfig:
    key: str
    name: str
    questions: tuple[str, ...]
    content: str
    action: TopicAction | None = None


@dataclass(frozen=True, slots=True)
class SettingsConfig:
    """The handoff settings: master switch, level, toggles, thresholds, and what the customer is told."""

    is_on: bool = True
    level: Level = Level.QUICK
    on_explicit_request: bool = True
    explicit_threshold: float = 0.8
    request_utterance: str = "Of course. I'm passing you to the team with everything you've told me."
    decline_text: str = "I can't pass you to a person here, but I'm glad to help with your question."
    unavailable_utterance: str = "I can't answer right now, so I'm passing you to a person."
    message_text: str = (
        "Nobody could take this just now. Write your message here with your e-mail address or phone number. "
        "It is kept with this conversation and the team answers it."
    )
    message_thanks: str = "Thank you, your message is with the team. They answer to {contact}."


@dataclass(frozen=True, slots=True)
class ProjectConfig:
    """Everything decisions read."""

    name: str = ""
    ai_name: str = "Assistant"
    greeting: str = "Hello. How can I help?"
    settings: SettingsConfig = field(default_factory=SettingsConfig)
    destinations: tuple[DestinationConfig, ...] = ()
    queues: tuple[QueueConfig, ...] = ()
    reasons: tuple[ReasonConfig, ...] = ()
    topics: tuple[TopicConfig, ...] = ()

    def destination(self, key: str) -> DestinationConfig | None:
        return next((item for item in self.destinations if item.key == key), None)

    def default_destination(self) -> DestinationConfig | None:
        return next((item for item in self.destinations if item.is_default), None)

    def queue(self, key: str) -> QueueConfig | None:
        return next((item for item in self.queues if item.key == key), None)

    def reason(self, code: str) -> ReasonConfig | None:
        return next((item for item in self.reasons if item.code == code), None)

    def topic(self, key: str) -> TopicConfig | None:
        return next((item for item in self.topics if item.key == key), None)


def config_to_json(config: ProjectConfig) -> dict[str, Any]:
    content: dict[str, Any] = cattrs.unstructure(config)
    return content


def config_from_json(content: Mapping[str, Any]) -> ProjectConfig:
    return cattrs.structure(content, ProjectConfig)


def content_hash(content: Mapping[str, Any]) -> str:
    """SHA-256, hex, of the canonical JSON: equal content has one address."""
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()
