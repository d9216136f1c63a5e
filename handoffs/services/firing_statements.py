"""The sweep of waits as SQL: claim, take, and write a whole set at once. `firing` says what it means."""

CLAIM = """
SELECT d.id, c.id AS conversation_id
  FROM deadline d JOIN conversation c ON c.id = d.conversation_id
 WHERE d.due_at <= %(at)s AND d.kind = ANY(%(kinds)s)
 ORDER BY d.due_at LIMIT %(limit)s FOR NO KEY UPDATE OF c SKIP LOCKED
"""
# Read anew under the locks: what the claim saw may have been disarmed while it took them. `tried`: where the chain, all
# of one conversation, has been; by the index of that, since there is none by root.
TAKE = """
WITH d AS (DELETE FROM deadline WHERE id = ANY(%(ids)s) AND due_at <= %(at)s RETURNING subject_id)
SELECT h.id, h.conversation_id, h.state, h.destination_key, h.desk_key, h.snapshot_hash, h.attempt,
       ARRAY(SELECT t.destination_key FROM handoff t
              WHERE t.conversation_id = h.conversation_id
                AND COALESCE(t.root_id, t.id) = COALESCE(h.root_id, h.id)) AS tried,
       EXISTS (SELECT FROM offer o WHERE o.handoff_id = h.id AND o.state = 'open') AS is_offered,
       c.channel, c.options, c.owner_kind, c.ended_at, c.waiting_since
  FROM d JOIN handoff h ON h.id = d.subject_id JOIN conversation c ON c.id = h.conversation_id
"""

# i  one row for each handoff, decided on; h writes its state only where the old one still stands.
FIRE = """
WITH i AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(%(rows)s::jsonb) AS i(
        handoff_id uuid, old text, new text, cause text, step jsonb, event_id uuid, type text, public int,
        payload jsonb, next_id uuid, trace jsonb, attempt int, begun jsonb, deadline_id uuid, state_now text,
        is_over bool, waiting_since timestamptz, told jsonb, leaves_desk bool)),
h AS (
    UPDATE handoff t SET state = i.new, cause = i.cause, ended_at = %(at)s, history = t.history || i.step
      FROM i WHERE t.id = i.handoff_id AND t.state = i.old
 RETURNING t.*),
q AS (UPDATE queue_entry t SET state = 'left' FROM h WHERE t.handoff_id = h.id AND t.state = 'waiting'),
n AS (
    INSERT INTO handoff (id, conversation_id, project_id, environment, root_id, is_ticket, state, cause, trigger,
        reason, utterance, destination_key, destination_name, desk_key, queue_key, snapshot_hash, release_number, data,
        evidence, trace, custom_state, history, context, is_soft, attempt, initiated_at)
    SELECT i.next_id, h.conversation_id, h.project_id, h.environment, COALESCE(h.root_id, h.id), false, 'initiated', '',
           h.trigger, h.reason, '', h.destination_key, h.destination_name, h.desk_key, h.queue_key, h.snapshot_hash,
           h.release_number, h.data, h.evidence, i.trace, '', i.begun, h.context, false, i.attempt, %(at)s
      FROM h JOIN i ON i.handoff_id = h.id WHERE i.next_id IS NOT NULL),
d AS (
    INSERT INTO deadline (id, conversation_id, kind, subject_id, due_at)
    SELECT i.deadline_id, h.conversation_id, 'retry', i.next_id, %(at)s
      FROM h JOIN i ON i.handoff_id = h.id WHERE i.next_id IS NOT NULL),
c AS (
    UPDATE conversation t
       SET last_sequence = last_sequence + 1, last_public = last_public + i.public,
           handoff_id = COALESCE(i.next_id, t.handoff_id), handoff_state = i.state_now,
           waiting_since = CASE WHEN i.is_over THEN NULL ELSE i.waiting_since END
      FROM h JOIN i ON i.handoff_id = h.id WHERE t.id = h.conversation_id
 RETURNING t.id, t.project_id, t.environment, t.last_sequence, t.last_public, t.epoch, i.handoff_id, i.event_id, i.type,
           i.public, i.payload, i.told, i.leaves_desk),
e AS (
    INSERT INTO event (id, conversation_id, sequence, public_sequence, type, author, epoch, payload, created_at)
    SELECT event_id, id, last_sequence, CASE public WHEN 1 THEN last_public END, type, 'system', epoch, payload,
           clock_timestamp() FROM c
 RETURNING id, created_at),
o AS (
    INSERT INTO outbox (topic, conversation_id, payload)
    SELECT 'webhook.emit', id, told FROM c
     UNION ALL SELECT 'desk.end', id, jsonb_build_object('handoff_id', handoff_id) FROM c WHERE leaves_desk)
SELECT c.handoff_id, c.id, c.project_id, c.environment, c.last_sequence, CASE c.public WHEN 1 THEN c.last_public END,
       c.epoch, e.created_at
  FROM c JOIN e ON e.id = c.event_id
"""
