"""Offers, snoozing and wrapping up on the inbox page. Each answer is a fragment; without htmx, a redirect."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from conversations.access import access_conversation
from conversations.domain.permissions import Permission
from conversations.models import Conversation, User
from handoffs.forms.snooze import SnoozeForm
from handoffs.models import Offer
from handoffs.selectors.agent_desk import describe_agent, read_agent_desk
from handoffs.selectors.offers import access_offer
from handoffs.services.assignments import finish_wrap_up
from handoffs.services.offer_answers import OfferGone, accept_offer, decline_offer
from handoffs.services.seats import Seat, take_seat
from handoffs.services.snooze import LONGEST, BadMoment, snooze_conversation, wake_conversation
from handoffs.views.inbox import is_fragment
from handoffs.views.inbox_answers import FOLDER, UNPROCESSABLE, act, show_as_it_is, tell

GONE = {
    "expired": gettext_lazy("The time to answer this offer is over"),
    "withdrawn": gettext_lazy("This offer was taken back: the customer left, or somebody else took it"),
    "accepted": gettext_lazy("You have taken this already"),
    "declined": gettext_lazy("You have declined this"),
}


@login_required
@require_POST
def accept(request: HttpRequest, offer_id: str) -> HttpResponse:
    """Take what is offered and open it."""
    offer, seat = _offered(request, offer_id)
    try:
        accepted = accept_offer(offer_id=offer.pk, agent=seat.user, at=timezone.now())
    except OfferGone as gone:
        return tell(request, str(GONE[gone.state]), "inbox")
    with timezone.override(seat.project.time_zone):
        return show_as_it_is(request, seat, accepted)


@login_required
@require_POST
def decline(request: HttpRequest, offer_id: str) -> HttpResponse:
    """Let it go to the next."""
    offer, seat = _offered(request, offer_id)
    try:
        decline_offer(offer_id=offer.pk, agent=seat.user, at=timezone.now())
    except OfferGone as gone:
        return tell(request, str(GONE[gone.state]), "inbox")
    return _show_agent(request, seat)


@act
def snooze(request: HttpRequest, seat: Seat, conversation: Conversation) -> HttpResponse:
    """Put it aside."""
    form, at = SnoozeForm(request.POST), timezone.now()
    if not form.is_valid():
        return show_as_it_is(request, seat, conversation, told=form.problem, status=UNPROCESSABLE)
    try:
        snooze_conversation(
            conversation_id=conversation.pk,
            agent=seat.user,
            epoch=form.cleaned_data["epoch"],
            until=form.moment(at=at),
            at=at,
        )
    except BadMoment:
        told = _("Choose a moment ahead, {days} days from now at most").format(days=LONGEST.days)
        return show_as_it_is(request, seat, conversation, told=told, status=UNPROCESSABLE)
    return show_as_it_is(request, seat, conversation)


@act
def wake(request: HttpRequest, seat: Seat, conversation: Conversation) -> HttpResponse:
    """Bring it back."""
    wake_conversation(conversation_id=conversation.pk, at=timezone.now(), because="agent", agent=seat.user)
    return show_as_it_is(request, seat, conversation)


@act
def finish(request: HttpRequest, seat: Seat, conversation: Conversation) -> HttpResponse:
    """Be done with what remained after the close."""
    finish_wrap_up(conversation_id=conversation.pk, agent=seat.user, at=timezone.now())
    return _show_agent(request, seat)


def _offered(request: HttpRequest, offer_id: str) -> tuple[Offer, Seat]:
    """An offer of one's own, and one's place. Raises NotFound, NotPermitted."""
    user = cast(User, request.user)
    offer = access_offer(user, offer_id)
    conversation = access_conversation(user, offer.conversation_id, Permission.INBOX_REPLY)
    return offer, take_seat(user=user, project_id=offer.project_id, environment=conversation.environment)


def _show_agent(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Only what concerns the person is drawn anew."""
    if not is_fragment(request):
        return redirect("inbox")
    facts = read_agent_desk(user=seat.user, project=seat.project, viewer=seat.viewer)
    context = {"agent": describe_agent(facts), "user": seat.user, "oob": True}
    return HttpResponse(render_to_string(f"{FOLDER}/_agent.html", context, request))
