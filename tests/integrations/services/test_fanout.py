import pytest

from conversations.models import Account, Annotation, OutboxEntry, Outcome, Project, User
from handoffs.models import Handoff
from integrations.models import Delivery
from integrations.selectors.webhook_events import UnknownEvent
from integrations.services.fanout import fan_out


def test_an_outcome_becomes_one_delivery_with_everything_a_crm_needs(endpoint, talk, new_outcome_entry, at):
    entry = new_outcome_entry(talk)
    fan_out(entry=entry, at=at)
    outcome = Outcome.objects.get()
    delivery = Delivery.objects.get()
    assert delivery.body == {
        "id": str(delivery.event_id),
        "event": "outcome.recorded",
        "occurred_at": outcome.occurred_at.isoformat(),
        "project_id": str(talk.project_id),
        "environment": "live",
        "data": {
            "conversation_id": str(talk.id),
            "shared_id": "call-7",
            "handoff_id": None,
            "code": "refund_granted",
            "resolved": True,
            "first_contact_resolved": None,
            "handled_by": "",
            "note": "Caf\u00e9 voucher",
            "occurred_at": outcome.occurred_at.isoformat(),
            "source": "inbox",
        },
    }
    assert (delivery.state, delivery.attempts, delivery.next_attempt_at) == ("pending", 0, at)
    assert (delivery.conversation_id, delivery.ordering_key, delivery.position) == (talk.id, str(talk.id), entry.pk)


def test_a_second_run_writes_nothing_and_the_event_keeps_its_id(endpoint, talk, new_outcome_entry, at):
    entry = new_outcome_entry(talk)
    fan_out(entry=entry, at=at)
    first = Delivery.objects.get()
    fan_out(entry=entry, at=at)
    assert Delivery.objects.get() == first
    first.delete()
    fan_out(entry=entry, at=at)
    assert Delivery.objects.get().event_id == first.event_id


def test_only_endpoints_of_the_same_project_and_environment_that_are_on_and_ask_for_it_are_told(
    shop, new_endpoint, talk, new_outcome_entry, at
):
    elsewhere = Project.objects.create(account=Account.objects.create(name="Other"), name="Other")
    told = [new_endpoint("all"), new_endpoint("chosen", events=["outcome.recorded"])]
    new_endpoint("sandbox", environment="sandbox")
    new_endpoint("elsewhere", project=elsewhere)
    new_endpoint("off", is_active=False)
    new_endpoint("handoffs", events=["handoff.queued"])
    fan_out(entry=new_outcome_entry(talk), at=at)
    assert {delivery.endpoint for delivery in Delivery.objects.all()} == set(told)


def test_an_outcome_is_not_sent_back_to_the_system_it_came_from(new_endpoint, talk, new_outcome_entry, at):
    new_endpoint("origin", source="north-crm")
    other = new_endpoint("other", source="south-crm")
    fan_out(entry=new_outcome_entry(talk, source="north-crm"), at=at)
    assert Delivery.objects.get().endpoint == other


def test_a_verdict_is_told_without_the_reviewers_address(endpoint, talk, at):
    handoff_id, reviewer = talk.id, User.objects.create_user("reviewer@shop.example", full_name="Rae")
    verdict = Annotation.objects.create(
        conversation=talk, handoff_id=handoff_id, verdict="needed", comment="Right", author=reviewer
    )
    entry = OutboxEntry.objects.create(
        topic="webhook.emit",
        conversation_id=talk.id,
        sequence=4,
        payload={"event": "annotation.created", "annotation_id": str(verdict.id)},
    )
    fan_out(entry=entry, at=at)
    assert Delivery.objects.get().body["data"] == {
        "conversation_id": str(talk.id),
        "shared_id": "call-7",
        "annotation_id": str(verdict.id),
        "handoff_id": str(handoff_id),
        "sequence": None,
        "verdict": "needed",
        "mark": None,
        "comment": "Right",
        "author_id": str(reviewer.id),
    }


def test_a_handoff_event_tells_the_state_of_its_moment_and_not_of_now(endpoint, talk, at):
    handoff = Handoff.objects.create(
        conversation=talk,
        project=talk.project,
        environment="live",
        state="completed",
        trigger="explicit_request",
        reason="refund_request",
        utterance="One moment",
        destination_key="billing",
        destination_name="Billing",
        queue_key="billing",
        snapshot_hash="0" * 64,
        initiated_at=at,
    )
    entry = OutboxEntry.objects.create(
        topic="webhook.emit",
        conversation_id=talk.id,
        sequence=4,
        payload={"event": "handoff.queued", "handoff_id": str(handoff.id)},
    )
    entry.refresh_from_db()
    fan_out(entry=entry, at=at)
    body = Delivery.objects.get().body
    assert (body["event"], body["occurred_at"]) == ("handoff.queued", entry.created_at.isoformat())
    assert body["data"] == {
        "conversation_id": str(talk.id),
        "shared_id": "call-7",
        "handoff_id": str(handoff.id),
        "root_handoff_id": str(handoff.id),
        "state": "queued",
        "cause": None,
        "trigger": "explicit_request",
        "reason": "refund_request",
        "utterance": "One moment",
        "destination": {"key": "billing", "name": "Billing"},
        "queue": "billing",
        "agent_id": None,
        "ticket": False,
        "data": {},
    }


def test_what_was_taken_back_before_it_was_told_is_not_told(endpoint, talk, new_outcome_entry, at, caplog):
    entry = new_outcome_entry(talk)
    Outcome.objects.all().delete()
    fan_out(entry=entry, at=at)
    assert not Delivery.objects.exists()
    assert "nothing to tell" in caplog.text


def test_an_event_nobody_can_describe_is_an_error(endpoint, talk, at):
    entry = OutboxEntry.objects.create(topic="webhook.emit", conversation_id=talk.id, payload={"event": "made.up"})
    with pytest.raises(UnknownEvent, match=r"made\.up"):
        fan_out(entry=entry, at=at)
