"""How the human part of a conversation ends: closed with an outcome, handed back to the AI, or left by the customer."""

import uuid
from datetime import datetime

from django.db import transaction

from conversations.append import StaleEpoch, append_event
from conversations.domain.timeline import NewEvent
from conversations.domain.vocabulary import EndReason, OwnerKind
from conversations.domain.wishes import wishes_of
from conversations.models import Conversation, OutboxEntry, Outcome, User
from conversations.services.outcomes import OutcomeFacts, record_outcome
from conversations.services.ownership import Owner, change_owner, change_projection, lock_conversation
from conversations.services.sessions import finish_session
from handoffs.domain.bringing import is_brought
from handoffs.domain.config import CLIENT
from handoffs.domain.lifecycle import OPEN, Cause, Signal, State
from handoffs.models import Handoff, TurnLease
from handoffs.selectors.handoffs import current_handoff
from handoffs.selectors.snapshots import read_config
from handoffs.services.assignments import end_assignment, wrap_up_seconds_of
from handoffs.services.claims import leave_queue
from handoffs.services.lifecycle import signal_handoff

CAUSE_OF_END = {
    EndReason.USER_END: (Signal.CUSTOMER_ENDED, Cause.CUSTOMER_ENDED),
    EndReason.USER_ABANDONED: (Signal.CUSTOMER_LEFT, Cause.CUSTOMER_IDLE),
    EndReason.NATURAL_END: (Signal.CUSTOMER_ENDED, Cause.CUSTOMER_ENDED),
}


class UnknownDisposition(Exception):
    """The queue has no such disposition. `allowed` names its codes."""

    def __init__(self, code: str, allowed: tuple[str, ...]) -> None:
        super().__init__(f"{code!r} is none of {', '.join(allowed)}")
        self.code, self.allowed = code, allowed


def close_conversation(
    *, conversation_id: uuid.UUID, agent: User, epoch: int, facts: OutcomeFacts, at: datetime
) -> Outcome:
    """End the agent's conversation with an outcome. Raises StaleEpoch, UnknownDisposition."""
    with transaction.atomic():
        conversation = lock_own_conversation(conversation_id, agent=agent, epoch=epoch)
        handoff = current_handoff(conversation)
        _check_disposition(handoff, facts.code)
        signal_handoff(handoff=handoff, signal=Signal.CLOSED, cause=Cause.CLOSED_BY_AGENT, at=at)
        author = f"user:{agent.id}"
        outcome = record_outcome(conversation=conversation, handoff_id=handoff.id, facts=facts, author=author, at=at)
        end_assignment(conversation=conversation, at=at, wrap_up_seconds=wrap_up_seconds_of(handoff))
        _end_human_part(conversation, agent, at)
    return outcome


def hand_back(*, conversation_id: uuid.UUID, agent: User, epoch: int, note: str, at: datetime) -> Conversation:
    """Give the conversation back to the AI it came from, with a note for whoever comes next. Raises StaleEpoch."""
    with transaction.atomic():
        conversation = lock_own_conversation(conversation_id, agent=agent, epoch=epoch)
        handoff = current_handoff(conversation)
        signal_handoff(handoff=handoff, signal=Signal.HANDED_BACK, cause=Cause.AGENT_HANDBACK, at=at)
        author = f"user:{agent.id}"
        if note:
            append_event(conversation_id=conversation.id, event=NewEvent("note.added", author, {"text": note}))
        if accepts_return(conversation):
            append_event(conversation_id=conversation.id, event=NewEvent("human.left", author, agent_facts(agent)))
        end_assignment(conversation=conversation, at=at)
        return_to_ai(conversation=conversation, handoff=handoff, at=at)
    return conversation


def return_to_ai(*, conversation: Conversation, handoff: Handoff, at: datetime) -> None:
    """Make the AI that had the conversation the owner again, in the caller's transaction: ours, or the one elsewhere
    that brought it. Ours is never heard in what it did not begin."""
    if is_brought(conversation):
        _return_to_bringer(conversation, handoff, at)
        return
    ai_name = read_config(handoff.snapshot_hash).ai_name
    # What was said to a human, or to nobody, is not the AI's to answer afterwards.
    TurnLease.objects.filter(conversation=conversation).update(covered_sequence=conversation.last_sequence)
    change_owner(
        conversation=conversation,
        owner=Owner(OwnerKind.AI),
        event=NewEvent("ai.joined", "system", {"agent_name": ai_name}),
        changes={"handoff_state": handoff.state, "waiting_since": None},
        at=at,
    )


def _return_to_bringer(conversation: Conversation, handoff: Handoff, at: datetime) -> None:
    """It counts as a desk. It asked over the Handoff API and reads there that the handoff is over."""
    change_owner(
        conversation=conversation,
        owner=Owner(OwnerKind.DESK, CLIENT),
        event=NewEvent("handoff.changed", "system", {"cause": handoff.cause}),
        changes={"handoff_state": handoff.state, "waiting_since": None},
        at=at,
    )


def cancel_waiting(*, conversation_id: uuid.UUID, at: datetime) -> bool:
    """The customer stops waiting, wherever that is, and returns to the AI; False when they were not waiting."""
    with transaction.atomic():
        conversation = lock_conversation(conversation_id)
        if conversation.owner_kind not in (OwnerKind.QUEUE, OwnerKind.DESK) or conversation.waiting_since is None:
            return False
        handoff = current_handoff(conversation)
        signal_handoff(handoff=handoff, signal=Signal.CUSTOMER_CANCELLED, cause=Cause.CUSTOMER_CANCELLED, at=at)
        leave_queue(handoff)
        return_to_ai(conversation=conversation, handoff=handoff, at=at)
    return True


def end_open(*, entry: OutboxEntry, at: datetime) -> None:
    """Outbox handler of `conversation.ended`: what was waited for is given up, what another system's human did is
    over; a ticket and our agent's work stay."""
    signal, cause = CAUSE_OF_END[EndReason(entry.payload["reason"])]
    with transaction.atomic():
        conversation = lock_conversation(entry.conversation_id)
        open_handoffs = Handoff.objects.filter(conversation=conversation, state__in=OPEN, is_ticket=False)
        handoff = open_handoffs.exclude(state=State.ACTIVE, agent__isnull=False).first()
        if handoff is None:
            return
        state = signal_handoff(handoff=handoff, signal=signal, cause=cause, at=at)
        leave_queue(handoff)
        change_projection(
            conversation=conversation,
            event=NewEvent(
                "handoff.abandoned" if state is State.ABANDONED else "handoff.changed",
                "system",
                {"cause": cause.value},
            ),
            changes={"handoff_state": state.value},
        )


def lock_own_conversation(conversation_id: uuid.UUID, *, agent: User, epoch: int) -> Conversation:
    """Lock a conversation the agent has, under the epoch they know. Raises StaleEpoch."""
    conversation = lock_conversation(conversation_id, epoch=epoch)
    if conversation.owner_kind != OwnerKind.HUMAN or conversation.owner_id != str(agent.id):
        raise StaleEpoch(
            owner_kind=conversation.owner_kind,
            owner_id=conversation.owner_id,
            since=conversation.owner_since,
            epoch=conversation.epoch,
        )
    return conversation


def accepts_return(conversation: Conversation) -> bool:
    """Published clients take LIVE_AGENT_LEFT as the end; ours says that it does not. What was brought has none."""
    return bool(wishes_of(conversation.options).get("accepts_return") == "true") or is_brought(conversation)


def agent_facts(agent: User) -> dict[str, str]:
    return {"agent_id": str(agent.id), "agent_name": agent.get_short_name()}


def _check_disposition(handoff: Handoff, code: str) -> None:
    queue = read_config(handoff.snapshot_hash).queue(handoff.queue_key)
    allowed = tuple(item.code for item in queue.dispositions) if queue else ()
    if allowed and code not in allowed:
        raise UnknownDisposition(code, allowed)


def _end_human_part(conversation: Conversation, agent: User, at: datetime) -> None:
    author, completed = f"user:{agent.id}", {"handoff_state": State.COMPLETED.value}
    if conversation.ended_at is None:
        append_event(conversation_id=conversation.id, event=NewEvent("human.left", author, agent_facts(agent)))
        finish_session(conversation=conversation, reason=EndReason.NATURAL_END, at=at, changes=completed)
        return
    change_owner(
        conversation=conversation,
        owner=Owner(OwnerKind.NONE),
        event=NewEvent("handoff.closed", author, agent_facts(agent)),
        changes=completed,
        at=at,
    )
