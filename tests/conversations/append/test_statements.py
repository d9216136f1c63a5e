"""ONE and MANY: two texts, one meaning."""

import uuid

import psycopg
import pytest
from django.db import transaction
from django.utils import timezone

from conversations.append.statements import MANY, ONE, batch_of, parameters_of
from conversations.database import connection_parameters
from conversations.database.lane import SETTINGS
from conversations.domain.timeline import EVENT_TYPES, NewEvent
from conversations.models import Conversation, Event, OutboxEntry
from conversations.outbox import TOPICS
from conversations.services.ownership import lock_conversation
from conversations.services.sessions import open_session

pytestmark = pytest.mark.django_db(transaction=True)
OWNERS = ("ai", "queue", "human", "desk", "none", "ticket")


def said(text: str, client_id: str | None = None) -> NewEvent:
    return NewEvent("customer.message", "customer", {"text": text}, client_id=client_id)


def timeline(conversation_id) -> list[tuple]:
    rows = Event.objects.filter(conversation_id=conversation_id).order_by("sequence")
    return list(rows.values_list("sequence", "public_sequence", "type", "author", "client_id", "epoch", "payload"))


def entries_of(conversation_id) -> list[tuple]:
    rows = OutboxEntry.objects.filter(conversation_id=conversation_id).order_by("id")
    return list(rows.values_list("topic", "sequence", "epoch"))


@pytest.fixture
def outside(db):
    """A connection of its own, as a lane has one."""
    with psycopg.connect(**connection_parameters(), autocommit=True) as conn:
        yield conn


def as_text(rows) -> dict[str, str]:
    return {"rows": batch_of(rows)["rows"].decode()}


def owned_by(connector, owner: str) -> Conversation:
    talk = open_session(connector=connector, options={})
    kind = "queue" if owner in ("queue", "ticket") else owner
    waiting = timezone.now() if owner == "queue" else None
    Conversation.objects.filter(pk=talk.pk).update(owner_kind=kind, waiting_since=waiting, epoch=4)
    return talk


def one_by_one(outside, talk, events) -> list:
    """Each through ONE: its numbers, or None when no row matched."""
    found = []
    for event in events:
        try:
            found.append(outside.execute(ONE, parameters_of(talk.pk, event)).fetchone())
        except psycopg.errors.UniqueViolation:
            found.append(None)
    return [row and row[:4] for row in found]


def all_at_once(outside, talk, events) -> list:
    rows = outside.execute(MANY, as_text([parameters_of(talk.pk, event) for event in events])).fetchall()
    assert all((row[-1] == "ok") == (row[0] is not None) for row in rows)
    return [tuple(row[:4]) if row[0] else None for row in rows]


@pytest.mark.parametrize("ended", [False, True], ids=["open", "ended"])
@pytest.mark.parametrize("holder", OWNERS)
def test_both_statements_number_store_refuse_and_promise_the_same(release, connector, outside, holder, ended):
    durable = [row.name for row in EVENT_TYPES.values() if row.durable]
    events = [
        *(NewEvent(name, "customer", {"text": "Ä ✓", "list": [1, None, 0.5]}) for name in durable),
        *(NewEvent("human.message", "user:7", {"text": str(epoch)}, epoch=epoch) for epoch in (3, 4, 5)),
        *(said(text, "m-1") for text in ("First", "Again")),
        NewEvent("note.added", "user:7", {"text": "Another's"}, client_id="m-1"),
    ]
    one, many = owned_by(connector, holder), owned_by(connector, holder)
    if ended:
        Conversation.objects.filter(pk__in=[one.pk, many.pk]).update(ended_at=timezone.now())

    results = one_by_one(outside, one, events), all_at_once(outside, many, events)
    # And once more: what was stored under a client id is a repeat now.
    again = one_by_one(outside, one, events[-3:]), all_at_once(outside, many, events[-3:])

    assert results[0] == results[1]
    assert again[0] == again[1] == [None] * 3
    assert timeline(one.pk) == timeline(many.pk)
    assert entries_of(one.pk) == entries_of(many.pk)
    promised = {entry[0] for entry in entries_of(many.pk)}
    assert promised == (set() if ended else {topics[holder] for topics in TOPICS.values() if holder in topics})


def test_a_batch_answers_for_each_row_and_passes_by_what_somebody_holds(release, connector, outside):
    held, free = (open_session(connector=connector, options={}) for _ in range(2))
    with transaction.atomic():
        lock_conversation(held.pk)
        rows = outside.execute(
            MANY,
            as_text(
                [
                    parameters_of(held.pk, said("Busy")),
                    parameters_of(free.pk, said("Fine", "m-1")),
                    parameters_of(free.pk, NewEvent("ai.message", "ai", {"text": "Late"}, epoch=9)),
                    parameters_of(free.pk, said("Fine again", "m-1")),
                    parameters_of(uuid.uuid4(), said("Nobody")),
                ]
            ),
        ).fetchall()

    assert [row[-1] for row in rows] == ["busy", "ok", "stale", "repeat", "busy"]


def test_a_batch_is_looked_up_by_index_though_the_timeline_grew_after_it_was_planned(release, connector, outside):
    talk = open_session(connector=connector, options={})
    outside.execute(SETTINGS)
    rows = as_text([parameters_of(talk.pk, said(f"m {number}", f"m-{number}")) for number in range(8)])

    plan = "\n".join(line for (line,) in outside.execute(f"EXPLAIN {MANY}", rows).fetchall())

    assert "Seq Scan" not in plan
    assert "event_client_id" in plan
