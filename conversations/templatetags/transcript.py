"""Draws a timeline: which events are a turn, a line or nothing, and one handoff line per handoff.

An event is a dict `{sequence, public_sequence, type, author_kind, author_name, mine, text, at, payload, topic,
confidence}` as the timeline's selectors give it. The events of one handoff (triggered, accepted, queue status, the
person joining, or nobody doing so) fold into a single line that says who passed the customer to whom.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

register = template.Library()

Event = Mapping[str, Any]
Line = dict[str, Any]

TURNS = {
    "customer.message": "conversations/transcript/_customer.html",
    "ai.message": "conversations/transcript/_ai.html",
    "human.message": "conversations/transcript/_human.html",
    "note.added": "conversations/transcript/_note.html",
    "human.whispered": "conversations/transcript/_whisper.html",
}
# What is told in one line: icon, tone, words. `{name}` is the author, `{detail}` what the payload says.
NOTICES: dict[str, tuple[str, str, str | Promise]] = {
    "ai.joined": ("sparkles", "", _("{name} answers from here on")),
    "human.left": ("headset", "", _("{name} left")),
    "customer.ended": ("circle-minus", "", _("{name} left the chat")),
    "session.idle_warning": ("clock", "", _("No sign of {name} for a while")),
    "session.ended": ("circle-minus", "", _("Conversation ended")),
    "system.message": ("info-circle", "", _("{detail}")),
    "language.changed": ("info-circle", "", _("Language changed to {detail}")),
    "handoff.client_required": ("external-link", "", _("The customer's own app takes it from here")),
    "handoff.retrying": ("refresh", "", _("Nobody came, trying again")),
    "handoff.transferred": ("transfer", "", _("{name} passed this to {detail}")),
    "handoff.released": ("refresh", "", _("No sign of {detail} for a while, back to the queue")),
    "conversation.snoozed": ("zzz", "", _("{name} snoozed this")),
    "conversation.woken": ("clock", "", _("Back from snooze")),
    "offer.made": ("headset", "", _("Offered to {detail}")),
    "ticket.opened": ("mail", "missed", _("Nobody is waiting any more, the customer can leave a message")),
    "ticket.contact_added": ("mail", "", _("Contact added: {detail}")),
    "ticket.claimed": ("headset", "", _("{name} took the message")),
    "handoff.closed": ("check", "done", _("Closed after the customer had left")),
    "handoff.abandoned": ("circle-minus", "missed", _("The customer stopped waiting")),
}
# Where the detail of a notice stands in its payload: the first field that is there.
NOTICE_DETAIL = {
    "system.message": ("message",),
    "language.changed": ("language_code",),
    "ticket.contact_added": ("email", "phone"),
    "handoff.transferred": ("to_name",),
    "handoff.released": ("agent_name",),
    "offer.made": ("agent_name",),
}
OUTCOME = "outcome.recorded"
# Part of the handoff line, by what they say about it.
FOLDED = {
    "handoff.triggered": "triggered",
    "handoff.accepted": "accepted",
    "handoff.queue_status": "queued",
    "human.joined": "joined",
    "handoff.timed_out": "missed",
    "handoff.failed": "missed",
}
# Said elsewhere (context panel, review marks) or not worth a line between two people talking.
UNDRAWN = frozenset(
    {
        "session.started",
        "customer.join_requested",
        "ai.left",
        "handoff.changed",
        "handoff.requested",
        "handoff.completed",
        "handoff.returned",
        "offer.ended",
        "state.changed",
        "annotation.added",
    }
)
TRIGGERS: dict[str, str | Promise] = {
    "explicit_request": _("asked for a person"),
    "ai_decision": _("the AI decided"),
    "frustration": _("frustration"),
    "unproductive": _("went nowhere"),
    "forbidden_topic": _("forbidden topic"),
    "topic_action": _("the topic said so"),
    "function": _("function"),
    "api": _("asked for by API"),
    "human_takeover": _("a person took over"),
}
ENDINGS: dict[str, str | Promise] = {
    "handoff.timed_out": _("nobody took it in time"),
    "handoff.failed": _("the desk could not take it"),
}
MISSED: str | Promise = _("Leave a message")


@register.filter
def trigger_label(trigger: str) -> str:
    return str(TRIGGERS.get(trigger, trigger))


@register.filter
def attached_links(event: Event) -> list[Mapping[str, str]]:
    """What hangs on a message; nothing where it is hidden from whoever looks on."""
    attachments = event["payload"].get("attachments")
    return attachments if isinstance(attachments, list) else []


@register.filter
def transcript_lines(events: Iterable[Event]) -> list[Line]:
    """What to draw, in order: turns, notices, outcomes and folded handoff lines, with a mark on each new day."""
    lines: list[Line] = []
    for event in events:
        _draw(event, lines)
    return _with_days(lines)


def _draw(event: Event, lines: list[Line]) -> None:
    kind = event["type"]
    if kind in FOLDED:
        _fold(event, lines)
    elif kind in TURNS:
        lines.append({"kind": "turn", "template": TURNS[kind], "event": event})
    elif kind == OUTCOME:
        lines.append({"kind": "outcome", "template": "conversations/transcript/_outcome.html", "event": event})
    elif kind in NOTICES:
        lines.append(_notice(event, first=not lines))
    elif kind not in UNDRAWN:
        lines.append({"kind": "unknown", "template": "conversations/transcript/_unknown.html", "event": event})


def _notice(event: Event, *, first: bool) -> Line:
    symbol, tone, words = NOTICES[event["type"]]
    payload = event["payload"]
    detail = next((payload[name] for name in NOTICE_DETAIL.get(event["type"], ()) if payload.get(name)), "")
    # Who opens the conversation needs no announcement: the greeting follows.
    drawn = "_nothing" if first and event["type"] == "ai.joined" else "_notice"
    text = str(words).format(name=event["author_name"], detail=detail)
    template_name = f"conversations/transcript/{drawn}.html"
    return {"kind": "notice", "template": template_name, "event": event, "icon": symbol, "tone": tone, "words": text}


def facts_of(event: Event) -> dict[str, Any]:
    """What an event says of the handoff, be it in the payload or in the projection's change it carries."""
    payload = event["payload"]
    return {**payload.get("now", {}), **payload}


def _fold(event: Event, lines: list[Line]) -> None:
    step, facts = FOLDED[event["type"]], facts_of(event)
    line = next((line for line in reversed(lines) if line["kind"] == "handoff"), None)
    if line is None or step == "triggered" or (step == "joined" and line["handoff"]["to"] != "waiting"):
        line = _new_handoff(event, facts, lines, after=line)
        lines.append(line)
    _STEPS[step](line["handoff"], event, facts)


def _new_handoff(event: Event, facts: Mapping[str, Any], lines: list[Line], *, after: Line | None) -> Line:
    """A new line; one that follows another (a transfer, a message answered later) starts where that one ended."""
    ai_turns = (line["event"] for line in reversed(lines) if line["event"]["author_kind"] == "ai")
    passed_by = next(ai_turns, event)
    handoff = {
        "id": facts.get("handoff_id") or event["sequence"],
        "at": event["at"],
        "from_kind": passed_by["author_kind"],
        "from_name": passed_by["author_name"],
        "destination_name": facts.get("destination_name") or (after["handoff"]["destination_name"] if after else ""),
        "to": "waiting",
    }
    return {"kind": "handoff", "template": "conversations/transcript/_handoff.html", "event": event, "handoff": handoff}


def _triggered(handoff: Line, event: Event, facts: Mapping[str, Any]) -> None:
    handoff["reason"] = facts.get("reason_label") or facts.get("reason", "")
    handoff["trigger"] = facts.get("trigger", "")
    handoff["release"] = facts.get("release")


def _accepted(handoff: Line, event: Event, facts: Mapping[str, Any]) -> None:
    handoff["destination_name"] = handoff["destination_name"] or facts.get("queue_name", "")


def _queued(handoff: Line, event: Event, facts: Mapping[str, Any]) -> None:
    handoff["destination_name"] = handoff["destination_name"] or facts.get("queue_name", "")
    # The first estimate is the one the customer decided to wait on.
    handoff.setdefault("told", facts.get("estimated_wait_seconds"))


def _joined(handoff: Line, event: Event, facts: Mapping[str, Any]) -> None:
    handoff["to"] = "joined"
    handoff["to_mine"] = event["mine"]
    handoff["to_name"] = event["author_name"] or facts.get("agent", {}).get("name", "")
    handoff["waited"] = event["at"] - handoff["at"]


def _missed(handoff: Line, event: Event, facts: Mapping[str, Any]) -> None:
    handoff["to"] = "missed"
    handoff["to_name"] = str(MISSED)
    handoff["ending"] = str(ENDINGS[event["type"]])
    handoff["waited"] = event["at"] - handoff["at"]


_STEPS = {"triggered": _triggered, "accepted": _accepted, "queued": _queued, "joined": _joined, "missed": _missed}


@register.filter
def with_distance(lines: list[Line]) -> list[Line]:
    """Tell each turn how far it is from the handoff that follows it: `before = {turns, time}`.

    Turns between the two are counted, without the AI's announcement that belongs to the handoff.
    """
    handoff_at, turns = None, 0
    for line, following in zip(reversed(lines), [None, *reversed(lines)], strict=False):
        if line["kind"] == "handoff":
            handoff_at, turns = line["event"]["at"], 0
        elif line["kind"] == "turn" and handoff_at is not None:
            line["before"] = {"turns": turns, "time": handoff_at - line["event"]["at"]}
            turns += not _announces(line, following)
    return lines


def _announces(line: Line, following: Line | None) -> bool:
    return line["event"]["author_kind"] == "ai" and following is not None and following["kind"] == "handoff"


def _with_days(lines: list[Line]) -> list[Line]:
    """Mark each line that opens a new day, in the time zone the page is rendered in, with its date."""
    day = None
    for line in lines:
        at = line["event"]["at"]
        if (its_day := timezone.localdate(at)) != day:
            day, line["opens_day"] = its_day, at
    return lines
