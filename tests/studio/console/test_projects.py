"""Projects: created whole, switched between, deleted by name and brought back."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from conversations.access import permissions_in
from conversations.domain.permissions import ApiScope, Permission
from conversations.domain.vocabulary import Environment, Role
from conversations.models import AuditEntry, Membership, Project, User
from conversations.selectors.people import roles_of
from conversations.services.access_tokens import TokenRefused, issue_access_token
from conversations.services.api_keys import create_project_key, find_api_key
from conversations.services.projects import TooLate, delete_project, restore_project
from handoffs.models import Desk, Destination, HandoffSettings, Queue, Reason
from handoffs.selectors.working_copy import read_working_copy
from tests.conftest import member

pytestmark = pytest.mark.django_db

VALUES = {"name": "Fernhill Home", "ai_name": "Moss", "greeting": "Hello, Moss here.", "time_zone": "Europe/London"}


@pytest.fixture
def inside(client, owner):
    client.force_login(owner)
    return client


def test_a_project_is_created_whole_and_belongs_to_who_made_it(inside, owner, project):
    answer = inside.post(reverse("project-create"), VALUES)
    made = Project.objects.get(name="Fernhill Home")
    assert (answer.status_code, answer.url) == (302, f"{reverse('home')}?project={made.pk}")
    assert made.account == project.account
    assert roles_of(owner, made) == {Role.OWNER}
    desks = Desk.objects.filter(project=made).values_list("environment", "key")
    assert sorted(desks) == [("live", "inbox"), ("sandbox", "inbox")]
    assert list(Queue.objects.filter(project=made).values_list("key", "name")) == [("general", "General")]
    assert Reason.objects.filter(project=made, code="needs_human").exists()
    assert HandoffSettings.objects.filter(project=made).count() == 1
    assert not Destination.objects.filter(project=made).exists()
    assert AuditEntry.objects.get(project=made).after["name"] == "Fernhill Home"
    config = read_working_copy(made)
    assert (config.name, config.ai_name, config.time_zone) == ("Fernhill Home", "Moss", "Europe/London")


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("name", "", "required"),
        ("name", "FERNHILL MOBILE", "Another project has this name"),
        ("time_zone", "Europe/Lodnon", "Try Europe/London"),
    ],
)
def test_what_cannot_be_created_is_refused_and_stays_in_the_form(inside, project, field, value, told):
    answer = inside.post(reverse("project-create"), VALUES | {field: value})
    assert answer.status_code == 422
    assert told in answer.text
    assert "Hello, Moss here." in answer.text
    assert Project.objects.count() == 1


def test_a_city_does_for_a_time_zone(inside):
    inside.post(reverse("project-create"), VALUES | {"time_zone": "new york"})
    assert Project.objects.get(name="Fernhill Home").time_zone == "America/New_York"


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.OWNER, Role.ADMIN)])
def test_who_answers_for_no_project_creates_none(client, project, role):
    client.force_login(member(project, role, "Somebody Else"))
    assert client.get(reverse("project-create")).status_code == 403
    assert client.post(reverse("project-create"), VALUES).status_code == 403
    assert "Create a project" not in client.get(reverse("projects")).text


def test_an_admin_creates_a_project(client, project):
    client.force_login(member(project, Role.ADMIN, "Aisha Bello"))
    assert client.post(reverse("project-create"), VALUES).status_code == 302


def test_a_project_is_deleted_by_its_name_and_is_gone_for_everybody(inside, project, agent, client):
    page = reverse("project-delete")
    assert "That is not its name" in inside.post(page, {"typed": "fernhill"}).text
    assert inside.post(page, {"typed": "Fernhill Mobile"}).url == reverse("projects")
    assert "can be brought back until" in inside.get(reverse("projects")).text
    client.force_login(agent)
    assert "You are not part of a project yet" in client.get(reverse("home")).text
    assert client.get(reverse("home"), {"project": str(project.pk)}).status_code == 404
    assert AuditEntry.objects.get(action="project.deleted").before["name"] == "Fernhill Mobile"


def test_a_deleted_projects_widgets_and_keys_stop_working_and_work_again(project, owner, connector, now):
    _, key = create_project_key(project=project, environment=Environment.LIVE, name="CRM", scopes=[ApiScope.OUTCOMES])
    delete_project(project=project, by=owner, at=now)
    assert find_api_key(key, at=now) is None
    with pytest.raises(TokenRefused):
        issue_access_token(token=connector.token, host="127.0.0.1", at=now)
    restore_project(project=project, by=owner, at=now)
    assert find_api_key(key, at=now) is not None
    assert issue_access_token(token=connector.token, host="127.0.0.1", at=now)


def test_a_project_with_customers_inside_is_not_deleted(inside, waiting):
    assert "1 customer waits or is with a person" in inside.get(reverse("project-delete")).text
    answer = inside.post(reverse("project-delete"), {"typed": "Fernhill Mobile"})
    assert answer.status_code == 422
    assert Project.objects.get().deleted_at is None


def test_only_an_owner_deletes_and_brings_back(client, project, owner, now):
    admin = member(project, Role.ADMIN, "Aisha Bello")
    assert Permission.PROJECT_REMOVE not in permissions_in(admin, project)
    client.force_login(admin)
    assert client.post(reverse("project-delete"), {"typed": "Fernhill Mobile"}).status_code == 403
    delete_project(project=project, by=owner, at=now)
    assert client.post(reverse("project-restore", args=[project.pk])).status_code == 404


def test_an_owner_brings_a_project_back(inside, project, owner, now):
    delete_project(project=project, by=owner, at=now)
    inside.post(reverse("project-restore", args=[project.pk]))
    project.refresh_from_db()
    assert project.deleted_at is None
    assert AuditEntry.objects.filter(action="project.restored").count() == 1


def test_after_thirty_days_it_is_too_late(project, owner, now):
    delete_project(project=project, by=owner, at=now)
    with pytest.raises(TooLate):
        restore_project(project=project, by=owner, at=now + timedelta(days=30, seconds=1))


def test_a_name_taken_meanwhile_is_told(inside, project, owner, now):
    delete_project(project=project, by=owner, at=now)
    Project.objects.create(account=project.account, name="Fernhill Mobile")
    answer = inside.post(reverse("project-restore", args=[project.pk]), follow=True)
    assert "Another project is called Fernhill Mobile by now" in answer.text
    project.refresh_from_db()
    assert project.deleted_at is not None


@pytest.fixture
def second(project, owner):
    made = Project.objects.create(account=project.account, name="Fernhill Home", ai_name="Moss")
    Membership.objects.create(project=made, user=owner, role=Role.AGENT)
    return made


def test_the_rail_lists_the_projects_with_a_tick_at_the_one_shown(inside, project, second):
    page = inside.get(reverse("home")).text
    menu = page[page.index('class="hs-brand"') : page.index("All projects")]
    assert re.findall(r'\?project=([\w-]+)"( aria-current)?', menu) == [
        (str(second.pk), ""),
        (str(project.pk), " aria-current"),
    ]


def test_a_project_that_was_switched_to_stays_chosen(inside, second):
    inside.get(reverse("home"), {"project": str(second.pk)})
    assert "Fernhill Home" in inside.get(reverse("profile")).text
    page = inside.get(reverse("home")).text
    assert "<title>Home · Fernhill Home</title>" in page
    assert "Create a project" not in page


def test_many_projects_cost_no_more_queries_and_the_rest_is_a_page_away(inside, project, owner, second):
    with CaptureQueriesContext(connection) as few:
        inside.get(reverse("profile"))
    for number in range(30):
        made = Project.objects.create(account=project.account, name=f"Shop {number:02}")
        Membership.objects.create(project=made, user=owner, role=Role.OWNER)
    with CaptureQueriesContext(connection) as many:
        page = inside.get(reverse("profile")).text
    assert len(many) == len(few)
    assert "Shop 00" in page
    assert "Shop 29" not in page
    assert "Shop 29" in inside.get(reverse("projects")).text


def test_the_rail_counts_who_waits_on_every_page(inside, waiting):
    page = inside.get(reverse("people")).text
    assert re.search(r'id="rail-waiting">1<', page)
    assert re.search(r'id="rail-waiting" hidden', inside.get(reverse("people"), {"environment": "sandbox"}).text)


def test_who_has_no_inbox_is_shown_no_count(client, waiting, project):
    client.force_login(member(project, Role.REVIEWER, "Rita Judge"))
    assert 'id="rail-waiting"' not in client.get(reverse("review")).text


def test_the_environment_is_switched_and_the_rest_of_the_query_stays(rf, owner):
    from django.template import Context, Template

    request = rf.get("/webhooks/", {"q": "x", "page": "3", "environment": "live"})
    request.user, request.session = owner, {}
    drawn = Template("{% load shell %}{% environment_switch %}").render(Context({"request": request}))
    assert re.findall(r'href="(\?[^"]+)"( aria-current)?', drawn) == [
        ("?q=x&amp;environment=live", " aria-current"),
        ("?q=x&amp;environment=sandbox", ""),
    ]


def test_a_superuser_without_a_project_is_led_to_the_first(client, account):
    client.force_login(User.objects.create_superuser("root@example.com", "x", full_name="Root"))
    assert reverse("project-create") in client.get(reverse("home")).text
    assert client.post(reverse("project-create"), VALUES).status_code == 302
    assert timezone.now() - Project.objects.get().created_at < timedelta(minutes=1)
