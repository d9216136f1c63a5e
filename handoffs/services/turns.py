"""A turn: what the customer said since the last one is checked for triggers, and answered once.

Turns of a conversation run one at a time under a lease; no row is locked while a responder thinks.
"""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from django.db import transaction

from conversations.append import AppendRefused, append_event
from conversations.domain.timeline import NewEvent
from conversations.domain.vocabulary import OwnerKind
from conversations.models import Conversation, Event
from conversations.realtime import publish_to_customer
from conversations.services.ownership import lock_conversation
from handoffs.domain.config import ProjectConfig
from handoffs.domain.turns import CANNOT_ANSWER, Decision, HandoffRequest, decide_turn, is_followed
from handoffs.models import TurnLease
from handoffs.services.handoffs import start_handoff
from handoffs.services.releases import CurrentConfig, read_current_config

LEASE = timedelta(seconds=45)
ASKING = ("customer.join_requested", "customer.message")
Role = Literal["customer", "ai", "human"]
SPOKEN: dict[str, Role] = {"customer.message": "customer", "ai.message": "ai", "human.message": "human"}


@dataclass(frozen=True, slots=True)
class Turn:
    """What is to be answered, and under which epoch. messages: (role, text) of the whole conversation, role
    one of customer, ai, human; said: the customer's texts of this turn."""

    conversation_id: uuid.UUID
    epoch: int
    up_to: int
    said: tuple[str, ...]
    messages: tuple[tuple[Role, str], ...]
    config: ProjectConfig


def lease_turn(*, conversation_id: uuid.UUID, holder: int, at: datetime) -> bool:
    """Take the lease for an outbox entry; False while another one's turn runs: it will see what we came for.

    The holder is the entry and not the process, so that an entry whose worker was killed gets its lease again.
    """
    TurnLease.objects.get_or_create(conversation_id=conversation_id)
    with transaction.atomic():
        lease = _lock_lease(conversation_id)
        if lease.holder not in (None, holder) and lease.expires_at is not None and lease.expires_at > at:
            return False
        TurnLease.objects.filter(pk=lease.pk).update(holder=holder, expires_at=at + LEASE)
    return True


def release_turn(*, conversation_id: uuid.UUID, holder: int) -> bool:
    """Give the lease back; False when the customer has said something since: then the holder goes on.

    The lease is locked before the timeline is read, so whoever found it taken has been seen here.
    """
    with transaction.atomic():
        lease = _lock_lease(conversation_id)
        unanswered = Event.objects.filter(
            conversation__owner_kind=OwnerKind.AI.value,
            conversation_id=conversation_id,
            type__in=ASKING,
            sequence__gt=lease.covered_sequence,
        )
        if lease.holder == holder and unanswered.exists():
            return False
        TurnLease.objects.filter(pk=lease.pk, holder=holder).update(holder=None, expires_at=None)
    return True


def consider_turn(*, conversation_id: uuid.UUID, at: datetime) -> Turn | None:
    """Greet, or hand off when a trigger fires; else return what a responder has to answer. None: nothing to do."""
    conversation = Conversation.objects.select_related("project").get(pk=conversation_id)
    lease = TurnLease.objects.get(conversation_id=conversation_id)
    asked = list(
        Event.objects.filter(
            conversation_id=conversation_id, type__in=ASKING, sequence__gt=lease.covered_sequence
        ).order_by("sequence")
    )
    if conversation.owner_kind != OwnerKind.AI or not asked:
        return None
    current = read_current_config(project=conversation.project, environment=conversation.environment)
    said = tuple(str(event.payload["text"]) for event in asked if event.type == "customer.message")
    decision = decide_turn(said, settings=current.config.settings)
    turn = Turn(
        conversation_id=conversation_id,
        epoch=conversation.epoch,
        up_to=asked[-1].sequence,
        said=said,
        messages=tuple(_messages(conversation_id)),
        config=current.config,
    )
    try:
        _greet_once(conversation, current, asked, at)
    except AppendRefused:
        # The customer left, or somebody took it over, before the first word.
        return None
    return _carry_out(turn, decision, current, at)


def apply_reply(
    *, turn: Turn, text: str, details: dict[str, Any], request: HandoffRequest | None, at: datetime
) -> bool:
    """Say the AI's answer, or start the handoff that is asked for where the settings let it; False when the
    conversation changed hands meanwhile: then nothing is said. `details`: topic and confidence, for staff."""
    if request is not None and not is_followed(request, settings=turn.config.settings):
        request, text = None, text or CANNOT_ANSWER
    try:
        with transaction.atomic():
            conversation = lock_conversation(turn.conversation_id, epoch=turn.epoch)
            if request is not None:
                current = read_current_config(project=conversation.project, environment=conversation.environment)
                start_handoff(conversation=conversation, request=request, current=current, at=at)
            else:
                payload = {"text": text, "agent_name": turn.config.ai_name, **details}
                append_event(
                    conversation_id=turn.conversation_id,
                    # A turn that is run a second time says the same thing once.
                    event=NewEvent("ai.message", "ai", payload, client_id=f"turn:{turn.up_to}", epoch=turn.epoch),
                )
            _cover(turn)
    except AppendRefused:
        _cover(turn)
        return False
    return True


def _carry_out(turn: Turn, decision: Decision, current: CurrentConfig, at: datetime) -> Turn | None:
    if decision.request is not None:
        apply_reply(turn=turn, text="", details={}, request=decision.request, at=at)
        return None
    if decision.text:
        apply_reply(turn=turn, text=decision.text, details={"kind": "declined"}, request=None, at=at)
        return None
    if not turn.said:
        _cover(turn)
        return None
    publish_to_customer(turn.conversation_id, "ai.thinking", {}, at=at)
    return turn


def _greet_once(conversation: Conversation, current: CurrentConfig, asked: Sequence[Event], at: datetime) -> None:
    """Join, think and greet at the first turn; the fixed client ids make a second try the same events."""
    if not any(event.type == "customer.join_requested" for event in asked):
        return
    name, epoch = current.config.ai_name, conversation.epoch
    greeting = {"text": current.config.greeting, "agent_name": name, "kind": "greeting"}
    joined = NewEvent("ai.joined", "ai", {"agent_name": name}, client_id="joined", epoch=epoch)
    if not append_event(conversation_id=conversation.id, event=joined).repeat:
        publish_to_customer(conversation.id, "ai.thinking", {}, at=at)
    append_event(
        conversation_id=conversation.id,
        event=NewEvent("ai.message", "ai", greeting, client_id="greeting", epoch=epoch),
    )


def _messages(conversation_id: uuid.UUID) -> Iterator[tuple[Role, str]]:
    events = Event.objects.filter(conversation_id=conversation_id, type__in=SPOKEN).order_by("sequence")
    for kind, payload in events.values_list("type", "payload"):
        yield SPOKEN[kind], str(payload.get("text", ""))


def _cover(turn: Turn) -> None:
    # Only ever forward: a hand-back meanwhile has covered what was said to the human, too.
    leases = TurnLease.objects.filter(conversation_id=turn.conversation_id, covered_sequence__lt=turn.up_to)
    leases.update(covered_sequence=turn.up_to)


def _lock_lease(conversation_id: uuid.UUID) -> TurnLease:
    return TurnLease.objects.select_for_update(no_key=True).get(conversation_id=conversation_id)
