"""The people of a project: the list, one person's page, and what each role may do."""

import re
import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from conversations.access import NotFound
from conversations.domain.permissions import Permission
from conversations.domain.vocabulary import Role
from conversations.forms.people import RolesForm
from conversations.models import Project, User
from conversations.selectors.people import (
    PeoplePage,
    has_other_owner,
    held_conversations,
    open_invitations,
    people_of,
    read_people,
    roles_of,
    sort_roles,
    teams_of,
)
from conversations.services.people import (
    LastOwner,
    NotAMember,
    NotTheirs,
    OwnersOnly,
    change_roles,
    deactivate_person,
    may_deactivate,
    may_reset_password,
    reactivate_person,
    remove_person,
)
from conversations.views.console import READ, WRITE, Page, console_page
from studio.console.roles import ROLE_WORDS, read_rights, role_choices, role_names
from studio.password_links import make_reset_link_for

LAST_OWNER = gettext_lazy("%(project)s would have no owner. Make somebody else an owner first")
OWNERS_ONLY = gettext_lazy("Only an owner gives or takes the role Owner")
GONE = gettext_lazy("This person is no longer in the project")


@console_page(Permission.PEOPLE_EDIT, methods=READ)
def list_people(request: HttpRequest, page: Page) -> HttpResponse:
    q, role = request.GET.get("q", "").strip()[:200], request.GET.get("role", "")
    role = role if role in list(Role) else ""
    found = read_people(project=page.project, q=q, role=role, number=_number(request.GET.get("page", "")))
    rows = [{"person": row.person, "roles": role_names(row.roles), "teams": row.teams} for row in found.rows]
    shown = page.context(
        tab="people",
        rows=rows,
        total=found.total,
        q=q,
        role=role,
        is_filtered=bool(q or role),
        role_choices=[(one.value, words.name) for one, words in ROLE_WORDS.items()],
        **_neighbours(found, q, role),
        **read_tabs(page.project),
    )
    return render(request, "studio/people/people.html", shown)


@console_page(Permission.PEOPLE_EDIT, methods=READ)
def show_person(request: HttpRequest, page: Page, person_id: uuid.UUID) -> HttpResponse:
    return _show(request, page, _person(page.project, person_id))


@console_page(Permission.PEOPLE_EDIT, methods=WRITE)
def save_roles(request: HttpRequest, page: Page, person_id: uuid.UUID) -> HttpResponse:
    person, form = _person(page.project, person_id), RolesForm(request.POST)
    if not form.is_valid():
        return _show(request, page, person, form=form)
    try:
        change_roles(project=page.project, person=person, roles=form.chosen(), by=page.user)
    except (LastOwner, OwnersOnly, NotAMember) as refused:
        form.add_error("roles", refusal_words(refused))
        return _show(request, page, person, form=form)
    messages.info(request, _("The roles of %(name)s are saved") % {"name": person})
    return redirect("person", person_id=person.pk) if page.user != person else redirect("people")


@console_page(Permission.PEOPLE_EDIT, methods=WRITE)
def remove(request: HttpRequest, page: Page, person_id: uuid.UUID) -> HttpResponse:
    person = _person(page.project, person_id)
    try:
        remove_person(project=page.project, person=person, by=page.user)
    except (LastOwner, OwnersOnly, NotAMember) as refused:
        return _show(request, page, person, problem=refusal_words(refused))
    told = {"name": person, "project": page.project}
    messages.info(request, _("%(name)s is no longer in %(project)s") % told)
    return redirect("home" if person == page.user else "people")


@console_page(Permission.PEOPLE_EDIT, methods=WRITE)
def make_link(request: HttpRequest, page: Page, person_id: uuid.UUID) -> HttpResponse:
    """Show a link that sets a new password, this one time."""
    person = _person(page.project, person_id)
    try:
        link = make_reset_link_for(person=person, by=page.user)
    except NotTheirs as refused:
        return _show(request, page, person, problem=refusal_words(refused))
    return render(request, "studio/people/reset_link.html", page.context(person=person, link=link))


@console_page(Permission.PEOPLE_EDIT, methods=WRITE)
def deactivate(request: HttpRequest, page: Page, person_id: uuid.UUID) -> HttpResponse:
    person = _person(page.project, person_id)
    try:
        deactivate_person(person=person, by=page.user)
    except (LastOwner, NotTheirs) as refused:
        person.refresh_from_db()
        return _show(request, page, person, problem=refusal_words(refused))
    messages.info(request, _("%(name)s can no longer log in") % {"name": person})
    return redirect("person", person_id=person.pk)


@console_page(Permission.PEOPLE_EDIT, methods=WRITE)
def reactivate(request: HttpRequest, page: Page, person_id: uuid.UUID) -> HttpResponse:
    person = _person(page.project, person_id)
    try:
        reactivate_person(person=person, by=page.user)
    except NotTheirs as refused:
        return _show(request, page, person, problem=refusal_words(refused))
    messages.info(request, _("%(name)s can log in again, with a new password") % {"name": person})
    return redirect("person", person_id=person.pk)


@console_page(Permission.PEOPLE_EDIT, methods=READ)
def show_roles(request: HttpRequest, page: Page) -> HttpResponse:
    shown = page.context(tab="roles", rights=read_rights(), roles=list(ROLE_WORDS.values()), **read_tabs(page.project))
    return render(request, "studio/people/roles.html", shown)


def read_tabs(project: Project) -> dict[str, int]:
    """What the tabs count."""
    return {"pending": open_invitations(project).count(), "team_count": teams_of(project).count()}


def refusal_words(refused: Exception) -> str:
    """Why people were not changed, for the person who tried."""
    words = {
        LastOwner: str(LAST_OWNER) % {"project": getattr(refused, "project", "")},
        OwnersOnly: str(OWNERS_ONLY),
        NotAMember: str(GONE),
        NotTheirs: _("This person belongs to projects you do not own: ask an owner there"),
    }
    return words[type(refused)]


def _person(project: Project, person_id: uuid.UUID) -> User:
    person = people_of(project).filter(pk=person_id).first()
    if person is None:
        raise NotFound("person")
    return person


def _show(
    request: HttpRequest, page: Page, person: User, *, form: RolesForm | None = None, problem: str = ""
) -> HttpResponse:
    held, mine = roles_of(person, page.project), roles_of(page.user, page.project)
    is_owner = Role.OWNER in mine
    is_last = Role.OWNER in held and not has_other_owner(page.project, person)
    customers = held_conversations(page.project, person)
    chosen = request.POST.getlist("roles") if form else held
    shown = page.context(
        person=person,
        roles=role_names(sort_roles(held)),
        form=form,
        choices=role_choices(chosen, is_owner=is_owner, is_last_owner=is_last, held=held),
        teams=list(person.teams.filter(project=page.project).order_by("name")),
        problem=problem,
        is_you=person == page.user,
        is_last_owner=is_last,
        may_remove=not is_last and (is_owner or Role.OWNER not in held),
        may_reset=person.is_active and may_reset_password(page.user, person),
        may_deactivate=may_deactivate(page.user, person),
        customers=_customers_words(customers) if customers else "",
    )
    return render(request, "studio/people/person.html", shown, status=422 if problem or form else 200)


def _customers_words(number: int) -> str:
    return ngettext(
        "%(number)s customer is with this person now: close it or hand it back first, else nobody answers there",
        "%(number)s customers are with this person now: close them or hand them back first, else nobody answers there",
        number,
    ) % {"number": number}


def _neighbours(found: PeoplePage, q: str, role: str) -> dict[str, Any]:
    def address(number: int) -> str:
        query = {"q": q, "role": role, "page": number if number > 1 else ""}
        return f"{reverse('people')}?{urlencode({name: value for name, value in query.items() if value})}"

    return {
        "previous_url": address(found.number - 1) if found.number > 1 else "",
        "next_url": address(found.number + 1) if found.has_next else "",
    }


def _number(text: str) -> int:
    return max(1, int(text)) if re.fullmatch("[0-9]{1,6}", text) else 1


urlpatterns = [
    path("", list_people, name="people"),
    path("roles/", show_roles, name="roles"),
    path("<uuid:person_id>/", show_person, name="person"),
    path("<uuid:person_id>/roles/", save_roles, name="person-roles"),
    path("<uuid:person_id>/remove/", remove, name="person-remove"),
    path("<uuid:person_id>/link/", make_link, name="person-link"),
    path("<uuid:person_id>/deactivate/", deactivate, name="person-deactivate"),
    path("<uuid:person_id>/reactivate/", reactivate, name="person-reactivate"),
]
