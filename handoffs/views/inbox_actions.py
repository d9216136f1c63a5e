"""What a person does on the inbox page. Each answer is a fragment; without htmx, a redirect."""

from collections.abc import Callable, Mapping
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from conversations.append import StaleEpoch
from conversations.domain.timeline import StoredEvent
from conversations.domain.vocabulary import DraftMode, OwnerKind
from conversations.models import Conversation, User
from conversations.services.replies import ReplyRefused, add_note, save_draft, send_reply
from handoffs.forms.inbox import CloseForm, DraftForm, EpochForm, MessageForm, PresenceForm
from handoffs.selectors.inbox_page import draw, read_presence
from handoffs.selectors.owners import owner_name
from handoffs.services.capacity import NoCapacity
from handoffs.services.claims import AlreadyClaimed, NotWaiting, claim_conversation, claim_next
from handoffs.services.closing import UnknownDisposition, close_conversation, hand_back
from handoffs.services.presence import set_presence
from handoffs.services.seats import Seat
from handoffs.views.inbox import is_fragment, show_fresh, to_conversation
from handoffs.views.inbox_answers import (
    CONFLICT,
    FOLDER,
    UNPROCESSABLE,
    act,
    clock,
    no_room,
    own_seat,
    show_as_it_is,
    tell,
)


@act
def claim(request: HttpRequest, seat: Seat, conversation: Conversation) -> HttpResponse:
    """Take a waiting conversation; the loser sees who won and when."""
    try:
        claim_conversation(conversation_id=conversation.pk, agent=seat.user, at=timezone.now())
    except AlreadyClaimed as lost:
        name = owner_name(project=seat.project, kind=OwnerKind.HUMAN, owner_id=lost.owner_id)
        told = _("{name} claimed this at {at}").format(name=name, at=clock(lost.at))
        return show_as_it_is(request, seat, conversation, told=told, status=CONFLICT)
    except NoCapacity as full:
        return show_as_it_is(request, seat, conversation, told=no_room(full), status=CONFLICT)
    except NotWaiting:
        told = _("Nobody waits here any more")
        return show_as_it_is(request, seat, conversation, told=told, status=CONFLICT)
    return show_as_it_is(request, seat, conversation)


@login_required
@require_POST
def claim_head(request: HttpRequest) -> HttpResponse:
    """Take whoever waits longest."""
    user = cast(User, request.user)
    seat = own_seat(request, user)
    at = timezone.now()
    try:
        claimed = claim_next(project=seat.project, environment=seat.environment, agent=user, at=at)
    except NoCapacity as full:
        return tell(request, no_room(full), "inbox")
    if claimed is None:
        return tell(request, _("Nobody is waiting"), "inbox")
    with timezone.override(seat.project.time_zone):
        return show_as_it_is(request, seat, claimed)


@act
def reply(request: HttpRequest, seat: Seat, conversation: Conversation) -> HttpResponse:
    """Send a message; a refused one is kept as a draft and shown with who has it and since when."""
    return _write(request, seat, conversation, send_reply)


@act
def note(request: HttpRequest, seat: Seat, conversation: Conversation) -> HttpResponse:
    """Add a note, which only colleagues see."""
    return _write(request, seat, conversation, add_note)


@act
def keep_draft(request: HttpRequest, seat: Seat, conversation: Conversation) -> HttpResponse:
    """Keep what is typed; the answer is the text that says so."""
    form = DraftForm(request.POST)
    if not form.is_valid():
        return HttpResponse(form.problem, status=UNPROCESSABLE, content_type="text/plain")
    draft = save_draft(
        conversation_id=conversation.pk,
        user=seat.user,
        mode=DraftMode(form.cleaned_data["mode"]),
        text=form.cleaned_data["text"],
    )
    saved = _("Draft saved {at}").format(at=clock(draft.updated_at)[:5]) if draft else ""
    return HttpResponse(saved, content_type="text/plain; charset=utf-8")


@act
def close(request: HttpRequest, seat: Seat, conversation: Conversation) -> HttpResponse:
    """End the conversation with an outcome."""
    form = CloseForm(request.POST)
    if not form.is_valid():
        return _not_closed(request, conversation, form.problem)
    epoch, facts = form.cleaned_data["epoch"], form.facts(handled_by=seat.user.full_name)
    try:
        close_conversation(
            conversation_id=conversation.pk, agent=seat.user, epoch=epoch, facts=facts, at=timezone.now()
        )
    except UnknownDisposition:
        return _not_closed(request, conversation, _("Choose what came out of it"))
    return show_as_it_is(request, seat, conversation)


@act
def give_back(request: HttpRequest, seat: Seat, conversation: Conversation) -> HttpResponse:
    """Hand the conversation back to the AI."""
    form = EpochForm(request.POST)
    epoch = form.cleaned_data["epoch"] if form.is_valid() else 0
    hand_back(conversation_id=conversation.pk, agent=seat.user, epoch=epoch, note="", at=timezone.now())
    return show_as_it_is(request, seat, conversation)


@login_required
@require_POST
def choose_presence(request: HttpRequest) -> HttpResponse:
    """Say whether one takes work."""
    user = cast(User, request.user)
    seat, form = own_seat(request, user), PresenceForm(request.POST)
    if not form.is_valid():
        return HttpResponse(form.problem, status=UNPROCESSABLE)
    set_presence(user=user, project=seat.project, state=form.cleaned_data["state"], at=timezone.now())
    if not is_fragment(request):
        return redirect("inbox")
    shown = {"presence": read_presence(user=user, project=seat.project), "user": user, "oob": True}
    return HttpResponse(render_to_string("studio/_presence.html", shown, request))


def _write(
    request: HttpRequest, seat: Seat, conversation: Conversation, write: Callable[..., StoredEvent]
) -> HttpResponse:
    form = MessageForm(request.POST)
    if not form.is_valid():
        return _refused(request, {"text": form.problem}, conversation, UNPROCESSABLE)
    said: Mapping[str, Any] = form.cleaned_data
    bound = {"epoch": said["epoch"]} if write is send_reply else {}
    try:
        event = write(
            conversation_id=conversation.pk,
            author=seat.user,
            text=said["text"],
            client_id=said["client_id"],
            **bound,
        )
    except ReplyRefused as refused:
        return _kept(request, seat, conversation, refused)
    if not is_fragment(request):
        return to_conversation(conversation.pk)
    drawn = draw(conversation=conversation, user=seat.user, viewer=seat.viewer, events=[event])
    return HttpResponse(render_to_string(f"{FOLDER}/_frame_event.html", {"events": drawn}, request))


def _kept(request: HttpRequest, seat: Seat, conversation: Conversation, refused: ReplyRefused) -> HttpResponse:
    """Draw the composer as it has to be now, with the text in it and who is in the way."""
    problem: dict[str, Any] = {"text": _("The session is over, your reply is kept as a draft")}
    if isinstance(refused.because, StaleEpoch):
        stale = refused.because
        name = owner_name(project=seat.project, kind=stale.owner_kind, owner_id=stale.owner_id)
        problem = {"lost_to": {"name": name or _("Somebody else"), "at": stale.since}}
    if not is_fragment(request):
        return to_conversation(conversation.pk)
    fresh = show_fresh(request, seat, conversation)
    names = (f"{FOLDER}/_conversation_head.html", f"{FOLDER}/_composer.html")
    parts = [render_to_string(name, {**fresh, "oob": True, "problem": problem}, request) for name in names]
    parts.append(render_to_string(f"{FOLDER}/_composer_problem.html", problem, request))
    return HttpResponse("".join(parts), status=CONFLICT)


def _refused(request: HttpRequest, problem: Mapping[str, Any], conversation: Conversation, status: int) -> HttpResponse:
    if not is_fragment(request):
        messages.error(request, problem["text"])
        return to_conversation(conversation.pk)
    html = render_to_string(f"{FOLDER}/_composer_problem.html", dict(problem), request)
    return HttpResponse(html, status=status)


def _not_closed(request: HttpRequest, conversation: Conversation, problem: str) -> HttpResponse:
    if not is_fragment(request):
        messages.error(request, problem)
        return to_conversation(conversation.pk)
    html = render_to_string(f"{FOLDER}/_close_problem.html", {"close_errors": problem}, request)
    aim = {"HX-Retarget": "#close-problem", "HX-Reswap": "innerHTML"}
    return HttpResponse(html, status=UNPROCESSABLE, headers=aim)
