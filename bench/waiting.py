"""Customers who wait, by the thousand: copies of one row of each table, made by the database."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cache

import psycopg

from bench.ours import connector, create_conversations
from bench.scenario import Faults
from conversations.models import Conversation, Deadline
from conversations.models.ids import new_id
from handoffs.models import Handoff, QueueEntry
from handoffs.services.releases import freeze_working_copy

LONG_AGO, NEVER = datetime(2026, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
PAYLOAD = {"name": "Ada Larsson", "account": "SE-4471", "problem": "The invoice of May was charged twice"}
COPY = """
INSERT INTO {table} SELECT r.*
  FROM unnest(%(conversations)s::uuid[], %(handoffs)s::uuid[], %(deadlines)s::uuid[], %(due)s::timestamptz[])
       AS i(conversation, handoff, deadline, due), {table} t, jsonb_populate_record(t, jsonb_build_object({columns})) r
 WHERE {key} = %(template)s
"""
COPIES = {
    "conversation": ("t.id", "'id', i.conversation, 'handoff_id', i.handoff, 'shared_id', 'call-' || i.conversation"),
    "handoff": ("t.conversation_id", "'id', i.handoff, 'conversation_id', i.conversation"),
    "queue_entry": ("t.conversation_id", "'handoff_id', i.handoff, 'conversation_id', i.conversation"),
    "deadline": (
        "t.conversation_id",
        "'id', i.deadline, 'conversation_id', i.conversation, 'subject_id', i.handoff, 'due_at', i.due",
    ),
}
FIRED = """
SELECT count(*) FILTER (WHERE h.state = 'queued'), coalesce(sum(greatest(0, c.last_sequence - 1)), 0),
       count(*) FILTER (WHERE h.state <> 'queued' AND c.last_sequence = 0)
  FROM conversation c JOIN handoff h ON h.conversation_id = c.id AND h.id = ANY(%s)
"""


@cache
def idle_template() -> uuid.UUID:
    """A conversation that nobody waits for, and the instant at which it counts as abandoned."""
    (conversation_id,) = create_conversations(1)
    Deadline.objects.create(conversation_id=conversation_id, kind="idle", subject_id=conversation_id, due_at=NEVER)
    return conversation_id


@cache
def waiting_template() -> uuid.UUID:
    """A conversation that waits in a queue for as long as anybody cares; the others are copies of it."""
    (conversation_id,) = create_conversations(1)
    project = connector().project
    handoff = Handoff.objects.create(
        conversation_id=conversation_id, project=project, environment="live", state="queued", trigger="api",
        reason="billing", utterance="I want a human", snapshot_hash=freeze_working_copy(project=project).hash,
        queue_key="billing", data=PAYLOAD, initiated_at=LONG_AGO, accepted_at=LONG_AGO,
        history=[{"state": state, "at": LONG_AGO.isoformat()} for state in ("initiated", "requested", "queued")],
    )  # fmt: skip
    QueueEntry.objects.create(
        handoff=handoff, conversation_id=conversation_id, project=project, environment="live", queue_key="billing",
        entered_at=LONG_AGO,
    )  # fmt: skip
    Deadline.objects.create(
        conversation_id=conversation_id,
        kind="wait_limit",
        subject_id=handoff.pk,
        due_at=NEVER,
    )
    Conversation.objects.filter(pk=conversation_id).update(
        owner_kind="queue", owner_id="billing", queue_key="billing", handoff_id=handoff.pk, handoff_state="queued",
        reason="billing", utterance="I want a human", waiting_since=LONG_AGO,
    )  # fmt: skip
    return conversation_id


def create_waiting(connection: psycopg.Connection, due: Sequence[datetime]) -> list[uuid.UUID]:
    """Make a waiting customer for each of these instants, at which the patience ends; return their handoffs' ids."""
    return _copy(connection, due, waiting_template(), COPIES)


def create_idle(connection: psycopg.Connection, due: Sequence[datetime]) -> None:
    """Make an open conversation for each of these instants, at which it counts as abandoned."""
    _copy(connection, due, idle_template(), ("conversation", "deadline"))


def _copy(
    connection: psycopg.Connection, due: Sequence[datetime], template: uuid.UUID, tables: Iterable[str]
) -> list[uuid.UUID]:
    values = {name: [new_id() for _ in due] for name in ("conversations", "handoffs", "deadlines")}
    for table in tables:
        key, columns = COPIES[table]
        statement = COPY.format(table=table, key=key, columns=columns)
        connection.execute(statement, {**values, "due": list(due), "template": template})
    return values["handoffs"]


def faults_of(connection: psycopg.Connection, handoffs: Sequence[uuid.UUID]) -> Faults:
    """Waits that were not fired, fired more than once, or fired without their event."""
    lost, doubled, silent = connection.execute(FIRED, [list(handoffs)]).fetchone()
    return Faults(lost=lost + silent, doubled=int(doubled))
