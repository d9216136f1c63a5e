"""Who may call at all: personal tokens, the console's cookie with its CSRF token, and tickets for sockets."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from conversations.domain.permissions import ApiScope
from conversations.domain.vocabulary import Environment
from conversations.models import ApiKey
from conversations.services.api_keys import create_personal_token, create_project_key
from handoffs.services.socket_tickets import spend_socket_ticket


@pytest.fixture
def url(project) -> str:
    return f"/api/v1/projects/{project.pk}/presence"


def put(client: Client, url: str, **headers: str):
    return client.put(url, {"state": "ready"}, content_type="application/json", headers=headers)


def test_without_credentials_nobody_is_let_in(client, url):
    answer = put(client, url)

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json()["error"] == "not_authenticated"
    assert set(answer.json()) == {"error", "detail"}


@pytest.mark.parametrize("change", [{"revoked_at": True}, {"expires_at": True}])
def test_a_token_that_is_over_is_refused(client, url, agent, change):
    key, token = create_personal_token(user=agent, name="script")
    ApiKey.objects.filter(pk=key.pk).update(**dict.fromkeys(change, timezone.now() - timedelta(seconds=1)))

    answer = put(client, url, Authorization=f"Bearer {token}")

    assert (answer.status_code, answer.json()["error"]) == (401, "not_authenticated")


def test_the_token_of_a_deactivated_person_is_refused(client, url, agent):
    _, token = create_personal_token(user=agent, name="script")
    agent.is_active = False
    agent.save()

    assert put(client, url, Authorization=f"Bearer {token}").status_code == 401


def test_a_key_of_the_project_is_nobody(client, url, project):
    _, key = create_project_key(
        project=project, environment=Environment.LIVE, name="Handoff", scopes=[ApiScope.HANDOFF]
    )

    assert put(client, url, Authorization=f"Bearer {key}").status_code == 401


def test_the_cookie_of_the_console_is_taken_with_its_csrf_token(url, agent):
    client = Client(enforce_csrf_checks=True)
    client.force_login(agent)
    client.cookies["csrftoken"] = "a" * 32

    assert put(client, url).status_code == 403
    assert put(client, url, **{"X-CSRFToken": "a" * 32}).status_code == 200


def test_reading_by_cookie_needs_no_csrf_token(agent, project):
    client = Client(enforce_csrf_checks=True)
    client.force_login(agent)

    assert client.get(f"/api/v1/projects/{project.pk}/inbox").status_code == 200


def test_a_ticket_is_good_once(client, agent):
    _, token = create_personal_token(user=agent, name="script")

    answer = client.post("/api/v1/ws-ticket", headers={"Authorization": f"Bearer {token}"})

    assert (answer.status_code, answer.json()["expires_in"]) == (200, 60)
    ticket = answer.json()["ticket"]
    assert spend_socket_ticket(ticket=ticket) == agent
    assert spend_socket_ticket(ticket=ticket) is None


def test_a_ticket_nobody_was_given_is_nobodys(db):
    assert spend_socket_ticket(ticket="made-up") is None
