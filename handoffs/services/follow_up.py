"""What comes after a handoff nobody took: another try, another destination, the AI, a message, or the end."""

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from conversations.append import append_event
from conversations.domain.timeline import NewEvent
from conversations.domain.vocabulary import DeadlineKind, EndReason, OwnerKind
from conversations.models import Conversation
from conversations.services.ownership import change_projection, lock_conversation
from conversations.services.sessions import finish_session
from handoffs.domain.alternatives import with_contacts
from handoffs.domain.bringing import is_brought
from handoffs.domain.config import ProjectConfig
from handoffs.domain.follow_ups import Episode, FollowUp, decide_follow_up, is_client_managed
from handoffs.domain.lifecycle import Cause, Signal, State
from handoffs.domain.routing import ASKED, find_route, leads_elsewhere
from handoffs.domain.settings import AfterTimeout
from handoffs.models import Handoff
from handoffs.selectors.snapshots import read_config
from handoffs.services.announcements import SYSTEM, tell_customer, tell_unanswered
from handoffs.services.arrivals import arm, ask_again
from handoffs.services.closing import return_to_ai
from handoffs.services.episodes import create_next_episode, tried_destinations
from handoffs.services.lifecycle import announce_state, signal_handoff
from handoffs.services.tickets import fill_ticket, open_ticket

# The public event of an end after which nothing is left to try.
PUBLIC_END: Mapping[State, str] = {State.FAILED: "handoff.failed", State.TIMED_OUT: "handoff.timed_out"}


def follow_up(*, conversation: Conversation, handoff: Handoff, config: ProjectConfig, at: datetime) -> None:
    """Do what the policy says about a handoff that has just failed or timed out, in the transaction that wrote that
    and holds the conversation. What comes next begins in it, too: nobody is without an owner at any instant."""
    if conversation.ended_at is not None or conversation.owner_kind == OwnerKind.AI:
        # Nobody waits for it: the customer is gone, or has the AI and was never told.
        change_projection(
            conversation=conversation,
            event=NewEvent("handoff.changed", SYSTEM, {"cause": handoff.cause}),
            changes={"handoff_state": handoff.state, "waiting_since": None},
        )
        return
    plan = decide_follow_up(config, episode_of(conversation, handoff), at=at)
    FOLLOW[plan.step](conversation, handoff, plan, config, at)


def episode_of(conversation: Conversation, handoff: Handoff) -> Episode:
    """A handoff that is over, as the policy looks at it."""
    return Episode(
        destination=handoff.destination_key,
        cause=Cause(handoff.cause),
        attempt=handoff.attempt,
        tried=tried_destinations(handoff),
        channel=conversation.channel,
        by_client=is_client_managed(channel=conversation.channel, options=conversation.options),
    )


def ending_event(state: State, cause: Cause, plan: FollowUp) -> NewEvent:
    """What is told of a failure or time-out: the customer hears of it only when nothing is left to try."""
    if plan.goes_on:
        told = {"reason": cause.value, "next": plan.step.value, "destination": plan.destination}
        return NewEvent("handoff.retrying", SYSTEM, told)
    return NewEvent(PUBLIC_END[state], SYSTEM, {"reason": cause.value})


def carry_on(*, handoff_id: uuid.UUID, at: datetime) -> None:
    """Take up an episode that waits in `initiated`, its deadline passed, in the sweep's transaction. Its trace says
    under `next` what for."""
    handoff = Handoff.objects.get(pk=handoff_id)
    conversation = lock_conversation(handoff.conversation_id)
    if handoff.state != State.INITIATED or conversation.ended_at is not None:
        return
    CARRY_ON[handoff.trace["next"]](conversation, handoff, read_config(handoff.snapshot_hash), at)


def _retry(conversation: Conversation, handoff: Handoff, plan: FollowUp, config: ProjectConfig, at: datetime) -> None:
    following = _begin(conversation, handoff, plan, at)
    _wait_for_retry(conversation, following, config, at)


def _pass_on(conversation: Conversation, handoff: Handoff, plan: FollowUp, config: ProjectConfig, at: datetime) -> None:
    following = _begin(conversation, handoff, plan, at)
    _ask_fallback(conversation, following, config, at)


def _take_message(
    conversation: Conversation, handoff: Handoff, plan: FollowUp, config: ProjectConfig, at: datetime
) -> None:
    _tell_end(conversation, handoff, plan)
    open_ticket(conversation=conversation, after=handoff, text=message_text(config), at=at)


def _give_back(
    conversation: Conversation, handoff: Handoff, plan: FollowUp, config: ProjectConfig, at: datetime
) -> None:
    """Back to the AI, which says so: a closed destination's opening, or that nobody came."""
    _tell_end(conversation, handoff, plan)
    give_back(conversation=conversation, handoff=handoff, config=config, at=at)


def _end(conversation: Conversation, handoff: Handoff, plan: FollowUp, config: ProjectConfig, at: datetime) -> None:
    _tell_end(conversation, handoff, plan)
    end(conversation=conversation, handoff=handoff, config=config, at=at)


def give_back(*, conversation: Conversation, handoff: Handoff, config: ProjectConfig, at: datetime) -> None:
    return_to_ai(conversation=conversation, handoff=handoff, at=at)
    if is_brought(conversation):
        return  # whoever has it again says what there is to say
    route = find_route(config, asked_for=handoff.destination_key, at=at)
    tell_unanswered(conversation=conversation, config=config, route=route, at=at)


def end(*, conversation: Conversation, handoff: Handoff, config: ProjectConfig, at: datetime) -> None:
    tell_customer(conversation, with_contacts(config.settings.ended_text, config.settings))
    changes = {"handoff_state": handoff.state}
    finish_session(conversation=conversation, reason=EndReason.NATURAL_END, at=at, changes=changes)


def message_text(config: ProjectConfig) -> str:
    return with_contacts(config.settings.message_text, config.settings)


def _tell_end(conversation: Conversation, handoff: Handoff, plan: FollowUp) -> None:
    event = ending_event(State(handoff.state), Cause(handoff.cause), plan)
    append_event(conversation_id=conversation.id, event=event)


def next_columns(after: str, attempt: int, plan: FollowUp) -> dict[str, Any]:
    """In what the next episode of a chain differs from the one it comes after (by id)."""
    further = 1 if plan.step is AfterTimeout.RETRY else 0
    return {
        "attempt": attempt + further,
        "trace": {"after": after, "next": plan.step.value, "to": plan.destination},
    }


def _begin(conversation: Conversation, handoff: Handoff, plan: FollowUp, at: datetime) -> Handoff:
    """Begin the next episode of the chain, which has the same owner until it is asked for."""
    changes = next_columns(str(handoff.id), handoff.attempt, plan)
    following = create_next_episode(after=handoff, at=at, changes=changes)
    waiting_since = conversation.waiting_since or at
    change_projection(
        conversation=conversation,
        event=ending_event(State(handoff.state), Cause(handoff.cause), plan),
        changes={
            "handoff_id": str(following.id),
            "handoff_state": following.state,
            "waiting_since": waiting_since.isoformat(),
        },
    )
    return following


def _wait_for_retry(conversation: Conversation, handoff: Handoff, config: ProjectConfig, at: datetime) -> None:
    """Tell the customer that it goes on, and try again after the destination's pause."""
    destination = config.destination(handoff.destination_key)
    pause = timedelta(seconds=destination.retry_seconds if destination else 0)
    Handoff.objects.filter(pk=handoff.pk).update(trace={**handoff.trace, "next": ASK_AGAIN})
    arm(handoff=handoff, kind=DeadlineKind.RETRY, due_at=at + pause)
    tell_customer(conversation, config.settings.retry_text)


def _ask_same(conversation: Conversation, handoff: Handoff, config: ProjectConfig, at: datetime) -> None:
    by_client = is_client_managed(channel=conversation.channel, options=conversation.options)
    route = find_route(
        config, asked_for=handoff.destination_key, at=at, by_client=by_client, channel=conversation.channel
    )
    announce_state(handoff)
    if route.arrival in ASKED:
        ask_again(conversation=conversation, handoff=handoff, route=route, config=config, at=at)
    else:
        _fail(conversation, handoff, route.cause, config, at)


def _ask_fallback(conversation: Conversation, handoff: Handoff, config: ProjectConfig, at: datetime) -> None:
    by_client = is_client_managed(channel=conversation.channel, options=conversation.options)
    route = find_route(config, asked_for=handoff.trace["to"], at=at, by_client=by_client, channel=conversation.channel)
    announce_state(handoff)
    if leads_elsewhere(route, tried=tried_destinations(handoff)):
        ask_again(conversation=conversation, handoff=handoff, route=route, config=config, at=at)
    else:
        _fail(conversation, handoff, route.cause, config, at)


def _fill_ticket(conversation: Conversation, handoff: Handoff, config: ProjectConfig, at: datetime) -> None:
    fill_ticket(conversation=conversation, ticket=handoff, text=message_text(config), at=at)


def _fail(
    conversation: Conversation, handoff: Handoff, cause: Cause | None, config: ProjectConfig, at: datetime
) -> None:
    """It cannot be asked for after all: its own failure decides what follows."""
    signal_handoff(handoff=handoff, signal=Signal.DESK_UNAVAILABLE, cause=cause or Cause.LOOP_GUARD, at=at)
    follow_up(conversation=conversation, handoff=handoff, config=config, at=at)


FOLLOW: Mapping[AfterTimeout, Callable[[Conversation, Handoff, FollowUp, ProjectConfig, datetime], None]] = {
    AfterTimeout.RETRY: _retry,
    AfterTimeout.FALLBACK: _pass_on,
    AfterTimeout.MESSAGE: _take_message,
    AfterTimeout.AI: _give_back,
    AfterTimeout.END: _end,
}
# What an episode that waits in `initiated` is taken up for; a retry is told first, and asked for after its pause.
ASK_AGAIN = "ask_again"
CARRY_ON: Mapping[str, Callable[[Conversation, Handoff, ProjectConfig, datetime], None]] = {
    AfterTimeout.RETRY.value: _wait_for_retry,
    AfterTimeout.FALLBACK.value: _ask_fallback,
    AfterTimeout.MESSAGE.value: _fill_ticket,
    ASK_AGAIN: _ask_same,
}
