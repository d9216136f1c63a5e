"""What every page stands on, shown with two pages that are there: the releases, and an inbox's environment."""

import uuid

import pytest
from django.test import RequestFactory
from django.urls import reverse

from conversations.access import NotFound
from conversations.domain.permissions import Permission
from conversations.domain.vocabulary import Role
from conversations.models import Membership, Project
from conversations.views.console import Page, console_page
from handoffs.models import Destination


@pytest.fixture
def second(account, owner):
    """Another project of the owner's, with a destination."""
    project = Project.objects.create(account=account, name="Second", time_zone="Asia/Tokyo")
    Membership.objects.create(user=owner, project=project, role=Role.OWNER)
    Destination.objects.create(project=project, key="billing", name="Billing")
    return project


def project_shown(client, query=None):
    return client.get(reverse("releases"), query or {}).context["project"]


def test_one_lands_in_the_project_one_joined_first(as_owner, project, second):
    assert project_shown(as_owner) == project


def test_a_project_asked_for_stays_chosen(as_owner, second):
    assert project_shown(as_owner, {"project": second.pk}) == second
    assert project_shown(as_owner) == second


def test_a_form_acts_in_the_project_it_was_shown_for(as_owner, project, second):
    project_shown(as_owner, {"project": second.pk})
    as_owner.post(reverse("release-publish"), {"project": project.pk, "note": "From the other tab"})
    assert (project.releases.count(), second.releases.count()) == (1, 0)
    assert project_shown(as_owner) == second


@pytest.mark.parametrize("asked", [uuid.uuid4(), "nonsense"])
def test_a_project_that_is_not_ones_own_is_not_found(as_owner, asked):
    assert as_owner.get(reverse("releases"), {"project": asked}).status_code == 404
    assert as_owner.post(reverse("release-publish"), {"project": asked}).status_code == 404


def test_a_query_with_nul_is_no_address(as_owner):
    for name in ("people", "palette", "review", "audit", "hours"):
        assert as_owner.get(reverse(name), {"q": "a\0b"}).status_code == 404


def test_a_project_one_was_removed_from_is_forgotten(as_owner, project, second, owner):
    project_shown(as_owner, {"project": second.pk})
    Membership.objects.filter(user=owner, project=second).delete()
    assert project_shown(as_owner) == project


def test_without_the_permission_a_page_is_forbidden(client, agent):
    client.force_login(agent)
    assert client.get(reverse("releases")).status_code == 403


def test_nobody_in_no_project_is_told_whom_to_ask(client, agent):
    Membership.objects.filter(user=agent).delete()
    client.force_login(agent)
    assert "You are not part of a project yet" in client.get(reverse("home")).text


def test_a_stranger_is_asked_to_log_in(client):
    response = client.get(reverse("releases"))
    assert (response.status_code, response.url) == (302, f"/login/?next={reverse('releases')}")


def test_only_the_methods_of_a_page_are_answered(as_owner):
    response = as_owner.get(reverse("release-publish"))
    assert (response.status_code, response.headers["Allow"]) == (405, "POST")


@console_page(Permission.DESTINATIONS_EDIT, of=Destination)
def show_row(request, page: Page, row: Destination):
    return page, row


def ask(user, pk):
    request = RequestFactory().get("/", {"environment": "sandbox"})
    request.user, request.session = user, {}
    return show_row.__wrapped__(request, pk=pk)


def test_a_row_is_shown_in_its_own_project_whatever_was_chosen(owner, project, second):
    row = Destination.objects.get(project=second)
    page, found = ask(owner, row.pk)
    assert (page.project, found, page.environment) == (second, row, "sandbox")


def test_absent_and_not_ones_own_are_the_same(owner, outsider, project):
    row = Destination.objects.get(project=project)
    for person, pk in ((outsider, row.pk), (owner, uuid.uuid4())):
        with pytest.raises(NotFound):
            ask(person, pk)
