from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from conversations.domain.vocabulary import Channel, Environment, OwnerKind
from conversations.models import Conversation, Customer, Outcome, User
from studio.console.home import read_figures

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
def make_conversation(project):
    customer = Customer.objects.create(project=project, environment=Environment.LIVE)

    def make(**fields) -> Conversation:
        given = {"environment": Environment.LIVE, "channel": Channel.WEB_CHAT, **fields}
        return Conversation.objects.create(project=project, customer=customer, **given)

    return make


def close(conversation, at):
    return Outcome.objects.create(conversation=conversation, code="done", resolved=True, occurred_at=at)


def test_the_figures_count_live_conversations_by_who_has_them(project, agent, other_agent, make_conversation):
    make_conversation(owner_kind=OwnerKind.QUEUE, waiting_since=NOON - timedelta(minutes=2))
    make_conversation(owner_kind=OwnerKind.QUEUE, waiting_since=NOON - timedelta(minutes=6))
    make_conversation(owner_kind=OwnerKind.QUEUE, environment=Environment.SANDBOX)
    make_conversation(owner_kind=OwnerKind.QUEUE, ended_at=NOON)
    make_conversation(owner_kind=OwnerKind.HUMAN, owner_id=str(agent.id))
    make_conversation(owner_kind=OwnerKind.HUMAN, owner_id=str(other_agent.id))
    make_conversation()
    figures = read_figures(project=project, user=agent, at=NOON)
    assert (figures.waiting, figures.with_you, figures.with_ai, figures.closed_today) == (2, 1, 1, 0)
    assert figures.oldest_wait == NOON - timedelta(minutes=6)


def test_today_begins_at_the_projects_own_midnight(project, agent, make_conversation):
    project.time_zone = "Pacific/Auckland"  # 01:00 on the 22nd while it is noon in UTC
    one, other = make_conversation(), make_conversation()
    close(one, NOON - timedelta(minutes=30))
    close(one, NOON - timedelta(minutes=20))
    close(other, NOON - timedelta(minutes=90))
    assert read_figures(project=project, user=agent, at=NOON).closed_today == 1


def test_home_asks_strangers_to_log_in(client):
    assert client.get(reverse("home")).url == f"{reverse('login')}?next=/"


def test_home_shows_the_project_and_the_persons_own_menu(client, agent):
    client.force_login(agent)
    page = client.get(reverse("home")).text
    assert "<h1>Fernhill Mobile" in page
    assert "maya@example.com" in page


def test_somebody_without_a_project_is_told_what_to_do(client, db):
    client.force_login(User.objects.create_user("new@example.com", "correct horse", full_name="Nora New"))
    page = client.get(reverse("home")).text
    assert "You are not part of a project yet" in page
    assert "An owner can add new@example.com" in page


def test_a_page_that_does_not_exist_says_so_in_the_consoles_look(client):
    answer = client.get("/no-such-page/")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.text
