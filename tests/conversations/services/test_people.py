"""Roles, removal and deactivation: the last owner stays, and everything is told in the audit."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from django.db import connection

from conversations.domain.vocabulary import Role
from conversations.models import AuditEntry, Membership, Project, Team, User
from conversations.selectors.people import roles_of
from conversations.services.people import (
    LastOwner,
    NoRoles,
    NotAMember,
    NotTheirs,
    OwnersOnly,
    change_roles,
    deactivate_person,
    may_deactivate,
    may_reset_password,
    reactivate_person,
    remove_person,
)
from tests.conftest import member


@pytest.fixture
def admin(project):
    return member(project, Role.ADMIN, "Aisha Bello")


@pytest.fixture
def second_owner(project):
    return member(project, Role.OWNER, "Sam Reyes")


@pytest.fixture
def elsewhere(account):
    return Project.objects.create(account=account, name="Elsewhere")


def entries(project):
    return list(AuditEntry.objects.filter(project=project).order_by("at").values_list("action", "before", "after"))


def test_roles_are_replaced_and_the_audit_holds_both_sets(project, owner, agent):
    assert change_roles(project=project, person=agent, roles=[Role.REVIEWER, Role.SUPERVISOR], by=owner)
    assert roles_of(agent, project) == {Role.SUPERVISOR, Role.REVIEWER}
    expected = ("person.roles_changed", {"roles": ["agent"]}, {"roles": ["supervisor", "reviewer"]})
    assert entries(project) == [expected]


def test_the_same_roles_leave_no_trace(project, owner, agent):
    assert not change_roles(project=project, person=agent, roles=[Role.AGENT], by=owner)
    assert entries(project) == []


def test_no_role_at_all_is_refused(project, owner, agent):
    with pytest.raises(NoRoles):
        change_roles(project=project, person=agent, roles=[], by=owner)


def test_an_outsider_is_given_no_role_this_way(project, owner, outsider):
    with pytest.raises(NotAMember):
        change_roles(project=project, person=outsider, roles=[Role.AGENT], by=owner)


@pytest.mark.parametrize("roles", [[Role.OWNER], [Role.ADMIN, Role.OWNER]])
def test_an_admin_makes_nobody_an_owner_not_even_themselves(project, owner, admin, agent, roles):
    for person in (agent, admin):
        with pytest.raises(OwnersOnly):
            change_roles(project=project, person=person, roles=roles, by=admin)


def test_an_admin_takes_the_role_from_no_owner(project, owner, second_owner, admin):
    with pytest.raises(OwnersOnly):
        change_roles(project=project, person=second_owner, roles=[Role.AGENT], by=admin)
    with pytest.raises(OwnersOnly):
        remove_person(project=project, person=second_owner, by=admin)


def test_an_admin_changes_what_else_an_owner_is(project, owner, admin):
    assert change_roles(project=project, person=owner, roles=[Role.OWNER, Role.AGENT], by=admin)


def test_the_last_owner_neither_loses_the_role_nor_leaves(project, owner):
    with pytest.raises(LastOwner):
        change_roles(project=project, person=owner, roles=[Role.ADMIN], by=owner)
    with pytest.raises(LastOwner):
        remove_person(project=project, person=owner, by=owner)
    assert roles_of(owner, project) == {Role.OWNER}
    assert entries(project) == []


def test_an_owner_who_cannot_log_in_does_not_count(project, owner, second_owner):
    User.objects.filter(pk=second_owner.pk).update(is_active=False)
    with pytest.raises(LastOwner):
        remove_person(project=project, person=owner, by=owner)


def test_who_is_removed_leaves_roles_and_teams_here_and_nothing_elsewhere(project, owner, agent, elsewhere):
    Membership.objects.create(project=elsewhere, user=agent, role=Role.AGENT)
    here = Team.objects.create(project=project, key="night", name="Night")
    there = Team.objects.create(project=elsewhere, key="day", name="Day")
    agent.teams.add(here, there)
    remove_person(project=project, person=agent, by=owner)
    assert roles_of(agent, project) == frozenset()
    assert list(agent.teams.all()) == [there]
    assert entries(project) == [("person.removed", {"roles": ["agent"], "teams": ["Night"]}, None)]
    with pytest.raises(NotAMember):
        remove_person(project=project, person=agent, by=owner)


def test_who_is_deactivated_cannot_log_in_and_comes_back_with_a_new_password(project, owner, agent):
    deactivate_person(person=agent, by=owner)
    agent.refresh_from_db()
    assert (agent.is_active, agent.has_usable_password()) == (False, False)
    reactivate_person(person=agent, by=owner)
    agent.refresh_from_db()
    assert (agent.is_active, agent.has_usable_password()) == (True, False)
    assert [action for action, _, _ in entries(project)] == ["person.deactivated", "person.reactivated"]


def test_the_last_owner_is_not_deactivated_wherever_that_is(project, owner, second_owner, elsewhere):
    Membership.objects.create(project=elsewhere, user=second_owner, role=Role.OWNER)
    Membership.objects.create(project=elsewhere, user=owner, role=Role.OWNER)
    User.objects.filter(pk=owner.pk).update(is_superuser=True)
    owner.refresh_from_db()
    Membership.objects.filter(project=elsewhere, user=owner).delete()
    with pytest.raises(LastOwner) as refused:
        deactivate_person(person=second_owner, by=owner)
    assert refused.value.project == elsewhere
    second_owner.refresh_from_db()
    assert second_owner.is_active


def test_nobody_deactivates_themselves(owner, second_owner):
    with pytest.raises(NotTheirs):
        deactivate_person(person=owner, by=owner)


def test_who_manages_a_log_in(project, elsewhere, owner, second_owner, admin, agent):
    superuser = User.objects.create_superuser("root@example.com", "x", full_name="Root")
    table = {
        (owner, agent): (True, True),
        (owner, second_owner): (True, True),
        (owner, admin): (True, True),
        (admin, agent): (True, False),
        (admin, owner): (False, False),
        (agent, admin): (False, False),
        (owner, superuser): (False, False),
        (superuser, owner): (True, True),
        (superuser, agent): (True, True),
    }
    found = {pair: (may_reset_password(*pair), may_deactivate(*pair)) for pair in table}
    assert found == table
    Membership.objects.create(project=elsewhere, user=agent, role=Role.AGENT)
    assert not may_reset_password(owner, agent)
    assert not may_deactivate(owner, agent)


ROUNDS = 20


@pytest.mark.django_db(transaction=True)
def test_of_two_owners_who_remove_each_other_at_once_one_stays(project):
    start = threading.Barrier(2, timeout=20)

    def remove(person, by):
        with closing(connection):
            start.wait()
            try:
                remove_person(project=project, person=person, by=by)
            except (LastOwner, OwnersOnly, NotAMember) as refused:
                return type(refused)
            return None

    with ThreadPoolExecutor(2) as pool:
        for number in range(ROUNDS):
            one = member(project, Role.OWNER, f"One{number} Owner")
            two = member(project, Role.OWNER, f"Two{number} Owner")
            deeds = [pool.submit(remove, one, two), pool.submit(remove, two, one)]
            answers = [deed.result(20) for deed in deeds]
            owners = Membership.objects.filter(project=project, role=Role.OWNER)
            assert owners.count() == 1
            assert answers.count(None) == 1
            assert set(answers) - {None} <= {LastOwner, OwnersOnly}
            owners.delete()


@pytest.mark.django_db(transaction=True)
def test_of_two_owners_who_both_step_down_at_once_one_stays(project):
    start = threading.Barrier(2, timeout=20)

    def step_down(person):
        with closing(connection):
            start.wait()
            try:
                change_roles(project=project, person=person, roles=[Role.ADMIN], by=person)
            except LastOwner as refused:
                return refused
            return None

    with ThreadPoolExecutor(2) as pool:
        for number in range(ROUNDS):
            pair = [member(project, Role.OWNER, f"{name}{number} Owner") for name in ("One", "Two")]
            answers = [deed.result(20) for deed in [pool.submit(step_down, person) for person in pair]]
            assert answers.count(None) == 1
            owners = Membership.objects.filter(project=project, role=Role.OWNER)
            assert owners.count() == 1
            owners.delete()
