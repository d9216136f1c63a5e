import uuid
from datetime import UTC, datetime

import pytest

from integrations.domain.webhook_events import EVENTS, WebhookEvent, event_id, is_event, wants

TALK = uuid.UUID("01890000-0000-7000-8000-000000000001")
FACTS = {
    "topic": "webhook.emit",
    "name": "outcome.recorded",
    "conversation_id": TALK,
    "sequence": 9,
    "ids": {"b": 2, "a": 1},
}


def test_the_events_are_the_published_ones():
    assert EVENTS == (
        "handoff.triggered",
        "handoff.accepted",
        "handoff.queued",
        "handoff.joined",
        "handoff.completed",
        "handoff.failed",
        "handoff.timed_out",
        "handoff.client_required",
        "conversation.ended",
        "outcome.recorded",
        "annotation.created",
        "alert.*",
    )


def test_the_same_facts_give_the_same_id_in_any_order_and_in_every_version():
    assert event_id(**FACTS) == event_id(**{**FACTS, "ids": {"a": 1, "b": 2}})
    assert str(event_id(**FACTS)) == "a15805c3-9e7e-5ad5-af2f-426a79ba0553"


@pytest.mark.parametrize("change", [{"topic": "crm.push"}, {"name": "x"}, {"sequence": 10}, {"ids": {"a": 1}}])
def test_any_other_fact_gives_another_id(change):
    assert event_id(**FACTS) != event_id(**{**FACTS, **change})


@pytest.mark.parametrize(
    ("filters", "name", "answer"),
    [
        ([], "outcome.recorded", True),
        (["outcome.recorded"], "outcome.recorded", True),
        (["handoff.queued"], "outcome.recorded", False),
        (["alert.*"], "alert.destination_unreachable", True),
        (["alert.*"], "outcome.recorded", False),
        (["alert.queue_long"], "alert.queue_long", True),
        (["alert.queue_long"], "alert.destination_unreachable", False),
    ],
)
def test_an_endpoint_is_told_what_it_asked_for(filters, name, answer):
    assert wants(filters, name) is answer


def test_only_known_events_can_be_asked_for():
    assert is_event("handoff.queued")
    assert is_event("alert.queue_long")
    assert not is_event("handoff.exploded")
    assert not is_event("ping")


def test_the_body_is_the_published_envelope_and_the_data_stays_out_of_logs():
    event = WebhookEvent(
        id=TALK,
        name="conversation.ended",
        occurred_at=datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
        project_id=TALK,
        environment="live",
        data={"note": "private words"},
    )
    assert event.body() == {
        "id": str(TALK),
        "event": "conversation.ended",
        "occurred_at": "2026-03-02T09:30:00+00:00",
        "project_id": str(TALK),
        "environment": "live",
        "data": {"note": "private words"},
    }
    assert "private words" not in repr(event)
