"""Conversations by the hundred: copies of one, with its events, its handoff and all that hangs on them, made by the
database. The one they are copied from was made by the services; a copy differs in its ids alone."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection

from conversations.models import Conversation, Deadline, Event
from conversations.models.ids import new_id
from handoffs.models import Assignment, Handoff, QueueEntry, TurnLease

COPY = """
INSERT INTO {table} SELECT r.*
  FROM unnest(%(conversations)s::uuid[], %(handoffs)s::uuid[]) AS i(conversation, handoff), {table} t,
       jsonb_populate_record(t, jsonb_build_object({columns})) r
 WHERE t.{key} = %(original)s
"""
OF_BOTH = "'conversation_id', i.conversation, 'handoff_id', i.handoff"
SUBJECT = "CASE WHEN t.subject_id = t.conversation_id THEN i.conversation ELSE i.handoff END"
# Every table that knows a conversation, with what is another's in a copy; parents first.
TABLES = [
    (
        Conversation,
        "id",
        "'id', i.conversation, 'shared_id', t.shared_id || '-' || i.conversation,"
        " 'handoff_id', CASE WHEN t.handoff_id IS NULL THEN NULL ELSE i.handoff END",
    ),
    (Handoff, "conversation_id", "'id', i.handoff, 'conversation_id', i.conversation"),
    (Event, "conversation_id", "'id', gen_random_uuid(), 'conversation_id', i.conversation"),
    (QueueEntry, "conversation_id", OF_BOTH),
    (Assignment, "conversation_id", f"'id', gen_random_uuid(), {OF_BOTH}"),
    (TurnLease, "conversation_id", "'conversation_id', i.conversation"),
    (
        Deadline,
        "conversation_id",
        f"'id', gen_random_uuid(), 'conversation_id', i.conversation, 'subject_id', {SUBJECT}",
    ),
]
STATEMENTS = [COPY.format(table=model._meta.db_table, columns=columns, key=key) for model, key, columns in TABLES]


class Ids(NamedTuple):
    """A copy's own."""

    conversation: uuid.UUID
    handoff: uuid.UUID


@dataclass(frozen=True, slots=True)
class Talk:
    """What a call needs to know of a conversation."""

    id: str
    epoch: int
    shared_id: str
    handoff_id: str


def copy_conversation(original: Conversation, *, number: int) -> list[Talk]:
    """The original has one handoff at most."""
    original.refresh_from_db()
    copies = [Ids(new_id(), new_id()) for _ in range(number)]
    _insert(original, copies)
    return [
        Talk(str(each.conversation), original.epoch, f"{original.shared_id}-{each.conversation}", str(each.handoff))
        for each in copies
    ]


def _insert(original: Conversation, copies: Sequence[Ids]) -> None:
    conversations, handoffs = zip(*copies, strict=True)
    named = {"original": original.pk, "conversations": list(conversations), "handoffs": list(handoffs)}
    with connection.cursor() as cursor:
        for statement in STATEMENTS:
            cursor.execute(statement, named)
