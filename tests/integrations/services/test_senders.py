"""Several senders at once, on real connections."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from integrations.models import Delivery
from integrations.services.deliveries import send_due
from tests.emulators.http_receiver import Answer

pytestmark = pytest.mark.django_db(transaction=True)
SENDERS = 4


def send(_):
    try:
        return send_due(clock=timezone.now)
    finally:
        connection.close()


def test_senders_side_by_side_send_each_delivery_once_and_each_conversation_in_order(receiver, new_delivery):
    sent = {key: [str(new_delivery(key).event_id) for _ in range(5)] for key in ("talk-1", "talk-2", "talk-3")}
    receiver.will_answer(*[Answer(after=0.01)] * 15)
    with ThreadPoolExecutor(SENDERS) as pool:
        while Delivery.objects.filter(state="pending").exists():
            list(pool.map(send, range(SENDERS)))
    came = [call.event_id for call in receiver.calls]
    assert len(came) == 15
    for key, expected in sent.items():
        assert [event for event in came if event in expected] == expected, key
    assert set(Delivery.objects.values_list("state", "attempts")) == {("delivered", 1)}
