"""What every action on the inbox page shares: who acts where, and how it is answered.

Each answer is a fragment; without htmx, a redirect.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from conversations.access import NotPermitted, access_conversation
from conversations.append import StaleEpoch
from conversations.domain.permissions import Permission
from conversations.models import Conversation, User
from conversations.views.console import current_environment, current_project
from handoffs.selectors.owners import owner_name
from handoffs.services.capacity import NoCapacity
from handoffs.services.seats import Seat, take_seat
from handoffs.views.inbox import DETAIL, is_fragment, show_fresh, to_conversation

FOLDER = "handoffs/inbox"
CONFLICT, UNPROCESSABLE = 409, 422
Action = Callable[[HttpRequest, Seat, Conversation], HttpResponse]
View = Callable[[HttpRequest, str], HttpResponse]


def act(action: Action) -> View:
    """Wrap what is done to one conversation: POST, logged in, allowed to reply. Whoever acts on a conversation that
    has changed hands is shown it as it is, and who has it."""

    @login_required
    @require_POST
    @wraps(action)
    def view(request: HttpRequest, conversation_id: str) -> HttpResponse:
        user = cast(User, request.user)
        conversation = access_conversation(user, conversation_id, Permission.INBOX_REPLY)
        seat = take_seat(user=user, project_id=conversation.project_id, environment=conversation.environment)
        with timezone.override(seat.project.time_zone):
            try:
                return action(request, seat, conversation)
            except StaleEpoch as stale:
                return show_as_it_is(request, seat, conversation, told=_who_has_it(seat, stale), status=CONFLICT)

    return view


def show_as_it_is(
    request: HttpRequest, seat: Seat, conversation: Conversation, *, told: str = "", status: int = 200
) -> HttpResponse:
    """Answer with the conversation as it is now, and a toast when there is something to tell."""
    if not is_fragment(request):
        if told:
            messages.error(request, told)
        return to_conversation(conversation.pk)
    html = render_to_string(DETAIL, show_fresh(request, seat, conversation), request)
    if told:
        html += render_to_string(f"{FOLDER}/_frame_toast.html", {"text": told, "tone": "error"}, request)
    address = reverse("inbox-conversation", args=[conversation.pk])
    return HttpResponse(html, status=status, headers={"HX-Push-Url": address})


def tell(request: HttpRequest, text: str, url_name: str) -> HttpResponse:
    """Only say something; nothing on the page changes."""
    if not is_fragment(request):
        messages.info(request, text)
        return redirect(url_name)
    html = render_to_string(f"{FOLDER}/_frame_toast.html", {"text": text, "tone": "info"}, request)
    return HttpResponse(html, headers={"HX-Reswap": "none"})


def own_seat(request: HttpRequest, user: User) -> Seat:
    """The place of a call that names no conversation: where the inbox page stands."""
    project = current_project(request)
    if project is None:
        raise NotPermitted(Permission.INBOX_REPLY)
    seat = take_seat(user=user, project_id=project.pk, environment=current_environment(request).value)
    if not seat.viewer.can_reply:
        raise NotPermitted(Permission.INBOX_REPLY)
    return seat


def _who_has_it(seat: Seat, stale: StaleEpoch) -> str:
    name = owner_name(project=seat.project, kind=stale.owner_kind, owner_id=stale.owner_id)
    told = _("{name} has this since {at}") if name else _("This changed hands at {at}")
    return told.format(name=name, at=clock(stale.since))


def no_room(full: NoCapacity) -> str:
    """Why nothing more can be claimed, in one sentence that says what helps."""
    told = _("You have {load} of {capacity}. Close, hand back or snooze one to take another")
    if full.channel:
        told = _("You have {load} of {capacity} on this channel. Close, hand back or snooze one to take another")
    elif full.weight > full.capacity:
        told = _("This is heavier than your whole capacity of {capacity}. A supervisor can give it to you")
    return told.format(load=full.load, capacity=full.capacity)


def clock(at: datetime) -> str:
    return timezone.localtime(at).strftime("%H:%M:%S")
