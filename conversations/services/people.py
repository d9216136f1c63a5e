"""Who belongs to a project and what they may do there; who may log in at all.

Every change of a project's people locks the project's row first: two at once are one after the other, so that the
last owner cannot be lost between a look and a write. Several projects are locked in the order of their ids.
"""

from collections.abc import Collection, Iterable
from typing import Any

from django.db import transaction

from conversations.domain.permissions import Permission, permissions_of
from conversations.domain.vocabulary import Role
from conversations.models import Membership, Project, Team, User
from conversations.selectors.people import has_other_owner, owned_alone, read_standings, roles_of, sort_roles
from conversations.services.audit import record_audit


class LastOwner(Exception):
    """The project would have no owner who can log in. Make somebody else an owner first. `project` says where."""

    def __init__(self, project: Project) -> None:
        super().__init__(f"{project} would have no owner")
        self.project = project


class OwnersOnly(Exception):
    """Only an owner gives or takes the role of owner."""


class NotTheirs(Exception):
    """Nobody manages the log-in of a person they have no power over in each of that person's projects."""


class NoRoles(Exception):
    """A person without a role is not in the project: remove them instead."""


class NotAMember(Exception):
    """The person has no role in the project (any more)."""


def lock_project(project: Project) -> None:
    """Serialise changes of the project's people until the transaction ends."""
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)


def change_roles(*, project: Project, person: User, roles: Collection[Role], by: User, why: str = "") -> bool:
    """Give the person exactly these roles; False when they have them already.

    Raises NoRoles, NotAMember, OwnersOnly, LastOwner.
    """
    if not roles:
        raise NoRoles
    with transaction.atomic():
        lock_project(project)
        held, wanted = roles_of(person, project), frozenset(roles)
        if not held:
            raise NotAMember
        _check_owner_change(project, person, held, wanted, by)
        if held == wanted:
            return False
        Membership.objects.filter(project=project, user=person, role__in=held - wanted).delete()
        add_roles(project=project, person=person, roles=wanted - held)
        _record(project, by, "person.roles_changed", person, _roles(held), _roles(wanted), why)
    return True


def remove_person(*, project: Project, person: User, by: User, why: str = "") -> None:
    """Take the person out of the project and its teams; their log-in stays.

    Raises NotAMember, OwnersOnly, LastOwner.
    """
    with transaction.atomic():
        lock_project(project)
        held = roles_of(person, project)
        if not held:
            raise NotAMember
        _check_owner_change(project, person, held, frozenset(), by)
        teams = list(Team.objects.filter(project=project, members=person).order_by("name"))
        Membership.objects.filter(project=project, user=person).delete()
        person.teams.remove(*teams)
        before = {**_roles(held), "teams": [team.name for team in teams]}
        _record(project, by, "person.removed", person, before, None, why)


def add_roles(*, project: Project, person: User, roles: Iterable[Role]) -> None:
    """Write memberships, in the caller's transaction; the caller audits why."""
    Membership.objects.bulk_create(
        (Membership(project=project, user=person, role=role) for role in sort_roles(list(roles))),
        ignore_conflicts=True,
    )


def may_reset_password(by: User, person: User) -> bool:
    """Whether `by` may make a reset link: a superuser, or who edits people in every project the person is in, and
    owns those the person owns. Anything less would let an admin become an owner."""
    if by.is_superuser or person.is_superuser:
        return by.is_superuser
    return all(
        Permission.PEOPLE_EDIT in permissions_of(standing.mine)
        and (Role.OWNER not in standing.theirs or Role.OWNER in standing.mine)
        for standing in read_standings(by, person)
    )


def may_deactivate(by: User, person: User) -> bool:
    """Whether `by` may end the person's log-in: a superuser, or the owner of every project they are in."""
    if by.pk == person.pk:
        return False
    if by.is_superuser or person.is_superuser:
        return by.is_superuser
    return all(Role.OWNER in standing.mine for standing in read_standings(by, person))


def deactivate_person(*, person: User, by: User, why: str = "") -> None:
    """End the log-in, in every project. Their sessions end now and stay ended: bringing them back takes a new
    password. Personal tokens are refused until then, and work again afterwards. Raises NotTheirs, LastOwner."""
    with transaction.atomic():
        lock_projects_of(person)
        if not may_deactivate(by, person):
            raise NotTheirs
        if alone := owned_alone(person):
            raise LastOwner(alone[0])
        person.is_active = False
        person.set_unusable_password()
        person.save(update_fields=["is_active", "password"])
        record_in_projects(person=person, by=by, action="person.deactivated", after={"is_active": False}, why=why)


def reactivate_person(*, person: User, by: User, why: str = "") -> None:
    """Let the person log in again, once they have set a password. Raises NotTheirs."""
    if not may_deactivate(by, person):
        raise NotTheirs
    with transaction.atomic():
        User.objects.filter(pk=person.pk).update(is_active=True)
        record_in_projects(person=person, by=by, action="person.reactivated", after={"is_active": True}, why=why)


def rename_person(*, person: User, full_name: str) -> bool:
    """Change the person's own name; False when it is that already."""
    with transaction.atomic():
        before = User.objects.select_for_update(no_key=True).get(pk=person.pk).full_name
        if before == full_name:
            return False
        User.objects.filter(pk=person.pk).update(full_name=full_name)
        person.full_name = full_name
        record_in_projects(
            person=person, by=person, action="person.renamed",
            before={"full_name": before}, after={"full_name": full_name},
        )  # fmt: skip
    return True


def set_password(*, person: User, password: str, by: User | None, action: str) -> None:
    """Store the password: every session of theirs ends by it. by: None for who came with a link. Personal tokens
    stay valid: they are revoked one by one. action: for the audit."""
    with transaction.atomic():
        person.set_password(password)
        person.save(update_fields=["password"])
        record_in_projects(person=person, by=by, action=action)


def record_in_projects(
    *,
    person: User,
    by: User | None,
    action: str,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    why: str = "",
) -> None:
    """Audit what concerns the person everywhere: in each of their projects, or on its own when they have none."""
    projects = Project.objects.filter(memberships__user=person, deleted_at__isnull=True).distinct()
    places: list[Project | None] = [*projects] or [None]
    for project in places:
        record_audit(project=project, user=by, action=action, subject=str(person), before=before, after=after, why=why)


def lock_projects_of(person: User) -> None:
    ids = Membership.objects.filter(user=person).values("project")
    list(Project.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))


def _check_owner_change(
    project: Project, person: User, held: frozenset[Role], wanted: frozenset[Role], by: User
) -> None:
    if (Role.OWNER in held) == (Role.OWNER in wanted):
        return
    if Role.OWNER not in roles_of(by, project):
        raise OwnersOnly
    if Role.OWNER in held and not has_other_owner(project, person):
        raise LastOwner(project)


def _roles(roles: Collection[Role]) -> dict[str, Any]:
    return {"roles": [role.value for role in sort_roles(roles)]}


def _record(
    project: Project,
    by: User,
    action: str,
    person: User,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
    why: str,
) -> None:
    record_audit(project=project, user=by, action=action, subject=str(person), before=before, after=after, why=why)
