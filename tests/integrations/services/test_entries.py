import pytest
from django.utils import timezone

from conversations.models import OutboxEntry
from integrations.models import Delivery
from integrations.services.entries import drain_entries


def test_everything_due_is_handled_and_gone(endpoint, new_conversation, new_outcome_entry):
    for _ in range(3):
        new_outcome_entry(new_conversation())
    assert drain_entries(lane="work", clock=timezone.now) == {"webhook.emit": 3}
    assert not OutboxEntry.objects.exists()
    assert Delivery.objects.count() == 3
    assert drain_entries(lane="work", clock=timezone.now) == {}


def test_a_failing_entry_keeps_its_error_and_holds_up_nobody(endpoint, talk, new_outcome_entry):
    broken = OutboxEntry.objects.create(topic="webhook.emit", conversation_id=talk.id, payload={"event": "made.up"})
    unknown = OutboxEntry.objects.create(topic="no.such.topic", conversation_id=talk.id)
    new_outcome_entry(talk)
    with pytest.raises(ExceptionGroup) as failed:
        drain_entries(lane="work", clock=timezone.now)
    assert len(failed.value.exceptions) == 2
    assert Delivery.objects.count() == 1
    broken.refresh_from_db()
    unknown.refresh_from_db()
    assert OutboxEntry.objects.count() == 2
    assert (broken.attempts, broken.last_error) == (1, "UnknownEvent: made.up")
    assert (unknown.attempts, unknown.last_error) == (1, "UnknownTopic: no.such.topic")
    assert broken.due_at > timezone.now()
    assert broken.dead_at is None
