"""Fetching on somebody's behalf: absent and not yours look the same, and a role opens what its table says."""

import uuid

import pytest
from django.utils import timezone

from conversations.access import (
    NotFound,
    NotPermitted,
    access_conversation,
    access_project,
    first_project,
    permissions_in,
)
from conversations.domain.permissions import ROLE_PERMISSIONS, Permission, permissions_of
from conversations.domain.vocabulary import Role
from conversations.models import Membership, Project


def test_a_colleague_gets_the_conversation_with_project_and_customer(conversation, agent, django_assert_num_queries):
    with django_assert_num_queries(2):
        found = access_conversation(agent, conversation.id)
        ids = found.id, found.project.id, found.customer.id

    assert ids == (conversation.id, conversation.project_id, conversation.customer_id)


@pytest.mark.parametrize(
    "wanted", ["", "nonsense", "01a1fbd3-364a-7010-b953-685fb600638c", "01a1fbd3-364a-7010-b953-685fb600638"]
)
def test_what_does_not_exist_is_not_found(conversation, agent, wanted):
    with pytest.raises(NotFound):
        access_conversation(agent, wanted)


def test_an_outsider_is_told_what_a_stranger_is_told(conversation, outsider):
    with pytest.raises(NotFound) as theirs:
        access_conversation(outsider, conversation.id)
    with pytest.raises(NotFound) as nobodys:
        access_conversation(outsider, uuid.uuid4())

    assert str(theirs.value) == str(nobodys.value)


def test_a_conversation_is_looked_for_in_the_project_that_was_named(conversation, owner, account):
    elsewhere = Project.objects.create(account=account, name="Second")
    Membership.objects.create(user=owner, project=elsewhere, role=Role.OWNER)

    with pytest.raises(NotFound):
        access_conversation(owner, conversation.id, project=elsewhere)


def test_a_missing_permission_is_named(conversation, agent):
    with pytest.raises(NotPermitted, match=r"This needs the permission review\.view") as refusal:
        access_conversation(agent, conversation.id, Permission.REVIEW_VIEW)

    assert refusal.value.permission is Permission.REVIEW_VIEW


def test_a_project_that_was_deleted_is_not_there(conversation, agent):
    Project.objects.update(deleted_at=timezone.now())

    with pytest.raises(NotFound):
        access_conversation(agent, conversation.id)
    with pytest.raises(NotFound):
        access_project(agent, conversation.project_id)
    assert first_project(agent) is None


def test_somebody_deactivated_may_do_nothing(conversation, agent):
    agent.is_active = False

    assert permissions_in(agent, conversation.project) == frozenset()
    with pytest.raises(NotPermitted):
        access_conversation(agent, conversation.id)


def test_two_roles_give_what_both_give(project, agent):
    Membership.objects.create(user=agent, project=project, role=Role.REVIEWER)

    granted = permissions_in(agent, project)

    assert granted == ROLE_PERMISSIONS[Role.AGENT] | ROLE_PERMISSIONS[Role.REVIEWER]


def test_a_project_is_opened_by_its_people(project, agent, outsider):
    assert access_project(agent, str(project.id)) == project
    with pytest.raises(NotFound):
        access_project(outsider, project.id)
    with pytest.raises(NotPermitted):
        access_project(agent, project.id, Permission.RELEASE_PUBLISH)


def test_every_role_has_its_row_and_the_owner_has_everything():
    assert set(ROLE_PERMISSIONS) == set(Role)
    assert permissions_of([Role.OWNER]) == frozenset(Permission)
    assert permissions_of([]) == frozenset()


@pytest.mark.parametrize("role", list(Role))
def test_whoever_judges_or_answers_sees_the_words(role):
    granted = ROLE_PERMISSIONS[role]
    needs_words = granted & {Permission.REVIEW_ANNOTATE, Permission.INBOX_REPLY}

    assert not needs_words or {Permission.CONVERSATIONS_VIEW, Permission.PII_VIEW} <= granted
