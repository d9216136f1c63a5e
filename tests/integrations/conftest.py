from datetime import UTC, datetime
from ipaddress import ip_network

import pytest

from conversations.models import Account, Conversation, Customer, OutboxEntry, Outcome, Project
from conversations.models.ids import new_id
from integrations.domain.signing import new_secret
from integrations.models import Delivery, Sealed, WebhookEndpoint
from tests.emulators.http_receiver import HttpReceiver

SECRET = new_secret()


@pytest.fixture
def at():
    return datetime.now(UTC)


@pytest.fixture
def loopback_allowed(settings):
    settings.OUTGOING_ALLOWED_NETWORKS = [ip_network("127.0.0.0/8")]


@pytest.fixture
def secret():
    return SECRET


@pytest.fixture
def receiver(secret, loopback_allowed):
    with HttpReceiver(secrets=[secret]) as receiver:
        yield receiver


@pytest.fixture
def shop(db):
    return Project.objects.create(account=Account.objects.create(name="Shop"), name="Shop")


@pytest.fixture
def new_conversation(shop):
    def make(environment="live", project=shop):
        customer = Customer.objects.create(project=project, environment=environment)
        return Conversation.objects.create(
            project=project, environment=environment, channel="web_chat", customer=customer, shared_id="call-7"
        )

    return make


@pytest.fixture
def talk(new_conversation):
    return new_conversation()


@pytest.fixture
def new_endpoint(shop, secret, receiver):
    def make(name="CRM", **fields):
        defaults = {"project": shop, "environment": "live", "url": receiver.url, "secret": Sealed.of(secret)}
        return WebhookEndpoint.objects.create(name=name, **{**defaults, **fields})

    return make


@pytest.fixture
def endpoint(new_endpoint):
    return new_endpoint()


@pytest.fixture
def new_outcome_entry(at):
    """An outcome and the outbox entry that promises to tell it."""

    def make(conversation, *, sequence=9, **fields):
        facts = {
            "code": "refund_granted",
            "resolved": True,
            "first_contact_resolved": None,
            "note": "Caf\u00e9 voucher",
        }
        outcome = Outcome.objects.create(conversation=conversation, occurred_at=at, **{**facts, **fields})
        return OutboxEntry.objects.create(
            topic="webhook.emit",
            conversation_id=conversation.id,
            sequence=sequence,
            payload={"event": "outcome.recorded", "outcome_id": str(outcome.id)},
        )

    return make


@pytest.fixture
def new_delivery(endpoint, at):
    """A pending delivery of an invented event, due at once."""
    positions = iter(range(1, 1000))

    def make(key="talk-1", *, to=endpoint, **fields):
        defaults = {
            "event": "outcome.recorded",
            "event_id": new_id(),
            "body": {"event": "outcome.recorded", "data": {"note": "Caf\u00e9"}},
            "ordering_key": key,
            "position": next(positions),
            "next_attempt_at": at,
        }
        return Delivery.objects.create(endpoint=to, **{**defaults, **fields})

    return make
