"""What the inbox page draws, for its first load and for every fragment the socket sends later."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Max
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conversations.access import permissions_in
from conversations.domain.permissions import Permission
from conversations.domain.timeline import StoredEvent
from conversations.domain.vocabulary import Channel, OwnerKind
from conversations.models import Conversation, Draft, Project, User
from conversations.selectors.timeline import events_after
from conversations.selectors.transcript import DrawnEvent, draw_events, read_as
from handoffs.domain.bringing import is_brought
from handoffs.domain.inbox import InboxRow, Tally, View, Viewer, describe
from handoffs.domain.lifecycle import State
from handoffs.models import Handoff, Presence
from handoffs.selectors.inbox import read_row, read_tally, read_view
from handoffs.selectors.inbox_detail import read_detail

Context = dict[str, Any]
# The head of the queue below one's own conversations: *Claim next* is never blind.
HEAD_OF_QUEUE = 5
VIEW_LABELS: Mapping[View, str | Promise] = {
    View.MINE: _("Mine"),
    View.WAITING: _("Waiting"),
    View.AI: _("With AI"),
    View.TEAM: _("Team"),
    View.SNOOZED: _("Snoozed"),
    View.CLOSED: _("Closed"),
}
PRESENCE: Mapping[str, tuple[str, str | Promise]] = {
    "ready": ("green", _("Ready")),
    "busy": ("amber", _("Busy")),
    "break": ("hollow", _("On a break")),
    "draining": ("amber", _("Finishing up")),
    "offline": ("hollow", _("Away")),
}

TAKEN_WITH = {OwnerKind.AI: Permission.INBOX_REPLY, OwnerKind.HUMAN: Permission.INBOX_SUPERVISE}
# The others are set by rules, or by scripts.
CHOICES_OF_PRESENCE = ("ready", "break", "offline")


def read_list_page(*, project: Project, environment: str, viewer: Viewer, view: View, at: datetime) -> Context:
    """Return what the list pane draws: views with their counts, sections with their rows, or why there are none."""
    tally = read_tally(project=project, environment=environment, at=at)
    sections = _sections(project, environment, viewer, view)
    empty = {} if any(section["rows"] for section in sections) else _empty(project, environment, viewer, at)
    return {**describe_views(tally, viewer, view, at), "sections": [] if empty else sections, **empty}


def describe_views(tally: Tally, viewer: Viewer, view: View, at: datetime) -> Context:
    """Return what the view strip and the claim button draw."""
    counts = tally.counts(viewer)
    views = [
        {
            "key": item.value,
            "label": label,
            "count": counts[item.value],
            "selected": item is view,
            "late": item is View.WAITING and tally.is_late(at),
        }
        for item, label in VIEW_LABELS.items()
    ]
    return {
        "views": views,
        "view": view.value,
        "can_reply": viewer.can_reply,
        "waiting_count": tally.waiting,
        "ai_count": tally.ai,
    }


def read_conversation_page(*, conversation: Conversation, user: User, viewer: Viewer) -> Context:
    """Return what conversation and context panes draw."""
    row = describe(read_row(conversation.pk), viewer)
    detail = read_detail(conversation=conversation, viewer=viewer)
    events = draw(conversation=conversation, user=user, viewer=viewer, events=events_after(conversation.pk))
    return {
        "project": conversation.project,
        "environment": conversation.environment,
        "row": row,
        "selected_id": conversation.pk,
        "events": _with_labels(events, detail),
        "context": detail,
        "dispositions": detail["dispositions"],
        "can_reply": viewer.can_reply,
        "can_take": _can_take(row, user, conversation),
        "has_ended": conversation.ended_at is not None,
        "can_return": row["mine"] and conversation.ended_at is None,
        "is_brought": is_brought(conversation),
        "client_id": str(uuid.uuid4()),
        **_drafts(conversation, user),
    }


def _can_take(row: Context, user: User, conversation: Conversation) -> bool:
    """What the AI has, anybody may take who answers here; from a colleague only who supervises."""
    wanted = TAKEN_WITH.get(row["owner"]["kind"])
    if wanted is None or row["mine"] or conversation.ended_at or conversation.channel == Channel.CHAT_API:
        return False
    return wanted in permissions_in(user, conversation.project)


def draw(*, conversation: Conversation, user: User, viewer: Viewer, events: Sequence[StoredEvent]) -> list[DrawnEvent]:
    """Return events as the transcript's templates draw them for this person."""
    reader = read_as(conversation=conversation, user=user, masked=viewer.masked, events=events)
    return draw_events(events, reader=reader)


def read_presence(*, user: User, project: Project) -> Context:
    """Return `{state, dot, label, choices}`; somebody who never said is away."""
    state = Presence.objects.filter(user=user, project=project).values_list("state", flat=True).first() or "offline"
    dot, label = PRESENCE[state]
    choices = [
        {"state": name, "dot": PRESENCE[name][0], "label": PRESENCE[name][1], "chosen": name == state}
        for name in CHOICES_OF_PRESENCE
    ]
    return {"state": state, "dot": dot, "label": label, "choices": choices}


def _sections(project: Project, environment: str, viewer: Viewer, view: View) -> list[Context]:
    shown = read_view(project=project, environment=environment, viewer=viewer, view=view).rows
    if view is not View.MINE:
        return [_section("", _target(shown) if view is View.WAITING else "", shown, viewer)]
    head = read_view(
        project=project, environment=environment, viewer=viewer, view=View.WAITING, limit=HEAD_OF_QUEUE
    ).rows
    yours = _section(gettext("Yours"), str(len(shown)), shown, viewer)
    waiting = _section(gettext("Waiting, oldest first"), _target(head), head, viewer)
    return [section for section in (yours, waiting) if section["rows"]]


def _section(title: str, hint: str, rows: Sequence[InboxRow], viewer: Viewer) -> Context:
    return {"title": title, "hint": hint, "rows": [describe(row, viewer) for row in rows]}


def _target(rows: Sequence[InboxRow]) -> str:
    """The target, when all these rows have the same one."""
    targets = {row.target_seconds for row in rows if row.target_seconds}
    if len(targets) != 1:
        return ""
    minutes, seconds = divmod(targets.pop(), 60)
    return gettext("Target {target}").format(target=f"{minutes}:{seconds:02}")


def _empty(project: Project, environment: str, viewer: Viewer, at: datetime) -> Context:
    here = Handoff.objects.filter(project=project, environment=environment)
    midnight = at.astimezone(ZoneInfo(project.time_zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    handled = here.filter(agent_id=uuid.UUID(viewer.user_id), state=State.COMPLETED, ended_at__gte=midnight)
    facts = handled.aggregate(handled_today=Count("pk"), last_handled_at=Max("ended_at"))
    return {"empty": "caught_up" if here.exists() else "new", **facts}


def _with_labels(events: list[DrawnEvent], detail: Context) -> list[DrawnEvent]:
    """Agents read labels where an event carries a code."""
    dispositions = {item["code"]: item["label"] for item in detail["dispositions"]}
    for event in events:
        payload = event["payload"]
        if event["type"] == "outcome.recorded":
            event["payload"] = {**payload, "label": dispositions.get(payload["code"], payload["code"])}
        elif event["type"] == "handoff.triggered" and detail["handoff"]["reason"] == payload.get("reason"):
            event["payload"] = {**payload, "reason_label": detail["handoff"]["reason_label"]}
    return events


def _drafts(conversation: Conversation, user: User) -> Context:
    """The person's unsent texts: the newest is shown, the other waits behind its tab."""
    newest_first = Draft.objects.filter(conversation=conversation, user=user).order_by("-updated_at")
    drafts = [
        {"mode": draft.mode, "text": draft.text, "saved_at": draft.updated_at, "refused": bool(draft.refused_because)}
        for draft in newest_first
    ]
    return {
        "draft": drafts[0] if drafts else None,
        "draft_texts": {draft["mode"]: draft["text"] for draft in drafts},
    }
