"""Removing the demo takes what only the demo brought, and leaves the rest."""

import pytest
from django.urls import reverse
from django.utils import timezone

from conversations.domain.vocabulary import Role
from conversations.models import ApiKey, AuditEntry, Connector, Conversation, Membership, Project, User
from conversations.services.projects import account_for_new
from conversations.services.sessions import open_session
from studio.console.login import demo_users
from studio.demo.removal import read_going, remove_demo
from studio.demonstration import prepare_demo


@pytest.fixture
def eleanor(demo) -> User:
    return User.objects.get(full_name="Eleanor Marsh")


@pytest.fixture
def maya(demo) -> User:
    return User.objects.get(full_name="Maya Okafor")


def is_active(user: User) -> bool:
    return User.objects.get(pk=user.pk).is_active


def test_the_project_goes_with_its_people_keys_and_connectors(demo, eleanor, maya):
    told = read_going(project=demo, remover=eleanor)
    gone = remove_demo(project=demo, remover=eleanor, at=timezone.now())

    assert gone == told
    assert Project.objects.get(pk=demo.pk).deleted_at is not None
    assert not is_active(maya)
    assert not ApiKey.objects.filter(revoked_at__isnull=True).exists()
    assert not Connector.objects.filter(is_active=True).exists()


def test_who_removes_it_stays(demo, eleanor):
    remove_demo(project=demo, remover=eleanor, at=timezone.now())
    assert is_active(eleanor)


def test_somebody_who_works_in_another_project_stays_and_so_does_it(demo, eleanor, maya, account):
    other = Project.objects.create(account=account, name="Real work")
    Membership.objects.create(user=maya, project=other, role=Role.AGENT)
    gone = remove_demo(project=demo, remover=eleanor, at=timezone.now())

    assert is_active(maya)
    assert "Maya Okafor" not in gone.people
    assert Project.objects.get(pk=other.pk).deleted_at is None


def test_whoever_removed_it_can_begin_a_project_in_earnest(demo, maya):
    Membership.objects.create(user=maya, project=demo, role=Role.OWNER)
    remove_demo(project=demo, remover=maya, at=timezone.now())
    assert account_for_new(maya) == demo.account


def test_customers_who_still_wait_in_it_do_not_hold_it(demo, eleanor):
    conversation = open_session(connector=Connector.objects.get(project=demo, environment="live"), options={})
    Conversation.objects.filter(pk=conversation.pk).update(owner_kind="queue", waiting_since=timezone.now())
    remove_demo(project=demo, remover=eleanor, at=timezone.now())
    assert Project.objects.get(pk=demo.pk).deleted_at is not None


def test_a_real_person_who_joined_the_demo_stays(demo, eleanor):
    guest = User.objects.create_user("nora@company.example", "x", full_name="Nora New")
    Membership.objects.create(user=guest, project=demo, role=Role.AGENT)
    remove_demo(project=demo, remover=eleanor, at=timezone.now())
    assert is_active(guest)


def test_it_is_all_in_the_audit(demo, eleanor):
    remove_demo(project=demo, remover=eleanor, at=timezone.now())
    actions = set(AuditEntry.objects.filter(project=demo, user=eleanor).values_list("action", flat=True))
    assert {"demo.removed", "project.deleted", "connector.changed"} <= actions


def test_the_page_asks_for_the_name_and_keeps_what_was_typed(client, demo, eleanor, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    client.force_login(eleanor)
    page = client.get(reverse("demo-remove")).text
    assert "7 people can no longer log in" in page

    refused = client.post(reverse("demo-remove"), {"typed": "Fernhill"})
    assert refused.status_code == 422
    assert 'value="Fernhill"' in refused.text
    assert Project.objects.get(pk=demo.pk).deleted_at is None

    (tmp_path / "demo.json").write_text('{"users": []}')
    gone = client.post(reverse("demo-remove"), {"typed": "Fernhill Mobile"}, follow=True)
    assert Project.objects.get(pk=demo.pk).deleted_at is not None
    assert gone.status_code == 200
    assert not (tmp_path / "demo.json").exists()
    assert demo_users() == []


def test_an_admin_may_not_remove_it(client, demo):
    client.force_login(User.objects.get(full_name="Callum Reid"))
    assert client.post(reverse("demo-remove"), {"typed": "Fernhill Mobile"}).status_code == 403
    assert Project.objects.get(pk=demo.pk).deleted_at is None


def test_a_project_in_earnest_is_not_removed_this_way(client, project, owner):
    client.force_login(owner)
    assert client.post(reverse("demo-remove"), {"typed": project.name}).status_code == 404


def test_a_start_that_wants_a_demo_goes_on_without_the_one_that_was_removed(demo, eleanor, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    remove_demo(project=demo, remover=eleanor, at=timezone.now())
    prepare_demo(wanted=True, commands={"demo"})
    assert not (tmp_path / "demo.json").exists()
