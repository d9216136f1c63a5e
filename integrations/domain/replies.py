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

LONGEST_TEXT = 32_000
ATTACHMENT_TYPES = ("ATTACHMENT_CONTENT_TYPE_URL", "ATTACHMENT_CONTENT_TYPE_IMAGE")


def _closed(properties: Mapping[str, Any], *required: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(required),
        "additionalProperties": False,
    }


def _text(longest: int) -> dict[str, Any]:
    return {"type": "string", "maxLength": longest}


_WEB_URL = {"type": "string", "pattern": r"^https?://[^\s]+$", "maxLength": 2_000}
ATTACHMENT = _closed(
    {
        "title": _text(500),
        "content_url": _WEB_URL,
        "content_type": {"enum": list(ATTACHMENT_TYPES)},
        "preview_image_url": _WEB_URL,
        "call_to_action_text": _text(200),
    },
    "content_url",
    "content_type",
)
SUGGESTION = _closed({"message_text": {**_text(500), "minLength": 1}, "payload": _text(2_000)}, "message_text")
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
        "attachments": {"type": "array", "items": ATTACHMENT, "maxItems": 10},
        "response_suggestions": {"type": "array", "items": SUGGESTION, "maxItems": 20},
        "handoff": HANDOFF,
        "state": {"type": "object"},
    }
)
PART = _closed({"delta": _text(LONGEST_TEXT)}, "delta")
_REPLY, _PART = Draft202012Validator(REPLY), Draft202012Validator(PART)
WORDS: Mapping[str, str] = {
    "type": "must be of type {limit}",
    "maxLength": "is longer than {limit} characters",
    "minLength": "is empty",
    "maxItems": "has more than {limit} items",
    "enum": "is none of {limit}",
    "pattern": "is no web address",
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
    if ("\\u0000" if isinstance(body, str) else b"\\u0000") in body:
        raise BadReply("the reply holds the character NUL, which cannot be stored")
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BadReply(f"the reply is no JSON: {error.msg} at line {error.lineno}, column {error.colno}") from error


def _content(content: Any) -> ReplyContent:
    _check(_REPLY, content)
    several = ("attachments", "response_suggestions")
    wish = HandoffWish(**content["handoff"]) if "handoff" in content else None
    return ReplyContent(
        **{**content, **{name: tuple(content.get(name, ())) for name in several}, "handoff": wish},
    )


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
    limit = error.validator_value
    return WORDS[str(error.validator)].format(limit=", ".join(limit) if isinstance(limit, list) else limit)
