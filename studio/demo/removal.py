"""Removing the demo workspace: the project goes, and with it what only the demo brought in."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from conversations.models import ApiKey, Connector, Conversation, Membership, Project, User
from conversations.services.audit import record_audit
from conversations.services.configuration import change_row
from conversations.services.projects import delete_project
from studio.demo.people import demo_people
from studio.demo.workspace import NAME_OF_TOKENS


@dataclass(frozen=True, slots=True)
class Going:
    """What removing takes away: names of people who can no longer log in, and how many of the rest."""

    conversations: int
    people: tuple[str, ...]
    keys: int
    connectors: int


def read_going(*, project: Project, remover: User) -> Going:
    """Say beforehand what `remove_demo` will take away."""
    leaving = leaving_people(project, remover)
    return Going(
        conversations=Conversation.objects.filter(project=project).count(),
        people=tuple(leaving.order_by("full_name").values_list("full_name", flat=True)),
        keys=going_keys(project, remover).count(),
        connectors=Connector.objects.filter(project=project, is_active=True).count(),
    )


def leaving_people(project: Project, remover: User) -> QuerySet[User]:
    """The demo's people who belong to no other project. Whoever removes it stays: somebody has to be left."""
    elsewhere = Membership.objects.filter(project__deleted_at__isnull=True).exclude(project=project).values("user")
    return demo_people(project).filter(is_active=True).exclude(pk__in=elsewhere).exclude(pk=remover.pk)


def going_keys(project: Project, remover: User) -> QuerySet[ApiKey]:
    """The project's keys, all tokens of who leaves, and those the demo gave to its people who stay."""
    leaving = Q(user__in=leaving_people(project, remover))
    handed_out = Q(user__in=demo_people(project), name=NAME_OF_TOKENS)
    return ApiKey.objects.filter(Q(project=project) | leaving | handed_out, revoked_at__isnull=True)


def remove_demo(*, project: Project, remover: User, at: datetime) -> Going:
    """Take the demo away, in one audited transaction; what was said in it stays in the database. Its owner may bring
    the project back as any other; log-ins, keys and connectors stay off then."""
    with transaction.atomic():
        going = read_going(project=project, remover=remover)
        going_keys(project, remover).update(revoked_at=at)
        leaving_people(project, remover).update(is_active=False)
        for connector in Connector.objects.filter(project=project, is_active=True):
            change_row(row=connector, values={"is_active": False}, user=remover, project=project, at=at)
        delete_project(project=project, by=remover, at=at, why="The demo was removed", even_with_customers=True)
        record_audit(
            project=project, user=remover, action="demo.removed", subject=project.name,
            after={"people deactivated": list(going.people), "keys revoked": going.keys},
        )  # fmt: skip
    return going
