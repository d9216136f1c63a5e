"""Client frames as they are read, and events as each audience sees them."""

import json
import uuid
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.domain.frames import (
    CLIENT_TYPES,
    MASK,
    SERVER_WIRE_NAMES,
    TYPING_STATES,
    UNREADABLE,
    ClientFrame,
    FrameRefused,
    batch_frame,
    customer_frame,
    encode_batches,
    encode_for,
    message_text,
    parse_client_frame,
    parse_cursor,
    staff_frame,
    timestamp_of,
    transient_frame,
    typing_state,
)
from conversations.domain.timeline import EVENT_TYPES, Audience, StoredEvent

AT = datetime(2026, 11, 21, 12, 7, 0, 123_456, tzinfo=UTC)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inside: st.lists(inside) | st.dictionaries(st.text(), inside),
    max_leaves=8,
)
TYPE_NAMES = st.sampled_from([f"EVENT_TYPE_{name}" for name in sorted(CLIENT_TYPES | SERVER_WIRE_NAMES)]) | st.text()
PAYLOAD = st.fixed_dictionaries({}, optional={"text": JSON, "state": JSON, "other": JSON})
CONTENT = st.fixed_dictionaries(
    {}, optional={"type": TYPE_NAMES | JSON, "payload": PAYLOAD | JSON, "id": JSON, "metadata": JSON}
)


def by_audience(event: StoredEvent) -> dict[str, str | None]:
    return {audience.value: encode_for(audience, event) for audience in Audience}


def stored(name: str, payload: dict | None = None, **more) -> StoredEvent:
    fields = {
        "id": uuid.UUID(int=7),
        "conversation_id": uuid.UUID(int=9),
        "sequence": 5,
        "public_sequence": 3 if EVENT_TYPES[name].public else None,
        "type": name,
        "author": "customer",
        "epoch": 2,
        "payload": payload or {},
        "created_at": AT,
    }
    return StoredEvent(**{**fields, **more})


def refusal(text: str) -> str:
    with pytest.raises(FrameRefused) as refused:
        parse_client_frame(text)
    return str(refused.value)


def frame(payload: dict) -> ClientFrame:
    return ClientFrame("USER_MESSAGE", payload, None)


# --- reading ---------------------------------------------------------------------------------


@given(st.text())
def test_any_text_is_a_frame_or_is_refused(text):
    with suppress(FrameRefused):
        assert parse_client_frame(text).type in CLIENT_TYPES


@given(CONTENT)
def test_any_json_object_is_a_frame_or_is_refused(content):
    with suppress(FrameRefused):
        assert parse_client_frame(json.dumps(content)).type in CLIENT_TYPES


@given(PAYLOAD)
def test_any_payload_has_words_and_a_state_or_is_refused(payload):
    with suppress(FrameRefused):
        assert message_text(frame(payload)).strip()
    with suppress(FrameRefused):
        assert typing_state(frame(payload)) in TYPING_STATES


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "{",
        "null",
        "7",
        "[]",
        "{}",
        '{"type": null}',
        '{"type": 7}',
        '{"type": ["EVENT_TYPE_HEARTBEAT"]}',
        '{"type": "HEARTBEAT"}',
        '{"type": "EVENT_TYPE_"}',
        '{"type": "EVENT_TYPE_DANCE", "payload": {}}',
        '{"type": "event_type_heartbeat", "payload": {}}',
        '{"type": "EVENT_TYPE_HEARTBEAT", "payload": []}',
        '{"type": "EVENT_TYPE_HEARTBEAT", "payload": null}',
        '{"type": "EVENT_TYPE_USER_MESSAGE", "payload": "hello"}',
        '{"type": "EVENT_TYPE_USER_MESSAGE", "payload": {"text": "\\ud800"}}',
        '{"type": "EVENT_TYPE_HEARTBEAT", "payload": {}, "id": 7}',
        '{"type": "EVENT_TYPE_HEARTBEAT", "payload": {}, "id": ""}',
        '{"type": "EVENT_TYPE_HEARTBEAT", "payload": {}, "id": "a\\u0000b"}',
        '{"type": "EVENT_TYPE_HEARTBEAT", "payload": {}, "id": "' + "x" * 81 + '"}',
        "[" * 5000,
    ],
)
def test_what_cannot_be_read_is_told_so_in_the_published_words(text):
    assert refusal(text) == "Unknown event type or invalid message format" == UNREADABLE


@pytest.mark.parametrize("name", sorted(SERVER_WIRE_NAMES - CLIENT_TYPES))
def test_a_servers_event_is_known_but_not_a_clients_to_send(name):
    text = json.dumps({"type": f"EVENT_TYPE_{name}", "payload": {}})

    assert refusal(text) == f"Event type not allowed: EVENT_TYPE_{name}"


@pytest.mark.parametrize("name", sorted(CLIENT_TYPES))
def test_the_five_published_client_events_are_taken(name):
    text = json.dumps({"type": f"EVENT_TYPE_{name}", "payload": {"text": "hi"}, "id": "m-1", "metadata": {}})

    assert parse_client_frame(text) == ClientFrame(name, {"text": "hi"}, "m-1")


def test_payload_and_id_may_be_left_out():
    assert parse_client_frame('{"type": "EVENT_TYPE_HEARTBEAT"}') == ClientFrame("HEARTBEAT", {}, None)


@pytest.mark.parametrize("text", [None, 7, "", "  \n", "\x00", " \x00 ", ["hi"]])
def test_a_message_without_words_is_refused(text):
    with pytest.raises(FrameRefused, match="A message needs a text"):
        message_text(frame({"text": text}))


def test_a_message_keeps_its_words_as_they_were_typed_but_for_nul():
    assert message_text(frame({"text": "  Ünï\x00 👩‍👧\n"})) == "  Ünï 👩‍👧\n"


@pytest.mark.parametrize("state", [None, "STARTED", "TYPING_STATE_", 1, ["TYPING_STATE_STARTED"], {}])
def test_typing_needs_one_of_its_two_states(state):
    with pytest.raises(FrameRefused, match="TYPING_STATE_STARTED or TYPING_STATE_STOPPED"):
        typing_state(frame({"state": state}))


@pytest.mark.parametrize(
    ("text", "cursor"),
    [("", 0), ("0", 0), ("17", 17), ("seq:17", 17), ("-1", 0), ("1.5", 0), ("seventeen", 0), ("²", 0), ("9" * 40, 0)],
)
def test_a_cursor_is_a_number_and_anything_else_is_the_beginning(text, cursor):
    assert parse_cursor(text) == cursor


@given(st.text())
def test_any_cursor_is_a_number(text):
    assert parse_cursor(text) >= 0


# --- telling ---------------------------------------------------------------------------------


def test_a_message_reaches_the_customer_with_its_public_number_and_message_id():
    event = stored("customer.message", {"text": "Hi"}, client_id="m-1")

    assert customer_frame(event) == {
        "id": str(event.id),
        "sequence": 3,
        "timestamp": "2026-11-21T12:07:00.123Z",
        "type": "EVENT_TYPE_USER_MESSAGE",
        "payload": {"text": "Hi", "message_id": str(event.id)},
        "metadata": {"custom": {"client_id": "m-1"}},
    }


def test_the_customer_gets_the_fields_of_the_table_and_no_other():
    payload = {"text": "Two days", "agent_name": "Fern", "topic": "delivery", "confidence": 0.91, "now": {"epoch": 4}}

    shown = customer_frame(stored("ai.message", payload, author="ai"))["payload"]

    assert shown == {"text": "Two days", "agent_name": "Fern", "message_id": str(uuid.UUID(int=7))}


def test_our_additions_travel_in_custom_metadata_only():
    payload = {"custom": {"handoff_id": "h", "reason": "needs_human"}, "evidence": {"text": "a person"}}

    told = customer_frame(stored("handoff.triggered", payload, author="system"))

    assert (told["payload"], told["metadata"]) == ({}, {"custom": {"handoff_id": "h", "reason": "needs_human"}})


@pytest.mark.parametrize("name", [row.name for row in EVENT_TYPES.values() if not row.public])
def test_what_is_staffs_never_reaches_the_customer(name):
    assert customer_frame(stored(name, {"text": "x"})) is None
    assert encode_for(Audience.CUSTOMER, stored(name, {"text": "x"})) is None


def test_staff_see_every_field_but_the_projection():
    told = staff_frame(stored("ai.message", {"text": "Hi", "topic": "t", "now": {"epoch": 4}}), masked=False)

    assert (told["type"], told["conversation_id"]) == ("event", str(uuid.UUID(int=9)))
    assert told["event"]["payload"] == {"text": "Hi", "topic": "t"}
    assert (told["event"]["sequence"], told["event"]["public_sequence"], told["event"]["epoch"]) == (5, 3, 2)


@pytest.mark.parametrize("row", [row for row in EVENT_TYPES.values() if row.personal], ids=lambda row: row.name)
def test_personal_fields_are_masked_for_staff_who_may_not_see_them(row):
    secret = "my secret words"
    payload = {name: {"text": secret} if name in ("evidence", "custom") else secret for name in row.personal}
    texts = by_audience(stored(row.name, {**payload, "kind": "open"}))

    assert secret in texts["staff"]
    assert secret not in texts["staff_masked"]
    assert json.loads(texts["staff_masked"])["event"]["payload"] == {
        **dict.fromkeys(row.personal, MASK),
        "kind": "open",
    }


def test_the_words_that_set_off_a_handoff_are_the_customers_own_and_masked():
    secret = "my bill is wrong, get me a person"
    payload = {"reason": "needs_human", "evidence": {"text": secret, "score": 0.97}, "custom": {"summary": secret}}

    texts = by_audience(stored("handoff.triggered", payload, author="system"))

    assert secret not in texts["staff_masked"]
    assert json.loads(texts["staff_masked"])["event"]["payload"]["reason"] == "needs_human"


def test_what_is_transient_has_no_sequence_and_an_id_of_its_own():
    one, two = (transient_frame("ai.thinking", {}, at=AT) for _ in range(2))

    assert (one["sequence"], one["type"]) == (None, "EVENT_TYPE_POLY_AGENT_THINKING")
    assert one["id"] != two["id"]


def test_a_batch_holds_its_frames_in_order():
    frames = [customer_frame(stored("customer.message", {"text": str(n)}, public_sequence=n)) for n in (1, 2)]

    batch = batch_frame(frames, at=AT)

    assert (batch["type"], batch["sequence"]) == ("EVENT_TYPE_EVENT_BATCH", None)
    assert [item["sequence"] for item in batch["payload"]["events"]] == [1, 2]


def batches_of(texts: list[str]) -> list[list[int]]:
    frames = [customer_frame(stored("ai.message", {"text": text}, public_sequence=n)) for n, text in enumerate(texts)]
    batches = [json.loads(batch) for batch in encode_batches(frames, at=AT)]
    return [[event["sequence"] for event in batch["payload"]["events"]] for batch in batches]


def test_history_without_events_is_one_empty_batch():
    assert batches_of([]) == [[]]


@given(st.lists(st.sampled_from([0, 10, 40_000, 131_000, 300_000]), max_size=220))
@settings(max_examples=30, deadline=None)
def test_batches_hold_everything_in_order_and_none_is_too_large(sizes):
    batches = batches_of(["x" * size for size in sizes])

    assert [number for batch in batches for number in batch] == list(range(len(sizes)))
    assert all(len(batch) <= 100 for batch in batches)
    assert all(len(batch) == 1 or sum(sizes[number] for number in batch) <= 262_144 for batch in batches if batch)


def test_timestamps_are_utc_with_milliseconds():
    in_paris = datetime(2026, 11, 21, 13, 7, tzinfo=timezone(timedelta(hours=1)))

    assert timestamp_of(in_paris) == "2026-11-21T12:07:00.000Z"
