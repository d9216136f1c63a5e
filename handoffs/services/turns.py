"""A turn: what the customer said since the last one is checked for triggers, and answered once.

Turns of a conversation run one at a time under a lease; no row is locked while a responder thinks.
"""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from django.db import transaction

from conversations.append import AppendRefused, append_event
from conversations.domain.timeline import ASKING, NewEvent
from conversations.domain.vocabulary import OwnerKind
from conversations.models import Conversation, Event
from conversations.realtime import publish_to_customer
from conversations.services.turn_news import tell_turn_done
from handoffs.adapters.embeddings import load_embed
from handoffs.domain.follow_ups import is_client_managed
from handoffs.domain.intake import INFERRED, Outcome, Stage
from handoffs.domain.triggers.dialogue import Said
from handoffs.domain.triggers.signal import Signal, Trigger
from handoffs.domain.turns import Decision, Verdict, decide_turn, find_unsure, is_followed
from handoffs.models import TurnLease
from handoffs.selectors.dialogues import read_dialogue, read_heard
from handoffs.services.answering import SILENCE, Spoken, Turn, apply_reply, cover, noticed, transfer_at_once
from handoffs.services.intake import Pending, Step, hear_answer, meet, read_pending
from handoffs.services.releases import CurrentConfig, read_current_config

LEASE = timedelta(seconds=45)
RENEWED = timedelta(seconds=30)  # a lease with less left than this is renewed while its turn goes on


@dataclass(frozen=True, slots=True)
class Doubt:
    """What a judge is asked: whether the unsure signals hold. connection: the key of the one that answers; sequences:
    of the messages the signals are about, by their `turn`; dialogue: what was said, oldest first, they included."""

    project_id: uuid.UUID
    environment: str
    connection: str
    signals: tuple[Signal, ...]
    sequences: tuple[int, ...]
    dialogue: tuple[Said, ...]


class Judge(Protocol):
    """Asked with no transaction open. Says nothing of a signal it has no word on: that one stays as it is."""

    def __call__(self, doubt: Doubt) -> Sequence[Verdict]: ...


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


def consider_turn(*, conversation_id: uuid.UUID, at: datetime, judge: Judge | None = None) -> Turn | None:
    """Greet; hand off or ask when a trigger fires; else return what a responder has to answer. None: nothing to do.
    judge: asked about what is unsure, where the settings name a connection for it."""
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
    turn = _read_turn(conversation, asked, current)
    try:
        _greet_once(conversation, current, asked, at)
    except AppendRefused:
        # The customer left, or somebody took it over, before the first word.
        return None
    return _carry_out(*_decide(turn, judge), at)


def is_turn_wanted(*, turn: Turn, holder: int, at: datetime) -> bool:
    """Whether the AI still has the conversation and the holder the turn; renews the lease of a turn that takes long."""
    held = TurnLease.objects.filter(conversation_id=turn.conversation_id, holder=holder)
    held.filter(expires_at__lt=at + RENEWED).update(expires_at=at + LEASE)
    return held.filter(conversation__epoch=turn.epoch, conversation__owner_kind=OwnerKind.AI.value).exists()


def abandon_turn(*, turn: Turn) -> None:
    """Leave a turn whose conversation changed hands unanswered. When only the lease was lost, its holder answers."""
    if not Conversation.objects.filter(pk=turn.conversation_id, epoch=turn.epoch).exists():
        cover(turn)


def _read_turn(conversation: Conversation, asked: Sequence[Event], current: CurrentConfig) -> Turn:
    messages = [event for event in asked if event.type == "customer.message"]
    return Turn(
        conversation_id=conversation.id,
        project_id=conversation.project_id,
        environment=conversation.environment,
        channel=conversation.channel,
        epoch=conversation.epoch,
        up_to=asked[-1].sequence,
        said=tuple(str(event.payload["text"]) for event in messages),
        messages=read_dialogue(conversation.id),
        state=conversation.state,
        streams=bool(conversation.options.get("streaming_enabled")),
        config=current.config,
        heard=read_heard(conversation, sequences=[event.sequence for event in messages]),
        by_client=is_client_managed(channel=conversation.channel, options=conversation.options),
        snapshot=current.snapshot_hash,
        pending=read_pending(conversation),
    )


def _decide(turn: Turn, judge: Judge | None) -> tuple[Turn, Decision]:
    """Look for triggers; a judge is asked where nothing fires and something nearly does."""
    embed = load_embed() if turn.config.settings.uses_embeddings else None
    decision = decide_turn(turn.heard, config=turn.config, embed=embed)
    key, is_open = turn.config.settings.judge, decision.request is None and not decision.text
    unsure = find_unsure(decision.signals, settings=turn.config.settings) if judge and key and is_open else ()
    if judge and unsure:
        doubt = Doubt(turn.project_id, turn.environment, key, unsure, turn.heard.sequences, turn.heard.dialogue)
        heard = replace(turn.heard, verdicts=tuple(judge(doubt)))
        turn, decision = replace(turn, heard=heard), decide_turn(heard, config=turn.config, embed=embed)
    return replace(turn, signals=decision.signals, is_embedded=embed is not None), decision


def _carry_out(turn: Turn, decision: Decision, at: datetime) -> Turn | None:
    """Do what needs no responder; else return the turn for one."""
    is_forbidden = Trigger.FORBIDDEN_TOPIC in decision.fired
    if is_forbidden and decision.request is not None:
        transfer_at_once(turn=turn, request=decision.request, at=at)
        return None
    step = None if is_forbidden else _find_step(turn, decision, at)
    if step is not None and step.move.outcome not in (Outcome.TRIES, Outcome.ANSWERS):
        apply_reply(turn=replace(turn, step=step), spoken=SILENCE, request=None, at=at)
        return None
    if step is None and decision.text:
        _say_fixed(turn, decision.text, "forbidden" if is_forbidden else "declined", at)
        return None
    if not turn.said:
        cover(turn)
        return None
    publish_to_customer(turn.conversation_id, "ai.thinking", {}, at=at, epoch=turn.epoch)
    # What may come to nothing is not told bit by bit: it could not be kept back.
    streams = turn.streams and not (step and step.move.outcome is Outcome.TRIES)
    return replace(turn, step=step, streams=streams, inferred=None if step else decision.request)


def _find_step(turn: Turn, decision: Decision, at: datetime) -> Step | None:
    """What the customer's answer to a question leads to, or their request; what is inferred comes after the answer."""
    pending, fired = turn.pending, decision.fired
    if pending is not None and _listens(turn, pending, fired):
        return hear_answer(pending, talk=turn.talk, fired=fired, at=at)
    if decision.request is None or decision.request.trigger in INFERRED:
        return None
    return meet(noticed(turn, decision.request), talk=turn.talk, at=at)


def _listens(turn: Turn, pending: Pending, fired: Collection[Trigger]) -> bool:
    """Whether this is an answer to what was asked. While the AI tries, the conversation is as any other until a person
    is asked for again."""
    is_answer = pending.progress.stage is not Stage.TRY or Trigger.EXPLICIT_REQUEST in fired
    return bool(turn.said) and is_answer and is_followed(pending.request, settings=turn.config.settings)


def _say_fixed(turn: Turn, text: str, kind: str, at: datetime) -> None:
    """Say a text of the settings where nobody can be called; no responder is asked."""
    apply_reply(turn=turn, spoken=Spoken(text, details={"kind": kind}), request=None, at=at)


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


def _lock_lease(conversation_id: uuid.UUID) -> TurnLease:
    return TurnLease.objects.select_for_update(no_key=True).get(conversation_id=conversation_id)
