"""Asking somebody to join a project: a link that works once, for one address, for a week."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import IntegrityError, models, transaction

from conversations.domain.vocabulary import Role
from conversations.models import Invitation, Project, User
from conversations.selectors.people import is_expired, roles_of, sort_roles
from conversations.services.audit import record_audit
from conversations.services.people import NoRoles, OwnersOnly, add_roles, lock_project

LIFETIME = timedelta(days=7)


class AlreadyAMember(Exception):
    """The address belongs to somebody who is in the project: change their roles instead. `person` says who."""

    def __init__(self, person: User) -> None:
        super().__init__(f"{person} is in the project")
        self.person = person


class AlreadyInvited(Exception):
    """An invitation of this address is open: send it anew, or revoke it. `invitation` says which."""

    def __init__(self, invitation: Invitation) -> None:
        super().__init__(f"{invitation.email} is invited")
        self.invitation = invitation


class Unusable(StrEnum):
    """Why a link does not work (any more)."""

    UNKNOWN = "unknown"
    USED = "used"
    REVOKED = "revoked"
    EXPIRED = "expired"
    GONE = "gone"  # its project was deleted


class InvitationUnusable(Exception):
    """The link cannot be accepted; `reason` says why."""

    def __init__(self, reason: Unusable) -> None:
        super().__init__(reason.value)
        self.reason = reason


class OtherAddress(Exception):
    """The person who accepts has another e-mail address than the one that was invited."""


class HasLogIn(Exception):
    """There is a log-in with the invited address: its owner accepts after logging in."""


def invite_person(
    *, project: Project, email: str, roles: Collection[Role], by: User, at: datetime
) -> tuple[Invitation, str]:
    """Return the invitation and the secret of its link, which is not kept.

    Raises NoRoles, OwnersOnly, AlreadyAMember, AlreadyInvited. An expired invitation of the address is replaced.
    """
    if not roles:
        raise NoRoles
    with transaction.atomic():
        lock_project(project)
        _check_owner(project, roles, by)
        _check_absent(project, email)
        earlier = _open_for(project, email)
        if earlier is not None and not is_expired(earlier, at=at):
            raise AlreadyInvited(earlier)
        if earlier is not None:
            _close(earlier, at)
        invitation, secret = _create(project, email, roles, by, at)
        _record(invitation, by, "invitation.sent")
    return invitation, secret


def renew_invitation(*, invitation: Invitation, by: User, at: datetime) -> tuple[Invitation, str]:
    """Replace an open or expired invitation by one with a new link; the old link says that it was revoked.

    Raises InvitationUnusable, OwnersOnly, AlreadyAMember.
    """
    with transaction.atomic():
        lock_project(invitation.project)
        held = _lock(invitation.digest)
        _check_usable(held, at=None)
        roles = [Role(role) for role in held.roles]
        _check_owner(held.project, roles, by)
        _check_absent(held.project, held.email)
        _close(held, at)
        renewed, secret = _create(held.project, held.email, roles, by, at)
        _record(renewed, by, "invitation.renewed")
    return renewed, secret


def revoke_invitation(*, invitation: Invitation, by: User, at: datetime) -> None:
    """Raises InvitationUnusable when it was used or revoked before."""
    with transaction.atomic():
        lock_project(invitation.project)
        held = _lock(invitation.digest)
        _check_usable(held, at=None)
        _close(held, at)
        _record(held, by, "invitation.revoked")


def find_invitation(secret: str, *, at: datetime) -> Invitation:
    """Return the invitation a link names while it can be accepted. Raises InvitationUnusable."""
    invitation = _joined().filter(digest=_digest(secret)).first()
    if invitation is None:
        raise InvitationUnusable(Unusable.UNKNOWN)
    _check_usable(invitation, at=at)
    return invitation


def accept_invitation(*, secret: str, person: User, at: datetime) -> Invitation:
    """Let an existing person join. Raises InvitationUnusable, OtherAddress."""
    with transaction.atomic():
        invitation = _lock_usable(secret, at)
        if person.email.lower() != invitation.email.lower():
            raise OtherAddress
        _join(invitation, person, at)
    return invitation


def accept_as_newcomer(*, secret: str, full_name: str, password: str, at: datetime) -> tuple[Invitation, User]:
    """Make the log-in of the invited address and let it join. Raises InvitationUnusable, HasLogIn."""
    try:
        with transaction.atomic():
            invitation = _lock_usable(secret, at)
            person = User.objects.create_user(invitation.email, password, full_name=full_name)
            _join(invitation, person, at)
    except IntegrityError as error:
        if "unique_user_email" in str(error) or "person_email" in str(error):
            raise HasLogIn from error
        raise
    return invitation, person


def has_log_in(invitation: Invitation) -> User | None:
    """The person with the invited address, if there is one."""
    return User.objects.filter(email__iexact=invitation.email).first()


def _lock_usable(secret: str, at: datetime) -> Invitation:
    invitation = find_invitation(secret, at=at)
    lock_project(invitation.project)
    held = _lock(invitation.digest)
    _check_usable(held, at=at)
    return held


def _lock(digest: str) -> Invitation:
    return _joined().select_for_update(no_key=True, of=("self",)).get(digest=digest)


def _joined() -> "models.QuerySet[Invitation]":
    return Invitation.objects.select_related("project", "invited_by")


def _check_usable(invitation: Invitation, *, at: datetime | None) -> None:
    """at: None where an expired one will do."""
    checks = (
        (invitation.accepted_at is not None, Unusable.USED),
        (invitation.revoked_at is not None, Unusable.REVOKED),
        (invitation.project.deleted_at is not None, Unusable.GONE),
        (at is not None and is_expired(invitation, at=at), Unusable.EXPIRED),
    )
    for is_so, reason in checks:
        if is_so:
            raise InvitationUnusable(reason)


def _check_owner(project: Project, roles: Collection[Role], by: User) -> None:
    if Role.OWNER in roles and Role.OWNER not in roles_of(by, project):
        raise OwnersOnly


def _check_absent(project: Project, email: str) -> None:
    person = User.objects.filter(email__iexact=email, memberships__project=project).first()
    if person is not None:
        raise AlreadyAMember(person)


def _open_for(project: Project, email: str) -> Invitation | None:
    rows = Invitation.objects.filter(project=project, email__iexact=email)
    return rows.filter(accepted_at__isnull=True, revoked_at__isnull=True).first()


def _create(project: Project, email: str, roles: Collection[Role], by: User, at: datetime) -> tuple[Invitation, str]:
    secret = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        project=project,
        email=email.lower(),
        roles=[role.value for role in sort_roles(roles)],
        digest=_digest(secret),
        invited_by=by,
        expires_at=at + LIFETIME,
    )
    return invitation, secret


def _close(invitation: Invitation, at: datetime) -> None:
    invitation.revoked_at = at
    invitation.save(update_fields=["revoked_at"])


def _join(invitation: Invitation, person: User, at: datetime) -> None:
    invitation.accepted_at, invitation.accepted_by = at, person
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    before = roles_of(person, invitation.project)
    add_roles(project=invitation.project, person=person, roles=[Role(role) for role in invitation.roles])
    record_audit(
        project=invitation.project, user=person, action="invitation.accepted", subject=str(person),
        before={"roles": [role.value for role in sort_roles(before)]},
        after={"roles": [role.value for role in sort_roles(before | set(map(Role, invitation.roles)))]},
        why=f"Invited by {invitation.invited_by}",
    )  # fmt: skip


def _record(invitation: Invitation, by: User, action: str) -> None:
    told = {"email": invitation.email, "roles": invitation.roles, "expires_at": invitation.expires_at.isoformat()}
    is_over = invitation.revoked_at is not None
    record_audit(
        project=invitation.project, user=by, action=action, subject=invitation.email,
        before=told if is_over else None, after=None if is_over else told,
    )  # fmt: skip


def _digest(secret: str) -> str:
    # The bits are random and 256: a slow hash would add nothing but time.
    return hashlib.sha256(secret.encode()).hexdigest()
