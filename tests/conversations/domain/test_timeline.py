"""The event table agrees with itself and with the published interface."""

from collections import Counter

import pytest

from conversations.domain.frames import CLIENT_TYPES
from conversations.domain.timeline import EVENT_TYPES
from conversations.outbox import TOPICS

# Events a client gets or sends, as published.
PUBLISHED = {
    "SESSION_START",
    "SESSION_END",
    "SESSION_IDLE_WARNING",
    "POLY_AGENT_JOINED",
    "POLY_AGENT_THINKING",
    "POLY_AGENT_MESSAGE",
    "POLY_AGENT_MESSAGE_CHUNK",
    "POLY_AGENT_LEFT",
    "POLY_AGENT_TRIGGERED_HANDOFF",
    "HANDOFF_ACCEPTED",
    "HANDOFF_QUEUE_STATUS",
    "HANDOFF_FAILED",
    "HANDOFF_TIMEOUT",
    "CLIENT_HANDOFF_REQUIRED",
    "LIVE_AGENT_JOINED",
    "LIVE_AGENT_TYPING",
    "LIVE_AGENT_MESSAGE",
    "LIVE_AGENT_LEFT",
    "SYSTEM_MESSAGE",
    "LANGUAGE_CHANGED",
    "REQUEST_POLY_AGENT_JOIN",
    "USER_MESSAGE",
    "USER_TYPING",
    "USER_END_SESSION",
    "HEARTBEAT",
}
# The column that holds the name.
LONGEST_NAME = 40


def test_every_name_leads_to_its_own_row():
    assert all(EVENT_TYPES[name].name == name for name in EVENT_TYPES)
    assert max(map(len, EVENT_TYPES)) <= LONGEST_NAME


def test_nothing_the_customer_sees_may_follow_the_end():
    assert [row.name for row in EVENT_TYPES.values() if row.public and row.after_end] == []


def test_a_wire_name_stands_for_one_durable_event_at_most():
    counts = Counter(row.wire for row in EVENT_TYPES.values() if row.durable and row.wire)

    assert {wire: count for wire, count in counts.items() if count > 1} == {}


@pytest.mark.parametrize("wire", sorted(row.wire for row in EVENT_TYPES.values() if row.wire and not row.durable))
def test_what_is_both_stored_and_transient_says_the_same_fields(wire):
    fields = {row.fields for row in EVENT_TYPES.values() if row.wire == wire}

    assert len(fields) == 1


def test_nothing_is_invented_under_the_published_prefix():
    assert {row.wire for row in EVENT_TYPES.values() if row.wire} == PUBLISHED


def test_every_client_event_has_its_row():
    assert CLIENT_TYPES <= PUBLISHED


def test_whatever_carries_words_is_personal():
    with_words = {row.name for row in EVENT_TYPES.values() if row.is_message}

    assert {row.name for row in EVENT_TYPES.values() if "text" in row.personal} == with_words | {
        "note.added",
        "human.whispered",
    }


def test_only_stored_events_set_off_work():
    assert all(EVENT_TYPES[name].durable for name in TOPICS)
