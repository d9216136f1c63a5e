"""What concerns every page: nothing to hand over to, or nobody there while customers wait."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from conversations.domain.permissions import ROLE_PERMISSIONS, Permission
from conversations.domain.vocabulary import Environment
from conversations.models import Membership, Project
from handoffs.models import Destination, Presence, QueueEntry

REPLYING = tuple(role for role, granted in ROLE_PERMISSIONS.items() if Permission.INBOX_REPLY in granted)


@dataclass(frozen=True, slots=True)
class Alarm:
    """has_default: a handoff finds a destination; unserved: live customers who wait while nobody is ready."""

    has_default: bool
    unserved: int


def read_alarm(project: Project) -> Alarm:
    """Look in one query, and count in a second only while nobody is ready."""
    default = Destination.objects.filter(project=OuterRef("pk"), is_default=True)
    may_reply = Membership.objects.filter(project=OuterRef("project"), user=OuterRef("user"), role__in=REPLYING)
    ready = Presence.objects.filter(Exists(may_reply), project=OuterRef("pk"), state="ready", user__is_active=True)
    found = Project.objects.filter(pk=project.pk).values_list(Exists(default), Exists(ready)).first()
    has_default, has_ready = found or (True, True)
    return Alarm(has_default, 0 if has_ready else _count_waiting(project))


def _count_waiting(project: Project) -> int:
    waiting = Q(state="waiting", is_ticket=False, environment=Environment.LIVE)
    return int(QueueEntry.objects.filter(waiting, project=project).aggregate(number=Count("pk"))["number"])
