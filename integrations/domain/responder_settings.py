"""What a connection to somebody who answers as the AI is set to, by kind, with its bounds."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import cattrs


class ResponderKind(StrEnum):
    HTTP = "http_responder"
    OPENAI = "openai_compatible"


@dataclass(frozen=True, slots=True)
class Bounds:
    least: int
    most: int
    usual: int


# Seconds. A turn's lease is renewed while it waits; a worker's turn ends well inside the broker's patience of 120 s.
CONNECT_SECONDS = Bounds(1, 10, 5)
FIRST_BYTE_SECONDS = Bounds(1, 60, 20)
TOTAL_SECONDS = Bounds(2, 60, 30)
MAX_TOKENS = Bounds(16, 4_096, 600)
# Beside a credential that is sent: the origin it was entered for, and is sent to alone.
SENT_TO = "sent_to"


class TokenLimit(StrEnum):
    """The name by which a server knows the limit: OpenAI renamed it, most others did not."""

    CLASSIC = "max_tokens"
    CURRENT = "max_completion_tokens"


@dataclass(frozen=True, slots=True)
class HttpSettings:
    """url: where a turn is posted; sends_topics: whether the project's topics go with it; the time limits count from
    the start of the call."""

    url: str
    sends_topics: bool = False
    connect_seconds: int = CONNECT_SECONDS.usual
    first_byte_seconds: int = FIRST_BYTE_SECONDS.usual
    total_seconds: int = TOTAL_SECONDS.usual


@dataclass(frozen=True, slots=True)
class OpenAiSettings:
    """url: the base, up to and including `/v1`; instructions: what the model is told besides the topics; streams:
    whether the answer is asked for bit by bit."""

    url: str
    model: str
    instructions: str = ""
    streams: bool = True
    max_tokens: int = MAX_TOKENS.usual
    token_limit: TokenLimit = TokenLimit.CLASSIC
    connect_seconds: int = CONNECT_SECONDS.usual
    first_byte_seconds: int = FIRST_BYTE_SECONDS.usual
    total_seconds: int = TOTAL_SECONDS.usual


SETTINGS: Mapping[ResponderKind, type[HttpSettings] | type[OpenAiSettings]] = {
    ResponderKind.HTTP: HttpSettings,
    ResponderKind.OPENAI: OpenAiSettings,
}


def read_http_settings(stored: Mapping[str, Any]) -> HttpSettings:
    return cattrs.structure(stored, HttpSettings)


def read_openai_settings(stored: Mapping[str, Any]) -> OpenAiSettings:
    return cattrs.structure(stored, OpenAiSettings)
