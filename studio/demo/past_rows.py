"""The rows of one conversation of the past, as the services would have left them, without a statement: a hundred of
those for each of dozens of conversations would be felt at the first start.

Whatever decides or words something is the services' own function; a test tells one conversation both ways and compares.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from conversations.domain.frames import CUSTOMER
from conversations.domain.timeline import EVENT_TYPES, NewEvent
from conversations.domain.vocabulary import EndReason, OwnerKind
from conversations.models import Annotation, Conversation, Customer, Event, Outcome, User
from conversations.services.sessions import CAPABILITIES
from handoffs.domain.lifecycle import Cause, State
from handoffs.domain.routing import Route, find_route
from handoffs.domain.trace import trace_decision
from handoffs.domain.turns import HandoffRequest
from handoffs.models import Assignment, Handoff, QueueEntry
from handoffs.services.announcements import SYSTEM, triggered_event
from handoffs.services.arrivals import destination_columns, owner_at, place_in_queue
from handoffs.services.episodes import opening_columns, projection_of
from handoffs.services.lifecycle import history_entry
from handoffs.services.releases import CurrentConfig
from handoffs.services.traces import context_of

STEP = timedelta(seconds=40)
INSTANTS = frozenset({"owner_since", "waiting_since", "ended_at"})


class PastWrong(Exception):
    """A conversation cannot have happened as written: the text says which, and why."""


@dataclass(slots=True)
class Rows:
    """Everything a conversation left. at: of what is written next."""

    conversation: Conversation
    at: datetime
    events: list[Event] = field(default_factory=list)
    handoffs: list[Handoff] = field(default_factory=list)
    entries: list[QueueEntry] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    annotations: list[Annotation] = field(default_factory=list)

    def write(self, event: NewEvent, *, now: Mapping[str, Any] | None = None) -> Event:
        """Append an event, and let what it changes stand in the conversation's row."""
        row, is_public = self.conversation, EVENT_TYPES[event.type].public
        row.last_sequence += 1
        row.last_public += is_public
        stored = Event(
            conversation=row,
            sequence=row.last_sequence,
            public_sequence=row.last_public if is_public else None,
            type=event.type,
            author=event.author,
            epoch=row.epoch,
            payload={**event.payload, "now": dict(now)} if now else dict(event.payload),
            created_at=self.at,
        )
        self.events.append(stored)
        for name, value in (now or {}).items():
            setattr(row, name, datetime.fromisoformat(value) if name in INSTANTS and value else value)
        return stored

    def change_owner(self, event: NewEvent, kind: OwnerKind, owner_id: str, **changes: Any) -> None:
        handover = {
            "owner_kind": kind.value,
            "owner_id": owner_id,
            "owner_since": self.at.isoformat(),
            "epoch": self.conversation.epoch + 1,
        }
        self.write(event, now={**changes, **handover})


def begin_past(conversation: Conversation, *, current: CurrentConfig, at: datetime) -> Rows:
    """The rows up to the AI's greeting."""
    rows, name = Rows(conversation, at), current.config.ai_name
    rows.write(NewEvent("session.started", SYSTEM, {"capabilities": {"streaming": False, **CAPABILITIES}}))
    rows.write(NewEvent("customer.join_requested", CUSTOMER))
    rows.write(NewEvent("ai.joined", "ai", {"agent_name": name}))
    rows.write(NewEvent("ai.message", "ai", {"text": current.config.greeting, "agent_name": name, "kind": "greeting"}))
    return rows


def leave(rows: Rows) -> None:
    """The customer ends it while the AI has it."""
    rows.at += STEP
    rows.write(NewEvent("customer.ended", CUSTOMER))
    _end(rows, EndReason.USER_END)


def hand_over(rows: Rows, request: HandoffRequest, *, current: CurrentConfig) -> Handoff:
    """Into the queue of the request's destination. Raises PastWrong where it would have gone elsewhere."""
    conversation, config, at = rows.conversation, current.config, rows.at
    route = find_route(
        config,
        asked_for=request.destination,
        reason=request.reason,
        at=at,
        by_client=False,
        channel=conversation.channel,
    )
    if route.queue is None:
        raise PastWrong(f"{request.destination} at {at:%a %H:%M} leads to no queue")
    handoff = _handoff(conversation, request, route, current, at)
    announced = {"text": request.utterance, "agent_name": config.ai_name, "kind": "announcement"}
    rows.write(NewEvent("ai.message", "ai", announced))
    owner, begun = owner_at(handoff), replace_state(projection_of(handoff), State.INITIATED)
    rows.change_owner(triggered_event(handoff, config), owner.kind, owner.id, **begun, waiting_since=at.isoformat())
    rows.write(NewEvent("ai.left", SYSTEM))
    queued = {"handoff_state": State.QUEUED.value}
    rows.write(NewEvent("handoff.accepted", SYSTEM, {"queue_name": route.queue.name}), now=queued)
    rows.write(NewEvent("handoff.queue_status", SYSTEM, {"queue_name": route.queue.name, "position_in_queue": 1}))
    rows.handoffs.append(handoff)
    rows.entries.append(_entry(handoff, route, current, at))
    return handoff


def answer(rows: Rows, handoff: Handoff, *, agent: User, reply: str) -> None:
    """Somebody claims it and writes."""
    rows.at += STEP
    author, facts = f"user:{agent.pk}", {"agent_id": str(agent.pk), "agent_name": agent.get_short_name()}
    _move(handoff, State.ACTIVE, rows.at)
    handoff.agent, handoff.joined_at = agent, rows.at
    joined = {"agent": {"id": str(agent.pk), "name": agent.get_full_name(), "avatar_url": ""}}
    changes = {"handoff_state": handoff.state, "waiting_since": None}
    rows.change_owner(NewEvent("human.joined", author, joined), OwnerKind.HUMAN, str(agent.pk), **changes)
    entry = rows.entries[-1]
    entry.state, entry.claimed_at = "claimed", rows.at
    rows.assignments.append(
        Assignment(
            handoff=handoff,
            conversation=rows.conversation,
            project_id=handoff.project_id,
            agent=agent,
            channel=rows.conversation.channel,
            weight=entry.weight,
            started_at=rows.at,
        )
    )
    rows.at += STEP
    rows.write(NewEvent("human.message", author, {"text": reply, **facts}))


def close(rows: Rows, handoff: Handoff, *, agent: User, code: str) -> None:
    """With an outcome, by who answered."""
    rows.at += STEP
    author, facts = f"user:{agent.pk}", {"agent_id": str(agent.pk), "agent_name": agent.get_short_name()}
    _move(handoff, State.COMPLETED, rows.at)
    handoff.cause, handoff.ended_at = Cause.CLOSED_BY_AGENT.value, rows.at
    rows.assignments[-1].state, rows.assignments[-1].ended_at = "ended", rows.at
    told = {"handoff_id": str(handoff.pk), "cause": handoff.cause}
    rows.write(NewEvent("handoff.completed", SYSTEM, told))
    columns: dict[str, Any] = {
        "code": code,
        "resolved": True,
        "first_contact_resolved": True,
        "handled_by": agent.full_name,
        "source": "inbox",
    }
    outcome = Outcome(conversation=rows.conversation, handoff_id=handoff.pk, occurred_at=rows.at, **columns)
    rows.outcomes.append(outcome)
    rows.write(NewEvent("outcome.recorded", author, {"outcome_id": str(outcome.pk), **columns}))
    rows.write(NewEvent("human.left", author, facts))
    _end(rows, EndReason.NATURAL_END, handoff_state=handoff.state)


def annotate(rows: Rows, annotation: Annotation, **told: object) -> None:
    """A reviewer's mark, and that it was made."""
    rows.annotations.append(annotation)
    payload = {"annotation_id": str(annotation.pk), **told}
    rows.write(NewEvent("annotation.added", f"user:{annotation.author_id}", payload))


def store_rows(told: Sequence[Rows]) -> None:
    """Insert everything, in one statement a table, and give what stamps itself its instant of the past."""
    Customer.objects.bulk_create([rows.conversation.customer for rows in told])
    Conversation.objects.bulk_create([rows.conversation for rows in told])
    for name, model in (
        ("events", Event),
        ("handoffs", Handoff),
        ("entries", QueueEntry),
        ("assignments", Assignment),
        ("outcomes", Outcome),
        ("annotations", Annotation),
    ):
        model._default_manager.bulk_create([row for rows in told for row in getattr(rows, name)])
    for rows in told:
        began, owned = rows.events[0].created_at, rows.conversation.owner_since
        of_this = {"conversation": rows.conversation}
        Conversation.objects.filter(pk=rows.conversation.pk).update(created_at=began, owner_since=owned)
        Customer.objects.filter(pk=rows.conversation.customer_id).update(created_at=began)
        Annotation.objects.filter(**of_this).update(created_at=rows.at, updated_at=rows.at)


def replace_state(projection: Mapping[str, Any], state: State) -> dict[str, Any]:
    return {**projection, "handoff_state": state.value}


def _handoff(
    conversation: Conversation, request: HandoffRequest, route: Route, current: CurrentConfig, at: datetime
) -> Handoff:
    steps = (State.INITIATED, State.REQUESTED, State.ACCEPTED, State.QUEUED)
    trace = trace_decision(
        request=request,
        route=route,
        config=current.config,
        snapshot_hash=current.snapshot_hash,
        release_number=current.release_number,
        by_client=False,
        channel=conversation.channel,
        epoch=conversation.epoch,
        ready=1,
        at=at,
    )
    return Handoff(
        **opening_columns(conversation=conversation, request=request, current=current),
        **destination_columns(route),
        state=State.QUEUED.value,
        trace=trace,
        context=context_of(route, {}),
        history=[history_entry(state, at) for state in steps],
        initiated_at=at,
        accepted_at=at,
    )


def _entry(handoff: Handoff, route: Route, current: CurrentConfig, at: datetime) -> QueueEntry:
    entry = place_in_queue(
        conversation=handoff.conversation, handoff=handoff, config=current.config, destination=route.destination, at=at
    )
    entry.told_position, entry.told_at = 1, at
    return entry


def _move(handoff: Handoff, state: State, at: datetime) -> None:
    handoff.state = state.value
    handoff.history = [*handoff.history, history_entry(state, at)]


def _end(rows: Rows, reason: EndReason, **changes: Any) -> None:
    ended = {**changes, "ended_at": rows.at.isoformat(), "waiting_since": None}
    rows.change_owner(NewEvent("session.ended", SYSTEM, {"reason": reason.value}), OwnerKind.NONE, "", **ended)
