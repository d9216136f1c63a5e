"""Transfer and take over on the inbox page: what each refusal says."""

import pytest

from handoffs.models import Agent

HTMX = {"HX-Request": "true"}


@pytest.fixture
def maya(client, agent):
    client.force_login(agent)
    return client


def post(browser, conversation, verb, **fields):
    return browser.post(f"/inbox/{conversation.pk}/{verb}/", fields, headers=HTMX)


def test_who_takes_work_stands_in_the_form(maya, claimed, other_agent):
    answer = maya.get(f"/inbox/{claimed.pk}/targets/")

    assert (answer.status_code, other_agent.full_name in answer.content.decode()) == (200, True)


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({}, "Choose who takes it from here"),
        ({"target": "nobody"}, "Choose who takes it from here"),
        ({"target": "agent:7"}, "Choose who takes it from here"),
        ({"target": "destination:billing"}, "Say in a line what the next person has to know"),
        ({"target": "destination:nowhere", "note": "x"}, "It is not there any more"),
        ({"target": "agent:00000000-0000-0000-0000-000000000000", "note": "x"}, "It is not there any more"),
    ],
)
def test_what_is_wrong_is_said_in_the_dialog(maya, claimed, fields, problem):
    answer = post(maya, claimed, "transfer", epoch=claimed.epoch, **fields)

    assert answer.status_code == 422
    assert answer.headers["HX-Retarget"] == "#transfer-problem"
    assert problem in answer.content.decode()


def test_a_colleague_who_is_full_is_not_given_more(maya, claimed, other_agent, project):
    Agent.objects.create(project=project, user=other_agent, capacity=0)

    answer = post(maya, claimed, "transfer", epoch=claimed.epoch, target=f"agent:{other_agent.pk}", note="x")

    assert answer.status_code == 422
    assert "They carry 0 of 0 already" in answer.content.decode()


def test_a_stale_transfer_shows_who_has_it(maya, claimed, other_agent):
    answer = post(maya, claimed, "transfer", epoch=claimed.epoch - 1, target=f"agent:{other_agent.pk}", note="x")

    assert answer.status_code == 409
    assert "Maya Okafor has this since" in answer.content.decode()


def test_taking_over_shows_the_conversation_with_a_composer(maya, conversation):
    answer = post(maya, conversation, "takeover")

    assert answer.status_code == 200
    assert 'id="composer-text"' in answer.content.decode()


def test_who_carries_enough_is_told_so(maya, conversation, agent, project):
    Agent.objects.create(project=project, user=agent, capacity=0)

    answer = post(maya, conversation, "takeover")

    assert answer.status_code == 409
    assert "your whole capacity of 0" in answer.content.decode()


def test_what_a_colleague_has_is_not_taken(client, other_agent, claimed):
    client.force_login(other_agent)

    answer = post(client, claimed, "takeover")

    assert answer.status_code == 409
    assert "Maya Okafor has this since" in answer.content.decode()
