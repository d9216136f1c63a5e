"""JSON Schemas (draft 7) of the frames of the inbox socket, in its JSON form. Rows and counts may grow fields."""

from collections.abc import Iterable, Mapping
from typing import Any

from conversations.domain.frame_schemas import INSTANT, TEXT, TYPING, UUID, closed
from conversations.domain.timeline import EVENT_TYPES
from conversations.domain.vocabulary import OwnerKind
from handoffs.domain.inbox import RowState, View

Schema = dict[str, Any]

NUMBER: Schema = {"type": "integer", "minimum": 0}
VIEW: Schema = {"type": "string", "enum": sorted(view.value for view in View)}
MAYBE_INSTANT: Schema = {"anyOf": [INSTANT, {"type": "null"}]}
COUNTS: Schema = {"type": "object", "additionalProperties": NUMBER}


def growing(properties: Mapping[str, Schema], required: Iterable[str]) -> Schema:
    """An object that has at least these."""
    return {"type": "object", "properties": dict(properties), "required": sorted(required)}


OWNER = {"kind": {"type": "string", "enum": sorted(kind.value for kind in OwnerKind)}, "id": TEXT, "name": TEXT}
ROW = {
    "conversation_id": UUID,
    "sequence": NUMBER,
    "epoch": {"type": "integer", "minimum": 1},
    "name": TEXT,
    "channel": TEXT,
    "environment": TEXT,
    "state": {"type": "string", "enum": sorted(state.value for state in RowState)},
    "owner": growing(OWNER, OWNER),
    "owner_since": MAYBE_INSTANT,
    "mine": {"type": "boolean"},
    "queue": growing({"key": TEXT, "name": TEXT}, ["key", "name"]),
    "reason": TEXT,
    "waiting_since": MAYBE_INSTANT,
    "last_event": {"anyOf": [growing({"author": TEXT, "text": TEXT, "at": INSTANT}, ["text"]), {"type": "null"}]},
}
OFFER = {
    "id": UUID,
    "conversation_id": UUID,
    "name": TEXT,
    "offered_at": INSTANT,
    "expires_at": INSTANT,
    "waiting_since": MAYBE_INSTANT,
    "queue": growing({"key": TEXT, "name": TEXT}, ["key", "name"]),
    "reason": TEXT,
}
WRAP_UP = {"conversation_id": UUID, "name": TEXT, "until": INSTANT}
EVENT = {
    "id": UUID,
    "sequence": {"type": "integer", "minimum": 1},
    "public_sequence": {"type": ["integer", "null"]},
    "type": {"type": "string", "enum": sorted(row.name for row in EVENT_TYPES.values() if row.durable)},
    "author": TEXT,
    "epoch": NUMBER,
    "at": INSTANT,
    "payload": {"type": "object"},
}


def inbox_server_schemas() -> dict[str, Schema]:
    """What a script's socket may get, by type."""
    row, event = growing(ROW, ROW), closed(EVENT, EVENT)
    return {
        "list": _frame("list", view=VIEW, rows={"type": "array", "items": row}, counts=COUNTS),
        "row": _frame("row", view=VIEW, row=row),
        "row_gone": _frame("row_gone", conversation_id=UUID, sequence=NUMBER),
        "counts": _frame("counts", counts=COUNTS),
        "agent": _frame(
            "agent",
            presence=growing({"state": TEXT, "reason": TEXT, "since": MAYBE_INSTANT}, ["state"]),
            load=NUMBER,
            capacity=NUMBER,
            offers={"type": "array", "items": growing(OFFER, OFFER)},
            wrap_ups={"type": "array", "items": growing(WRAP_UP, WRAP_UP)},
        ),
        "event": _frame("event", conversation_id=UUID, event=event),
        "typing": _frame("typing", _optional={"name": TEXT}, conversation_id=UUID, author=TEXT, state=TYPING),
        "error": _frame("error", error=TEXT, detail=TEXT),
    }


def inbox_client_schemas() -> dict[str, Schema]:
    """What a script may send, by type."""
    return {
        "view": _frame("view", view=VIEW),
        "open": _frame("open", _optional={"after": NUMBER}, conversation_id=UUID),
        "close": _frame("close"),
        "typing": _frame("typing", _optional={"state": TYPING}, epoch={"type": "integer"}),
    }


def _frame(type_name: str, _optional: Mapping[str, Schema] | None = None, **fields: Schema) -> Schema:
    needed = {"type": {"const": type_name}, **fields}
    return closed({**needed, **(_optional or {})}, needed)
