"""`$variables` in header values: `$name`, `${a.b}`, and `$$` for a dollar sign.

One pass: what a variable held is never looked at for variables again.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

BUILT_IN_VARIABLES = (
    "conversation_id",
    "shared_id",
    "caller_id",
    "called_number",
    "reason",
    "destination",
    "trigger",
    "handoff_state",
    "project_id",
    "agent_id",
)

# Each alternative takes its characters once and gives none back: linear on any text.
VARIABLE = re.compile(r"\$(?:(?P<dollar>\$)|(?P<plain>[A-Za-z_][A-Za-z0-9_]*)|\{(?P<braced>[^{}$]*)(?P<closed>\})?)?")
PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
BRACED_NAME = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*")
# What would end a header line, or what a terminal or a log would act on: C0, DEL, C1, the Unicode line ends.
UNSAFE_RUN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class PieceKind(StrEnum):
    """What a part of a value is."""

    TEXT = "text"
    VARIABLE = "variable"
    UNFINISHED = "unfinished"  # `${a`, `${}`, a dollar sign at the end
    LONE_DOLLAR = "lone_dollar"  # `$5`: kept as it stands


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a value. start: offset in characters; source: as written; text: what a TEXT stands for (`$$` is `$`);
    name: of a variable, of an unfinished one as far as it was written."""

    kind: PieceKind
    start: int
    source: str
    text: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Expansion:
    """A value with its variables replaced. missing: names without a value, in order; flattened: names whose value
    held characters a header cannot carry."""

    value: str
    missing: tuple[str, ...] = ()
    flattened: tuple[str, ...] = ()


def read_pieces(value: str) -> tuple[Piece, ...]:
    """The parts of a value in order; their sources joined are the value."""
    return tuple(_read_pieces(value))


def _read_pieces(value: str) -> Iterator[Piece]:
    end = 0
    for found in VARIABLE.finditer(value):
        if found.start() > end:
            text = value[end : found.start()]
            yield Piece(kind=PieceKind.TEXT, start=end, source=text, text=text)
        yield _piece(found, is_last=found.end() == len(value))
        end = found.end()
    if end < len(value):
        yield Piece(kind=PieceKind.TEXT, start=end, source=value[end:], text=value[end:])


def _piece(found: re.Match[str], *, is_last: bool) -> Piece:
    source, start = found[0], found.start()
    if found["dollar"]:
        return Piece(kind=PieceKind.TEXT, start=start, source=source, text="$")
    if found["plain"]:
        return Piece(kind=PieceKind.VARIABLE, start=start, source=source, name=found["plain"])
    name = found["braced"]
    if name is None:
        kind = PieceKind.UNFINISHED if is_last else PieceKind.LONE_DOLLAR
        return Piece(kind=kind, start=start, source=source, text="$")
    is_finished = found["closed"] and BRACED_NAME.fullmatch(name)
    return Piece(
        kind=PieceKind.VARIABLE if is_finished else PieceKind.UNFINISHED, start=start, source=source, name=name
    )


def list_variables(value: str) -> tuple[Piece, ...]:
    """The variables of a value in order, finished and unfinished."""
    return tuple(piece for piece in _read_pieces(value) if piece.kind in (PieceKind.VARIABLE, PieceKind.UNFINISHED))


def write_variable(name: str) -> str:
    """How a variable is written in a value: `$name`, or `${a.b}` where the short form would end too early."""
    return f"${name}" if PLAIN_NAME.fullmatch(name) else f"${{{name}}}"


def merge_variables(*, built_in: Mapping[str, object], state: Mapping[str, object]) -> dict[str, object]:
    """What a value may name: every state key and the built-in names, which win; an empty built-in has no value."""
    return {**state, **{name: None if value == "" else value for name, value in built_in.items()}}


def list_names(variables: Mapping[str, object]) -> tuple[str, ...]:
    """Every name that can be written, nested ones by dots, as a completion offers them; objects stand before their
    members."""
    names: list[str] = []
    # A stack and not recursion: state may be nested as deep as its author likes.
    waiting = list(reversed(list(variables.items())))
    while waiting:
        name, value = waiting.pop()
        if BRACED_NAME.fullmatch(name):
            names.append(name)
            members = value.items() if isinstance(value, Mapping) else ()
            waiting.extend(reversed([(f"{name}.{inner}", below) for inner, below in members]))
    return tuple(names)


def find_variable(name: str, variables: Mapping[str, object]) -> object | None:
    """The value of a name, None without one: the key itself, or else member by member along the dots."""
    if name in variables:
        return variables[name]
    found: object = variables
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def write_value(value: object) -> str:
    """A JSON value as header text: strings as they are, `true`, `false`, numbers, compact JSON of the rest."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def flatten(text: str) -> str:
    """The text in one line: every run of control characters and line ends becomes one space, half a surrogate pair
    becomes U+FFFD."""
    return LONE_SURROGATE.sub("\ufffd", UNSAFE_RUN.sub(" ", text))


def expand(value: str, variables: Mapping[str, object]) -> Expansion:
    """The value with its variables replaced; a missing one leaves nothing, and outer spaces are not kept."""
    parts: list[str] = []
    missing: list[str] = []
    flattened: list[str] = []
    for piece in _read_pieces(value):
        found = find_variable(piece.name, variables) if piece.kind is PieceKind.VARIABLE else None
        if piece.kind in (PieceKind.TEXT, PieceKind.LONE_DOLLAR):
            parts.append(piece.text)
        elif found is None:
            missing.append(piece.name or piece.source)
        else:
            written = write_value(found)
            parts.append(flatten(written))
            flattened.extend([piece.name] if parts[-1] != written else [])
    return Expansion(value="".join(parts).strip(" \t"), missing=tuple(missing), flattened=tuple(flattened))
