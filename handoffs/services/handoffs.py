"""Starting a handoff: one transaction from the decision to whoever is asked, to a kept message, or back to the AI."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from conversations.domain.timeline import NewEvent
from conversations.domain.vocabulary import OwnerKind
from conversations.models import Conversation
from conversations.services.ownership import change_projection
from handoffs.domain.config import ProjectConfig
from handoffs.domain.follow_ups import is_client_managed
from handoffs.domain.lifecycle import INITIAL, Cause, Signal
from handoffs.domain.routing import ASKED, Arrival, Route, find_route
from handoffs.domain.turns import HandoffRequest
from handoffs.models import Handoff
from handoffs.services.announcements import SYSTEM, tell_ai_left, tell_closed
from handoffs.services.arrivals import announce_handoff, ask, destination_columns, tell_accepted, tell_where
from handoffs.services.episodes import opening_columns, projection_of
from handoffs.services.follow_up import follow_up
from handoffs.services.lifecycle import announce_state, history_entry, signal_handoff
from handoffs.services.releases import CurrentConfig
from handoffs.services.soft import find_soft, harden
from handoffs.services.traces import decision_columns


def start_handoff(
    *, conversation: Conversation, request: HandoffRequest, current: CurrentConfig, at: datetime
) -> Handoff | None:
    """Take a locked conversation from the AI, in the caller's transaction.

    Announces it, mutes the AI by a new epoch and asks for a human; where nobody can be asked, what the destination's
    policy says follows at once. Out of hours the policy may leave the conversation to the AI: then nothing is
    started, the AI says when people are back, and the answer is None. A `soft` request leaves it to the AI until a
    human joins; asked for again in earnest, that one is announced. Nobody is without an owner at any instant.
    """
    if (soft := find_soft(conversation)) is not None:
        return soft if request.soft else harden(conversation=conversation, handoff=soft, at=at)
    by_client = is_client_managed(channel=conversation.channel, options=conversation.options)
    route = find_route(
        current.config,
        asked_for=request.destination,
        reason=request.reason,
        at=at,
        by_client=by_client,
        channel=conversation.channel,
    )
    if route.arrival is Arrival.AI:
        tell_closed(conversation=conversation, config=current.config, route=route, at=at, details=_asked(request))
        return None
    handoff = _create(conversation, request, route, current, at)
    begin = _begin_soft if handoff.is_soft else BEGIN.get(route.arrival, _begin_failed)
    begin(conversation, handoff, route, current.config, at)
    return handoff


def _begin_queue(
    conversation: Conversation, handoff: Handoff, route: Route, config: ProjectConfig, at: datetime
) -> None:
    announce_handoff(conversation=conversation, handoff=handoff, config=config, at=at)
    tell_ai_left(conversation)
    ask(conversation=conversation, handoff=handoff, route=route, config=config, at=at)
    tell_accepted(conversation=conversation, handoff=handoff, route=route, at=at)


def _begin_client(
    conversation: Conversation, handoff: Handoff, route: Route, config: ProjectConfig, at: datetime
) -> None:
    """The published order: what the app has to do comes before the AI leaves."""
    announce_handoff(conversation=conversation, handoff=handoff, config=config, at=at)
    ask(conversation=conversation, handoff=handoff, route=route, config=config, at=at)
    tell_where(conversation=conversation, handoff=handoff, route=route, at=at)
    tell_ai_left(conversation)


def _begin_desk(
    conversation: Conversation, handoff: Handoff, route: Route, config: ProjectConfig, at: datetime
) -> None:
    announce_handoff(conversation=conversation, handoff=handoff, config=config, at=at)
    tell_ai_left(conversation)
    ask(conversation=conversation, handoff=handoff, route=route, config=config, at=at)
    told = {"destination_name": handoff.destination_name, "attempt": handoff.attempt}
    change_projection(
        conversation=conversation,
        event=NewEvent("handoff.requested", SYSTEM, told),
        changes={"handoff_state": handoff.state},
    )


def _begin_failed(
    conversation: Conversation, handoff: Handoff, route: Route, config: ProjectConfig, at: datetime
) -> None:
    announce_handoff(conversation=conversation, handoff=handoff, config=config, at=at)
    tell_ai_left(conversation)
    signal_handoff(handoff=handoff, signal=Signal.DESK_UNAVAILABLE, cause=route.cause or Cause.NO_DESTINATION, at=at)
    follow_up(conversation=conversation, handoff=handoff, config=config, at=at)


def _begin_soft(
    conversation: Conversation, handoff: Handoff, route: Route, config: ProjectConfig, at: datetime
) -> None:
    """Nothing is announced and the AI stays: the customer hears of it when a human joins."""
    ask(conversation=conversation, handoff=handoff, route=route, config=config, at=at)
    told = {"destination_name": handoff.destination_name, "attempt": handoff.attempt, "soft": True}
    change_projection(
        conversation=conversation,
        event=NewEvent("handoff.requested", SYSTEM, told),
        changes={**projection_of(handoff), "waiting_since": at.isoformat()},
    )


BEGIN: Mapping[Arrival, Callable[[Conversation, Handoff, Route, ProjectConfig, datetime], None]] = {
    Arrival.QUEUE: _begin_queue,
    Arrival.CLIENT: _begin_client,
    Arrival.DESK: _begin_desk,
}


def _create(
    conversation: Conversation, request: HandoffRequest, route: Route, current: CurrentConfig, at: datetime
) -> Handoff:
    handoff = Handoff.objects.create(
        **opening_columns(conversation=conversation, request=request, current=current),
        **destination_columns(route),
        **decision_columns(conversation=conversation, request=request, route=route, current=current, at=at),
        history=[history_entry(INITIAL, at)],
        is_soft=request.soft and _can_be_soft(conversation, route),
        initiated_at=at,
    )
    announce_state(handoff)
    return handoff


def _can_be_soft(conversation: Conversation, route: Route) -> bool:
    """Only behind the back of an AI of ours; and the customer's own app takes the customer away at once."""
    return conversation.owner_kind == OwnerKind.AI and route.arrival in ASKED - {Arrival.CLIENT}


def _asked(request: HandoffRequest) -> dict[str, Any]:
    """What fired and how clearly."""
    figures: dict[str, Any] = {
        name: request.evidence[name] for name in ("score", "threshold") if name in request.evidence
    }
    return {"trigger": request.trigger.value, "reason": request.reason, **figures}
