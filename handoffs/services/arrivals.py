"""Where a handoff arrives: a queue of the inbox, another system's desk, or the customer's own app."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from conversations.domain.timeline import NewEvent
from conversations.domain.vocabulary import DeadlineKind, OwnerKind
from conversations.models import Conversation, Deadline
from conversations.outbox import add_entry
from conversations.services.ownership import Owner, change_owner, change_projection
from handoffs.domain.config import CLIENT, INBOX, DestinationConfig, ProjectConfig
from handoffs.domain.lifecycle import INBOX_ENTRY, Signal
from handoffs.domain.queueing import entry_facts
from handoffs.domain.routing import Arrival, Route
from handoffs.domain.turns import client_reason
from handoffs.models import Handoff, QueueEntry
from handoffs.services.announcements import SYSTEM, say_utterance, tell_customer, triggered_event
from handoffs.services.episodes import projection_of
from handoffs.services.lifecycle import signal_handoff
from handoffs.services.offers import offer_entry_after_commit
from handoffs.services.queue_status import tell_place
from handoffs.services.traces import context_of


def announce_handoff(*, conversation: Conversation, handoff: Handoff, config: ProjectConfig, at: datetime) -> None:
    """Utterance, trigger and new owner, in the published order."""
    say_utterance(conversation=conversation, handoff=handoff, config=config)
    change_owner(
        conversation=conversation,
        owner=owner_at(handoff),
        event=triggered_event(handoff, config),
        changes={**projection_of(handoff), "waiting_since": at.isoformat()},
        at=at,
    )


def ask(*, conversation: Conversation, handoff: Handoff, route: Route, config: ProjectConfig, at: datetime) -> None:
    """Ask for a human where the route leads: a place in the queue, or a request and its deadline. The caller tells
    of it and says who has the conversation meanwhile."""
    ASK[route.arrival](conversation, handoff, route, config, at)


def ask_again(
    *, conversation: Conversation, handoff: Handoff, route: Route, config: ProjectConfig, at: datetime
) -> None:
    """Let a chain go on to its next episode, which waits in `initiated`. The customer keeps waiting: they are told
    where, and nothing of a new handoff."""
    goes_elsewhere = route.destination is not None and route.destination.key != handoff.destination_key
    if goes_elsewhere:
        point_at(handoff, route)
    ask(conversation=conversation, handoff=handoff, route=route, config=config, at=at)
    waiting_since = conversation.waiting_since or at
    told = {"destination_name": handoff.destination_name, "attempt": handoff.attempt}
    change_owner(
        conversation=conversation,
        owner=owner_at(handoff),
        event=NewEvent("handoff.requested", SYSTEM, told),
        changes={**projection_of(handoff), "waiting_since": waiting_since.isoformat()},
        at=at,
    )
    if goes_elsewhere:
        text = config.settings.passed_on_text.format(destination=handoff.destination_name)
        tell_customer(conversation, text)
    tell_where(conversation=conversation, handoff=handoff, route=route, at=at)


def tell_accepted(*, conversation: Conversation, handoff: Handoff, route: Route, at: datetime) -> None:
    """The inbox has taken it: say so, and the place in the queue."""
    change_projection(
        conversation=conversation,
        event=NewEvent("handoff.accepted", SYSTEM, {"queue_name": route.queue.name if route.queue else ""}),
        changes={"handoff_state": handoff.state},
    )
    _tell_place(conversation, handoff, route, at)


def tell_where(*, conversation: Conversation, handoff: Handoff, route: Route, at: datetime) -> None:
    """Tell a waiting customer their place, or their own app what to do."""
    TELL[route.arrival](conversation, handoff, route, at)


def point_at(handoff: Handoff, route: Route) -> None:
    """Write a route's destination into an episode that has not been asked for; tries begin again."""
    changes = {**destination_columns(route), "context": context_of(route, handoff.data), "attempt": 1}
    Handoff.objects.filter(pk=handoff.pk).update(**changes)
    for name, value in changes.items():
        setattr(handoff, name, value)


def destination_columns(route: Route) -> dict[str, str]:
    destination = route.destination
    by_client = route.arrival is Arrival.CLIENT
    return {
        "destination_key": destination.key if destination else "",
        "destination_name": destination.name if destination else "",
        "desk_key": CLIENT if by_client else destination.desk if destination else "",
        "queue_key": route.queue.key if route.queue else "",
    }


def owner_at(handoff: Handoff) -> Owner:
    """Who has the conversation while a handoff waits; the customer's own app counts as a desk."""
    if handoff.desk_key in ("", INBOX):
        return Owner(OwnerKind.QUEUE, handoff.queue_key)
    return Owner(OwnerKind.DESK, handoff.desk_key)


def place_in_queue(
    *,
    conversation: Conversation,
    handoff: Handoff,
    config: ProjectConfig,
    destination: DestinationConfig | None,
    at: datetime,
) -> QueueEntry:
    """The place a handoff takes in its queue, not yet saved; at: what its age is counted from."""
    facts = entry_facts(config, destination, reason=handoff.reason, channel=conversation.channel)
    return QueueEntry(
        handoff=handoff,
        conversation=conversation,
        project_id=handoff.project_id,
        environment=handoff.environment,
        queue_key=handoff.queue_key,
        priority=facts.priority,
        skills=list(facts.skills),
        weight=facts.weight,
        entered_at=at,
    )


def waits_since(handoff: Handoff, at: datetime) -> datetime:
    """What the age of a place in the queue is counted from: of a customer whose agent is gone from where they first
    began to wait, which the trace keeps, else from now."""
    since = handoff.trace.get("since")
    return datetime.fromisoformat(since) if since else at


def arm(*, handoff: Handoff, kind: DeadlineKind, due_at: datetime) -> None:
    Deadline.objects.create(conversation_id=handoff.conversation_id, kind=kind, subject_id=handoff.id, due_at=due_at)


def disarm(handoff: Handoff) -> None:
    """Take back every deadline of a handoff: its wait is over, or goes on elsewhere."""
    Deadline.objects.filter(conversation_id=handoff.conversation_id, subject_id=handoff.id).delete()


def _enter_queue(
    conversation: Conversation, handoff: Handoff, route: Route, config: ProjectConfig, at: datetime
) -> None:
    destination = _destination(route)
    for signal in INBOX_ENTRY:
        signal_handoff(handoff=handoff, signal=signal, at=at)
    entry = place_in_queue(
        conversation=conversation, handoff=handoff, config=config, destination=destination, at=waits_since(handoff, at)
    )
    entry.save(force_insert=True)
    limit = at + timedelta(seconds=destination.wait_limit_seconds)
    # A desk that closes runs its policy for closed hours on those who still wait.
    arm(handoff=handoff, kind=DeadlineKind.WAIT_LIMIT, due_at=min(limit, route.closes_at or limit))
    offer_entry_after_commit(entry=entry, at=at)


def _require_client(
    conversation: Conversation, handoff: Handoff, route: Route, config: ProjectConfig, at: datetime
) -> None:
    signal_handoff(handoff=handoff, signal=Signal.REQUIRE_CLIENT, at=at)
    _arm_answer(handoff, route, at)


def _ask_desk(conversation: Conversation, handoff: Handoff, route: Route, config: ProjectConfig, at: datetime) -> None:
    signal_handoff(handoff=handoff, signal=Signal.ASK_DESK, at=at)
    _arm_answer(handoff, route, at)
    add_entry(topic="desk.open", conversation_id=conversation.id, payload={"handoff_id": str(handoff.id)})


def _arm_answer(handoff: Handoff, route: Route, at: datetime) -> None:
    """Until a human is there, not only until the desk has answered: one limit for the whole wait."""
    due_at = at + timedelta(seconds=_destination(route).wait_limit_seconds)
    arm(handoff=handoff, kind=DeadlineKind.ACCEPT, due_at=due_at)


def _tell_place(conversation: Conversation, handoff: Handoff, route: Route, at: datetime) -> None:
    entry = QueueEntry.objects.get(pk=handoff.pk)
    tell_place(entry=entry, queue_name=route.queue.name if route.queue else entry.queue_key, at=at)


def _tell_client(conversation: Conversation, handoff: Handoff, route: Route, at: datetime) -> None:
    destination = _destination(route)
    name = destination.client_queue_name or (route.queue.name if route.queue else destination.name)
    told = {"reason": client_reason(handoff.trigger, reason=handoff.reason).value, "queue_name": name}
    if destination.client_route:
        told["route"] = destination.client_route
    change_projection(
        conversation=conversation,
        event=NewEvent(
            "handoff.client_required",
            SYSTEM,
            # What it reports later is of this try: the next one has another id.
            {**told, "handoff_id": str(handoff.id), "custom": {"handoff_id": str(handoff.id)}},
        ),
        changes={"handoff_state": handoff.state},
    )


def _tell_nothing(conversation: Conversation, handoff: Handoff, route: Route, at: datetime) -> None:
    """Another system's desk tells of itself when it has answered."""


def _destination(route: Route) -> DestinationConfig:
    if route.destination is None:
        raise ValueError("only a route to a destination can be asked at")
    return route.destination


Ask = Callable[[Conversation, Handoff, Route, ProjectConfig, datetime], None]
ASK: Mapping[Arrival, Ask] = {
    Arrival.QUEUE: _enter_queue,
    Arrival.CLIENT: _require_client,
    Arrival.DESK: _ask_desk,
}
TELL: Mapping[Arrival, Callable[[Conversation, Handoff, Route, datetime], None]] = {
    Arrival.QUEUE: _tell_place,
    Arrival.CLIENT: _tell_client,
    Arrival.DESK: _tell_nothing,
}
