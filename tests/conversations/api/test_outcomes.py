"""Outcomes API: a CRM says what a human achieved, by its own id of the conversation."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from conversations.domain.permissions import ApiScope
from conversations.domain.vocabulary import Environment
from conversations.models import Conversation, Event, OutboxEntry, Outcome
from conversations.services.sessions import open_session
from tests.conversations.api.conftest import key_for

NOON = "2026-03-02T12:00:00+00:00"
TOLD = {
    "code": "refund_granted",
    "resolved": True,
    "first_contact_resolved": True,
    "handled_by": "Maya Okafor",
    "note": "Café voucher",
    "occurred_at": NOON,
    "source": "salesforce",
}


@pytest.fixture
def put(keyed):
    def call(shared_id: str = "case-7", scope=ApiScope.OUTCOMES, headers=(), environment=Environment.LIVE, **body):
        return keyed(
            "put", f"outcomes/{shared_id}", scope, data={**TOLD, **body}, headers=dict(headers), environment=environment
        )

    return call


@pytest.fixture
def case(waiting) -> Conversation:
    """A conversation a CRM knows as case-7, handed off."""
    Conversation.objects.filter(pk=waiting.pk).update(shared_id="case-7")
    waiting.refresh_from_db()
    return waiting


def test_an_outcome_is_kept_told_and_current(put, case):
    reply = put()

    (outcome,) = Outcome.objects.all()
    assert (reply.status, reply.body) == (
        200,
        {
            "outcome_id": str(outcome.pk),
            "conversation_id": str(case.pk),
            "handoff_id": str(case.handoff_id),
            "current": True,
            "matches": 1,
        },
    )
    assert (outcome.code, outcome.resolved, outcome.first_contact_resolved) == ("refund_granted", True, True)
    assert (outcome.handled_by, outcome.note, outcome.source) == ("Maya Okafor", "Café voucher", "salesforce")
    assert outcome.occurred_at.isoformat() == NOON
    (event,) = Event.objects.filter(conversation=case, type="outcome.recorded")
    assert event.payload["outcome_id"] == str(outcome.pk)
    assert OutboxEntry.objects.filter(payload__event="outcome.recorded").count() == 1


def test_the_newest_moment_is_current_whatever_order_they_come_in(put, case):
    later = "2026-03-02T13:00:00+01:30"  # 11:30 UTC: earlier, although its text is greater
    answers = [put(), put(occurred_at=later), put(occurred_at="2026-03-02T12:00:01Z", code="reopened")]

    assert [reply.body["current"] for reply in answers] == [True, False, True]
    assert [reply.status for reply in answers] == [200, 200, 200]
    assert Outcome.objects.count() == 3


def test_the_same_facts_again_are_the_same_outcome(put, case):
    assert put().body == put().body
    assert Outcome.objects.count() == 1


def test_of_two_of_one_moment_the_last_told_is_current(put, case):
    assert put(code="first").body["current"]
    assert put(code="second").body["current"]
    assert not put(code="first").body["current"]


def test_a_key_makes_a_repeated_call_one_and_another_body_a_conflict(client, case, project):
    url = f"/v1/{project.account_id}/{project.pk}/outcomes/case-7"
    headers = {"x-api-key": key_for(project, ApiScope.OUTCOMES), "Idempotency-Key": "push-1"}

    def send(**changes):
        return client.put(url, {**TOLD, **changes}, content_type="application/json", headers=headers)

    first, again, other = send(), send(), send(code="no_action")

    assert (first.status_code, again.json()) == (200, first.json())
    assert (other.status_code, other.json()["error"]) == (409, "idempotency_conflict")
    assert Outcome.objects.count() == 1


def test_the_conversation_handed_off_last_gets_it(put, case, cast, connector):
    older = case
    newest = open_session(connector=connector, options={}, shared_id="case-7")
    cast.hand_off(newest)
    untouched = open_session(connector=connector, options={}, shared_id="case-7")

    reply = put()

    newest.refresh_from_db()
    assert (reply.body["conversation_id"], reply.body["handoff_id"]) == (str(newest.pk), str(newest.handoff_id))
    assert reply.body["matches"] == 3
    assert not Outcome.objects.filter(conversation__in=[older, untouched]).exists()


def test_a_named_handoff_gets_it_though_another_is_newer(put, case, cast, connector):
    newest = open_session(connector=connector, options={}, shared_id="case-7")
    cast.hand_off(newest)

    reply = put(handoff_id=str(case.handoff_id))

    assert (reply.body["conversation_id"], reply.body["handoff_id"]) == (str(case.pk), str(case.handoff_id))


def test_a_handoff_of_another_conversation_is_a_field_error(put, case, conversation):
    reply = put(handoff_id=str(uuid.uuid4()))

    assert (reply.status, list(reply.body["errors"])) == (422, ["handoff_id"])
    assert not Outcome.objects.exists()


def test_a_conversation_that_was_never_handed_off_can_have_one(put, conversation):
    Conversation.objects.update(shared_id="case-7")

    assert put().body["handoff_id"] is None


def test_our_own_id_of_the_conversation_does_where_nobody_gave_another(put, waiting):
    assert put(str(waiting.pk)).body["conversation_id"] == str(waiting.pk)


@pytest.mark.parametrize("shared_id", ["sip/call@host", "a b", "%25"])
def test_any_id_can_stand_in_the_path(put, waiting, shared_id):
    Conversation.objects.update(shared_id=shared_id.replace("%25", "%"))

    assert put(shared_id).status == 200


@pytest.mark.parametrize("shared_id", ["case-8", "00000000-0000-7000-8000-000000000007", "%00", "x" * 300])
def test_an_unknown_id_is_not_found(put, case, shared_id):
    reply = put(shared_id)

    assert (reply.status, reply.body) == (404, {"error": "not_found", "detail": "There is no such conversation"})


def test_a_key_of_the_sandbox_reaches_no_live_conversation(put, case):
    assert put(environment=Environment.SANDBOX).status == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("code", ""),
        ("code", "x" * 61),
        ("code", None),
        ("resolved", "perhaps"),
        ("resolved", None),
        ("first_contact_resolved", "perhaps"),
        ("occurred_at", "yesterday"),
        ("occurred_at", None),
        ("source", ""),
        ("note", "a\0b"),
        ("handled_by", "x" * 121),
        ("handoff_id", "7"),
    ],
)
def test_each_field_says_what_is_wrong_with_it(put, case, field, value):
    reply = put(**{field: value})

    assert (reply.status, list(reply.body["errors"])) == (422, [field])
    assert not Outcome.objects.exists()


def test_an_outcome_from_the_future_would_stay_current_for_ever_and_is_refused(put, case):
    reply = put(occurred_at=(timezone.now() + timedelta(minutes=6)).isoformat())

    assert (reply.status, reply.body) == (422, {"errors": {"occurred_at": ["This is in the future"]}})


def test_the_scope_is_needed(put, case):
    reply = put(scope=ApiScope.CHAT)

    assert (reply.status, reply.body["error"]) == (403, "forbidden")


def test_what_is_left_out_is_unknown_and_not_no(keyed, case):
    body = {name: TOLD[name] for name in ("code", "resolved", "occurred_at", "source")}

    assert keyed("put", "outcomes/case-7", ApiScope.OUTCOMES, data=body).status == 200

    outcome = Outcome.objects.get()
    assert (outcome.first_contact_resolved, outcome.handled_by, outcome.note) == (None, "", "")
