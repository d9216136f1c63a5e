"""Your own agent over HTTP: it is posted the turn, signed, and answers whole or bit by bit."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

import orjson
from django.utils import timezone

from integrations.adapters.base import Permanent, Transient, Uncertain
from integrations.adapters.http import OpenAnswer, open_answer
from integrations.adapters.network import Patience
from integrations.domain.event_stream import StreamTooLong, read_data, read_lines
from integrations.domain.replies import LONGEST_TEXT, BadReply, ReplyContent, read_part, read_reply
from integrations.domain.responder_settings import HttpSettings, OpenAiSettings, read_http_settings
from integrations.domain.signing import sign
from integrations.responders.base import HandoffAction, Listener, Reply, Turn

EVENTS = "text/event-stream"
LINES = frozenset({"application/x-ndjson", "application/jsonl", "application/json-seq"})
ACCEPT = f"application/json, {EVENTS}, application/x-ndjson"
RECORD_SEPARATOR = "\x1e"  # before each text of a JSON text sequence, RFC 7464
BUSY = frozenset({408, 425, 429})
WHOLE = 262_144  # bytes of an answer that is not streamed


class HttpResponder:
    """Posts every turn to one address. `credentials`: `secret`, what the calls are signed with."""

    def __init__(self, *, settings: Mapping[str, Any], credentials: Mapping[str, str]) -> None:
        self.settings = read_http_settings(settings)
        self.secret = credentials.get("secret", "")

    def answer(self, turn: Turn, listener: Listener) -> Reply:
        body = orjson.dumps(self._body(turn))
        with open_answer(
            method="POST",
            url=self.settings.url,
            patience=patience_of(self.settings),
            headers=self._headers(turn, body, at=timezone.now()),
            body=body,
            is_given_up=listener.has_left,
        ) as answer:
            refuse_failure(answer)
            return reply_of(read_answer(answer, listener))

    def _headers(self, turn: Turn, body: bytes, *, at: datetime) -> dict[str, str]:
        signed = sign(secrets=[self.secret], event_id=turn.id, body=body, at=at) if self.secret else {}
        return {"Content-Type": "application/json", "Accept": ACCEPT, "Idempotency-Key": turn.id, **signed}

    def _body(self, turn: Turn) -> dict[str, Any]:
        topics = [
            {"key": item.key, "name": item.name, "questions": item.questions, "content": item.content}
            for item in turn.topics
        ]
        return {
            "type": "turn",
            "turn_id": turn.id,
            "conversation_id": turn.conversation_id,
            "environment": turn.environment,
            "channel": turn.channel,
            "ai_name": turn.ai_name,
            "handoff_allowed": turn.can_hand_off,
            "messages": [{"role": role, "text": text} for role, text in turn.messages],
            "state": turn.state,
            **({"topics": topics} if self.settings.sends_topics else {}),
        }


def patience_of(settings: HttpSettings | OpenAiSettings) -> Patience:
    return Patience(settings.total_seconds, settings.connect_seconds, settings.first_byte_seconds)


def refuse_failure(answer: OpenAnswer) -> None:
    """Let a 2xx pass. Raises Permanent or Transient for what the status means; its body may hold anything and is not
    shown."""
    if answer.status // 100 == 2:
        return
    kind = Transient if answer.status in BUSY or answer.status >= 500 else Permanent
    raise kind(f"answered with status {answer.status}")


def read_answer(answer: OpenAnswer, listener: Listener) -> ReplyContent:
    """Read a reply in whatever form it comes. Raises Permanent for what is none."""
    try:
        if answer.media_type == EVENTS or answer.media_type in LINES:
            return _read_parts(_items(answer), listener)
        return read_reply(read_whole(answer))
    except (BadReply, StreamTooLong) as error:
        raise Permanent(str(error)) from error


def _items(answer: OpenAnswer) -> Iterator[str]:
    lines = read_lines(answer.chunks)
    if answer.media_type == EVENTS:
        return read_data(lines)
    return (text for line in lines if (text := line.strip(f"{RECORD_SEPARATOR} ")))


def _read_parts(items: Iterator[str], listener: Listener) -> ReplyContent:
    heard = ""
    for item in items:
        part = read_part(item)
        if isinstance(part, ReplyContent):
            return replace(part, text=part.text or heard)
        heard += part
        if len(heard) > LONGEST_TEXT:
            raise BadReply(f"the parts of the reply are longer than {LONGEST_TEXT} characters")
        listener.hear(part)
    raise Uncertain("the stream ended before its reply")


def read_whole(answer: OpenAnswer) -> bytes:
    """All of a body that is not streamed. Raises StreamTooLong."""
    received = bytearray()
    for chunk in answer.chunks:
        received += chunk
        if len(received) > WHOLE:
            raise StreamTooLong(f"the reply has more than {WHOLE} bytes")
    return bytes(received)


def reply_of(content: ReplyContent) -> Reply:
    if not content.text and content.handoff is None and not content.attachments:
        raise Permanent("the reply says nothing: it needs a text, an attachment or a handoff")
    return Reply(
        text=content.text,
        understood=content.understood,
        action=HandoffAction(**asdict(content.handoff)) if content.handoff else None,
        attachments=content.attachments,
        suggestions=content.response_suggestions,
        state=content.state,
    )
