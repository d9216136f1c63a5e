"""Handoffs started from outside, where two calls meet or nobody of ours has the conversation."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from django.db import connection
from django.utils import timezone

from conversations.domain.vocabulary import Channel
from conversations.models import Conversation, Customer
from handoffs.models import Handoff
from handoffs.services.outside import AlreadyHandedOff, OutsideRequest, Started, start_from_outside

CALLERS = 4


def start(project, **wanted) -> Started:
    request = OutsideRequest(**{"reason": "needs_human", "shared_id": "crm-7", **wanted})
    return start_from_outside(project=project, environment="live", wanted=request, at=timezone.now())


def test_behind_an_ai_that_lives_elsewhere_nothing_is_soft(release):
    started = start(release.project, soft=True)

    assert started.handoff is not None
    assert (started.handoff.is_soft, Conversation.objects.get().owner_kind) == (False, "queue")
    with pytest.raises(AlreadyHandedOff):
        start(release.project)
    assert Handoff.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_calls_from_one_number_at_the_same_moment_are_one_customers(release):
    at_once = threading.Barrier(CALLERS, timeout=20)

    def call(number: int) -> Started:
        with closing(connection):
            at_once.wait()
            asked = {"channel": Channel.WHATSAPP, "caller_id": "+4915112345"}
            return start(release.project, shared_id=f"crm-{number}", **asked)

    with ThreadPoolExecutor(CALLERS) as pool:
        started = [future.result(20) for future in [pool.submit(call, number) for number in range(CALLERS)]]

    assert len({one.conversation.pk for one in started}) == CALLERS
    assert Customer.objects.count() == 1
