"""The home page: what waits, what is with you, what was closed today, and the first steps."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from conversations.domain.permissions import Permission
from conversations.domain.vocabulary import Environment, OwnerKind
from conversations.models import Conversation, Outcome, Project, User
from conversations.views.console import Page, console_page
from studio.console.first_run import read_first_run
from studio.console.navigation import page_url


@dataclass(frozen=True, slots=True)
class Figures:
    """Live conversations only. oldest_wait: since when the customer at the head of all queues waits."""

    waiting: int
    oldest_wait: datetime | None
    with_you: int
    with_ai: int
    closed_today: int


def read_figures(*, project: Project, user: User, at: datetime) -> Figures:
    """Count now and today, in the project's own day."""
    talks = Conversation.objects.filter(project=project, environment=Environment.LIVE, ended_at__isnull=True)
    waiting = talks.filter(owner_kind=OwnerKind.QUEUE)
    midnight = at.astimezone(ZoneInfo(project.time_zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    closed = Outcome.objects.filter(
        conversation__project=project, conversation__environment=Environment.LIVE, occurred_at__gte=midnight
    )
    return Figures(
        waiting=waiting.count(),
        oldest_wait=waiting.aggregate(since=Min("waiting_since"))["since"],
        with_you=talks.filter(owner_kind=OwnerKind.HUMAN, owner_id=str(user.pk)).count(),
        with_ai=talks.filter(owner_kind=OwnerKind.AI).count(),
        closed_today=closed.values("conversation").distinct().count(),
    )


@console_page(None)
def show_home(request: HttpRequest, page: Page) -> HttpResponse:
    figures = read_figures(project=page.project, user=page.user, at=timezone.now())
    shown = page.context(
        figures=figures,
        waiting_count=figures.waiting,
        inbox_url=page_url("inbox"),
        may_remove_demo=page.project.is_demo and page.may(Permission.PROJECT_REMOVE),
        **read_first_run(page),
    )
    return render(request, "studio/home.html", shown)
