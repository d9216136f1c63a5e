"""What Django's models cannot say: the timeline is append-only, and hot rows leave room for in-page updates."""

from django.db import migrations

REFUSE_EVENT_UPDATES = """
CREATE FUNCTION refuse_event_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Erasure is the one exception: the payload becomes a tombstone, everything else stays.
    IF NEW.payload ? 'erased_at' AND to_jsonb(NEW) - 'payload' = to_jsonb(OLD) - 'payload' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'event % of conversation % cannot be changed', OLD.sequence, OLD.conversation_id;
END $$;
CREATE TRIGGER event_is_append_only BEFORE UPDATE ON event
    FOR EACH ROW EXECUTE FUNCTION refuse_event_update();
"""
FORGET_EVENT_UPDATES = """
DROP TRIGGER event_is_append_only ON event;
DROP FUNCTION refuse_event_update();
"""
ROOM_FOR_UPDATES = """
ALTER TABLE conversation SET (fillfactor = 70);
ALTER TABLE deadline SET (autovacuum_vacuum_scale_factor = 0.02);
ALTER TABLE outbox SET (autovacuum_vacuum_scale_factor = 0.02);
"""
FORGET_ROOM = """
ALTER TABLE conversation RESET (fillfactor);
ALTER TABLE deadline RESET (autovacuum_vacuum_scale_factor);
ALTER TABLE outbox RESET (autovacuum_vacuum_scale_factor);
"""


class Migration(migrations.Migration):
    dependencies = [("conversations", "0001_initial")]
    operations = [
        migrations.RunSQL(REFUSE_EVENT_UPDATES, FORGET_EVENT_UPDATES),
        migrations.RunSQL(ROOM_FOR_UPDATES, FORGET_ROOM),
    ]
