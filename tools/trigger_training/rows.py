"""Labelled messages out of the data folder, and which of them no model and no threshold may see."""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

NO_LETTER = re.compile(r"[\W\d_]+")
DEVELOPMENT_SHARE = 5  # one group in so many
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Row:
    """label: 1 for what the model looks for; history: the messages before it, the AI's and the customer's in turn, the
    last one the AI's; group: rows of one conversation, or with the same words, share it."""

    text: str
    label: int
    source: str
    kind: str
    history: tuple[str, ...]
    group: str


@dataclass(frozen=True, slots=True)
class Split:
    """What models and thresholds are made from, and what they are tried on."""

    training: tuple[Row, ...]
    development: tuple[Row, ...]


def read_split(path: Path) -> Split:
    """The rows of a JSONL file, in its order. Raises OSError and ValueError when it cannot be read."""
    raw = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    rows = [_row(one, group) for one, group in zip(raw, find_groups(raw), strict=True)]
    return Split(
        training=tuple(row for row in rows if not is_for_development(row.group)),
        development=tuple(row for row in rows if is_for_development(row.group)),
    )


def _row(raw: dict, group: str) -> Row:
    return Row(raw["text"], raw["label"], raw["source"], raw["kind"], tuple(raw.get("history", ())), group)


def is_for_development(group: str) -> bool:
    """The same answer for a group on every machine and in every order of rows."""
    return _digest("development", group) % DEVELOPMENT_SHARE == 0


def fold_of(row: Row, repetition: int) -> int:
    """The part of the cross-validation the row is tried in."""
    return _digest(f"fold {repetition}", row.group) % FOLDS


def _digest(purpose: str, group: str) -> int:
    return int(hashlib.sha256(f"{purpose}\n{group}".encode()).hexdigest(), 16)


def letters_of(text: str) -> str:
    """The text without case, digits and marks: what makes two rows duplicates."""
    return NO_LETTER.sub(" ", text.lower()).strip()


def find_groups(rows: Sequence[dict]) -> list[str]:
    """A group's name for each row: rows with the same letters, and turns that follow each other, belong together."""
    parents = list(range(len(rows)))
    first: dict[tuple[str, ...], int] = {}
    for number, row in enumerate(rows):
        for key in _keys(row):
            _join(parents, number, first.setdefault(key, number))
    return [letters_of(rows[_root(parents, number)]["text"]) for number in range(len(rows))]


def _keys(row: dict) -> Iterator[tuple[str, ...]]:
    """What a row has in common with its duplicates, and with the turn before it: the AI's words and the answer."""
    yield (letters_of(row["text"]),)
    if history := row.get("history"):
        before, answer, now = map(letters_of, history)
        yield before, answer
        yield now, letters_of(row["text"])


def _root(parents: list[int], number: int) -> int:
    while parents[number] != number:
        parents[number] = number = parents[parents[number]]
    return number


def _join(parents: list[int], one: int, other: int) -> None:
    one, other = sorted((_root(parents, one), _root(parents, other)))
    parents[other] = one
