from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from conversations.models.ids import new_id
from integrations.models import Connection, Delivery, InboundCall, Sealed, WebhookEndpoint


def refused_by(name, act):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        act()


@pytest.fixture
def connect(shop):
    def make(**fields):
        return Connection.objects.create(
            **{"project": shop, "environment": "live", "key": "crm", "kind": "http", "name": "CRM", **fields}
        )

    return make


def test_a_connection_key_is_unique_per_project_and_environment(connect):
    connect()
    connect(environment="sandbox")
    refused_by("unique_connection_key", connect)


def test_health_is_claimed_only_after_a_check(connect):
    refused_by("connection_health_was_checked", lambda: connect(health="ok"))


def test_an_inbound_call_of_one_id_is_stored_once(connect, at):
    crm = connect()

    def receive(**fields):
        InboundCall.objects.create(
            **{
                "connection": crm,
                "external_id": "7",
                "body": b"{}",
                "received_at": at,
                "expires_at": at + timedelta(7),
                **fields,
            }
        )

    receive()
    refused_by("one_inbound_call_of_an_id", receive)
    refused_by("inbound_call_expires_later", lambda: receive(external_id="8", expires_at=at))


def test_an_endpoint_name_is_unique_without_regard_to_case(new_endpoint):
    new_endpoint("CRM")
    new_endpoint("crm", environment="sandbox")
    refused_by("unique_webhook_endpoint_name", lambda: new_endpoint("crm"))


def test_a_previous_secret_has_an_end(new_endpoint):
    refused_by("previous_secret_has_an_end", lambda: new_endpoint(previous_secret=Sealed.of("whsec_x")))


def test_one_event_is_delivered_once_to_an_endpoint(new_delivery, new_endpoint):
    first = new_delivery()
    new_delivery(to=new_endpoint("other"), event_id=first.event_id)
    refused_by("one_delivery_of_an_event", lambda: new_delivery(event_id=first.event_id))


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "pending", "next_attempt_at": None},
        {"state": "sending"},
        {"state": "dead"},
        {"state": "nonsense"},
    ],
)
def test_a_delivery_in_between_two_states_cannot_exist(new_delivery, fields):
    refused_by("delivery_instants_fit_its_state", lambda: new_delivery(**fields))


def test_delivered_means_at_an_instant(new_delivery):
    refused_by("delivered_at_when_delivered", lambda: new_delivery(state="delivered", next_attempt_at=None))


def test_an_endpoint_with_deliveries_cannot_be_deleted(new_delivery, endpoint):
    new_delivery()
    with pytest.raises(Exception, match="protected"):
        endpoint.delete()
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("url", "http://127.1/"),
        ("url", "https://user:pass@example.com/"),
        ("url", "javascript:alert(1)"),
        ("events", ["handoff.exploded"]),
        ("events", "outcome.recorded"),
        ("events", [7]),
    ],
)
def test_an_endpoint_that_could_never_work_is_refused_by_its_form(endpoint, field, value):
    setattr(endpoint, field, value)
    with pytest.raises(ValidationError) as refused:
        endpoint.full_clean()
    assert list(refused.value.message_dict) == [field]


def test_an_endpoint_that_works_is_accepted(endpoint):
    endpoint.events = ["outcome.recorded", "alert.*"]
    endpoint.full_clean()
    assert WebhookEndpoint(pk=new_id(), name="x").events == []
