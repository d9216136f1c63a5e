"""Every event a customer may see, encoded with all it may carry and with only what it must, is what is published."""

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from jsonschema import Draft7Validator

from conversations.domain.frame_schemas import client_schemas, server_schemas
from conversations.domain.frames import customer_frame, transient_frame
from conversations.domain.timeline import EVENT_TYPES, StoredEvent

AT = datetime(2026, 11, 21, 12, 7, tzinfo=UTC)
LINK = {"content_url": "https://a.example/", "content_type": "ATTACHMENT_CONTENT_TYPE_URL", "title": "Invoice"}
# A value for every field there is.
FULL: dict[str, Any] = {
    "agent": {"id": "7", "name": "Maya Okafor", "avatar_url": ""},
    "agent_avatar_url": "https://a.example/fern.png",
    "agent_id": "7",
    "agent_name": "Maya",
    "attachments": [LINK],
    "capabilities": {
        "streaming": True,
        "max_message_size_bytes": 131_072,
        "max_reconnect_attempts": 10,
        "heartbeat_interval_seconds": 30,
    },
    "chunk_index": 1,
    "estimated_wait_seconds": 120,
    "is_complete": True,
    "language_code": "pt-BR",
    "level": "SYSTEM_MESSAGE_LEVEL_INFO",
    "message": "One moment",
    "message_id": "01a1fbd3-364a-7010-b953-685fb600638c",
    "position_in_queue": 3,
    "queue_name": "Billing",
    "reason": "wait_limit",
    "response_suggestions": [{"message_text": "Yes"}],
    "route": "tel:+442079460123",
    "state": "TYPING_STATE_STARTED",
    "text": "Hello",
}
NARROWER = {
    "session.ended": {"reason": "REASON_NATURAL_END"},
    "handoff.client_required": {"reason": "POLICY"},
}
MUST = {
    "session.started": ("capabilities",),
    "session.ended": ("reason",),
    "customer.message": ("text",),
    "ai.joined": ("agent_name",),
    "ai.message": ("text",),
    "handoff.client_required": ("reason",),
    "human.joined": ("agent",),
    "human.message": ("text", "agent_id"),
    "system.message": ("level", "message"),
    "language.changed": ("language_code",),
    "ai.chunk": ("message_id", "text", "chunk_index", "is_complete"),
    "human.typing": ("state", "agent_id"),
    "system.notice": ("level", "message"),
}
NEVER_TOLD = {"customer.typing"}
PUBLIC = sorted(row.name for row in EVENT_TYPES.values() if row.public and row.name not in NEVER_TOLD)


def payload_of(name: str, fields: tuple[str, ...]) -> dict[str, Any]:
    """With something in it that is the staff's alone."""
    return {**{field: FULL[field] for field in fields}, **NARROWER.get(name, {}), "evidence": "secret", "now": {}}


def encode(name: str, payload: dict[str, Any]) -> dict[str, Any]:
    if not EVENT_TYPES[name].durable:
        return transient_frame(name, payload, at=AT)
    stored = StoredEvent(
        id=uuid.uuid4(), conversation_id=uuid.uuid4(), sequence=9, public_sequence=5, type=name, author="system",
        epoch=1, payload=payload, created_at=AT,
    )  # fmt: skip
    frame = customer_frame(stored)
    assert frame is not None
    return frame


@pytest.mark.parametrize("name", PUBLIC)
@pytest.mark.parametrize("extent", ["all", "least"])
def test_what_is_encoded_is_what_is_published(name, extent):
    fields = EVENT_TYPES[name].fields if extent == "all" else MUST.get(name, ())
    frame = encode(name, payload_of(name, fields))

    Draft7Validator(server_schemas()[frame["type"]]).validate(frame)
    assert "evidence" not in frame["payload"]


@pytest.mark.parametrize("name", sorted(MUST))
def test_what_must_be_there_is_missed(name):
    frame = encode(name, payload_of(name, MUST[name]))
    for field in MUST[name]:
        lacking = {**frame, "payload": {key: value for key, value in frame["payload"].items() if key != field}}
        assert not Draft7Validator(server_schemas()[frame["type"]]).is_valid(lacking), field


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"payload": {"text": "x", "message_id": FULL["message_id"], "evidence": "y"}}, "customer.message"),
        ({"sequence": None}, "customer.message"),
        ({"sequence": 5}, "ai.thinking"),
        ({"timestamp": "2026-11-21T12:07:00+00:00"}, "ai.thinking"),
        ({"metadata": {"custom": {"n": 1}}}, "ai.thinking"),
        ({"more": 1}, "ai.thinking"),
    ],
)
def test_a_schema_refuses_what_published_clients_do_not_expect(name, wrong):
    frame = encode(name, payload_of(name, EVENT_TYPES[name].fields))

    assert not Draft7Validator(server_schemas()[frame["type"]]).is_valid({**frame, **wrong})


@pytest.mark.parametrize(
    ("frame", "valid"),
    [
        ({"type": "EVENT_TYPE_USER_MESSAGE", "payload": {"text": "Hi"}, "id": "m-1", "metadata": {"custom": {}}}, True),
        ({"type": "EVENT_TYPE_USER_MESSAGE", "payload": {}}, False),
        ({"type": "EVENT_TYPE_USER_MESSAGE"}, False),
        ({"type": "EVENT_TYPE_HEARTBEAT"}, True),
        ({"type": "EVENT_TYPE_USER_TYPING", "payload": {"state": "TYPING"}}, False),
    ],
)
def test_what_a_client_may_send(frame, valid):
    assert Draft7Validator(client_schemas()[frame["type"]]).is_valid(frame) is valid
