"""Claiming a waiting conversation."""

import pytest
from django.utils import timezone

from conversations.models import Deadline, Event
from handoffs.models import Handoff
from handoffs.services.claims import AlreadyClaimed, NotWaiting, claim_conversation


def test_a_claim_makes_the_agent_the_owner_and_tells_the_customer(waiting, agent):
    claimed = claim_conversation(conversation_id=waiting.id, agent=agent, at=timezone.now())

    assert (claimed.owner_kind, claimed.owner_id, claimed.epoch) == ("human", str(agent.id), waiting.epoch + 1)
    joined = Event.objects.filter(conversation=waiting).latest("sequence")
    assert (joined.type, joined.payload["agent"]["name"]) == ("human.joined", "Maya Okafor")
    assert Handoff.objects.get().state == "active"
    assert not Deadline.objects.exists()


def test_claiming_ones_own_conversation_again_changes_nothing(claimed, agent):
    events = Event.objects.count()

    again = claim_conversation(conversation_id=claimed.id, agent=agent, at=timezone.now())

    assert again.epoch == claimed.epoch
    assert Event.objects.count() == events


def test_the_loser_is_told_who_won(claimed, agent, other_agent):
    with pytest.raises(AlreadyClaimed) as refusal:
        claim_conversation(conversation_id=claimed.id, agent=other_agent, at=timezone.now())

    assert refusal.value.owner_id == str(agent.id)


def test_a_conversation_with_the_ai_cannot_be_claimed(conversation, agent):
    with pytest.raises(NotWaiting) as refusal:
        claim_conversation(conversation_id=conversation.id, agent=agent, at=timezone.now())

    assert refusal.value.state == "ai"
