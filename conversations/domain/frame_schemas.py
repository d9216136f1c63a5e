"""JSON Schemas (draft 7) of every frame of the customer's socket, made from the event table.

A payload has the fields of its row and no others; FIELDS says what each looks like, REQUIRED which are always there.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from conversations.domain.attachments import CONTENT_TYPES, LONGEST
from conversations.domain.frames import CLIENT_ID_MAX, CLIENT_TYPES, TYPING_STATES
from conversations.domain.timeline import EVENT_TYPES, WIRE_PREFIX, EventType
from conversations.domain.vocabulary import EndReason

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
UUID: Schema = {"type": "string", "format": "uuid"}
INSTANT: Schema = {
    "type": "string",
    "format": "date-time",
    "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$",
    "description": "ISO 8601 in UTC with milliseconds",
}
TYPING: Schema = {"type": "string", "enum": sorted(TYPING_STATES)}
CUSTOM: Schema = {
    "type": "object",
    "properties": {"custom": {"type": "object", "additionalProperties": TEXT}},
    "required": ["custom"],
    "additionalProperties": False,
}


def closed(properties: Mapping[str, Schema], required: Iterable[str] = (), **more: Any) -> Schema:
    """An object with these properties and no others."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": sorted(required),
        "additionalProperties": False,
        **more,
    }


CAPABILITIES: Mapping[str, Schema] = {
    "streaming": {"type": "boolean", "description": "Answers may come in chunks: the session asked for it"},
    "max_message_size_bytes": {"type": "integer"},
    "max_reconnect_attempts": {"type": "integer"},
    "heartbeat_interval_seconds": {"type": "integer"},
}
ATTACHMENT: Mapping[str, Schema] = {
    **{name: {"type": "string", "maxLength": longest} for name, longest in LONGEST.items()},
    "content_type": {"type": "string", "enum": sorted(CONTENT_TYPES)},
}
AGENT: Mapping[str, Schema] = {"id": TEXT, "name": TEXT, "avatar_url": TEXT}

FIELDS: Mapping[str, Schema] = {
    "agent": closed(AGENT, AGENT),
    "agent_avatar_url": TEXT,
    "agent_id": TEXT,
    "agent_name": TEXT,
    "attachments": {"type": "array", "items": closed(ATTACHMENT, ["content_url", "content_type"])},
    "capabilities": closed(CAPABILITIES, CAPABILITIES),
    "chunk_index": {"type": "integer", "minimum": 1},
    "estimated_wait_seconds": {"type": "integer", "minimum": 1},
    "is_complete": {"type": "boolean"},
    "language_code": {"type": "string", "description": "BCP 47"},
    "level": {"type": "string", "enum": [f"SYSTEM_MESSAGE_LEVEL_{level}" for level in ("INFO", "WARNING", "ERROR")]},
    "message": TEXT,
    "message_id": UUID,
    "position_in_queue": {"type": "integer", "minimum": 1},
    "queue_name": TEXT,
    "reason": TEXT,
    "response_suggestions": {
        "type": "array",
        "items": closed({"message_text": TEXT, "payload": TEXT}, ["message_text"]),
    },
    "route": {"type": "string", "description": "Where the customer's app takes them: a deep link or an address"},
    "state": TYPING,
    "text": TEXT,
}
# Fields that mean something narrower in one event.
NARROWER: Mapping[str, Mapping[str, Schema]] = {
    "SESSION_END": {"reason": {"type": "string", "enum": sorted(reason.value for reason in EndReason)}},
    "CLIENT_HANDOFF_REQUIRED": {
        "reason": {"type": "string", "enum": ["AGENT_DECISION", "COMPLEX_QUERY", "POLICY"]},
    },
}
REQUIRED: Mapping[str, tuple[str, ...]] = {
    "SESSION_START": ("capabilities",),
    "SESSION_END": ("reason",),
    "POLY_AGENT_JOINED": ("agent_name",),
    "POLY_AGENT_MESSAGE_CHUNK": ("message_id", "text", "chunk_index", "is_complete"),
    "CLIENT_HANDOFF_REQUIRED": ("reason",),
    "LIVE_AGENT_JOINED": ("agent",),
    "LIVE_AGENT_MESSAGE": ("agent_id",),
    "LIVE_AGENT_TYPING": ("state", "agent_id"),
    "SYSTEM_MESSAGE": ("level", "message"),
    "LANGUAGE_CHANGED": ("language_code",),
}
# What a client sends, by type: properties and which of them are needed.
CLIENT_PAYLOADS: Mapping[str, tuple[Mapping[str, Schema], tuple[str, ...]]] = {
    "REQUEST_POLY_AGENT_JOIN": ({}, ()),
    "USER_MESSAGE": ({"text": {"type": "string", "minLength": 1}}, ("text",)),
    "USER_TYPING": ({"state": TYPING}, ("state",)),
    "USER_END_SESSION": ({}, ()),
    "HEARTBEAT": ({}, ()),
}
# Transient, and told to staff only.
NEVER_SENT = frozenset({"USER_TYPING"})


def server_schemas() -> dict[str, Schema]:
    """The schema of every frame a customer's client may get, by its type with prefix; the batch holds the others."""
    rows: dict[str, list[EventType]] = {}
    for row in EVENT_TYPES.values():
        if row.wire and row.wire not in NEVER_SENT:
            rows.setdefault(row.wire, []).append(row)
    schemas = {f"{WIRE_PREFIX}{wire}": _server_schema(wire, same) for wire, same in rows.items()}
    batch = f"{WIRE_PREFIX}EVENT_BATCH"
    events: Schema = {"type": "array", "items": {"anyOf": list(schemas.values())}}
    return {**schemas, batch: _envelope(batch, {"type": "null"}, closed({"events": events}, ["events"]))}


def client_schemas() -> dict[str, Schema]:
    """The schema of every frame a client may send, by its type with prefix. Unknown fields are passed over."""
    return {f"{WIRE_PREFIX}{name}": _client_schema(name) for name in sorted(CLIENT_TYPES)}


def _server_schema(wire: str, rows: list[EventType]) -> Schema:
    fields = {name for row in rows for name in row.fields}
    required = set(REQUIRED.get(wire, ()))
    if any(row.is_message for row in rows):
        fields, required = fields | {"message_id"}, required | {"message_id", "text"}
    narrower = NARROWER.get(wire, {})
    payload = closed({name: narrower.get(name, FIELDS[name]) for name in sorted(fields)}, required)
    return _envelope(f"{WIRE_PREFIX}{wire}", _sequence_schema(rows), payload)


def _sequence_schema(rows: list[EventType]) -> Schema:
    """Numbered what is stored, null what is not; an answer's last chunk stands for the stored message."""
    durable = {row.durable for row in rows} | ({True} if rows[0].name == "ai.chunk" else set())
    kinds = [kind for kind, is_it in (("integer", True in durable), ("null", False in durable)) if is_it]
    return {"type": kinds if len(kinds) > 1 else kinds[0]}


def _envelope(type_name: str, sequence: Schema, payload: Schema) -> Schema:
    properties = {
        "id": UUID,
        "sequence": sequence,
        "timestamp": INSTANT,
        "type": {"const": type_name},
        "payload": payload,
        "metadata": CUSTOM,
    }
    return closed(properties, properties.keys() - {"metadata"})


def _client_schema(name: str) -> Schema:
    properties, required = CLIENT_PAYLOADS[name]
    payload = {"type": "object", "properties": dict(properties), "required": list(required)}
    return {
        "type": "object",
        "properties": {
            "type": {"const": f"{WIRE_PREFIX}{name}"},
            "payload": payload,
            "id": {
                "type": "string",
                "minLength": 1,
                "maxLength": CLIENT_ID_MAX,
                "description": "The client's own id of a message: sent again, it is the same message",
            },
            "metadata": CUSTOM,
        },
        "required": ["type", *(["payload"] if required else [])],
    }
