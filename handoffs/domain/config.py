"""The frozen configuration every decision takes as an argument, and its JSON form.

A snapshot is this, as canonical JSON; simulator, sandbox and live run the same code over it. Things refer to
each other by stable key.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import cattrs
import orjson

from handoffs.domain.office_hours.schedules import ScheduleConfig
from handoffs.domain.settings import DEFAULT_WAIT_LIMIT_SECONDS, AfterTimeout, SettingsConfig
from handoffs.domain.sip.voice import VoiceConfig

INBOX, CLIENT = "inbox", "client"
# Reasons the system gives itself: they stand in no project's list unless somebody adds them there.
OWN_REASONS = {"human_takeover": "A person took over", "ai_unavailable": "The AI could not answer"}


@dataclass(frozen=True, slots=True)
class Disposition:
    code: str
    label: str


class Assignment(StrEnum):
    """How the handoffs of a queue come to agents."""

    PULL = "pull"  # agents claim
    OFFER = "offer"  # offered to one ready agent after the other


@dataclass(frozen=True, slots=True)
class QueueConfig:
    """A named line of waiting handoffs. `is_on`: switched on; `target_seconds`: the wait that is aimed at.

    offer_seconds: how long an agent has to take an offer; wrap_up_seconds: how long a closed conversation still
    takes its agent's capacity; priority: higher is served first; is_sticky: offered first to the agent who had the
    customer last, while that one is ready.
    """

    key: str
    name: str
    is_on: bool = True
    target_seconds: int = 120
    dispositions: tuple[Disposition, ...] = ()
    assignment: Assignment = Assignment.PULL
    offer_seconds: int = 30
    wrap_up_seconds: int = 0
    priority: int = 0
    is_sticky: bool = True


class OutOfHours(StrEnum):
    """What a destination does with a handoff while its hours are closed."""

    QUEUE = "queue"  # queue anyway
    AI = "ai"  # the AI carries on and says when people are back
    MESSAGE = "message"  # leave a message: a ticket with contact data
    FALLBACK = "fallback"  # the fallback destination


@dataclass(frozen=True, slots=True)
class DestinationConfig:
    """Where a handoff goes. Text side: desk (empty: no text route), queue, routing hints by name, wait limit in
    seconds; voice side: `voice`, None without one. schedule: key of its hours, empty for always open; fallback:
    the destination tried when this one is closed; utterance: what the AI says before the transfer.

    after_timeout: what follows a failure or time-out, None for what the settings say; retry_limit and retry_seconds:
    how often it is tried again, and the pause before; required_fields: names of the handoff's data that whoever
    answers here must receive (the context contract); client_queue_name and client_route: what the customer's own app
    is told of where to take the customer, for the desk `client`.
    """

    key: str
    name: str
    description: str = ""
    is_default: bool = False
    desk: str = INBOX
    queue: str = ""
    hints: Mapping[str, str] = field(default_factory=dict, hash=False)
    wait_limit_seconds: int = DEFAULT_WAIT_LIMIT_SECONDS
    schedule: str = ""
    out_of_hours: OutOfHours = OutOfHours.MESSAGE
    fallback: str = ""
    utterance: str = ""
    after_timeout: AfterTimeout | None = None
    retry_limit: int = 2
    retry_seconds: int = 30
    required_fields: tuple[str, ...] = ()
    client_queue_name: str = ""
    client_route: str = ""
    voice: VoiceConfig | None = None


@dataclass(frozen=True, slots=True)
class ReasonConfig:
    """A machine-readable code of the managed list; target_seconds: the wait aimed at, None for the queue's."""

    code: str
    label: str
    destination: str = ""
    is_urgent: bool = False
    target_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class ForbiddenTopicConfig:
    """What the AI must never answer: on a match it stays silent and the conversation is handed off.

    examples: what customers say, compared by likeness; keywords: words and phrases that are a match by themselves.
    """

    key: str
    name: str
    description: str
    examples: tuple[str, ...] = ()
    destination: str = ""
    reason: str = ""
    utterance: str = ""
    keywords: tuple[str, ...] = ()


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
class ProjectConfig:
    """Everything decisions read. responder: key of the connection that answers as the AI, empty for the built-in
    topics."""

    name: str = ""
    ai_name: str = "Assistant"
    greeting: str = "Hello. How can I help?"
    time_zone: str = "UTC"
    responder: str = ""
    settings: SettingsConfig = field(default_factory=SettingsConfig)
    destinations: tuple[DestinationConfig, ...] = ()
    queues: tuple[QueueConfig, ...] = ()
    reasons: tuple[ReasonConfig, ...] = ()
    topics: tuple[TopicConfig, ...] = ()
    forbidden_topics: tuple[ForbiddenTopicConfig, ...] = ()
    schedules: tuple[ScheduleConfig, ...] = ()

    def destination(self, key: str) -> DestinationConfig | None:
        return next((item for item in self.destinations if item.key == key), None)

    def default_destination(self) -> DestinationConfig | None:
        return next((item for item in self.destinations if item.is_default), None)

    def queue(self, key: str) -> QueueConfig | None:
        return next((item for item in self.queues if item.key == key), None)

    def reason(self, code: str) -> ReasonConfig | None:
        return next((item for item in self.reasons if item.code == code), None)

    def reason_label(self, code: str) -> str:
        """What people read for a reason; empty for a code nobody has described."""
        reason = self.reason(code)
        return reason.label if reason else OWN_REASONS.get(code, "")

    def schedule(self, key: str) -> ScheduleConfig | None:
        return next((item for item in self.schedules if item.key == key), None)

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
