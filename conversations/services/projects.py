"""Projects: made by who already answers for one in the account, deleted softly, brought back within 30 days."""

import uuid
from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models import Q

from conversations.access import NotFound
from conversations.domain.vocabulary import Environment, OwnerKind, Role
from conversations.models import Account, Conversation, Membership, Project, User
from conversations.services.audit import record_audit
from conversations.services.configuration import add_row, recorded_fields

RESTORABLE_FOR = timedelta(days=30)
CREATORS = (Role.OWNER, Role.ADMIN)


class CustomersInside(Exception):
    """Live customers wait or are with people: close those conversations first. `number` counts them."""

    def __init__(self, number: int) -> None:
        super().__init__(f"{number} customers are inside")
        self.number = number


class TooLate(Exception):
    """The time in which a deleted project can be brought back is over."""


def account_for_new(user: User) -> Account | None:
    """The account in which the person may create projects: where they own or administer one, the oldest first; for
    a superuser any. None for everybody else."""
    rows = Account.objects.order_by("created_at")
    if user.is_superuser:
        return rows.filter(projects__memberships__user=user).first() or rows.first()
    standing = Q(project__deleted_at__isnull=True) | Q(project__is_demo=True)  # who removed the demo begins in earnest
    mine = Membership.objects.filter(standing, user=user, role__in=CREATORS)
    return rows.filter(pk__in=mine.values("project__account")).first()


def create_project(*, project: Project, by: User) -> Project:
    """Insert a filled, unsaved project; who creates it owns it. Raises IntegrityError when the name is taken."""
    with transaction.atomic():
        add_row(row=project, user=by, project=project)
        Membership.objects.create(project=project, user=by, role=Role.OWNER)
    return project


def delete_project(
    *, project: Project, by: User, at: datetime, why: str = "", even_with_customers: bool = False
) -> None:
    """Take the project out of everybody's sight: widgets and keys stop working, nothing is erased. Raises
    CustomersInside, unless they do not matter."""
    with transaction.atomic():
        held = Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        if not even_with_customers and (number := customers_inside(held)):
            raise CustomersInside(number)
        Project.objects.filter(pk=held.pk).update(deleted_at=at)
        record_audit(
            project=held, user=by, action="project.deleted", subject=str(held), before=recorded_fields(held), why=why
        )


def restore_project(*, project: Project, by: User, at: datetime) -> None:
    """Bring a deleted project back as it was. Raises TooLate, and IntegrityError when its name is taken by now."""
    with transaction.atomic():
        held = Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        if held.deleted_at is None:
            return
        if at - held.deleted_at > RESTORABLE_FOR:
            raise TooLate
        Project.objects.filter(pk=held.pk).update(deleted_at=None)
        after = {**recorded_fields(held), "deleted_at": None}
        record_audit(project=held, user=by, action="project.restored", subject=str(held), after=after)


def deleted_projects(user: User, *, at: datetime) -> "models.QuerySet[Project]":
    """The projects the person owns that can still be brought back, the latest deleted first."""
    rows = Project.objects.filter(memberships__user=user, memberships__role=Role.OWNER)
    return rows.filter(deleted_at__gte=at - RESTORABLE_FOR).order_by("-deleted_at")


def access_deleted_project(user: User, project_id: uuid.UUID) -> Project:
    """A deleted project the person owns. Raises NotFound."""
    rows = Project.objects.filter(memberships__user=user, memberships__role=Role.OWNER, deleted_at__isnull=False)
    found = rows.filter(pk=project_id).first()
    if found is None:
        raise NotFound("project")
    return found


def customers_inside(project: Project) -> int:
    """Live customers who wait for a person or are with one."""
    waiting = Q(owner_kind=OwnerKind.QUEUE, waiting_since__isnull=False)
    with_people = Q(owner_kind__in=(OwnerKind.HUMAN, OwnerKind.DESK))
    live = Conversation.objects.filter(project=project, environment=Environment.LIVE, ended_at__isnull=True)
    return live.filter(waiting | with_people).count()
