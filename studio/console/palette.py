"""The palette, Ctrl+K: one field that finds pages, actions, things of the configuration, people and conversations."""

import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from django.db.models import Model, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conversations.access import projects_of
from conversations.domain.names import nameless
from conversations.domain.permissions import Permission
from conversations.domain.vocabulary import Environment
from conversations.models import Conversation, User
from conversations.views.console import Page, console_page
from handoffs.models import Destination, Queue, Schedule
from studio.console.navigation import SECTIONS, page_url

MOST_HITS, MOST_OF_A_KIND = 20, 5
LEAST_LETTERS = 2  # of a text that is looked for in the database
_P = Permission


@dataclass(frozen=True, slots=True)
class Hit:
    """One line: where it leads, and what kind of thing it is."""

    label: str | Promise
    kind: str | Promise
    icon: str
    url: str


@dataclass(frozen=True, slots=True)
class Wish:
    """What the person typed, and on which page they stand."""

    page: Page
    text: str

    def matches(self, *texts: object) -> bool:
        """Whether every word typed is somewhere in these texts."""
        whole = " ".join(map(str, texts)).casefold()
        return all(word in whole for word in self.text.casefold().split())

    @property
    def is_long_enough(self) -> bool:
        return len(self.text) >= LEAST_LETTERS


@dataclass(frozen=True, slots=True)
class Action:
    label: str | Promise
    icon: str
    url_name: str
    permission: Permission | None
    words: str | Promise = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """Rows that are found by name: `url_name` takes the row's id; where there is no such page, `list_name` is shown."""

    label: str | Promise
    icon: str
    model: type[Model]
    permission: Permission
    url_name: str
    list_name: str


ACTIONS = (
    Action(_("Add a destination"), "plus", "destination-new", _P.DESTINATIONS_EDIT, _("new create")),
    Action(_("Add hours"), "calendar-plus", "hours-add", _P.SETTINGS_EDIT, _("new create schedule")),
    Action(_("Look for holes in the hours"), "radar-2", "coverage", _P.SETTINGS_EDIT, _("coverage finder gaps")),
    Action(_("Invite somebody"), "user-plus", "invite", _P.PEOPLE_EDIT, _("add people person")),
    Action(_("Add an API key"), "key", "api-key-add", _P.API_KEYS_EDIT, _("new create make token")),
    Action(_("Add a webhook"), "webhook", "webhook-add", _P.WEBHOOKS_EDIT, _("new create endpoint")),
    Action(_("Publish to live"), "cloud-upload", "releases", _P.RELEASE_PUBLISH, _("release review")),
    Action(_("Add a queue"), "list-numbers", "queue-add", _P.SETTINGS_EDIT, _("new create")),
    Action(_("Add a reason"), "tag", "reason-add", _P.SETTINGS_EDIT, _("new create")),
    Action(_("Change name, greeting and time zone"), "id-badge-2", "project-settings", _P.SETTINGS_EDIT, _("project")),
    Action(_("Create a project"), "stack-2", "project-create", None, _("new start add")),
    Action(_("Your profile and password"), "user", "profile", None, _("account name sessions")),
)
KINDS = (
    Kind(_("Destination"), "route", Destination, _P.DESTINATIONS_EDIT, "destination-edit", "destinations"),
    Kind(_("Queue"), "list-numbers", Queue, _P.SETTINGS_EDIT, "queue", "queues"),
    Kind(_("Hours"), "clock-hour-4", Schedule, _P.SETTINGS_EDIT, "hours-edit", "hours"),
)
ENVIRONMENTS = {
    Environment.SANDBOX: (_("Show the sandbox"), "flask"),
    Environment.LIVE: (_("Show live"), "world"),
}


def find_hits(wish: Wish) -> list[Hit]:
    """At most MOST_HITS; whose name begins with what was typed comes first, else in the order of the finders."""
    found = list(chain.from_iterable(finder(wish) for finder in FINDERS))
    typed = wish.text.casefold()
    return sorted(found, key=lambda hit: not str(hit.label).casefold().startswith(typed))[:MOST_HITS]


def _may(wish: Wish, permission: Permission | None) -> bool:
    return permission is None or wish.page.may(permission)


def _find_pages(wish: Wish) -> Iterator[Hit]:
    for item in chain.from_iterable(section.items for section in SECTIONS):
        url = page_url(item.url_name)
        if url and _may(wish, item.permission) and wish.matches(item.label):
            yield Hit(item.label, _("Page"), item.icon, url)


def _find_actions(wish: Wish) -> Iterator[Hit]:
    for action in ACTIONS:
        url = page_url(action.url_name)
        if url and _may(wish, action.permission) and wish.matches(action.label, action.words):
            yield Hit(action.label, _("Action"), action.icon, url)


def _find_environments(wish: Wish) -> Iterator[Hit]:
    for environment, (label, icon) in ENVIRONMENTS.items():
        if environment is not wish.page.environment and wish.matches(label, environment.value):
            yield Hit(label, _("Environment"), icon, f"{reverse('home')}?environment={environment.value}")


def _find_projects(wish: Wish) -> Iterator[Hit]:
    others = projects_of(wish.page.user).filter(name__icontains=wish.text).exclude(pk=wish.page.project.pk)
    for project in others[:MOST_OF_A_KIND]:
        yield Hit(project.name, _("Project"), "stack-2", f"{reverse('home')}?project={project.pk}")


def _find_rows(wish: Wish) -> Iterator[Hit]:
    kinds = KINDS if wish.is_long_enough else ()
    for kind in kinds:
        if not wish.page.may(kind.permission):
            continue
        named = Q(name__icontains=wish.text) | Q(key__icontains=wish.text)
        rows = kind.model._default_manager.filter(named, project=wish.page.project).order_by("pk")
        for row in rows[:MOST_OF_A_KIND]:
            if url := _row_url(kind, row):
                yield Hit(str(row), kind.label, kind.icon, url)


def _row_url(kind: Kind, row: Model) -> str | None:
    try:
        return reverse(kind.url_name, kwargs={"pk": row.pk})
    except NoReverseMatch:
        return page_url(kind.list_name)


def _find_people(wish: Wish) -> Iterator[Hit]:
    url = page_url("people")
    if not (url and wish.is_long_enough and wish.page.may(_P.PEOPLE_EDIT)):
        return
    named = Q(full_name__icontains=wish.text) | Q(email__icontains=wish.text)
    people = User.objects.filter(named, memberships__project=wish.page.project).distinct().order_by("full_name")
    for person in people[:MOST_OF_A_KIND]:
        yield Hit(person.full_name, _("Person"), "users", url)


def _find_conversations(wish: Wish) -> Iterator[Hit]:
    """By id, or by the customer's name for who may know it; in the environment the person looks at."""
    name = "inbox-conversation" if wish.page.may(_P.INBOX_VIEW) else "review-conversation"
    allowed = wish.page.may(_P.INBOX_VIEW) or wish.page.may(_P.REVIEW_VIEW)
    wanted = _is_conversation(wish)
    if not (allowed and wanted and wish.is_long_enough):
        return
    here = Conversation.objects.filter(wanted, project=wish.page.project, environment=wish.page.environment)
    if name == "review-conversation":
        here = here.filter(handoff_id__isnull=False)
    for row in here.select_related("customer").order_by("-created_at")[:MOST_OF_A_KIND]:
        known = row.customer.name if wish.page.may(_P.PII_VIEW) else ""
        label = f"{known or nameless(row.pk)}, {row.created_at:%d.%m. %H:%M}"
        yield Hit(label, gettext("Conversation"), "messages", reverse(name, args=[row.pk]))


def _is_conversation(wish: Wish) -> Q | None:
    try:
        return Q(pk=uuid.UUID(wish.text))
    except ValueError:
        return Q(customer__name__icontains=wish.text) if wish.page.may(_P.PII_VIEW) else None


FINDERS: tuple[Callable[[Wish], Iterable[Hit]], ...] = (
    _find_pages,
    _find_actions,
    _find_environments,
    _find_projects,
    _find_rows,
    _find_people,
    _find_conversations,
)


@console_page(None)
def search_everywhere(request: HttpRequest, page: Page) -> HttpResponse:
    """What the palette lists for the text typed so far, as a fragment."""
    text = " ".join(request.GET.get("q", "").split())[:120]
    return render(request, "studio/palette/_hits.html", {"hits": find_hits(Wish(page, text)), "text": text})


urlpatterns = [path("palette/", search_everywhere, name="palette")]
