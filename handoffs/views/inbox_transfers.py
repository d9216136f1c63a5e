"""Passing a conversation on, and taking one over, on the inbox page."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from conversations.access import access_conversation, permissions_in
from conversations.domain.permissions import Permission
from conversations.domain.vocabulary import OwnerKind
from conversations.models import Conversation, User
from handoffs.forms.transfers import AGENT, TransferForm
from handoffs.selectors.owners import owner_name
from handoffs.selectors.transfer_targets import read_targets
from handoffs.services.capacity import NoCapacity
from handoffs.services.claims import AlreadyClaimed, NotWaiting
from handoffs.services.seats import Seat
from handoffs.services.takeovers import CustomerUnreachable, take_over
from handoffs.services.transfers import TargetRefused, transfer_to_agent, transfer_to_destination
from handoffs.views.inbox_answers import CONFLICT, UNPROCESSABLE, act, clock, no_room, show_as_it_is

FORM = "handoffs/inbox/_transfer_form.html"
PROBLEM = "handoffs/inbox/_transfer_problem.html"


@login_required
@require_safe
@never_cache
def show_targets(request: HttpRequest, conversation_id: str) -> HttpResponse:
    """The form inside the transfer dialog, with who takes work at this moment."""
    user = cast(User, request.user)
    conversation = access_conversation(user, conversation_id, Permission.INBOX_REPLY)
    with timezone.override(conversation.project.time_zone):
        targets = read_targets(conversation=conversation, user=user, at=timezone.now())
        return render(request, FORM, {"conversation": conversation, **targets})


@act
def transfer(request: HttpRequest, seat: Seat, conversation: Conversation) -> HttpResponse:
    """Pass it to a destination's queue or to a colleague; what is refused is said beside the choice."""
    form = TransferForm(request.POST)
    if not form.is_valid():
        return _refused(request, form.problem)
    try:
        _pass(seat, conversation, form)
    except (TargetRefused, NoCapacity) as refused:
        return _refused(request, _why(refused))
    return show_as_it_is(request, seat, conversation)


@act
def take(request: HttpRequest, seat: Seat, conversation: Conversation) -> HttpResponse:
    """Take it over from the AI; a supervisor also from a colleague."""
    may_take_from = Permission.INBOX_SUPERVISE in permissions_in(seat.user, seat.project)
    try:
        take_over(conversation_id=conversation.pk, agent=seat.user, at=timezone.now(), may_take_from=may_take_from)
    except AlreadyClaimed as lost:
        name = owner_name(project=seat.project, kind=OwnerKind.HUMAN, owner_id=lost.owner_id)
        told = _("{name} has this since {at}").format(name=name, at=clock(lost.at))
    except NotWaiting:
        told = _("This conversation is over")
    except CustomerUnreachable:
        told = _("This customer's program takes answers of the AI only")
    except NoCapacity as full:
        told = no_room(full)
    else:
        return show_as_it_is(request, seat, conversation)
    return show_as_it_is(request, seat, conversation, told=told, status=CONFLICT)


def _pass(seat: Seat, conversation: Conversation, form: TransferForm) -> None:
    kind, target = form.cleaned_data["target"]
    note, epoch, at = form.cleaned_data["note"], form.cleaned_data["epoch"], timezone.now()
    if kind == AGENT:
        transfer_to_agent(conversation_id=conversation.pk, agent=seat.user, epoch=epoch, to=target, note=note, at=at)
    else:
        transfer_to_destination(
            conversation_id=conversation.pk, agent=seat.user, epoch=epoch, destination=target, note=note, at=at
        )


def _why(refused: TargetRefused | NoCapacity) -> str:
    if isinstance(refused, NoCapacity):
        return _("They carry {load} of {capacity} already. Choose somebody else").format(
            load=refused.load, capacity=refused.capacity
        )
    return {
        "closed": _("It takes nobody right now. Choose another one"),
        "same_agent": _("It is with you already"),
    }.get(refused.code, _("It is not there any more. Choose another one"))


def _refused(request: HttpRequest, problem: str) -> HttpResponse:
    """Only the line of the dialog that says what is wrong; what was typed stays."""
    aim = {"HX-Retarget": "#transfer-problem", "HX-Reswap": "innerHTML"}
    return HttpResponse(render_to_string(PROBLEM, {"problem": problem}, request), status=UNPROCESSABLE, headers=aim)


urlpatterns = [
    path("<uuid:conversation_id>/targets/", show_targets, name="inbox-targets"),
    path("<uuid:conversation_id>/transfer/", transfer, name="inbox-transfer"),
    path("<uuid:conversation_id>/takeover/", take, name="inbox-takeover"),
]
