"""Who may open an inbox socket."""

import pytest
from django.conf import settings
from django.test import Client

from conversations.services.people import set_password
from handoffs.services.socket_tickets import issue_socket_ticket

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cookie():
    def of(user) -> str:
        client = Client()
        client.force_login(user)
        return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"

    return of


def test_a_page_comes_in_by_its_cookie(dial, server, cookie, agent, project):
    headers = {"Cookie": cookie(agent), "Origin": server.base_url}

    assert dial(headers, project_id=str(project.pk)).next()["type"] == "list"


@pytest.mark.parametrize("origin", ["https://evil.example", ""])
def test_a_page_of_somebody_else_is_turned_away(dial, cookie, agent, project, origin):
    headers = {"Cookie": cookie(agent), **({"Origin": origin} if origin else {})}

    assert dial(headers, project_id=str(project.pk)).closed_with() == (4403, "This page may not open the socket")


def test_without_cookie_and_ticket_nobody_comes_in(dial, server, project):
    socket = dial({"Origin": server.base_url}, project_id=str(project.pk))

    assert socket.closed_with() == (4401, "Log in first")


def test_a_ticket_opens_one_socket(dial, agent, project):
    ticket = issue_socket_ticket(user=agent)

    assert dial(project_id=str(project.pk), ticket=ticket).next()["type"] == "list"
    again = dial(project_id=str(project.pk), ticket=ticket)
    assert again.closed_with() == (4401, "This ticket is unknown, spent or too old")


def test_a_wrong_ticket_is_not_helped_by_a_cookie(dial, server, cookie, agent, project):
    headers = {"Cookie": cookie(agent), "Origin": server.base_url}

    assert dial(headers, project_id=str(project.pk), ticket="made-up").closed_with()[0] == 4401


def test_a_reviewer_has_no_inbox(sit, reviewer):
    assert sit(reviewer).closed_with() == (4403, "This needs the permission inbox.view")


def test_an_outsider_finds_no_project(sit, outsider):
    assert sit(outsider).closed_with() == (4404, "There is no such project")


@pytest.mark.parametrize("query", [{"environment": "staging"}, {"view": "all"}, {"format": "xml"}])
def test_a_parameter_that_is_none_of_ours_is_refused(sit, agent, query):
    assert sit(agent, **query).closed_with()[0] == 4400


@pytest.mark.parametrize("project_id", ["", "nonsense"])
def test_a_project_that_is_none_is_not_found(dial, agent, project_id):
    ticket = issue_socket_ticket(user=agent)

    assert dial(project_id=project_id, ticket=ticket).closed_with()[0] == 4404


def test_who_logs_out_loses_the_socket(dial, server, agent, project, waiting, cast, monkeypatch):
    monkeypatch.setattr("handoffs.consumers.inbox.READMIT_SECONDS", 0.0)
    client = Client()
    client.force_login(agent)
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    socket = dial({"Cookie": cookie, "Origin": server.base_url}, project_id=str(project.pk))
    socket.hear("list")
    client.post("/logout/")

    cast.customer_says(waiting, "Is anyone there?")

    assert socket.closed_with() == (4401, "You have logged out")


def test_a_new_password_ends_the_sockets_of_other_sessions(
    dial, server, cookie, agent, project, waiting, cast, monkeypatch
):
    monkeypatch.setattr("handoffs.consumers.inbox.READMIT_SECONDS", 0.0)
    socket = dial({"Cookie": cookie(agent), "Origin": server.base_url}, project_id=str(project.pk))
    socket.hear("list")
    set_password(person=agent, password="another long password", by=agent, action="person.password_changed")

    cast.customer_says(waiting, "Is anyone there?")

    assert socket.closed_with() == (4401, "You have logged out")
