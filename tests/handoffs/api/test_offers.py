"""Offers, snoozing and wrapping up over the Desk API, and what the socket tells of them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from conversations.services.outcomes import OutcomeFacts
from conversations.services.sessions import open_session
from handoffs.domain.config import Assignment as Way
from handoffs.models import Agent, Assignment, Offer, Presence, Queue
from handoffs.services.claims import claim_conversation
from handoffs.services.closing import close_conversation
from handoffs.services.offers import drain_offers
from handoffs.services.releases import publish_release

REFUNDED = OutcomeFacts(code="refund_issued", resolved=True)


@pytest.fixture
def offered(project, owner, agent, conversation, cast, now) -> Offer:
    """The conversation, held out to the agent."""
    Queue.objects.update(assignment=Way.OFFER.value, wrap_up_seconds=60)
    publish_release(project=project, publisher=owner, at=now)
    Presence.objects.create(project=project, user=agent, state="ready", since=now, seen_at=now)
    cast.hand_off(conversation)
    drain_offers(project_id=project.pk, at=timezone.now())
    return Offer.objects.get()


def test_what_concerns_the_person(call, agent, offered, conversation):
    answer = call(agent).get("agent")

    assert answer.status_code == 200
    facts = answer.json()
    (told,) = facts["offers"]
    assert facts["presence"]["state"] == "ready"
    assert (facts["load"], facts["capacity"], facts["wrap_ups"]) == (1, 4, [])
    assert (told["id"], told["conversation_id"]) == (str(offered.pk), str(conversation.pk))
    assert (told["queue"], told["reason"]) == ({"key": "billing", "name": "Billing"}, "needs_human")


def test_accepting(call, agent, offered, conversation):
    answer = call(agent).post(f"offers/{offered.pk}/accept")

    assert answer.status_code == 200
    assert answer.json()["owner"] == {"kind": "human", "id": str(agent.pk), "name": agent.full_name}
    assert call(agent).post(f"offers/{offered.pk}/accept").json() == answer.json()


def test_declining(call, agent, offered):
    answer = call(agent).post(f"offers/{offered.pk}/decline")

    assert (answer.status_code, answer.json()) == (200, {"id": str(offered.pk), "state": "declined"})


@pytest.mark.parametrize("verb", ["accept", "decline"])
def test_what_is_over_is_gone(call, agent, other_agent, offered, conversation, verb):
    claim_conversation(conversation_id=conversation.pk, agent=other_agent, at=timezone.now())

    answer = call(agent).post(f"offers/{offered.pk}/{verb}")

    assert (answer.status_code, answer.json()["error"], answer.json()["state"]) == (409, "gone", "withdrawn")


@pytest.mark.parametrize("offer_id", ["", "01a1fee8-0962-77eb-816f-93d2f4c332cc", "nonsense"])
@pytest.mark.parametrize("verb", ["accept", "decline"])
def test_anothers_offer_and_no_offer_are_the_same_404(call, other_agent, offered, offer_id, verb):
    answer = call(other_agent).post(f"offers/{offer_id or offered.pk}/{verb}")

    assert (answer.status_code, answer["Content-Type"]) == (404, "application/json")


def test_claiming_beyond_the_capacity_says_what_there_is(call, project, agent, claimed, cast, connector):
    Agent.objects.update(capacity=1)
    second = open_session(connector=connector, options={})
    cast.hand_off(second)

    for answer in (call(agent).post(f"inbox/{second.pk}/claim"), call(agent).post("inbox/claim-next")):
        assert answer.status_code == 409
        told = answer.json()
        assert (told["error"], told["load"], told["capacity"]) == ("no_capacity", 1, 1)


def test_snoozing_and_waking(call, agent, claimed):
    until = timezone.now() + timedelta(hours=1)
    body = {"until": until.isoformat(), "epoch": claimed.epoch}

    answer = call(agent).post(f"inbox/{claimed.pk}/snooze", body)

    assert (answer.status_code, answer.json()["state"]) == (200, "snoozed")
    (row,) = call(agent).get("inbox", view="snoozed").json()["results"]
    assert row["conversation_id"] == str(claimed.pk)
    assert row["snoozed_until"].startswith(until.strftime("%Y-%m-%dT"))
    assert call(agent).get("inbox", view="mine").json()["results"] == []

    assert call(agent).post(f"inbox/{claimed.pk}/wake").json()["state"] == "active"
    assert call(agent).post(f"inbox/{claimed.pk}/wake").status_code == 409
    assert len(call(agent).get("inbox", view="mine").json()["results"]) == 1


def test_a_colleague_finds_what_is_snoozed_with_the_team(call, agent, other_agent, claimed):
    body = {"until": (timezone.now() + timedelta(hours=1)).isoformat(), "epoch": claimed.epoch}
    call(agent).post(f"inbox/{claimed.pk}/snooze", body)

    assert len(call(other_agent).get("inbox", view="team").json()["results"]) == 1
    assert call(other_agent).get("inbox", view="snoozed").json()["results"] == []


@pytest.mark.parametrize(
    ("body", "field"),
    [({}, "until"), ({"until": "tomorrow"}, "until"), ({"until": "2020-01-01T00:00:00Z"}, "until")],
    ids=["nothing", "words", "past"],
)
def test_a_moment_that_is_none_is_a_field_error(call, agent, claimed, body, field):
    answer = call(agent).post(f"inbox/{claimed.pk}/snooze", {"epoch": claimed.epoch, **body})

    assert answer.status_code == 422
    assert field in answer.json()["errors"]


def test_snoozing_under_an_old_epoch_is_refused(call, agent, claimed):
    body = {"until": (timezone.now() + timedelta(hours=1)).isoformat(), "epoch": claimed.epoch - 1}

    assert call(agent).post(f"inbox/{claimed.pk}/snooze", body).json()["error"] == "stale_epoch"


def test_being_done_with_what_is_closed(call, agent, offered, conversation, now):
    accepted = claim_conversation(conversation_id=conversation.pk, agent=agent, at=now)
    close_conversation(conversation_id=conversation.pk, agent=agent, epoch=accepted.epoch, facts=REFUNDED, at=now)
    assert len(call(agent).get("agent").json()["wrap_ups"]) == 1

    assert call(agent).post(f"inbox/{conversation.pk}/wrap-up/done").json()["state"] == "ended"

    assert call(agent).post(f"inbox/{conversation.pk}/wrap-up/done").status_code == 409
    assert Assignment.objects.get().state == "ended"
