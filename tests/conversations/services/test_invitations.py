"""Invitations: one open a person, one use a link, and only for the address that was asked."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from conversations.domain.vocabulary import Role
from conversations.models import AuditEntry, Invitation, Membership, User
from conversations.selectors.people import roles_of
from conversations.services.invitations import (
    LIFETIME,
    AlreadyAMember,
    AlreadyInvited,
    HasLogIn,
    InvitationUnusable,
    OtherAddress,
    Unusable,
    accept_as_newcomer,
    accept_invitation,
    find_invitation,
    invite_person,
    renew_invitation,
    revoke_invitation,
)
from conversations.services.people import NoRoles, OwnersOnly
from tests.conftest import member

EMAIL = "Nina.Okafor@Example.com"
PASSWORD = "a long new password"


@pytest.fixture
def invited(project, owner, now):
    return invite_person(project=project, email=EMAIL, roles=[Role.REVIEWER, Role.AGENT], by=owner, at=now)


def reason(secret, at):
    with pytest.raises(InvitationUnusable) as refused:
        find_invitation(secret, at=at)
    return refused.value.reason


def test_a_newcomer_gets_a_log_in_with_the_roles_and_the_audit_says_who_asked(invited, project, owner, now):
    invitation, secret = invited
    _, person = accept_as_newcomer(secret=secret, full_name="Nina Okafor", password=PASSWORD, at=now)
    assert (person.email, person.full_name) == ("nina.okafor@example.com", "Nina Okafor")
    assert person.check_password(PASSWORD)
    assert roles_of(person, project) == {Role.AGENT, Role.REVIEWER}
    told = list(
        AuditEntry.objects.filter(project=project).order_by("at").values_list("action", "user", "before", "after")
    )
    sent = {"email": "nina.okafor@example.com", "roles": ["agent", "reviewer"]}
    assert told[0][:3] == ("invitation.sent", owner.pk, None)
    assert told[0][3] == sent | {"expires_at": invitation.expires_at.isoformat()}
    assert told[1] == ("invitation.accepted", person.pk, {"roles": []}, {"roles": ["agent", "reviewer"]})
    assert len(told) == 2


def test_the_secret_is_not_kept(invited):
    invitation, secret = invited
    assert secret not in str(list(Invitation.objects.values())) + str(list(AuditEntry.objects.values()))
    assert len(invitation.digest) == 64


def test_a_link_works_once(invited, now):
    _, secret = invited
    accept_as_newcomer(secret=secret, full_name="Nina", password=PASSWORD, at=now)
    assert reason(secret, now) is Unusable.USED
    with pytest.raises(InvitationUnusable):
        accept_as_newcomer(secret=secret, full_name="Nina", password=PASSWORD, at=now)
    assert User.objects.filter(email__iexact=EMAIL).count() == 1


def test_a_link_works_for_seven_days(invited, now):
    _, secret = invited
    assert find_invitation(secret, at=now + LIFETIME - timedelta(seconds=1))
    assert reason(secret, now + LIFETIME) is Unusable.EXPIRED


def test_a_revoked_link_says_so(invited, owner, now):
    invitation, secret = invited
    revoke_invitation(invitation=invitation, by=owner, at=now)
    assert reason(secret, now) is Unusable.REVOKED
    with pytest.raises(InvitationUnusable):
        revoke_invitation(invitation=invitation, by=owner, at=now)


def test_a_new_link_replaces_the_old_one(invited, owner, now):
    invitation, old = invited
    renewed, new = renew_invitation(invitation=invitation, by=owner, at=now + LIFETIME)
    assert reason(old, now) is Unusable.REVOKED
    assert find_invitation(new, at=now + LIFETIME).pk == renewed.pk
    assert renewed.roles == invitation.roles


def test_an_unknown_link_says_so(now, db):
    assert reason("nothing", now) is Unusable.UNKNOWN
    assert reason("", now) is Unusable.UNKNOWN


def test_a_deleted_project_invites_nobody(invited, project, now):
    project.deleted_at = now
    project.save()
    assert reason(invited[1], now) is Unusable.GONE


def test_who_is_asked_is_asked_once_until_it_expires(invited, project, owner, now):
    with pytest.raises(AlreadyInvited):
        invite_person(project=project, email=EMAIL.upper(), roles=[Role.AGENT], by=owner, at=now)
    again, _ = invite_person(project=project, email=EMAIL, roles=[Role.AGENT], by=owner, at=now + LIFETIME)
    assert Invitation.objects.filter(revoked_at__isnull=True).get() == again


def test_who_is_in_the_project_is_not_asked(project, owner, agent, now):
    with pytest.raises(AlreadyAMember) as refused:
        invite_person(project=project, email=agent.email.upper(), roles=[Role.ADMIN], by=owner, at=now)
    assert refused.value.person == agent


def test_somebody_with_a_log_in_joins_with_it(project, owner, outsider, now):
    _, secret = invite_person(project=project, email=outsider.email, roles=[Role.REVIEWER], by=owner, at=now)
    accept_invitation(secret=secret, person=outsider, at=now)
    assert roles_of(outsider, project) == {Role.REVIEWER}
    assert reason(secret, now) is Unusable.USED


def test_an_address_with_a_log_in_cannot_be_taken_by_a_newcomer(project, owner, outsider, now):
    _, secret = invite_person(project=project, email=outsider.email, roles=[Role.REVIEWER], by=owner, at=now)
    with pytest.raises(HasLogIn):
        accept_as_newcomer(secret=secret, full_name="Not Otto", password=PASSWORD, at=now)
    assert find_invitation(secret, at=now)


def test_nobody_joins_by_an_invitation_of_somebody_else(invited, outsider, now, project):
    with pytest.raises(OtherAddress):
        accept_invitation(secret=invited[1], person=outsider, at=now)
    assert roles_of(outsider, project) == frozenset()


def test_only_an_owner_invites_an_owner(project, owner, now):
    admin = member(project, Role.ADMIN, "Aisha Bello")
    with pytest.raises(OwnersOnly):
        invite_person(project=project, email=EMAIL, roles=[Role.OWNER], by=admin, at=now)
    invitation, _ = invite_person(project=project, email=EMAIL, roles=[Role.OWNER], by=owner, at=now)
    with pytest.raises(OwnersOnly):
        renew_invitation(invitation=invitation, by=admin, at=now)


def test_an_invitation_without_a_role_is_refused(project, owner, now):
    with pytest.raises(NoRoles):
        invite_person(project=project, email=EMAIL, roles=[], by=owner, at=now)


@pytest.mark.django_db(transaction=True)
def test_of_four_who_accept_one_link_at_once_one_gets_in(project, owner):
    now = timezone.now()
    _, secret = invite_person(project=project, email=EMAIL, roles=[Role.AGENT], by=owner, at=now)
    start = threading.Barrier(4, timeout=20)

    def accept(number):
        with closing(connection):
            start.wait()
            try:
                return accept_as_newcomer(secret=secret, full_name=f"Nina {number}", password=PASSWORD, at=now)
            except (InvitationUnusable, HasLogIn):
                return None

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(accept, range(4)))
    assert sum(answer is not None for answer in answers) == 1
    assert Membership.objects.filter(project=project, user__email__iexact=EMAIL).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_invite_the_same_address_at_once_one_is_told(project, owner):
    start, now = threading.Barrier(2, timeout=20), timezone.now()

    def invite(_):
        with closing(connection):
            start.wait()
            try:
                return invite_person(project=project, email=EMAIL, roles=[Role.AGENT], by=owner, at=now)
            except AlreadyInvited as refused:
                return refused

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(invite, range(2)))
    assert sum(isinstance(answer, AlreadyInvited) for answer in answers) == 1
    assert Invitation.objects.count() == 1
