"""What hangs on a message, in the shape the Messaging API publishes: links to files and pages, and suggested answers.

Only https: the customer's page shows it, and may not load anything else.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

Attachment = dict[str, str]
Suggestion = dict[str, str]
ContentType = Literal["ATTACHMENT_CONTENT_TYPE_URL", "ATTACHMENT_CONTENT_TYPE_IMAGE"]
CONTENT_TYPES: frozenset[str] = frozenset(get_args(ContentType))
LINK = "ATTACHMENT_CONTENT_TYPE_URL"
MOST_ATTACHMENTS, MOST_SUGGESTIONS = 10, 10
URL_MAX, TITLE_MAX, CALL_TO_ACTION_MAX, SUGGESTION_MAX = 2_000, 200, 80, 200
LONGEST: Mapping[str, int] = {
    "content_url": URL_MAX,
    "preview_image_url": URL_MAX,
    "title": TITLE_MAX,
    "call_to_action_text": CALL_TO_ACTION_MAX,
}


class AttachmentRefused(ValueError):
    """This cannot hang on a message. `field` names the field, the text says what is wrong."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


def read_attachments(given: object) -> list[Attachment]:
    """Read a list of attachments. Raises AttachmentRefused."""
    if not isinstance(given, Sequence) or isinstance(given, str) or len(given) > MOST_ATTACHMENTS:
        raise AttachmentRefused("attachments", f"A list of {MOST_ATTACHMENTS} attachments at most")
    return [read_attachment(one) for one in given]


def read_attachment(given: object) -> Attachment:
    """Read one attachment; empty fields are left out, the content type is a link when nothing is said."""
    if not isinstance(given, Mapping):
        raise AttachmentRefused("attachments", "An attachment is an object with content_url")
    kept = {name: text for name in LONGEST if (text := _text(given, name))}
    kind = given.get("content_type") or LINK
    if not isinstance(kind, str) or kind not in CONTENT_TYPES:
        raise AttachmentRefused("content_type", f"One of {', '.join(sorted(CONTENT_TYPES))}")
    if "content_url" not in kept:
        raise AttachmentRefused("content_url", "An attachment needs the https address of what it shows")
    for name in ("content_url", "preview_image_url"):
        if name in kept and not _is_https(kept[name]):
            raise AttachmentRefused(name, "An https address, as https://files.example.com/invoice.pdf")
    return {**kept, "content_type": kind}


def read_suggestions(given: object) -> list[Suggestion]:
    """Read suggested answers: `{message_text}`, or the text alone. Raises AttachmentRefused."""
    if not isinstance(given, Sequence) or isinstance(given, str) or len(given) > MOST_SUGGESTIONS:
        raise AttachmentRefused("response_suggestions", f"A list of {MOST_SUGGESTIONS} suggestions at most")
    return [{"message_text": _suggested(one)} for one in given]


def _suggested(given: object) -> str:
    text: Any = given.get("message_text") if isinstance(given, Mapping) else given
    if not isinstance(text, str) or not text.strip() or len(text) > SUGGESTION_MAX or "\x00" in text:
        raise AttachmentRefused("response_suggestions", f"Each a text of {SUGGESTION_MAX} characters at most")
    return text


def _text(given: Mapping[str, object], name: str) -> str:
    text = given.get(name) or ""
    if not isinstance(text, str) or len(text) > LONGEST[name] or "\x00" in text:
        raise AttachmentRefused(name, f"A text of {LONGEST[name]} characters at most")
    return text.strip()


def _is_https(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme == "https" and bool(parts.hostname) and not parts.username and url.isprintable()
    except ValueError:
        return False
