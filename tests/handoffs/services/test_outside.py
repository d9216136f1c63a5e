"""Handoffs started from outside, where two calls meet or nobody of ours has the conversation."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from conversations.domain.vocabulary import Channel
from conversations.models import Conversation, Customer, Event, OutboxEntry
from handoffs.models import Destination, Handoff
from handoffs.services.claims import claim_conversation
from handoffs.services.closing import hand_back
from handoffs.services.deadlines import sweep_deadlines
from handoffs.services.outside import AlreadyHandedOff, OutsideRequest, Started, start_from_outside
from handoffs.services.releases import publish_release
from tests.invariants import check_one_owner

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


@pytest.fixture
def brought(release, agent) -> Conversation:
    """What an AI that lives elsewhere brought, and an agent has claimed."""
    started = start(release.project)
    return claim_conversation(conversation_id=started.conversation.pk, agent=agent, at=timezone.now())


def test_what_was_brought_goes_back_to_whoever_brought_it(brought, agent):
    back = hand_back(
        conversation_id=brought.pk, agent=agent, epoch=brought.epoch, note="Refund is done", at=timezone.now()
    )  # fmt: skip

    assert (back.owner_kind, back.owner_id, back.handoff_state) == ("desk", "client", "returned")
    assert back.epoch == brought.epoch + 1
    since = Event.objects.filter(conversation=back, sequence__gt=brought.last_sequence + 1)
    assert list(since.order_by("sequence").values_list("type", flat=True)) == [
        "handoff.returned", "note.added", "human.left", "handoff.changed",
    ]  # fmt: skip
    check_one_owner(back)


def test_our_ai_is_not_asked_about_what_it_did_not_begin(brought, agent, cast):
    hand_back(conversation_id=brought.pk, agent=agent, epoch=brought.epoch, note="", at=timezone.now())

    cast.customer_says(brought, "And when does it arrive?")

    assert not OutboxEntry.objects.filter(topic="turn.due", conversation_id=brought.pk).exists()


def test_it_may_be_brought_again(brought, agent, release):
    hand_back(conversation_id=brought.pk, agent=agent, epoch=brought.epoch, note="", at=timezone.now())

    again = start(release.project, shared_id="", conversation_id=brought.pk)

    assert (again.conversation.owner_kind, again.is_new, Handoff.objects.count()) == ("queue", False, 2)
    brought.refresh_from_db()
    check_one_owner(brought)


def test_nobody_of_ours_speaks_when_a_policy_gives_it_back(release, owner):
    Destination.objects.filter(project=release.project).update(after_timeout="ai")
    publish_release(project=release.project, publisher=owner, at=timezone.now())
    waiting = start(release.project).conversation

    sweep_deadlines(at=timezone.now() + timedelta(hours=1))

    waiting.refresh_from_db()
    assert (waiting.owner_kind, waiting.owner_id, waiting.handoff_state) == ("desk", "client", "timed_out")
    last = Event.objects.filter(conversation=waiting).order_by("-sequence").first()
    assert last is not None
    assert last.type == "handoff.changed"


def test_the_page_says_where_it_goes(brought, agent, client, conversation, cast):
    client.force_login(agent)
    cast.hand_off(conversation)
    ours = claim_conversation(conversation_id=conversation.pk, agent=agent, at=timezone.now())

    pages = [client.get(reverse("inbox-conversation", args=[row.pk])).content.decode() for row in (brought, ours)]

    assert ["Hand back to the system it came from" in page for page in pages] == [True, False]
    assert ["Hand back to Fern" in page for page in pages] == [False, True]


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
