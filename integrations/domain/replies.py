"""The JSON that an HTTP responder is sent and answers with: closed types, read strictly.

One answer is REPLY. A streamed one is any number of PART, then one REPLY, whose text may be left out: the parts are
the text then. docs/responders.md shows both.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match

from conversations.domain.attachments import AttachmentRefused, read_attachments, read_suggestions

LONGEST_TEXT = 32_000
NUL = rb"\u0000"


def _closed(properties: Mapping[str, Any], *required: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(required),
        "additionalProperties": False,
    }


def _text(longest: int) -> dict[str, Any]:
    return {"type": "string", "maxLength": longest}


HANDOFF = _closed(
    {
        "destination": _text(120),
        "reason": _text(60),
        "utterance": _text(4_000),
        "soft": {"type": "boolean"},
        "data": {"type": "object"},
    }
)
REPLY = _closed(
    {
        "text": _text(LONGEST_TEXT),
        "understood": {"type": "boolean"},
        "attachments": {"type": "array"},
        "response_suggestions": {"type": "array"},
        "handoff": HANDOFF,
        "state": {"type": "object"},
    }
)
PART = _closed({"delta": _text(LONGEST_TEXT)}, "delta")
_REPLY, _PART = Draft202012Validator(REPLY), Draft202012Validator(PART)
WORDS: Mapping[str, str] = {
    "type": "must be of type {limit}",
    "maxLength": "is longer than {limit} characters",
}


class BadReply(ValueError):
    """What came is no reply. The text says where and why, and quotes nothing of it."""


@dataclass(frozen=True, slots=True)
class HandoffWish:
    """The `handoff` of a reply. Empty fields are decided by the configuration."""

    destination: str = ""
    reason: str = ""
    utterance: str = ""
    soft: bool = False
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReplyContent:
    """A reply as it was read; every text without NUL."""

    text: str = ""
    understood: bool = True
    attachments: tuple[Mapping[str, Any], ...] = ()
    response_suggestions: tuple[Mapping[str, Any], ...] = ()
    handoff: HandoffWish | None = None
    state: Mapping[str, Any] = field(default_factory=dict)


def read_reply(body: bytes | str) -> ReplyContent:
    """Read a whole answer. Raises BadReply."""
    return _content(_load(body))


def read_part(line: str) -> str | ReplyContent:
    """Read one line or event of a streamed answer: a part's text, or the reply that ends it. Raises BadReply."""
    content = _load(line)
    if not isinstance(content, Mapping) or "delta" not in content:
        return _content(content)
    _check(_PART, content)
    return str(content["delta"])


def _load(body: bytes | str) -> Any:
    if NUL in (body.encode() if isinstance(body, str) else body):
        raise BadReply("the reply holds the character NUL, which cannot be stored")
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BadReply(f"the reply is no JSON: {error.msg} at line {error.lineno}, column {error.colno}") from error


def _content(content: Any) -> ReplyContent:
    _check(_REPLY, content)
    wish = HandoffWish(**content["handoff"]) if "handoff" in content else None
    try:
        attachments = tuple(read_attachments(content.get("attachments", ())))
        suggestions = tuple(read_suggestions(content.get("response_suggestions", ())))
    except AttachmentRefused as refused:
        raise BadReply(f"reply.{refused.field}: {refused}") from refused
    given = {**content, "attachments": attachments, "response_suggestions": suggestions, "handoff": wish}
    return ReplyContent(**given)


def _check(validator: Draft202012Validator, content: Any) -> None:
    if error := best_match(validator.iter_errors(content)):
        raise BadReply(f"{_place(error)} {_words(error)}")


def _place(error: ValidationError) -> str:
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.absolute_path)
    return f"reply{path}"


def _words(error: ValidationError) -> str:
    if error.validator == "additionalProperties":
        unknown = sorted(error.instance.keys() - error.schema["properties"].keys())
        return f"has fields that are not known: {', '.join(unknown)[:200]}"
    if error.validator == "required":
        return f"lacks {', '.join(sorted(set(error.validator_value) - error.instance.keys()))}"
    return WORDS[str(error.validator)].format(limit=error.validator_value)
