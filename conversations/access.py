"""The one way to fetch on somebody's behalf: absent and not yours are the same 404."""

import uuid
from typing import Any, ClassVar, Protocol, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Manager, QuerySet
from django.db.models.options import Options
from django.http import Http404

from conversations.domain.permissions import ApiScope, Permission, permissions_of
from conversations.models import ApiKey, Conversation, Membership, Project, User


class RowOfProject(Protocol):
    """A model whose rows belong to a project each, or to nobody's: those are not found."""

    _meta: "ClassVar[Options[Any]]"
    _default_manager: ClassVar[Manager[Any]]

    @property
    def project(self) -> Project | None: ...


Row = TypeVar("Row", bound=RowOfProject)


class NotFound(Http404):
    """There is no such thing, or it is not this person's to see. A page answers it with 404."""


class NotPermitted(PermissionDenied):
    """It may be seen but not used so. `permission` names what is missing. A page answers it with 403."""

    def __init__(self, permission: Permission) -> None:
        super().__init__(f"This needs the permission {permission.value}")
        self.permission = permission


class WrongProject(PermissionDenied):
    """The key opens another project, or the path names none: which, is not said."""

    def __init__(self) -> None:
        super().__init__("This API key does not open this project")


class ScopeMissing(PermissionDenied):
    """The key opens the project but not for this. `scope` names what is missing."""

    def __init__(self, scope: ApiScope) -> None:
        super().__init__(f"This needs an API key with the scope {scope.value}")
        self.scope = scope


def permissions_in(user: User, project: Project) -> frozenset[Permission]:
    """Return what the person may do in the project; empty for outsiders and deactivated people."""
    if not user.is_active:
        return frozenset()
    return permissions_of(Membership.objects.filter(user=user, project=project).values_list("role", flat=True))


def access_project(user: User, project_id: uuid.UUID | str, permission: Permission | None = None) -> Project:
    """Return the project of one of the person's memberships. Raises NotFound, NotPermitted."""
    project = Project.objects.filter(
        pk=_uuid(project_id, "project"), deleted_at__isnull=True, memberships__user=user
    ).first()
    if project is None:
        raise NotFound("project")
    _require(user, project, permission)
    return project


def access_conversation(
    user: User,
    conversation_id: uuid.UUID | str,
    permission: Permission = Permission.CONVERSATIONS_VIEW,
    *,
    project: Project | None = None,
) -> Conversation:
    """Return a conversation of the person's projects (of this one when given). Raises NotFound, NotPermitted."""
    rows = Conversation.objects.select_related("project", "customer").filter(
        pk=_uuid(conversation_id, "conversation"), project__deleted_at__isnull=True, project__memberships__user=user
    )
    conversation = (rows.filter(project=project) if project else rows).first()
    if conversation is None:
        raise NotFound("conversation")
    _require(user, conversation.project, permission)
    return conversation


def access_row(model: type[Row], user: User, pk: uuid.UUID | str, permission: Permission | None) -> tuple[Row, Project]:
    """Return a row out of the person's projects, and its project. Raises NotFound, NotPermitted."""
    noun = str(model._meta.verbose_name)
    row: Row | None = (
        model._default_manager.select_related("project")
        .filter(pk=_uuid(pk, noun), project__deleted_at__isnull=True, project__memberships__user=user)
        .first()
    )
    if row is None or row.project is None:
        raise NotFound(noun)
    _require(user, row.project, permission)
    return row, row.project


def access_project_by_key(
    key: ApiKey, *, account_id: uuid.UUID | str, project_id: uuid.UUID | str, scope: ApiScope
) -> Project:
    """Return the one project an API key opens. Raises WrongProject, ScopeMissing."""
    project = key.project
    if project is None or (str(project.account_id), str(project.pk)) != (str(account_id), str(project_id)):
        raise WrongProject
    if scope not in key.scopes:
        raise ScopeMissing(scope)
    return project


def projects_of(user: User) -> QuerySet[Project]:
    """The projects a person belongs to, by name."""
    mine = Project.objects.filter(memberships__user=user, deleted_at__isnull=True)
    return mine.distinct().order_by("name")


def first_project(user: User) -> Project | None:
    """The project a person lands in: the one they joined first."""
    return (
        Project.objects.filter(memberships__user=user, deleted_at__isnull=True)
        .order_by("memberships__created_at")
        .first()
    )


def _require(user: User, project: Project, permission: Permission | None) -> None:
    if permission is not None and permission not in permissions_in(user, project):
        raise NotPermitted(permission)


def _uuid(value: uuid.UUID | str, noun: str) -> uuid.UUID:
    try:
        return value if isinstance(value, uuid.UUID) else uuid.UUID(value)
    except ValueError as error:
        raise NotFound(noun) from error
