"""Asking people to join: the list of what is open, the link that is shown once, and the page it leads to."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth import login as start_session
from django.contrib.auth import logout as end_session
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from conversations.domain.permissions import Permission
from conversations.domain.vocabulary import Role
from conversations.forms.people import InvitationForm
from conversations.models import Invitation
from conversations.selectors.people import is_expired, open_invitations, roles_of, sort_roles
from conversations.services.invitations import (
    AlreadyAMember,
    AlreadyInvited,
    HasLogIn,
    InvitationUnusable,
    OtherAddress,
    Unusable,
    accept_as_newcomer,
    accept_invitation,
    find_invitation,
    has_log_in,
    invite_person,
    renew_invitation,
    revoke_invitation,
)
from conversations.services.people import OwnersOnly
from conversations.views.console import BOTH, PROJECT_KEPT_AS, READ, WRITE, Page, console_page
from studio.console.password_forms import NewcomerForm
from studio.console.people import OWNERS_ONLY, read_tabs
from studio.console.roles import ROLE_WORDS, role_choices, role_names
from studio.mail import NotSent, NotSetUp, link_to, send_mail_about

MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"
IN_LINKS = "invitation"


@console_page(Permission.PEOPLE_EDIT, methods=READ)
def list_invitations(request: HttpRequest, page: Page) -> HttpResponse:
    now = timezone.now()
    rows = [
        {"invitation": one, "roles": names_of(one), "is_expired": is_expired(one, at=now)}
        for one in open_invitations(page.project)[:200]
    ]
    shown = page.context(tab="invitations", rows=rows, **read_tabs(page.project))
    return render(request, "studio/people/invitations.html", shown)


@console_page(Permission.PEOPLE_EDIT, methods=BOTH)
def invite(request: HttpRequest, page: Page) -> HttpResponse:
    """Ask for an address and roles; then show the link, once."""
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            invitation, secret = invite_person(
                project=page.project,
                email=form.cleaned_data["email"],
                roles=form.chosen(),
                by=page.user,
                at=timezone.now(),
            )
        except (OwnersOnly, AlreadyAMember, AlreadyInvited) as refused:
            form.add_error(*_refusal(refused))
        else:
            return _show_link(request, page, invitation, secret)
    chosen = request.POST.getlist("roles") or [Role.AGENT.value]
    is_owner = Role.OWNER in roles_of(page.user, page.project)
    shown = page.context(form=form, choices=role_choices(chosen, is_owner=is_owner))
    return render(request, "studio/people/invite.html", shown, status=422 if form.errors else 200)


@console_page(Permission.PEOPLE_EDIT, methods=WRITE, of=Invitation)
def renew(request: HttpRequest, page: Page, invitation: Invitation) -> HttpResponse:
    try:
        renewed, secret = renew_invitation(invitation=invitation, by=page.user, at=timezone.now())
    except InvitationUnusable as refused:
        messages.error(request, _over_words(refused.reason))
        return redirect("invitations")
    except (OwnersOnly, AlreadyAMember) as refused:
        messages.error(request, _refusal(refused)[1])
        return redirect("invitations")
    return _show_link(request, page, renewed, secret)


@console_page(Permission.PEOPLE_EDIT, methods=WRITE, of=Invitation)
def revoke(request: HttpRequest, page: Page, invitation: Invitation) -> HttpResponse:
    try:
        revoke_invitation(invitation=invitation, by=page.user, at=timezone.now())
    except InvitationUnusable as refused:
        messages.error(request, _over_words(refused.reason))
    else:
        messages.info(request, _("The invitation of %(email)s no longer works") % {"email": invitation.email})
    return redirect("invitations")


@never_cache
@sensitive_post_parameters("password", "repeated")
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Where an invitation's link leads: join with the log-in one has, or make one."""
    secret, now = request.GET.get(IN_LINKS, ""), timezone.now()
    try:
        invitation = find_invitation(secret, at=now)
        answer = _join(request, invitation, secret, now) if request.method == "POST" else None
    except InvitationUnusable as unusable:
        shown = {"words": _unusable_words(unusable.reason), "is_used": unusable.reason is Unusable.USED}
        return render(request, "studio/people/join_unusable.html", shown, status=410)
    except (OtherAddress, HasLogIn):
        return redirect(request.get_full_path())
    return answer or _ask_to_join(request, invitation)


@require_POST
def leave_to_join(request: HttpRequest) -> HttpResponse:
    """Log out, and come back to the invitation."""
    back = f"{reverse('join')}?{IN_LINKS}={request.POST.get(IN_LINKS, '')}"
    end_session(request)
    return redirect(back)


def names_of(invitation: Invitation) -> list[str]:
    return role_names(sort_roles(invitation.roles))


def _join(request: HttpRequest, invitation: Invitation, secret: str, at: datetime) -> HttpResponse | None:
    """Let whoever asks in; None where the page has to be shown once more, with its errors."""
    if request.user.is_authenticated:
        person = request.user
        accept_invitation(secret=secret, person=person, at=at)
    else:
        form = NewcomerForm(invitation.email, request.POST)
        if not form.is_valid():
            return _ask_to_join(request, invitation, form)
        name, password = form.cleaned_data["full_name"], form.cleaned_data["password"]
        _joined, person = accept_as_newcomer(secret=secret, full_name=name, password=password, at=at)
        start_session(request, person, MODEL_BACKEND)
    request.session[PROJECT_KEPT_AS] = str(invitation.project_id)
    messages.info(request, _("You are in %(project)s") % {"project": invitation.project})
    return redirect("home")


def _ask_to_join(request: HttpRequest, invitation: Invitation, form: NewcomerForm | None = None) -> HttpResponse:
    person, user = has_log_in(invitation), request.user
    is_you = user.is_authenticated and person == user
    shown: dict[str, Any] = {
        "invitation": invitation,
        "roles": [ROLE_WORDS[role] for role in sort_roles(invitation.roles)],
        "secret": request.GET.get(IN_LINKS, ""),
        "is_you": is_you,
        "is_other": user.is_authenticated and not is_you,
        "is_deactivated": person is not None and not person.is_active,
        "has_log_in": person is not None,
        "form": form or NewcomerForm(invitation.email),
    }
    return render(request, "studio/people/join.html", shown, status=422 if form else 200)


def _show_link(request: HttpRequest, page: Page, invitation: Invitation, secret: str) -> HttpResponse:
    link = link_to("join", **{IN_LINKS: secret})
    mailed, problem = True, ""
    shown = {"link": link, "invitation": invitation, "roles": names_of(invitation), "by": page.user}
    try:
        send_mail_about(what="invitation", to=invitation.email, shown=shown)
    except NotSetUp:
        mailed = False
    except NotSent as refused:
        mailed, problem = False, str(refused)
    context = page.context(**shown, mailed=mailed, problem=problem)
    return render(request, "studio/people/invited.html", context)


def _refusal(refused: Exception) -> tuple[str, str]:
    """The field and the words for an invitation that was not made."""
    if isinstance(refused, AlreadyAMember):
        return "email", _("%(name)s is in this project. Change the roles under People") % {"name": refused.person}
    if isinstance(refused, AlreadyInvited):
        day = timezone.localtime(refused.invitation.created_at).strftime("%-d %b")
        told = {"email": refused.invitation.email, "day": day}
        return "email", _("%(email)s was invited on %(day)s. Make a new link under Invitations") % told
    return "roles", str(OWNERS_ONLY)


def _over_words(reason: Unusable) -> str:
    return {Unusable.USED: _("It was accepted meanwhile"), Unusable.REVOKED: _("It was revoked before")}[reason]


def _unusable_words(reason: Unusable) -> str:
    return {
        Unusable.UNKNOWN: _("There is no such invitation. Look whether the link was cut off when it was copied."),
        Unusable.USED: _("It was accepted before. A link works once: log in with your e-mail address."),
        Unusable.REVOKED: _("It was taken back, or replaced by a newer one. Look for the newest link you were sent."),
        Unusable.EXPIRED: _("It is over 7 days old. Ask whoever invited you for a new link."),
        Unusable.GONE: _("Its project was deleted."),
    }[reason]


urlpatterns = [
    path("people/invitations/", list_invitations, name="invitations"),
    path("people/invitations/new/", invite, name="invite"),
    path("people/invitations/<uuid:pk>/renew/", renew, name="invitation-renew"),
    path("people/invitations/<uuid:pk>/revoke/", revoke, name="invitation-revoke"),
    path("join/", join, name="join"),
    path("join/leave/", leave_to_join, name="join-leave"),
]
