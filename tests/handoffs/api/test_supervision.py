"""Desk API: transfer, takeover, and what only supervisors may."""

import pytest

from conversations.domain.vocabulary import Role
from conversations.models import Event
from tests.conftest import member


@pytest.fixture
def supervisor(project):
    return member(project, Role.SUPERVISOR, "Sam Lindqvist")


def path(conversation, verb: str) -> str:
    return f"inbox/{conversation.pk}/{verb}"


def test_a_transfer_to_a_colleague(call, claimed, agent, other_agent):
    body = {"epoch": claimed.epoch, "agent": str(other_agent.pk), "note": "Speaks Portuguese"}

    answer = call(agent).post(path(claimed, "transfer"), body)

    assert (answer.status_code, answer.json()["owner"]["id"]) == (200, str(other_agent.pk))
    assert answer.json()["epoch"] == claimed.epoch + 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "note"),
        ({"note": "Please"}, "epoch"),
        ({"note": "Please", "epoch": 2}, "destination"),
        ({"note": "Please", "epoch": 2, "destination": "billing", "agent": "0" * 32}, "destination"),
        ({"note": "Please", "epoch": 2, "agent": "nobody"}, "agent"),
        ({"note": " ", "epoch": 2, "destination": "billing"}, "note"),
    ],
)
def test_a_transfer_says_which_field_is_wrong(call, claimed, agent, body, field):
    answer = call(agent).post(path(claimed, "transfer"), body)

    assert answer.status_code == 422
    assert field in answer.json()["errors"]


def test_a_transfer_to_nowhere_is_a_conflict_that_says_so(call, claimed, agent):
    body = {"epoch": claimed.epoch, "destination": "nowhere", "note": "Please"}

    answer = call(agent).post(path(claimed, "transfer"), body)

    assert (answer.status_code, answer.json()["error"]) == (409, "unknown_destination")


def test_a_stale_transfer_says_who_has_it(call, claimed, agent, other_agent):
    body = {"epoch": claimed.epoch - 1, "agent": str(other_agent.pk), "note": "Please"}

    answer = call(agent).post(path(claimed, "transfer"), body)

    assert (answer.status_code, answer.json()["error"]) == (409, "stale_epoch")
    assert answer.json()["owner"]["name"] == "Maya Okafor"


def test_an_agent_takes_over_from_the_ai(call, conversation, agent):
    answer = call(agent).post(path(conversation, "takeover"))

    assert (answer.status_code, answer.json()["owner"]["id"]) == (200, str(agent.pk))


def test_an_agent_does_not_take_over_from_a_colleague(call, claimed, other_agent):
    answer = call(other_agent).post(path(claimed, "takeover"))

    assert (answer.status_code, answer.json()["error"]) == (409, "already_claimed")


def test_a_supervisor_takes_over_from_an_agent(call, claimed, supervisor):
    answer = call(supervisor).post(path(claimed, "takeover"))

    assert (answer.status_code, answer.json()["owner"]["name"]) == (200, "Sam Lindqvist")


def test_a_supervisor_gives_it_to_somebody_else(call, claimed, supervisor, other_agent):
    answer = call(supervisor).post(path(claimed, "reassign"), {"agent": str(other_agent.pk)})

    assert (answer.status_code, answer.json()["owner"]["name"]) == (200, "Tomás Ribeiro")


def test_a_whisper_reaches_colleagues_only(call, claimed, supervisor):
    answer = call(supervisor).post(path(claimed, "whisper"), {"text": "Offer the refund", "client_id": "w1"})

    assert answer.status_code == 200
    event = Event.objects.get(type="human.whispered")
    assert (event.payload["text"], event.public_sequence) == ("Offer the refund", None)


def test_whispering_twice_under_one_id_is_one_whisper(call, claimed, supervisor):
    for _ in range(2):
        call(supervisor).post(path(claimed, "whisper"), {"text": "Offer the refund", "client_id": "w1"})

    assert Event.objects.filter(type="human.whispered").count() == 1


def test_barging_in_is_announced_once_and_leaves_it_with_the_agent(call, claimed, agent, supervisor):
    for text in ("I am Maya's lead.", "Your refund is on its way."):
        answer = call(supervisor).post(path(claimed, "barge"), {"text": text, "epoch": claimed.epoch})
        assert answer.status_code == 200

    claimed.refresh_from_db()
    assert (claimed.owner_id, claimed.epoch) == (str(agent.pk), claimed.epoch)
    of_supervisor = Event.objects.filter(author=f"user:{supervisor.pk}").order_by("sequence")
    assert [event.type for event in of_supervisor] == ["human.joined", "human.message", "human.message"]


def test_barging_in_under_an_old_epoch_is_refused(call, claimed, supervisor, other_agent):
    call(supervisor).post(path(claimed, "reassign"), {"agent": str(other_agent.pk)})

    answer = call(supervisor).post(path(claimed, "barge"), {"text": "Hello", "epoch": claimed.epoch})

    assert (answer.status_code, answer.json()["error"]) == (409, "stale_epoch")
    assert not Event.objects.filter(type="human.message").exists()


@pytest.mark.parametrize("verb", ["whisper", "barge"])
def test_there_is_nobody_to_stand_beside_while_the_ai_has_it(call, conversation, supervisor, verb):
    answer = call(supervisor).post(path(conversation, verb), {"text": "Hello", "epoch": conversation.epoch})

    assert (answer.status_code, answer.json()) == (
        409,
        {"error": "not_waiting", "detail": "Nobody waits in this conversation", "state": "ai"},
    )


def test_watching_is_answered_with_who_has_it(call, claimed, supervisor):
    answer = call(supervisor).post(path(claimed, "watch"), {})

    assert (answer.json()["watching"], answer.json()["owner"]["name"]) == (True, "Maya Okafor")


@pytest.mark.parametrize("verb", ["reassign", "watch", "whisper", "barge"])
def test_agents_do_not_supervise(call, claimed, agent, verb):
    assert call(agent).post(path(claimed, verb), {}).status_code == 403
