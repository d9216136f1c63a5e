"""The whole way of an outcome: committed with its event, drained and delivered by a real worker over Redis."""

import pytest
from celery.contrib.testing.worker import start_worker
from django.conf import settings
from django.db import transaction

from conversations.models import OutboxEntry
from conversations.services.outcomes import OutcomeFacts, record_outcome
from integrations.models import Delivery
from integrations.tasks import drain_outbox, send_due_deliveries
from studio.celery import app

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def worker(transactional_db):
    app.conf.update(broker_url=settings.CELERY_BROKER_URL)
    with start_worker(app, pool="threads", concurrency=2, perform_ping_check=False, queues=["work"]):
        yield


def test_an_outcome_reaches_the_crm_by_itself_once_it_is_committed(worker, receiver, endpoint, talk, at):
    facts = OutcomeFacts(code="refund_granted", resolved=True, handled_by="Maya", note="Caf\u00e9 voucher")
    with transaction.atomic():
        outcome = record_outcome(conversation=talk, handoff_id=None, facts=facts, author="system", at=at)
        assert receiver.calls == []
    (came,) = receiver.wait_for(1, seconds=5)
    assert came.is_signed
    assert came.json["event"] == "outcome.recorded"
    assert came.json["data"]["code"] == "refund_granted"
    assert came.json["data"]["occurred_at"] == outcome.occurred_at.isoformat()


def test_an_outcome_that_is_rolled_back_is_never_told(receiver, endpoint, talk, at):
    with transaction.atomic():
        record_outcome(conversation=talk, handoff_id=None, facts=OutcomeFacts("x", True), author="system", at=at)
        transaction.set_rollback(True)
    drain_outbox()
    send_due_deliveries()
    assert not OutboxEntry.objects.exists()
    assert receiver.calls == []


def test_tasks_take_arguments_they_do_not_know_and_may_run_twice(receiver, endpoint, talk, new_outcome_entry):
    new_outcome_entry(talk)
    for _ in range(2):
        drain_outbox("old", argument="of another version")
        send_due_deliveries("old", argument="of another version")
    assert len(receiver.calls) == 1
    assert Delivery.objects.get().state == "delivered"
