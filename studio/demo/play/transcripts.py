"""Reads transcripts to play: one conversation a line, `{"turns": [{"speaker", "text"}]}`; other keys are ignored."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

CUSTOMERS = frozenset({"customer", "user", "client", "caller"})


class UnreadableFile(Exception):
    """The file cannot be read at all; the text says why."""


class BadLine(ValueError):
    """This line is no conversation to play; the text says why."""


@dataclass(frozen=True, slots=True)
class Script:
    """What one customer says, in order. line: its number in the file, from 1."""

    line: int
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Skipped:
    line: int
    why: str


@dataclass(frozen=True, slots=True)
class Transcripts:
    scripts: tuple[Script, ...]
    skipped: tuple[Skipped, ...]


def read_transcripts(path: Path, *, limit: int | None = None) -> Transcripts:
    """The first `limit` conversations to play, and what was passed over on the way. Raises UnreadableFile."""
    skipped: list[Skipped] = []
    try:
        with path.open("rb") as file:
            scripts = tuple(islice(_scripts(enumerate(file, start=1), skipped), limit))
    except OSError as error:
        raise UnreadableFile(f"{path}: {error.strerror}") from error
    return Transcripts(scripts, tuple(skipped))


def _scripts(lines: Iterator[tuple[int, bytes]], skipped: list[Skipped]) -> Iterator[Script]:
    for number, line in lines:
        text = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
        if not text.strip():
            continue
        try:
            yield Script(number, parse_line(text))
        except BadLine as error:
            skipped.append(Skipped(number, str(error)))


def parse_line(line: bytes) -> tuple[str, ...]:
    """What the customer of one line says. Raises BadLine."""
    try:
        conversation = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise BadLine(f"no JSON: {error}") from error
    turns = conversation.get("turns") if isinstance(conversation, dict) else None
    if not isinstance(turns, list):
        raise BadLine('no conversation: {"turns": [{"speaker": …, "text": …}]} is wanted')
    said = tuple(text for number, turn in enumerate(turns, start=1) for text in _customer_text(number, turn))
    if not said:
        raise BadLine(f"the customer says nothing: no speaker is one of {', '.join(sorted(CUSTOMERS))}")
    return said


def _customer_text(number: int, turn: Mapping[str, Any] | Any) -> Iterator[str]:
    """The text of a customer's turn; nothing for the agent's side and for blank ones."""
    if not isinstance(turn, dict):
        raise BadLine(f"turn {number} is no object")
    speaker, text = turn.get("speaker"), turn.get("text")
    if not isinstance(speaker, str) or not isinstance(text, str):
        raise BadLine(f'turn {number} needs "speaker" and "text", both as text')
    if speaker.strip().casefold() in CUSTOMERS and text.strip():
        yield text
