"""Reads of a project's people: who they are, what they may do, who was asked to join."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from conversations.domain.vocabulary import Environment, OwnerKind, Role
from conversations.models import Conversation, Invitation, Membership, Project, Team, User

PAGE_SIZE = 50
_owns = Q(memberships__role=Role.OWNER, memberships__user__is_active=True)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person of a project with everything the list shows."""

    person: User
    roles: tuple[Role, ...]
    teams: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """`total` counts what matches, over all pages; `number` is this page's, from 1."""

    rows: tuple[PersonRow, ...]
    total: int
    number: int

    @property
    def has_next(self) -> bool:
        return self.number * PAGE_SIZE < self.total


def people_of(project: Project) -> QuerySet[User]:
    """Everybody with a role in the project, by name."""
    return User.objects.filter(memberships__project=project).distinct().order_by("full_name", "email")


def read_people(*, project: Project, q: str = "", role: str = "", number: int = 1) -> PeoplePage:
    """Return one page of the people whose name or e-mail holds `q` and who have the role, each if given."""
    found = people_of(project)
    if q:
        found = found.filter(Q(full_name__icontains=q) | Q(email__icontains=q))
    if role:
        found = found.filter(pk__in=Membership.objects.filter(project=project, role=role).values("user"))
    start = (number - 1) * PAGE_SIZE
    return PeoplePage(tuple(_rows(project, found[start : start + PAGE_SIZE])), found.count(), number)


def roles_of(person: User, project: Project) -> frozenset[Role]:
    roles = Membership.objects.filter(user=person, project=project).values_list("role", flat=True)
    return frozenset(map(Role, roles))


def sort_roles(roles: Collection[str]) -> tuple[Role, ...]:
    """In the order of the vocabulary, the most powerful first."""
    return tuple(role for role in Role if role in roles)


def roles_by_project(person: User) -> dict[uuid.UUID, tuple[Role, ...]]:
    rows = Membership.objects.filter(user=person).values_list("project", "role")
    return {project: sort_roles(roles) for project, roles in _grouped(rows).items()}


def has_other_owner(project: Project, person: User) -> bool:
    """Whether somebody else who can log in owns the project."""
    owners = Membership.objects.filter(project=project, role=Role.OWNER, user__is_active=True)
    return owners.exclude(user=person).exists()


def owned_alone(person: User) -> list[Project]:
    """The projects that would have no owner who can log in without this person."""
    others = Count("memberships", filter=_owns & ~Q(memberships__user=person), distinct=True)
    mine = Membership.objects.filter(user=person, role=Role.OWNER).values("project")
    return list(Project.objects.filter(pk__in=mine, deleted_at__isnull=True).annotate(others=others).filter(others=0))


@dataclass(frozen=True, slots=True)
class Standing:
    """What two people are in one project: the one acted on, and the one who acts."""

    theirs: frozenset[Role]
    mine: frozenset[Role]


def read_standings(by: User, person: User) -> list[Standing]:
    """One for each project the person belongs to, deleted ones among them."""
    projects = Membership.objects.filter(user=person).values("project")
    held: dict[tuple[uuid.UUID, uuid.UUID], set[Role]] = defaultdict(set)
    rows = Membership.objects.filter(project__in=projects, user__in=[by, person])
    for project, user, role in rows.values_list("project", "user", "role"):
        held[project, user].add(Role(role))
    found = {project for project, user in held if user == person.pk}
    return [Standing(frozenset(held[one, person.pk]), frozenset(held[one, by.pk])) for one in found]


def held_conversations(project: Project, person: User) -> int:
    """How many live customers are with this person now."""
    return Conversation.objects.filter(
        project=project, environment=Environment.LIVE, owner_kind=OwnerKind.HUMAN, owner_id=str(person.pk)
    ).count()


def open_invitations(project: Project) -> QuerySet[Invitation]:
    """Neither accepted nor revoked, expired ones among them; the newest first."""
    rows = Invitation.objects.filter(project=project, accepted_at__isnull=True, revoked_at__isnull=True)
    return rows.select_related("invited_by", "project").order_by("-created_at")


def is_expired(invitation: Invitation, *, at: datetime) -> bool:
    return at >= invitation.expires_at


def teams_of(project: Project) -> QuerySet[Team]:
    return Team.objects.filter(project=project).annotate(size=Count("members")).order_by("name")


def _rows(project: Project, people: QuerySet[User]) -> list[PersonRow]:
    found = list(people)
    roles = _grouped(Membership.objects.filter(project=project, user__in=found).values_list("user", "role"))
    members = Team.members.through._default_manager.filter(team__project=project, user__in=found)
    teams = _grouped(members.values_list("user", "team__name"))
    return [PersonRow(one, sort_roles(roles[one.pk]), tuple(sorted(teams[one.pk]))) for one in found]


def _grouped(pairs: Iterable[tuple[uuid.UUID, str]]) -> dict[uuid.UUID, list[str]]:
    listed: dict[uuid.UUID, list[str]] = defaultdict(list)
    for key, name in pairs:
        listed[key].append(name)
    return listed
