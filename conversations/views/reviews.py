"""Review: read what happened to a handed-off conversation, and say whether the handoff was right."""

import uuid
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from conversations.access import NotFound, access_conversation, permissions_in
from conversations.domain.evidence import explain_evidence
from conversations.domain.frames import MASK
from conversations.domain.permissions import Permission
from conversations.domain.timeline import StoredEvent
from conversations.domain.vocabulary import TurnMark
from conversations.forms.reviews import MarkForm, ReviewFilterForm, VerdictForm
from conversations.models import Conversation, Project, User
from conversations.selectors.reviews import (
    PAGE_SIZE,
    TRIGGERED,
    UNREVIEWED,
    VERDICT_LABELS,
    Place,
    ReviewFilter,
    ReviewRow,
    handed_off,
    marks_by_turn,
    newest_outcome,
    read_choices,
    read_place,
    read_rows,
    readable,
    reason_label,
    verdicts_on,
    with_marks,
)
from conversations.selectors.timeline import events_after
from conversations.selectors.transcript import draw_events, read_as
from conversations.services.reviews import NothingToJudge, give_verdict, mark_turn, unmark_turn
from conversations.views.console import Page, console_page

Context = dict[str, Any]


@console_page(Permission.REVIEW_VIEW)
def list_reviews(request: HttpRequest, shown: Page) -> HttpResponse:
    """The handed-off conversations of the project, narrowed by the query and a page at a time."""
    project = shown.project
    wanted = ReviewFilterForm(request.GET).wanted()
    page = Paginator(handed_off(project, wanted).select_related("customer"), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    masked = Permission.PII_VIEW not in shown.granted
    context = {
        "project": project,
        "rows": [_list_row(row, wanted) for row in read_rows(list(page.object_list), masked=masked)],
        "total": page.paginator.count,
        "wanted": wanted,
        "is_filtered": wanted.is_narrow,
        "may_calibrate": shown.may(Permission.SETTINGS_EDIT),
        "filters": _filters(project, wanted),
        "previous_url": _list_url(wanted, page=page.previous_page_number()) if page.has_previous() else None,
        "next_url": _list_url(wanted, page=page.next_page_number()) if page.has_next() else None,
    }
    return _page(request, "conversations/review/review.html", project, context)


@login_required
@require_safe
def show_review(request: HttpRequest, conversation_id: uuid.UUID) -> HttpResponse:
    """One handed-off conversation: transcript with marks, the handoff's facts, the verdict."""
    user = cast(User, request.user)
    conversation = access_conversation(user, conversation_id, Permission.REVIEW_VIEW)
    if conversation.handoff_id is None:
        raise NotFound("handed-off conversation")
    wanted = ReviewFilterForm(request.GET).wanted()
    place = read_place(conversation.project, wanted, conversation)
    context = {
        **_transcript(user, conversation),
        **_judgement(user, conversation),
        "project": conversation.project,
        "list_url": _list_url(wanted),
        "verdicts": [{"value": value, "label": label} for value, label in VERDICT_LABELS.items()],
        **_neighbours(place, wanted),
    }
    return _page(request, "conversations/review/conversation.html", conversation.project, context)


@login_required
@require_POST
def save_verdict(request: HttpRequest, conversation_id: uuid.UUID) -> HttpResponse:
    """Keep the reviewer's verdict; answers the line that says so, or goes on to `next`."""
    user = cast(User, request.user)
    conversation = access_conversation(user, conversation_id, Permission.REVIEW_ANNOTATE)
    form = VerdictForm(request.POST)
    if not form.is_valid():
        return _verdict_problem(request, form.problem)
    try:
        give_verdict(
            conversation=conversation,
            verdict=form.verdict_given,
            comment=form.cleaned_data["comment"],
            reviewer=user,
        )
    except NothingToJudge as nothing:
        return _verdict_problem(request, str(nothing))
    return _after_verdict(request, user, conversation, form.cleaned_data["next"])


@login_required
@require_POST
def save_mark(request: HttpRequest, conversation_id: uuid.UUID) -> HttpResponse:
    """Set or take away the reviewer's mark on one turn; answers the turn as it now stands."""
    user = cast(User, request.user)
    conversation = access_conversation(user, conversation_id, Permission.REVIEW_ANNOTATE)
    form = MarkForm(request.POST)
    if not form.is_valid():
        return HttpResponse(_("This is no mark on a turn"), status=422)
    sequence, mark = form.cleaned_data["sequence"], TurnMark(form.cleaned_data["mark"])
    if form.cleaned_data["marked"]:
        try:
            mark_turn(
                conversation=conversation,
                sequence=sequence,
                mark=mark,
                comment=form.cleaned_data["comment"],
                reviewer=user,
            )
        except NothingToJudge as nothing:
            return HttpResponse(str(nothing), status=422)
    else:
        unmark_turn(conversation=conversation, sequence=sequence, mark=mark, reviewer=user)
    if not request.headers.get("HX-Request"):
        return redirect(f"{reverse('review-conversation', args=[conversation.pk])}#turn-{sequence}")
    context = {**_transcript(user, conversation), "sequence": sequence}
    return _page(request, "conversations/review/_marked_turn.html", conversation.project, context)


# --- what the pages show ---------------------------------------------------------------------


def _page(request: HttpRequest, template: str, project: Project, context: Context, status: int = 200) -> HttpResponse:
    """Render with the project's own time."""
    with timezone.override(project.time_zone):
        return render(request, template, context, status=status)


def _transcript(user: User, conversation: Conversation) -> Context:
    granted = permissions_in(user, conversation.project)
    masked = Permission.PII_VIEW not in granted
    stored = events_after(conversation.pk)
    reader = read_as(conversation=conversation, user=user, masked=masked, events=stored)
    events = draw_events(stored, reader=reader)
    triggered = next((event for event in reversed(stored) if event.type == TRIGGERED), None)
    return {
        "can_annotate": Permission.REVIEW_ANNOTATE in granted,
        "conversation": _head(conversation, reader.customer, triggered),
        "events": with_marks(events, marks_by_turn(conversation, reader=user)),
        "handoff": _facts(conversation, triggered.payload if triggered else {}, masked=masked),
    }


def _head(conversation: Conversation, name: str, triggered: StoredEvent | None) -> Context:
    ended_at = conversation.ended_at
    return {
        "conversation_id": conversation.pk,
        "name": name,
        "channel": conversation.channel,
        "environment": conversation.environment,
        "started_at": conversation.created_at,
        "duration": ended_at - conversation.created_at if ended_at else None,
        "shared_id": conversation.shared_id,
        "release": triggered.payload.get("release") if triggered else None,
        "outcome": newest_outcome(conversation),
    }


def _facts(conversation: Conversation, triggered: Mapping[str, Any], *, masked: bool) -> Context:
    """What the projection and the triggering event say of the current handoff."""
    evidence = triggered.get("evidence") or {}
    words, explained = evidence.get("text", ""), explain_evidence(evidence, masked=masked)
    return {
        "reason": conversation.reason,
        "reason_label": reason_label(conversation, triggered),
        "trigger": conversation.trigger,
        "score": evidence.get("score"),
        "threshold": evidence.get("threshold"),
        "explanation": explained.sentences,
        "counted": explained.counted,
        "destination_name": conversation.destination_name,
        "utterance": conversation.utterance,
        "evidence": MASK if masked and words else words,
        "data": {readable(name): MASK if masked else value for name, value in conversation.handoff_data.items()},
    }


def _judgement(user: User, conversation: Conversation) -> Context:
    """This reviewer's verdict and the others'."""
    verdicts = verdicts_on(conversation)
    own = next((item for item in verdicts if item.author_id == user.pk), None)
    others = [item for item in verdicts if item.author_id != user.pk]
    return {
        "verdict": {
            "value": own.verdict if own else "",
            "label": VERDICT_LABELS[own.verdict] if own else "",
            "comment": own.comment if own else "",
            "saved_at": own.updated_at if own else None,
        },
        "others": [
            {
                "author_name": str(item.author),
                "label": VERDICT_LABELS[item.verdict],
                "comment": item.comment,
                "at": item.updated_at,
            }
            for item in others
        ],
    }


def _neighbours(place: Place, wanted: ReviewFilter) -> Context:
    return {
        "position": place.position,
        "total": place.total,
        "previous_url": _review_url(place.newer, wanted) if place.newer else None,
        "next_url": _review_url(place.older, wanted) if place.older else None,
    }


def _list_row(row: ReviewRow, wanted: ReviewFilter) -> Context:
    shown = {**asdict(row), "verdict_label": row.verdict_label, "outcome": row.outcome}
    return {**shown, "name": row.customer, "url": _review_url(row.conversation_id, wanted)}


def _filters(project: Project, wanted: ReviewFilter) -> list[Context]:
    reasons, destinations = read_choices(project, wanted.environment)
    verdicts = [(UNREVIEWED, _("Not judged yet")), *VERDICT_LABELS.items()]
    return [
        _filter("reason", _("Reason"), reasons, wanted.reason),
        _filter("destination", _("Destination"), destinations, wanted.destination),
        _filter("verdict", _("Verdict"), verdicts, wanted.verdict),
    ]


def _filter(name: str, label: str, choices: list[Any], chosen: str) -> Context:
    options = [{"value": value, "label": text, "selected": value == chosen} for value, text in choices]
    return {"name": name, "label": label, "options": options}


# --- addresses and answers -------------------------------------------------------------------


def _query(wanted: ReviewFilter, **more: object) -> str:
    default = asdict(ReviewFilter())
    given = {name: value for name, value in asdict(wanted).items() if value != default[name]}
    query = urlencode({**given, **more})
    return f"?{query}" if query else ""


def _list_url(wanted: ReviewFilter, **more: object) -> str:
    return reverse("review") + _query(wanted, **more)


def _review_url(conversation_id: uuid.UUID, wanted: ReviewFilter) -> str:
    return reverse("review-conversation", args=[conversation_id]) + _query(wanted)


def _verdict_problem(request: HttpRequest, problem: str) -> HttpResponse:
    return render(request, "conversations/review/_verdict_saved.html", {"verdict_problem": problem}, status=422)


def _after_verdict(request: HttpRequest, user: User, conversation: Conversation, following: str) -> HttpResponse:
    is_ours = url_has_allowed_host_and_scheme(following, {request.get_host()}, require_https=request.is_secure())
    if not request.headers.get("HX-Request"):
        return redirect(following if is_ours else reverse("review-conversation", args=[conversation.pk]))
    if is_ours:
        return HttpResponseClientRedirect(following)
    context = _judgement(user, conversation)
    return _page(request, "conversations/review/_verdict_saved.html", conversation.project, context)
