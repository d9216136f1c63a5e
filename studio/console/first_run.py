"""The first steps of a project: each is done when the data says that somebody did it."""

from collections.abc import Callable, Container
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django_htmx.http import HttpResponseClientRedirect

from conversations.domain.permissions import Permission
from conversations.domain.vocabulary import Role
from conversations.models import Annotation, Conversation, Invitation, Membership, Outcome, Project, User
from conversations.views.console import WRITE, Page, console_page
from handoffs.models import Destination, Reason, Release, Schedule
from studio.console.navigation import page_url
from studio.console.trial_handoff import ASKED_BY, Stage, continue_trial, open_trial, start_trial
from studio.demo.people import demo_people
from studio.demo.story import TOLD

HIDDEN = "first_run_hidden"  # in a person's preferences: ids of projects whose steps they have put away
_P = Permission


@dataclass(frozen=True, slots=True)
class Facts:
    """What the steps are read from. A demo's own people, past and first release count for nothing here."""

    admins: tuple[str, ...]
    schedule: Schedule | None
    time_zone: str
    destination: Destination | None
    reasons: tuple[str, ...]
    invited: int
    closed: bool
    marked: bool
    release: int | None


@dataclass(frozen=True, slots=True)
class Task:
    """One line of the list. done: what was made, in words, or nothing while it is to do; once: it leaves nothing
    to edit."""

    key: str
    label: str | Promise
    hint: str | Promise
    action: str | Promise
    url_name: str
    permission: Permission | None
    done: Callable[[Facts], str]
    once: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """A task as this person sees it: without `url` they may not do it, or there is no page for it yet."""

    task: Task
    fact: str
    url: str | None

    @property
    def is_done(self) -> bool:
        return bool(self.fact)


def _say_hours(facts: Facts) -> str:
    return f"{facts.time_zone}, {facts.schedule.name}" if facts.schedule else ""


def _say_destination(facts: Facts) -> str:
    if facts.destination is None:
        return ""
    words = _("{name}, in the built-in inbox. It is the default.") if facts.destination.desk_key == "inbox" else _(
        "{name}. It is the default."
    )  # fmt: skip
    return str(words).format(name=facts.destination.name)


def _say_reasons(facts: Facts) -> str:
    if not facts.reasons:
        return ""
    words = ngettext("{number} ready to use", "{number} ready to use, {first} to {last}", len(facts.reasons))
    return words.format(number=len(facts.reasons), first=facts.reasons[0], last=facts.reasons[-1])


def _say_invited(facts: Facts) -> str:
    words = ngettext("{number} person asked or here already", "{number} people asked or here already", facts.invited)
    return words.format(number=facts.invited) if facts.invited else ""


TASKS = (
    Task("admin", _("Create the first admin"), "", "", "people", _P.PEOPLE_EDIT,
         lambda facts: ", ".join(facts.admins)),
    Task("hours", _("Name, time zone and hours"), _("When people answer, on whose clock"), _("Set the hours"),
         "hours", _P.SETTINGS_EDIT, _say_hours),
    Task("destination", _("First destination"), _("Where a handoff goes. The first one is the default."),
         _("Add a destination"), "destinations", _P.DESTINATIONS_EDIT, _say_destination),
    Task("reasons", _("Reasons"), _("Why somebody is passed on, as your reports count it"), _("Add reasons"),
         "reasons", _P.SETTINGS_EDIT, _say_reasons),
    Task("invite", _("Invite somebody"), _("Those who answer, and those who look at how it went"), _("Invite"),
         "invite", _P.PEOPLE_EDIT, _say_invited),
    Task("test", _("Send a test handoff to yourself"),
         _("A made-up customer talks to your AI and asks for a person. It rings in your inbox, you claim it, reply "
           "and close it. Nobody outside sees anything."),
         _("Send a test handoff"), "first-run-test", _P.INBOX_REPLY,
         lambda facts: gettext("Claimed, answered and closed") if facts.closed else "", once=True),
    Task("mark", _("Mark it"), _("Say whether the handoff was needed. It takes ten seconds."), _("Open the review"),
         "review", _P.REVIEW_ANNOTATE,
         lambda facts: gettext("The first verdict is given") if facts.marked else "", once=True),
    Task("publish", _("Publish"), _("Live conversations get what you set up."), _("Review and publish"), "releases",
         _P.RELEASE_PUBLISH,
         lambda facts: gettext("Release {number} is live").format(number=facts.release) if facts.release else "",
         once=True),
)  # fmt: skip


def read_facts(project: Project) -> Facts:
    """Look at what the project's people made."""
    admins = User.objects.filter(memberships__project=project, memberships__role__in=(Role.OWNER, Role.ADMIN))
    real = _conversations_of_people(project)
    return Facts(
        admins=tuple(admins.distinct().order_by("date_joined").values_list("full_name", flat=True)[:2]),
        schedule=Schedule.objects.filter(project=project).order_by("id").first(),
        time_zone=project.time_zone,
        destination=Destination.objects.filter(project=project, is_default=True).first(),
        reasons=tuple(Reason.objects.filter(project=project).order_by("id").values_list("code", flat=True)),
        invited=_count_invited(project),
        closed=Outcome.objects.filter(conversation__in=real).exists(),
        marked=Annotation.objects.filter(conversation__in=real).exists(),
        release=_newest_release(project),
    )


def list_steps(facts: Facts, *, granted: Container[Permission]) -> list[Step]:
    """Every task in order, with its link for who may do it."""
    return [Step(task, task.done(facts), _url_for(task, granted)) for task in TASKS]


def read_first_run(page: Page) -> dict[str, Any]:
    """What the list draws: steps, how many are done, the next one, and whether this person has put it away."""
    facts = read_facts(page.project)
    steps = list_steps(facts, granted=page.granted)
    return {
        "steps": steps,
        "first_destination": facts.destination,
        "steps_done": sum(step.is_done for step in steps),
        "next_step": next((step for step in steps if not step.is_done), None),
        "is_hidden": str(page.project.pk) in page.user.preferences.get(HIDDEN, []),
        "trial": open_trial(project=page.project, user=page.user),
    }


def _conversations_of_people(project: Project) -> QuerySet[Conversation]:
    return Conversation.objects.filter(project=project).exclude(options__has_key=TOLD)


def _count_invited(project: Project) -> int:
    """Open and accepted invitations, or the people besides the first, whichever are more."""
    invitations = Invitation.objects.filter(project=project, revoked_at__isnull=True).count()
    own = Membership.objects.filter(project=project).exclude(user__in=demo_people(project))
    people = own.values("user").distinct().count()
    return max(invitations, people if project.is_demo else people - 1)


def _newest_release(project: Project) -> int | None:
    """A demo comes with release 1: only later ones were published by somebody."""
    least = 2 if project.is_demo else 1
    published = Release.objects.filter(project=project, number__gte=least).order_by("-number")
    return published.values_list("number", flat=True).first()


def _url_for(task: Task, granted: Container[Permission]) -> str | None:
    return page_url(task.url_name) if task.permission is None or task.permission in granted else None


@console_page(None)
def show_first_run(request: HttpRequest, page: Page) -> HttpResponse:
    """The list for the empty pane of the inbox; 204 for who put it away, has it done, or configures nothing."""
    shown = read_first_run(page)
    wanted = page.may(_P.DESTINATIONS_EDIT) and not shown["is_hidden"] and shown["next_step"]
    if not wanted:
        return HttpResponse(status=204)
    return render(request, "studio/first_run/_in_inbox.html", page.context(**shown))


@console_page(None, methods=WRITE)
def hide_first_run(request: HttpRequest, page: Page) -> HttpResponse:
    """Put the list away, or with `show` bring it back, for this person only."""
    kept = {*page.user.preferences.get(HIDDEN, [])} - {str(page.project.pk)}
    hidden = kept if "show" in request.POST else kept | {str(page.project.pk)}
    User.objects.filter(pk=page.user.pk).update(preferences={**page.user.preferences, HIDDEN: sorted(hidden)})
    return redirect("home")


@console_page(_P.INBOX_REPLY, methods=WRITE)
def send_test(request: HttpRequest, page: Page) -> HttpResponse:
    """Let the made-up customer come in; the answer follows what becomes of it."""
    conversation = start_trial(project=page.project, user=page.user)
    if not request.headers.get("HX-Request"):
        return redirect("home")
    return _show_stage(request, page, conversation, Stage.OPENED)


@console_page(_P.INBOX_REPLY, methods=WRITE, of=Conversation)
def follow_test(request: HttpRequest, page: Page, conversation: Conversation) -> HttpResponse:
    """Go on with one's own test; when it rings, go to where it rings."""
    if conversation.options.get(ASKED_BY) != str(page.user.pk):
        raise PermissionDenied("Somebody else sent this test")
    stage = continue_trial(conversation=conversation, at=timezone.now())
    if stage in (Stage.RINGS, Stage.TAKEN):
        return HttpResponseClientRedirect(f"{reverse('inbox')}?environment=sandbox&view=waiting")
    return _show_stage(request, page, conversation, stage)


def _show_stage(request: HttpRequest, page: Page, conversation: Conversation, stage: Stage) -> HttpResponse:
    shown = page.context(stage=stage.value, conversation=conversation)
    return render(request, "studio/first_run/_trial.html", shown)


urlpatterns = [
    path("first-run/", show_first_run, name="first-run"),
    path("first-run/hide/", hide_first_run, name="first-run-hide"),
    path("first-run/test/", send_test, name="first-run-test"),
    path("first-run/test/<uuid:pk>/", follow_test, name="first-run-trial"),
]
