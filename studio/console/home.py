"""The home page: what waits, what is with you, what was closed today, and the first steps."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conversations.domain.vocabulary import Environment, OwnerKind
from conversations.models import Annotation, Conversation, Outcome, Project, User
from conversations.views.console import Page, console_page
from studio.console.navigation import page_url


@dataclass(frozen=True, slots=True)
class Figures:
    """Live conversations only. oldest_wait: since when the customer at the head of all queues waits."""

    waiting: int
    oldest_wait: datetime | None
    with_you: int
    with_ai: int
    closed_today: int


@dataclass(frozen=True, slots=True)
class Step:
    label: str | Promise
    hint: str | Promise
    action: str | Promise
    url: str | None
    done: bool


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


def first_steps(project: Project) -> list[Step]:
    """The way from nothing to a judged handoff; each step is done when the data says so."""
    talks = Conversation.objects.filter(project=project)
    handed_off = talks.filter(handoff_id__isnull=False).exists()
    closed = Outcome.objects.filter(conversation__project=project).exists()
    judged = Annotation.objects.filter(conversation__project=project).exists()
    return [
        Step(
            _("Talk to the AI"),
            _("Ask the demo shop assistant something, as a customer would"),
            _("Open the demo shop"),
            page_url("demo"),
            talks.exists(),
        ),
        Step(
            _("Ask for a person"),
            _("The AI passes you on; it rings in the inbox"),
            _("Open the demo shop"),
            page_url("demo"),
            handed_off,
        ),
        Step(
            _("Claim, answer, close"),
            _("You see the whole conversation, the customer sees you join"),
            _("Open the inbox"),
            page_url("inbox"),
            closed,
        ),
        Step(
            _("Mark it"),
            _("Say whether the handoff was needed. It takes ten seconds"),
            _("Open the review"),
            page_url("review"),
            judged,
        ),
    ]


@console_page(None)
def show_home(request: HttpRequest, page: Page) -> HttpResponse:
    figures = read_figures(project=page.project, user=page.user, at=timezone.now())
    steps = first_steps(page.project)
    shown = page.context(
        figures=figures,
        waiting_count=figures.waiting,
        steps=steps,
        steps_done=sum(step.done for step in steps),
        next_step=next((step for step in steps if not step.done), None),
        inbox_url=page_url("inbox"),
    )
    return render(request, "studio/home.html", shown)
