"""What webhooks carried is forgotten after a while; that it was sent, and how it went, is not."""

from datetime import timedelta

import pytest

from integrations.models import Connection, Delivery, InboundCall, Sealed
from integrations.services import expiry
from integrations.services.deliveries import NotReplayable, replay_delivery
from integrations.services.expiry import DEAD_KEPT, DELIVERED_KEPT, forget_bodies

SECOND = timedelta(seconds=1)


@pytest.fixture
def delivered(new_delivery, at):
    return new_delivery(
        state="delivered", attempts=1, next_attempt_at=None, delivered_at=at, last_status=200, response_excerpt="Joan"
    )


@pytest.fixture
def dead(new_delivery, at):
    delivery = new_delivery(state="dead", attempts=6, next_attempt_at=None, last_status=500, last_error="no")
    Delivery.objects.filter(pk=delivery.pk).update(created_at=at)
    return delivery


def test_a_delivered_body_is_kept_for_a_week_and_its_story_for_good(delivered, at):
    assert forget_bodies(at=at + DELIVERED_KEPT - SECOND) == 0
    assert forget_bodies(at=at + DELIVERED_KEPT) == 1
    delivered.refresh_from_db()
    assert (delivered.body, delivered.response_excerpt, delivered.has_expired) == ({}, "", True)
    assert (delivered.state, delivered.last_status, delivered.delivered_at) == ("delivered", 200, at)
    assert forget_bodies(at=at + DELIVERED_KEPT) == 0


def test_a_dead_body_is_kept_as_long_as_it_can_be_replayed(dead, at):
    assert forget_bodies(at=at + DEAD_KEPT - SECOND) == 0
    assert forget_bodies(at=at + DEAD_KEPT) == 1
    dead.refresh_from_db()
    assert dead.has_expired
    with pytest.raises(NotReplayable):
        replay_delivery(delivery=dead, at=at)


def test_what_is_still_to_be_sent_keeps_its_body_however_old(new_delivery, at):
    delivery = new_delivery()
    assert forget_bodies(at=at + timedelta(days=400)) == 0
    delivery.refresh_from_db()
    assert not delivery.has_expired


def test_inbound_calls_go_when_they_have_expired(shop, at):
    connection = Connection.objects.create(
        project=shop, environment="live", kind="http", key="desk", name="Desk", credentials=Sealed.of({})
    )
    for number in range(2):
        InboundCall.objects.create(
            connection=connection, external_id=str(number), body=b"{}", received_at=at,
            expires_at=at + timedelta(days=1 + number),
        )  # fmt: skip
    assert forget_bodies(at=at + timedelta(days=1)) == 1
    assert [call.external_id for call in InboundCall.objects.all()] == ["1"]


def test_more_than_one_portion_is_forgotten_in_one_go(new_delivery, at, monkeypatch):
    monkeypatch.setattr(expiry, "AT_ONCE", 2)
    for number in range(5):
        new_delivery(f"talk-{number}", state="delivered", attempts=1, next_attempt_at=None, delivered_at=at)
    assert forget_bodies(at=at + DELIVERED_KEPT) == 5
