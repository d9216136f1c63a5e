"""The pages of people, teams and roles."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conversations.domain.permissions import Permission
from conversations.domain.vocabulary import Role
from conversations.models import AuditEntry, Membership, Team, User
from conversations.selectors.people import roles_of
from handoffs.models import Queue
from studio.console.roles import PERMISSION_WORDS, ROLE_WORDS, read_rights
from tests.conftest import member

pytestmark = pytest.mark.django_db


@pytest.fixture
def inside(client, owner):
    """A browser in which the owner is logged in."""
    client.force_login(owner)
    return client


@pytest.fixture
def admin(project):
    return member(project, Role.ADMIN, "Aisha Bello")


@pytest.fixture
def night(project, agent):
    team = Team.objects.create(project=project, key="night", name="Night")
    team.members.add(agent)
    return team


def at(name, person):
    return reverse(name, args=[person.pk])


def names_on(page):
    return re.findall(r'hs-table-link" href="[^"]+">([^<]+)<', page)


def test_everybody_of_the_project_is_listed_and_nobody_else(inside, owner, agent, night, outsider):
    page = inside.get(reverse("people")).text
    assert names_on(page) == ["Maya Okafor", "Olive Grant"]
    assert "Night" in page
    assert outsider.email not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [({"q": "MAYA"}, ["Maya Okafor"]), ({"q": "olive@"}, ["Olive Grant"]), ({"role": "agent"}, ["Maya Okafor"])],
)
def test_people_are_found_by_name_email_and_role(inside, owner, agent, query, found):
    assert names_on(inside.get(reverse("people"), query).text) == found


def test_a_filter_that_hides_everybody_says_so(inside, agent):
    assert "0 match this filter" in inside.get(reverse("people"), {"q": "zzz"}).text


def test_a_thousand_people_cost_as_many_queries_as_two(inside, project, owner, agent):
    with CaptureQueriesContext(connection) as few:
        inside.get(reverse("people"))
    crowd = [User(email=f"p{number:04}@example.com", full_name=f"Person {number:04}") for number in range(1000)]
    User.objects.bulk_create(crowd)
    Membership.objects.bulk_create(Membership(user=one, project=project, role=Role.AGENT) for one in crowd)
    with CaptureQueriesContext(connection) as many:
        page = inside.get(reverse("people")).text
    assert len(many) == len(few)
    assert len(names_on(page)) == 50
    assert "1002 people" in page
    assert names_on(inside.get(reverse("people"), {"page": "2"}).text)[0] == "Person 0048"


@pytest.mark.parametrize("number", ["0", "-1", "x", "999999", "9" * 30])
def test_a_page_that_is_none_is_no_error(inside, agent, number):
    assert inside.get(reverse("people"), {"page": number}).status_code == 200


def test_roles_are_saved_from_the_page(inside, project, agent):
    answer = inside.post(at("person-roles", agent), {"roles": ["reviewer", "agent"]})
    assert answer.status_code == 302
    assert roles_of(agent, project) == {Role.AGENT, Role.REVIEWER}


@pytest.mark.parametrize(
    ("roles", "told"), [([], "Choose one role at least"), (["agent", "king"], "not one of the available")]
)
def test_roles_that_cannot_be_are_refused(inside, project, agent, roles, told):
    answer = inside.post(at("person-roles", agent), {"roles": roles})
    assert answer.status_code == 422
    assert told in answer.text
    assert roles_of(agent, project) == {Role.AGENT}


def test_the_last_owner_reads_why_the_role_stays(inside, project, owner):
    answer = inside.post(at("person-roles", owner), {"roles": ["admin"]})
    assert answer.status_code == 422
    assert "would have no owner. Make somebody else an owner first" in answer.text
    assert roles_of(owner, project) == {Role.OWNER}


def test_an_admin_is_shown_the_owners_role_locked_and_cannot_post_it(client, project, owner, admin, agent):
    client.force_login(admin)
    page = client.get(at("person", agent)).text
    assert re.search(r'value="owner" disabled', page)
    answer = client.post(at("person-roles", agent), {"roles": ["agent", "owner"]})
    assert "Only an owner gives or takes the role Owner" in answer.text
    assert roles_of(agent, project) == {Role.AGENT}


def test_an_admin_saves_an_owners_page_without_touching_the_role(client, project, owner, admin):
    client.force_login(admin)
    page = client.get(at("person", owner)).text
    assert '<input type="hidden" name="roles" value="owner">' in page
    assert client.post(at("person-roles", owner), {"roles": ["owner", "agent"]}).status_code == 302
    assert roles_of(owner, project) == {Role.OWNER, Role.AGENT}


def test_a_person_is_removed(inside, project, agent):
    assert inside.post(at("person-remove", agent)).url == reverse("people")
    assert inside.get(at("person", agent)).status_code == 404


def test_customers_who_are_with_somebody_are_named_before_they_are_removed(inside, claimed, agent):
    assert "1 customer is with this person now" in inside.get(at("person", agent)).text


def test_a_reset_link_is_shown_once_and_audited(inside, project, agent):
    page = inside.post(at("person-link", agent)).text
    link = re.search(r"http://[^<]+/password/new/\?link=[^<]+", page)[0].replace("&amp;", "&")
    assert AuditEntry.objects.get(project=project, action="person.reset_link_made").subject == "Maya Okafor"
    assert inside.get(at("person-link", agent)).status_code == 405
    assert inside.get(link).status_code == 302


def test_an_admin_makes_no_reset_link_for_an_owner(client, owner, admin):
    client.force_login(admin)
    answer = client.post(at("person-link", owner))
    assert answer.status_code == 422
    assert "password/new" not in answer.text
    assert "Make a reset link" not in client.get(at("person", owner)).text


def test_who_is_deactivated_is_shown_so_and_can_be_brought_back(inside, agent):
    inside.post(at("person-deactivate", agent))
    assert "Deactivated" in inside.get(reverse("people")).text
    assert "Let log in again" in inside.get(at("person", agent)).text
    inside.post(at("person-reactivate", agent))
    agent.refresh_from_db()
    assert agent.is_active


def test_an_admin_deactivates_nobody(client, agent, admin):
    client.force_login(admin)
    assert client.post(at("person-deactivate", agent)).status_code == 422
    agent.refresh_from_db()
    assert agent.is_active


@pytest.mark.parametrize(
    "name", ["person", "person-roles", "person-remove", "person-link", "person-deactivate", "person-reactivate"]
)
def test_another_projects_person_is_not_there(inside, outsider, name):
    method = inside.get if name == "person" else inside.post
    assert method(at(name, outsider)).status_code == 404


@pytest.mark.parametrize("name", ["people", "invitations", "invite", "teams", "team-add", "roles"])
@pytest.mark.parametrize("who", ["agent", "reviewer"])
def test_who_does_not_edit_people_is_refused(client, request, name, who):
    client.force_login(request.getfixturevalue(who))
    assert client.get(reverse(name)).status_code == 403


def test_every_role_and_permission_has_words_and_the_table_is_the_real_one():
    assert list(ROLE_WORDS) == list(Role)
    assert set(PERMISSION_WORDS) == set(Permission)
    rights = {right.permission: dict(zip(Role, right.held, strict=True)) for right in read_rights()}
    assert rights[Permission.INBOX_REPLY][Role.AGENT]
    assert not rights[Permission.PII_VIEW][Role.DEVELOPER]
    assert all(held[Role.OWNER] for held in rights.values())


def test_a_team_is_added_with_a_key_and_its_members_audited(inside, project, agent, owner):
    answer = inside.post(reverse("team-add"), {"name": "Late shift", "members": [str(agent.pk)]})
    assert answer.status_code == 302
    team = Team.objects.get(project=project)
    assert (team.key, list(team.members.all())) == ("late-shift", [agent])
    assert AuditEntry.objects.get(action="team.added").after["members"] == ["Maya Okafor"]


def test_a_team_is_renamed_and_refilled_with_before_and_after(inside, night, owner):
    values = {"name": "Nights", "members": [str(owner.pk)], "revision": "1"}
    assert inside.post(at("team", night), values).status_code == 302
    entry = AuditEntry.objects.get(action="team.changed")
    assert entry.before == {"name": "Night", "members": ["Maya Okafor"]}
    assert entry.after == {"name": "Nights", "members": ["Olive Grant"]}


def test_a_second_editor_of_a_team_is_told(inside, night, agent):
    inside.post(at("team", night), {"name": "Nights", "members": [str(agent.pk)], "revision": "1"})
    answer = inside.post(at("team", night), {"name": "Late", "members": [], "revision": "1"})
    assert answer.status_code == 422
    assert "while you were editing" in answer.text


def test_a_name_two_teams_would_share_is_refused(inside, night):
    answer = inside.post(reverse("team-add"), {"name": "NIGHT"})
    assert "Another team has this name" in answer.text
    assert Team.objects.count() == 1


def test_an_outsider_is_put_into_no_team(inside, night, outsider):
    answer = inside.post(at("team", night), {"name": "Night", "members": [str(outsider.pk)], "revision": "1"})
    assert answer.status_code == 422
    assert not night.members.filter(pk=outsider.pk).exists()


def test_a_team_is_deleted_by_its_name_and_its_queues_stay(inside, night, project):
    queue = Queue.objects.get(project=project)
    queue.teams.add(night)
    inside.post(at("team-delete", night), {"typed": "nigh"})
    assert Team.objects.exists()
    inside.post(at("team-delete", night), {"typed": "Night"})
    assert not Team.objects.exists()
    assert list(queue.teams.all()) == []
    assert AuditEntry.objects.get(action="team.removed").before["members"] == ["Maya Okafor"]
