"""The inbox page: the list, the open conversation and what is known; kept live by the inbox socket."""

from typing import Any, cast
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from conversations.access import access_conversation
from conversations.domain.permissions import Permission
from conversations.models import Conversation, User
from conversations.views.console import current_environment, current_project
from handoffs.domain.inbox import View
from handoffs.selectors.agent_desk import describe_agent, read_agent_desk
from handoffs.selectors.inbox_page import read_conversation_page, read_list_page, read_presence
from handoffs.services.seats import Seat, take_seat

Context = dict[str, Any]
PAGE = "handoffs/inbox/inbox.html"
DETAIL = "handoffs/inbox/_detail.html"


@login_required
@require_safe
@never_cache
def show_inbox(request: HttpRequest) -> HttpResponse:
    """The list, no conversation open."""
    project = current_project(request)
    if project is None:
        return render(request, "studio/no_project.html")
    seat = take_seat(
        user=cast(User, request.user), project_id=project.pk, environment=current_environment(request).value
    )
    return _page(request, seat, {})


@login_required
@require_safe
@never_cache
def show_conversation(request: HttpRequest, conversation_id: str) -> HttpResponse:
    """One conversation: the whole page, or for htmx only the panes it fills."""
    user = cast(User, request.user)
    conversation = access_conversation(user, conversation_id, Permission.INBOX_VIEW)
    seat = take_seat(user=user, project_id=conversation.project_id, environment=conversation.environment)
    page = read_conversation_page(conversation=conversation, user=user, viewer=seat.viewer)
    if is_fragment(request):
        return _render(request, DETAIL, seat, {**page, "view": wanted_view(request).value})
    return _page(request, seat, page)


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part; a page out of its history is asked for whole."""
    return "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers


def wanted_view(request: HttpRequest) -> View:
    wanted = request.GET.get("view", "")
    return View(wanted) if wanted in list(View) else View.MINE


def _page(request: HttpRequest, seat: Seat, conversation: Context) -> HttpResponse:
    view = wanted_view(request)
    listed = read_list_page(
        project=seat.project, environment=seat.environment, viewer=seat.viewer, view=view, at=timezone.now()
    )
    around = {
        "project": seat.project,
        "environment": seat.environment,
        "presence": read_presence(user=seat.user, project=seat.project),
        "socket_url": _socket_url(seat, view),
    }
    if seat.viewer.can_reply:
        facts = read_agent_desk(user=seat.user, project=seat.project, viewer=seat.viewer)
        around["agent"] = describe_agent(facts)
    return _render(request, PAGE, seat, {**listed, **around, **conversation})


def _socket_url(seat: Seat, view: View) -> str:
    words = {
        "project_id": seat.project.pk,
        "environment": seat.environment,
        "view": view.value,
        "format": "html",
    }
    return f"/ws/inbox?{urlencode(words)}"


def _render(request: HttpRequest, template: str, seat: Seat, context: Context) -> HttpResponse:
    with timezone.override(seat.project.time_zone):
        return render(request, template, context)


def show_fresh(request: HttpRequest, seat: Seat, conversation: Conversation) -> Context:
    """Return a conversation's context as it is after an action."""
    fresh = access_conversation(seat.user, conversation.pk, Permission.INBOX_VIEW)
    page = read_conversation_page(conversation=fresh, user=seat.user, viewer=seat.viewer)
    return {**page, "view": wanted_view(request).value}


def to_conversation(conversation_id: object) -> HttpResponse:
    return redirect("inbox-conversation", conversation_id)
