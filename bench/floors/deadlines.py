"""Firing at its thinnest: one statement claims everything that is due and writes what the studio writes for it."""

import psycopg

FIRE = """
WITH d AS (DELETE FROM deadline WHERE due_at <= now() AND kind = 'wait_limit' RETURNING subject_id),
h AS (
    UPDATE handoff t SET state = 'timed_out', cause = 'wait_limit', ended_at = now(),
           history = t.history || '[{{"state": "timed_out", "at": "2026-11-21T12:00:00.000000+00:00"}}]'
      FROM d WHERE t.id = d.subject_id AND t.state = 'queued'
 RETURNING t.*, {new_id} AS next_id),
q AS (UPDATE queue_entry t SET state = 'left' FROM h WHERE t.handoff_id = h.id AND t.state = 'waiting'),
n AS (
    INSERT INTO handoff (id, conversation_id, project_id, environment, root_id, is_ticket, state, cause, trigger,
        reason, utterance, destination_key, destination_name, desk_key, queue_key, snapshot_hash, release_number, data,
        evidence, trace, custom_state, history, context, is_soft, attempt, initiated_at)
    SELECT next_id, conversation_id, project_id, environment, id, false, 'initiated', '', trigger, reason, '',
           destination_key, destination_name, desk_key, queue_key, snapshot_hash, release_number, data, evidence,
           '{{"next": "message"}}', '', '[{{"state": "initiated", "at": "2026-11-21T12:00:00.000000+00:00"}}]', '{{}}',
           false, 1, now() FROM h),
r AS (
    INSERT INTO deadline (id, conversation_id, kind, subject_id, due_at)
    SELECT {new_id}, conversation_id, 'retry', next_id, now() FROM h),
c AS (
    UPDATE conversation t SET last_sequence = last_sequence + 1, handoff_id = h.next_id, handoff_state = 'initiated'
      FROM h WHERE t.id = h.conversation_id
 RETURNING t.id, t.last_sequence, t.epoch, h.id AS old_id, h.next_id),
e AS (
    INSERT INTO event (id, conversation_id, sequence, type, author, epoch, payload, created_at)
    SELECT {new_id}, id, last_sequence, 'handoff.retrying', 'system', epoch,
           jsonb_build_object('reason', 'wait_limit', 'next', 'message', 'destination', '',
                              'now', jsonb_build_object('handoff_state', 'initiated', 'handoff_id', next_id)),
           clock_timestamp() FROM c),
o AS (
    INSERT INTO outbox (topic, conversation_id, payload)
    SELECT 'webhook.emit', id, jsonb_build_object('event', 'handoff.timed_out', 'handoff_id', old_id) FROM c)
SELECT count(*) FROM c
"""
SORTED_IDS_FROM = 180000  # the studio's ids sort by age, and so cost an index less than random ones


def fire_all(connection: psycopg.Connection) -> int:
    """Return how many were fired."""
    new_id = "uuidv7()" if connection.info.server_version >= SORTED_IDS_FROM else "gen_random_uuid()"
    return connection.execute(FIRE.format(new_id=new_id)).fetchone()[0]
