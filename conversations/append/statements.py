"""The append as SQL: two texts with one meaning, ONE for a single event and MANY for a batch.

Both take both sequences, refuse a stale epoch or an ended conversation by writing nothing, insert the event and,
where the owner needs one, the outbox entry. Idempotency is the unique key (conversation, author, client_id): a
repeat burns no number. The key is left to raise: ON CONFLICT DO NOTHING would keep the number it had taken and
leave a hole. Every event brings its own id, so that a statement whose answer was lost can be run again.

Both lock the conversation FOR NO KEY UPDATE (an UPDATE does as well): foreign-key checks of other tables take KEY
SHARE and must neither wait nor be skipped.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import psycopg.errors

from conversations.domain.timeline import EVENT_TYPES, NewEvent
from conversations.models.ids import new_id
from conversations.outbox import TOPICS

CLIENT_ID_KEY, ID_KEY = "event_client_id", "event_pkey"
EPOCH_OF_UNIX = datetime(1970, 1, 1, tzinfo=UTC)

# The instant: microseconds, whatever the session's time zone and date style.
# Epoch null: bound to nobody (customer, system).
ONE = """
WITH c AS (
    UPDATE conversation
       SET last_sequence = last_sequence + 1, last_public = last_public + %(public)s::int
     WHERE id = %(conversation_id)s::uuid AND (ended_at IS NULL OR %(after_end)s::bool)
       AND (%(epoch)s::int IS NULL OR epoch = %(epoch)s::int)
 RETURNING id, project_id, environment, last_sequence, last_public, epoch,
           %(topics)s::jsonb ->>
           CASE WHEN owner_kind = 'queue' AND waiting_since IS NULL THEN 'ticket' ELSE owner_kind END AS topic),
e AS (
    INSERT INTO event (id, conversation_id, sequence, public_sequence, type, author, client_id, epoch, payload,
                       created_at)
    SELECT %(id)s::uuid, id, last_sequence, CASE WHEN %(public)s::int = 1 THEN last_public END, %(type)s::text,
           %(author)s::text, %(client_id)s::text, epoch, %(payload)s::jsonb, clock_timestamp() FROM c
 RETURNING created_at),
o AS (
    INSERT INTO outbox (topic, conversation_id, sequence, epoch)
    SELECT topic, id, last_sequence, epoch FROM c WHERE topic IS NOT NULL)
SELECT c.last_sequence, c.last_public, c.epoch, c.topic, c.project_id, c.environment,
       (extract(epoch FROM e.created_at) * 1000000)::bigint AS instant FROM c, e
"""

# `rows`: a JSON list of ONE's parameters. One line of answer each, in their order.
# c  waits for nobody: a conversation somebody holds is `busy`, and so is one that does not exist; ONE decides.
#    (An array, so that the plan is an index scan however few conversations there are.)
# d  sees what was committed before the statement began; the unique key decides, this saves it the trouble.
#    (With a limit: a look-up for each row. As a plain join it was hashed against the whole table.)
MANY = """
WITH i AS MATERIALIZED (
    SELECT * FROM ROWS FROM (jsonb_to_recordset(%(rows)s::jsonb) AS (
               id uuid, conversation_id uuid, public int, after_end bool, epoch int, topics jsonb, type text,
               author text, client_id text, payload jsonb))
           WITH ORDINALITY AS i(id, conversation_id, public, after_end, epoch, topics, type, author, client_id,
                                payload, n)),
c AS MATERIALIZED (
    SELECT id, project_id, environment, last_sequence, last_public, epoch, ended_at,
           CASE WHEN owner_kind = 'queue' AND waiting_since IS NULL THEN 'ticket' ELSE owner_kind END AS kind
      FROM conversation WHERE id = ANY(ARRAY(SELECT conversation_id FROM i)) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED),
j AS (
    SELECT i.*, c.project_id, c.environment, c.last_sequence, c.last_public, c.epoch AS now,
           i.topics ->> c.kind AS topic,
           CASE WHEN c.id IS NULL THEN 'busy'
                WHEN c.ended_at IS NOT NULL AND NOT i.after_end THEN 'ended'
                WHEN i.epoch <> c.epoch THEN 'stale'
                WHEN d.found IS NOT NULL OR (i.client_id IS NOT NULL AND row_number() OVER (
                     PARTITION BY i.conversation_id, i.author, i.client_id ORDER BY i.n) > 1) THEN 'repeat'
                ELSE 'ok' END AS verdict
      FROM i
      LEFT JOIN c ON c.id = i.conversation_id
      LEFT JOIN LATERAL (
           SELECT 1 AS found FROM event
            WHERE conversation_id = i.conversation_id AND author = i.author AND client_id = i.client_id
            LIMIT 1) d ON true),
k AS MATERIALIZED (
    SELECT *, last_sequence + row_number() OVER w AS seq, last_public + sum(public) OVER w AS pub
      FROM j WHERE verdict = 'ok' WINDOW w AS (PARTITION BY conversation_id ORDER BY n)),
u AS (
    UPDATE conversation t SET last_sequence = g.seq, last_public = g.pub
      FROM (SELECT conversation_id, max(seq) AS seq, max(pub) AS pub FROM k GROUP BY conversation_id) g
     WHERE t.id = g.conversation_id),
e AS (
    INSERT INTO event (id, conversation_id, sequence, public_sequence, type, author, client_id, epoch, payload,
                       created_at)
    SELECT id, conversation_id, seq, CASE public WHEN 1 THEN pub END, type, author, client_id, now, payload,
           clock_timestamp() FROM k
 RETURNING id, created_at),
o AS (
    INSERT INTO outbox (topic, conversation_id, sequence, epoch)
    SELECT topic, conversation_id, seq, now FROM k WHERE topic IS NOT NULL ORDER BY n)
SELECT k.seq, k.pub, k.now, k.topic, j.project_id, j.environment,
       (extract(epoch FROM e.created_at) * 1000000)::bigint AS instant, j.verdict
  FROM j LEFT JOIN k USING (n) LEFT JOIN e ON e.id = k.id ORDER BY n
"""

READ_REPEAT = """
SELECT id, sequence, public_sequence, type, epoch, payload::text, created_at FROM event
 WHERE id = %(id)s
    OR (conversation_id = %(conversation_id)s AND author = %(author)s AND client_id = %(client_id)s)
"""
READ_OWNER = (
    "SELECT owner_kind, owner_id, owner_since, epoch, ended_at FROM conversation WHERE id = %(conversation_id)s"
)


def parameters_of(conversation_id: Any, event: NewEvent) -> dict[str, Any]:
    """ONE's parameters. A transient event is refused with ValueError."""
    row = EVENT_TYPES[event.type]
    if not row.durable:
        raise ValueError(f"{event.type} is transient and has no place in a timeline")
    return {
        "id": event.id or new_id(),
        "conversation_id": conversation_id,
        "type": event.type,
        "author": event.author,
        "client_id": event.client_id,
        "epoch": event.epoch,
        "payload": orjson.dumps(event.payload).decode(),
        "public": int(row.public),
        "after_end": row.after_end,
        "topics": _TOPICS.get(event.type, "{}"),
    }


def batch_of(rows: list[Mapping[str, Any]]) -> dict[str, bytes]:
    """MANY's parameter."""
    return {"rows": orjson.dumps([{**row, **_as_they_are(row, "payload", "topics")} for row in rows])}


def instant_of(microseconds: int | bytes) -> datetime:
    return EPOCH_OF_UNIX + timedelta(microseconds=int(microseconds))


def is_repeat(error: BaseException | None, *, again: bool = False) -> bool:
    """Whether the event is there already. `again`: this append was tried before, so its own id says so as well;
    any other violated constraint is a bug of ours."""
    keys = (CLIENT_ID_KEY, ID_KEY) if again else (CLIENT_ID_KEY,)
    return isinstance(error, psycopg.errors.UniqueViolation) and error.diag.constraint_name in keys


def _as_they_are(row: Mapping[str, Any], *names: str) -> dict[str, orjson.Fragment]:
    return {name: orjson.Fragment(row[name]) for name in names}


_TOPICS = {name: orjson.dumps(topics).decode() for name, topics in TOPICS.items()}
