"""The palette finds what a person may open, and nothing else."""

import pytest
from django.urls import reverse

from conversations.access import permissions_in
from conversations.domain.vocabulary import Environment, Role
from conversations.models import Membership, Project
from conversations.views.console import Page
from handoffs.models import Destination, Queue
from studio.console.palette import MOST_HITS, Wish, find_hits

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(project):
    def labels(user, text: str) -> list[str]:
        page = Page(user, project, Environment.LIVE, permissions_in(user, project))
        return [str(hit.label) for hit in find_hits(Wish(page, text))]

    return labels


def test_without_a_word_it_offers_pages_and_actions(ask, owner):
    found = ask(owner, "")
    assert {"Home", "Inbox", "Review", "Releases", "Publish to live"} <= set(found)
    assert len(found) <= MOST_HITS


def test_an_agent_finds_no_page_they_may_not_open(ask, agent):
    found = ask(agent, "")
    assert {"Home", "Inbox"} <= set(found)
    assert {"Releases", "Publish to live", "Review"} & set(found) == set()


def test_what_begins_with_the_word_comes_first(ask, owner, project):
    Destination.objects.create(project=project, key="inn", name="Innsbruck")
    assert ask(owner, "in")[:2] == ["Inbox", "Invite somebody"] or ask(owner, "in")[0] == "Inbox"
    assert ask(owner, "inns") == ["Innsbruck"]


def test_destinations_and_queues_are_found_by_name_or_key_without_regard_to_case(ask, owner, agent):
    Queue.objects.update(name="Bills and refunds")
    assert ask(owner, "BILL")[:2] in (["Billing", "Bills and refunds"], ["Bills and refunds", "Billing"])
    assert ask(agent, "BILL") == []


def test_a_customer_is_found_by_who_may_know_the_name(ask, agent, claimed):
    claimed.customer.name = "Joan Marchetti"
    claimed.customer.save()
    (found,) = ask(agent, "marche")
    assert found.startswith("Joan Marchetti")
    developer = agent
    Membership.objects.filter(user=developer).update(role=Role.DEVELOPER)
    assert ask(developer, "marche") == []


def test_a_conversation_is_found_by_its_id_only_in_its_own_environment(ask, agent, claimed):
    assert len(ask(agent, str(claimed.pk))) == 1
    type(claimed).objects.update(environment=Environment.SANDBOX)
    assert ask(agent, str(claimed.pk)) == []


def test_nothing_of_another_project_is_found_but_ones_own_projects_are(ask, owner, outsider):
    elsewhere = Project.objects.get(name="Elsewhere")
    Destination.objects.create(project=elsewhere, key="far", name="Faraway desk")
    assert ask(owner, "far") == []
    assert ask(owner, "elsewhere") == []
    Membership.objects.create(user=owner, project=elsewhere, role=Role.AGENT)
    assert ask(owner, "elsewhere") == ["Elsewhere"]


def test_people_are_found_by_who_may_see_them(ask, owner, agent):
    assert ask(owner, "maya@") == ["Maya Okafor"]
    assert ask(agent, "maya@") == []


def test_a_thousand_destinations_cost_no_more_queries(ask, owner, project, django_assert_max_num_queries):
    Destination.objects.bulk_create(
        Destination(project=project, key=f"desk-{number}", name=f"Desk {number}") for number in range(1000)
    )
    with django_assert_max_num_queries(8):
        assert len(ask(owner, "desk")) == 5


def test_the_answer_says_what_was_asked_so_that_a_late_one_is_not_taken(client, owner):
    client.force_login(owner)
    answer = client.get(reverse("palette"), {"q": "  home  "}).text
    assert 'data-asked="home"' in answer
    assert 'role="option"' in answer
