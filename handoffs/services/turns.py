"""A turn: what the customer said since the last one is checked for triggers, and answered once.

Turns of a conversation run one at a time under a lease; no row is locked while a responder thinks.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any, Literal

from django.db import transaction

from conversations.append import AppendRefused, append_event
from conversations.domain.timeline import ASKING, NewEvent
from conversations.domain.vocabulary import OwnerKind
from conversations.models import Conversation, Event
from conversations.realtime import publish_to_customer
from conversations.services.ownership import lock_conversation
from conversations.services.state import change_state
from conversations.services.turn_news import tell_turn_done
from handoffs.domain.config import ProjectConfig
from handoffs.domain.triggers.signal import Signal
from handoffs.domain.turns import Decision, HandoffRequest, decide_turn, is_followed
from handoffs.models import TurnLease
from handoffs.services.handoffs import start_handoff
from handoffs.services.releases import CurrentConfig, read_current_config

LEASE = timedelta(seconds=45)
RENEWED = timedelta(seconds=30)  # a lease with less left than this is renewed while its turn goes on
DIALOGUE_MESSAGES, DIALOGUE_CHARACTERS = 200, 100_000  # of the end of the conversation, for a responder
Role = Literal["customer", "ai", "human"]
SPOKEN: dict[str, Role] = {"customer.message": "customer", "ai.message": "ai", "human.message": "human"}


@dataclass(frozen=True, slots=True)
class Turn:
    """What is to be answered, and under which epoch.

    messages: (role, text) of the conversation's end, oldest first, role one of customer, ai, human; said: the
    customer's texts of this turn, heard: the sequences they stand under, signals: what was found in them; state: the
    data collected so far; streams: whether the customer's client takes an answer bit by bit.
    """

    conversation_id: uuid.UUID
    project_id: uuid.UUID
    environment: str
    channel: str
    epoch: int
    up_to: int
    said: tuple[str, ...]
    heard: tuple[int, ...]
    signals: tuple[Signal, ...]
    messages: tuple[tuple[Role, str], ...]
    state: Mapping[str, Any]
    streams: bool
    config: ProjectConfig


@dataclass(frozen=True, slots=True)
class Spoken:
    """What the AI says. id: the one its chunks were told under; details: topic, confidence and the like, for staff;
    state: changes of the collected data; is_said_before: it stays said when a handoff follows."""

    text: str
    id: uuid.UUID | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    state: Mapping[str, Any] = field(default_factory=dict)
    is_said_before: bool = True


SILENCE = Spoken("")


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


def tell_turn_over(*, conversation_id: uuid.UUID) -> None:
    """Tell whoever waits for it how far the conversation has been answered."""
    covered = TurnLease.objects.values_list("covered_sequence", flat=True).get(conversation_id=conversation_id)
    tell_turn_done(conversation_id=conversation_id, sequence=covered)


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
    turn, decision = _read_turn(conversation, asked, current)
    try:
        _greet_once(conversation, current, asked, at)
    except AppendRefused:
        # The customer left, or somebody took it over, before the first word.
        return None
    return _carry_out(turn, decision, at)


def is_turn_wanted(*, turn: Turn, holder: int, at: datetime) -> bool:
    """Whether the AI still has the conversation and the holder the turn; renews the lease of a turn that takes long."""
    held = TurnLease.objects.filter(conversation_id=turn.conversation_id, holder=holder)
    held.filter(expires_at__lt=at + RENEWED).update(expires_at=at + LEASE)
    return held.filter(conversation__epoch=turn.epoch, conversation__owner_kind=OwnerKind.AI.value).exists()


def abandon_turn(*, turn: Turn) -> None:
    """Leave a turn whose conversation changed hands unanswered. When only the lease was lost, its holder answers."""
    if not Conversation.objects.filter(pk=turn.conversation_id, epoch=turn.epoch).exists():
        _cover(turn)


def apply_reply(*, turn: Turn, spoken: Spoken, request: HandoffRequest | None, at: datetime) -> bool:
    """Say the AI's answer, and start the handoff that is asked for where the settings let it; False when the
    conversation changed hands meanwhile: then nothing is said."""
    if request is not None and not is_followed(request, settings=turn.config.settings):
        request, spoken = None, spoken if spoken.text else replace(spoken, text=turn.config.settings.cannot_answer_text)
    try:
        with transaction.atomic():
            conversation = lock_conversation(turn.conversation_id, epoch=turn.epoch)
            if spoken.state:
                change_state(conversation=conversation, changes=spoken.state, author="ai")
            if request is None or (spoken.is_said_before and spoken.text):
                _say(turn, spoken)
            if request is not None:
                current = read_current_config(project=conversation.project, environment=conversation.environment)
                start_handoff(conversation=conversation, request=request, current=current, at=at)
            _cover(turn)
    except AppendRefused:
        _cover(turn)
        return False
    return True


def _read_turn(conversation: Conversation, asked: Sequence[Event], current: CurrentConfig) -> tuple[Turn, Decision]:
    messages = [event for event in asked if event.type == "customer.message"]
    said, heard = tuple(str(event.payload["text"]) for event in messages), tuple(event.sequence for event in messages)
    decision = decide_turn(said, settings=current.config.settings)
    request = decision.request and replace(decision.request, heard=heard, signals=decision.signals)
    turn = Turn(
        conversation_id=conversation.id,
        project_id=conversation.project_id,
        environment=conversation.environment,
        channel=conversation.channel,
        epoch=conversation.epoch,
        up_to=asked[-1].sequence,
        said=said,
        heard=heard,
        signals=decision.signals,
        messages=_dialogue(conversation.id),
        state=conversation.state,
        streams=bool(conversation.options.get("streaming_enabled")),
        config=current.config,
    )
    return turn, replace(decision, request=request)


def _say(turn: Turn, spoken: Spoken) -> None:
    count = {"not_understood": _count_not_understood(turn)} if spoken.details.get("understood") is False else {}
    payload = {"text": spoken.text, "agent_name": turn.config.ai_name, **spoken.details, **count}
    # A turn that is run a second time says the same thing once.
    event = NewEvent("ai.message", "ai", payload, client_id=f"turn:{turn.up_to}", epoch=turn.epoch, id=spoken.id)
    append_event(conversation_id=turn.conversation_id, event=event)


def _count_not_understood(turn: Turn) -> int:
    """How many answers of this conversation, this one included, were none."""
    answers = Event.objects.filter(conversation_id=turn.conversation_id, type="ai.message", payload__understood=False)
    return answers.count() + 1


def _carry_out(turn: Turn, decision: Decision, at: datetime) -> Turn | None:
    if decision.request is not None:
        apply_reply(turn=turn, spoken=SILENCE, request=decision.request, at=at)
        return None
    if decision.text:
        apply_reply(turn=turn, spoken=Spoken(decision.text, details={"kind": "declined"}), request=None, at=at)
        return None
    if not turn.said:
        _cover(turn)
        return None
    publish_to_customer(turn.conversation_id, "ai.thinking", {}, at=at, epoch=turn.epoch)
    return turn


def _greet_once(conversation: Conversation, current: CurrentConfig, asked: Sequence[Event], at: datetime) -> None:
    """Join, think and greet at the first turn; the fixed client ids make a second try the same events."""
    if not any(event.type == "customer.join_requested" for event in asked):
        return
    name, epoch = current.config.ai_name, conversation.epoch
    greeting = {"text": current.config.greeting, "agent_name": name, "kind": "greeting"}
    joined = NewEvent("ai.joined", "ai", {"agent_name": name}, client_id="joined", epoch=epoch)
    if not append_event(conversation_id=conversation.id, event=joined).repeat:
        publish_to_customer(conversation.id, "ai.thinking", {}, at=at, epoch=epoch)
    append_event(
        conversation_id=conversation.id,
        event=NewEvent("ai.message", "ai", greeting, client_id="greeting", epoch=epoch),
    )


def _dialogue(conversation_id: uuid.UUID) -> tuple[tuple[Role, str], ...]:
    """The end of what was said, oldest first: as much of it as a responder is given."""
    events = Event.objects.filter(conversation_id=conversation_id, type__in=SPOKEN).order_by("-sequence")
    newest = events.values_list("type", "payload")[:DIALOGUE_MESSAGES]
    spoken = [(SPOKEN[kind], str(payload.get("text", ""))) for kind, payload in newest]
    lengths = accumulate(len(text) for _, text in spoken)
    kept = [item for item, length in zip(spoken, lengths, strict=True) if length <= DIALOGUE_CHARACTERS]
    return tuple(reversed(kept or spoken[:1]))


def _cover(turn: Turn) -> None:
    # Only ever forward: a hand-back meanwhile has covered what was said to the human, too.
    leases = TurnLease.objects.filter(conversation_id=turn.conversation_id, covered_sequence__lt=turn.up_to)
    leases.update(covered_sequence=turn.up_to)


def _lock_lease(conversation_id: uuid.UUID) -> TurnLease:
    return TurnLease.objects.select_for_update(no_key=True).get(conversation_id=conversation_id)
