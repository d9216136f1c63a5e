"""Other systems' desks: one that nobody can speak to fails at once, and the policy follows."""

import pytest

from conversations.models import OutboxEntry
from handoffs.models import Destination, Handoff
from handoffs.services.releases import publish_release
from integrations.registry import handler_of
from tests.invariants import check_conversation


@pytest.fixture
def asked(conversation, project, owner, cast, now):
    """A handoff to a desk of another system, and what it promised."""
    Destination.objects.filter(key="billing").update(desk_key="salesforce")
    publish_release(project=project, publisher=owner, at=now)
    cast.hand_off(conversation)
    return OutboxEntry.objects.get(topic="desk.open")


def test_the_handoff_fails_and_a_message_is_taken(asked, conversation, now):
    handler_of("desk.open")(entry=asked, at=now)

    states = list(Handoff.objects.order_by("initiated_at", "pk").values_list("state", "cause", "is_ticket"))
    assert ("failed", "desk_refused", False) in states
    conversation.refresh_from_db()
    assert conversation.is_ticket
    check_conversation(conversation)


def test_asking_twice_fails_once(asked, now):
    for _ in range(2):
        handler_of("desk.open")(entry=asked, at=now)

    assert Handoff.objects.filter(state="failed").count() == 1


def test_letting_go_of_a_desk_that_was_never_opened_is_nothing(asked, now):
    handoffs = Handoff.objects.count()

    handler_of("desk.end")(entry=asked, at=now)

    assert Handoff.objects.count() == handoffs
