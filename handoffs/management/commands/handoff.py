"""`manage.py handoff explain ID`: why a handoff went where it went, and whether it would again."""

import uuid
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from handoffs.models import Handoff
from handoffs.selectors.explanations import Explanation, explain_handoff

EMPTY: tuple[Any, ...] = ("", [], {}, None)
SAME = "Made again from the stored inputs: the same answer."


class Command(BaseCommand):
    help = "explain ID: print a handoff's decision trace and make the decision again; exits 1 when it differs"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["explain"])
        parser.add_argument("id", type=uuid.UUID, help="of the handoff")

    def handle(self, *args: Any, id: uuid.UUID, **options: Any) -> None:
        try:
            explanation = explain_handoff(id)
        except Handoff.DoesNotExist as error:
            raise CommandError(f"There is no handoff {id}") from error
        self.stdout.write("\n".join(write_explanation(explanation)))
        if not explanation.is_same:
            raise SystemExit(1)


def write_explanation(explanation: Explanation) -> Iterator[str]:
    """The lines a person reads."""
    handoff = explanation.handoff
    release = f"release {handoff.release_number}" if handoff.release_number else "no release"
    yield f"Handoff {handoff.pk} of conversation {handoff.conversation_id}"
    yield f"{handoff.project}, {handoff.environment}, {release}, snapshot {handoff.snapshot_hash[:12] or 'none'}"
    yield f"{handoff.initiated_at.isoformat()}, now {handoff.state} {handoff.cause}".rstrip()
    for title, write in PARTS.items():
        if lines := list(write(handoff)):
            yield from ("", title, *(f"  {line}" for line in lines))
    yield ""
    yield from _verdict(explanation)


def _verdict(explanation: Explanation) -> Iterator[str]:
    if explanation.problem:
        yield f"It cannot be made again: {explanation.problem}."
    elif explanation.differences:
        yield "Made again from the stored inputs, it differs:"
        yield from (f"  {line}" for line in explanation.differences)
    else:
        yield SAME


def _inputs(handoff: Handoff) -> Iterator[str]:
    inputs = handoff.trace.get("inputs", {})
    if heard := inputs.get("heard"):
        yield f"the customer's messages {', '.join(map(str, heard))} of the timeline"
    yield from (f"{name}: {_word(value)}" for name, value in inputs.items() if name != "heard" and value not in EMPTY)


def _settings(handoff: Handoff) -> Iterator[str]:
    yield from (f"{name}: {_word(value)}" for name, value in handoff.trace.get("settings", {}).items())


def _considered(handoff: Handoff) -> Iterator[str]:
    for signal in handoff.trace.get("considered", ()):
        verdict = f"fired by the rule {signal['rule']}" if signal["fired"] else "did not fire"
        sign = "≥" if signal["score"] >= signal["threshold"] else "<"
        yield (
            f"{signal['trigger']} on message {signal['sequence']}: "
            f"{signal['score']:.2f} {sign} {signal['threshold']:.2f}, {verdict}"
        )


def _intake(handoff: Handoff) -> Iterator[str]:
    asked = handoff.trace.get("intake", {})
    yield from (f"{name}: {_word(value)}" for name, value in asked.items() if value not in EMPTY)


def _route(handoff: Handoff) -> Iterator[str]:
    for look in handoff.trace.get("route", ()):
        hours = f", hours {look['hours']}" if look["hours"] else ""
        until = f" until {look['until']}" if look["until"] else ""
        holiday = f" ({look['holiday']})" if look["holiday"] else ""
        yield f"{look['destination']}: {look['finding']}{hours}{until}{holiday}"


def _ready(handoff: Handoff) -> Iterator[str]:
    ready: Mapping[str, Any] = handoff.trace.get("ready", {})
    if ready.get("agents") is not None:
        yield f"{ready['agents']} for the queue {ready['queue']}"


def _decided(handoff: Handoff) -> Iterator[str]:
    yield from (f"{name}: {_word(value)}" for name, value in handoff.trace.get("decided", {}).items() if value != "")
    if after := handoff.trace.get("after"):
        yield f"follows handoff {after}: {handoff.trace.get('next', '')} {handoff.trace.get('to', '')}".rstrip()


def _context(handoff: Handoff) -> Iterator[str]:
    if required := handoff.context.get("required"):
        missing = handoff.context["missing"]
        yield f"{len(required) - len(missing)} of {len(required)} required fields, score {handoff.context['score']:.2f}"
        yield from (f"missing: {name}" for name in missing)


def _notes(handoff: Handoff) -> Iterator[str]:
    yield from (f"{entry['state']}: {entry['note']}" for entry in handoff.history if entry.get("note"))


def _word(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(item, str | int) for item in value):
        return ", ".join(map(str, value))
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)


PARTS = {
    "Inputs": _inputs,
    "Settings": _settings,
    "Triggers considered": _considered,
    "Asked before the transfer": _intake,
    "Destinations considered": _route,
    "People ready": _ready,
    "Decided": _decided,
    "Context contract": _context,
    "Reported": _notes,
}
