import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from conversations.services.outcomes import OutcomeFacts
from conversations.services.ownership import lock_conversation
from handoffs.domain.triggers.signal import Trigger
from handoffs.domain.turns import HandoffRequest
from handoffs.services.closing import close_conversation
from handoffs.services.handoffs import start_handoff
from handoffs.services.releases import read_current_config


@pytest.fixture
def browse():
    """A logged-in client of a person."""

    def log_in(user) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return log_in


@pytest.fixture
def closed(claimed, agent):
    """A conversation the agent has closed with an outcome."""
    facts = OutcomeFacts("refund_issued", resolved=True, handled_by=agent.get_full_name())
    close_conversation(conversation_id=claimed.id, agent=agent, epoch=claimed.epoch, facts=facts, at=timezone.now())
    claimed.refresh_from_db()
    return claimed


@pytest.fixture
def told(conversation, cast):
    """A conversation whose customer said why, handed off on the customer's own words."""
    said = cast.customer_says(conversation, "My bill is wrong, get me a person")
    evidence = {
        "sequence": said.sequence,
        "text": "My bill is wrong, get me a person",
        "score": 0.97,
        "threshold": 0.8,
        "evidence": {"rule": "ask.person", "words": "get me a person", "sentence": "Asks for a person outright"},
    }
    with transaction.atomic():
        current = read_current_config(project=conversation.project, environment="live")
        request = HandoffRequest(Trigger.EXPLICIT_REQUEST, "needs_human", "I'm passing you on.", evidence=evidence)
        locked = lock_conversation(conversation.id)
        start_handoff(conversation=locked, request=request, current=current, at=timezone.now())
    conversation.refresh_from_db()
    return conversation
