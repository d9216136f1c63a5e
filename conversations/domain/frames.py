"""Frames: events as the customer's and the staff's sockets see them, and client frames as we read them.

Envelope: `{id, sequence, timestamp, type, payload, metadata?}` from the server, `{type, payload, id?, metadata?}`
from the client (Messaging API).
"""

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

import orjson

from conversations.domain.timeline import EVENT_TYPES, WIRE_PREFIX, Audience, EventType, StoredEvent

Frame = dict[str, Any]
MASK = "•••"
CUSTOMER = "customer"
CLIENT_TYPES = frozenset({"REQUEST_POLY_AGENT_JOIN", "USER_MESSAGE", "USER_TYPING", "USER_END_SESSION", "HEARTBEAT"})
TYPING_STATES = frozenset({"TYPING_STATE_STARTED", "TYPING_STATE_STOPPED"})
# Published names that stand in no row of the event table: containers.
OTHER_WIRE_NAMES = frozenset({"EVENT_BATCH"})
SERVER_WIRE_NAMES = OTHER_WIRE_NAMES | frozenset(row.wire for row in EVENT_TYPES.values() if row.wire)
BATCH_EVENTS, BATCH_BYTES = 100, 262_144  # many clients refuse a frame of more than 1 MB
CLIENT_ID_MAX = 80
EPOCH_MAX = 2**31 - 1
CURSOR_DIGITS = 9


class FrameRefused(ValueError):
    """A client frame that is not taken. The text is what the customer's client is told."""


UNREADABLE = "Unknown event type or invalid message format"


@dataclass(frozen=True, slots=True)
class ClientFrame:
    """A well-formed frame of the customer's client; `type` is without prefix."""

    type: str
    payload: Mapping[str, Any]
    client_id: str | None


def timestamp_of(at: datetime) -> str:
    """ISO 8601 in UTC with milliseconds, as `2026-11-21T12:07:00.000Z`."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def customer_frame(event: StoredEvent) -> Frame | None:
    """Encode a stored event for the customer; None when it is not the customer's to see."""
    row = EVENT_TYPES[event.type]
    if not row.public:
        return None
    payload = _customer_payload(row, event.payload)
    if row.is_message:
        payload["message_id"] = str(event.id)
    frame = _envelope(row, str(event.id), event.public_sequence, event.created_at, payload)
    if custom := _custom_metadata(event):
        frame["metadata"] = {"custom": custom}
    return frame


def transient_frame(type_name: str, payload: Mapping[str, Any], *, at: datetime) -> Frame:
    """Encode something that is not stored: no sequence, an id of its own."""
    row = EVENT_TYPES[type_name]
    return _envelope(row, str(uuid.uuid4()), None, at, _customer_payload(row, payload))


def staff_frame(event: StoredEvent, *, masked: bool) -> Frame:
    """Encode a stored event for the inbox; personal fields are hidden when masked."""
    row = EVENT_TYPES[event.type]
    payload = {
        name: MASK if masked and name in row.personal else value
        for name, value in event.payload.items()
        if name != "now"
    }
    return {
        "type": "event",
        "conversation_id": str(event.conversation_id),
        "event": {
            "id": str(event.id),
            "sequence": event.sequence,
            "public_sequence": event.public_sequence,
            "type": event.type,
            "author": event.author,
            "epoch": event.epoch,
            "at": timestamp_of(event.created_at),
            "payload": payload,
        },
    }


_FRAME_FOR: Mapping[Audience, Callable[[StoredEvent], Frame | None]] = {
    Audience.CUSTOMER: customer_frame,
    Audience.STAFF: partial(staff_frame, masked=False),
    Audience.STAFF_MASKED: partial(staff_frame, masked=True),
}


def batch_frame(frames: Sequence[Frame | orjson.Fragment], *, at: datetime) -> Frame:
    return {
        "id": str(uuid.uuid4()),
        "sequence": None,
        "timestamp": timestamp_of(at),
        "type": f"{WIRE_PREFIX}EVENT_BATCH",
        "payload": {"events": frames},
    }


def encode_batches(frames: Iterable[Frame], *, at: datetime) -> Iterator[str]:
    """Encode history as batches a client can swallow; one even when it is empty, so that a client knows it has
    everything. An event larger than a batch stands alone."""
    batch: list[orjson.Fragment] = []
    size = 0
    for frame in frames:
        text = orjson.dumps(frame)
        if batch and (len(batch) == BATCH_EVENTS or size + len(text) > BATCH_BYTES):
            yield encode(batch_frame(batch, at=at))
            batch, size = [], 0
        batch.append(orjson.Fragment(text))
        size += len(text)
    yield encode(batch_frame(batch, at=at))


def encode_for(audience: Audience, event: StoredEvent) -> str | None:
    """Encode an event as JSON text; None when that audience does not see it."""
    frame = _FRAME_FOR[audience](event)
    return encode(frame) if frame else None


def encode(frame: Mapping[str, Any]) -> str:
    return orjson.dumps(frame).decode()


def parse_client_frame(text: str) -> ClientFrame:
    """Read a client frame, or raise FrameRefused with the text the client is told."""
    try:
        frame = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise FrameRefused(UNREADABLE) from error
    if not isinstance(frame, dict) or not isinstance(frame.get("type"), str):
        raise FrameRefused(UNREADABLE)
    payload, client_id = frame.get("payload", {}), frame.get("id")
    if not isinstance(payload, dict) or not _is_client_id(client_id):
        raise FrameRefused(UNREADABLE)
    return ClientFrame(_client_type(frame["type"]), payload, client_id)


def parse_cursor(text: str) -> int:
    """Read a resume point: a public sequence, also as `seq:<n>`. Whatever cannot be read is 0, never refused."""
    digits = text.removeprefix("seq:")
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= CURSOR_DIGITS else 0


def message_text(frame: ClientFrame) -> str:
    """The text of a USER_MESSAGE; blank or missing text is refused."""
    text = frame.payload.get("text")
    # PostgreSQL's jsonb cannot hold NUL, and no text needs one.
    said = text.replace("\x00", "") if isinstance(text, str) else ""
    if not said.strip():
        raise FrameRefused("A message needs a text")
    return said


def typing_state(frame: ClientFrame) -> str:
    state = frame.payload.get("state")
    if not isinstance(state, str) or state not in TYPING_STATES:
        raise FrameRefused("A typing event needs the state TYPING_STATE_STARTED or TYPING_STATE_STOPPED")
    return state


def _client_type(full_name: str) -> str:
    name = full_name.removeprefix(WIRE_PREFIX)
    if not full_name.startswith(WIRE_PREFIX) or name not in CLIENT_TYPES | SERVER_WIRE_NAMES:
        raise FrameRefused(UNREADABLE)
    if name not in CLIENT_TYPES:
        raise FrameRefused(f"Event type not allowed: {full_name}")
    return name


def _is_client_id(value: object) -> bool:
    return value is None or (isinstance(value, str) and 0 < len(value) <= CLIENT_ID_MAX and value.isprintable())


def _custom_metadata(event: StoredEvent) -> dict[str, str]:
    """Our additions to published frames: strings only. A customer's own id of a message comes back with its echo."""
    echoed = {"client_id": event.client_id} if event.type == "customer.message" and event.client_id else {}
    return {**event.payload.get("custom", {}), **echoed}


def _customer_payload(row: EventType, payload: Mapping[str, Any]) -> dict[str, Any]:
    return {name: payload[name] for name in row.fields if payload.get(name) is not None}


def _envelope(row: EventType, frame_id: str, sequence: int | None, at: datetime, payload: dict[str, Any]) -> Frame:
    return {
        "id": frame_id,
        "sequence": sequence,
        "timestamp": timestamp_of(at),
        "type": f"{WIRE_PREFIX}{row.wire}",
        "payload": payload,
    }
