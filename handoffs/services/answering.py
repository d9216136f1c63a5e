"""What the AI says in a turn, and the handoff that follows it: written together, or not at all."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from conversations.append import AppendRefused, append_event
from conversations.domain.timeline import NewEvent
from conversations.models import Conversation, Event
from conversations.services.ownership import lock_conversation
from conversations.services.state import change_state
from handoffs.domain.config import ProjectConfig
from handoffs.domain.intake import INFERRED, Move, Outcome, Progress
from handoffs.domain.triggers.signal import Signal, Trigger
from handoffs.domain.turns import (
    AI_UNAVAILABLE,
    NOTHING_HEARD,
    HandoffRequest,
    Heard,
    evidence_of,
    is_followed,
    is_quiet,
)
from handoffs.models import TurnLease
from handoffs.selectors.dialogues import Role
from handoffs.services.handoffs import start_handoff
from handoffs.services.intake import (
    Pending,
    Step,
    Talk,
    declined_in,
    end_intake,
    give_up_trying,
    is_left_to_ai,
    keep_intake,
    meet,
    traced,
)
from handoffs.services.releases import read_current_config

NOT_UNDERSTOOD = "not_understood"  # the rule of an unproductive conversation whose turns had no answer


@dataclass(frozen=True, slots=True)
class Turn:
    """What is to be answered, and under which epoch.

    messages: (role, text) of the conversation's end, oldest first, role one of customer, ai, human; said: the
    customer's texts of this turn, heard: what triggers were looked for in, signals: what was found; state: the data
    collected so far; streams: whether the customer's client takes an answer bit by bit; snapshot: the fingerprint of
    the configuration; is_embedded: topics were compared by the sentence model.

    pending: the wish to hand over that is being asked about; step: what the turn does about it; inferred: a wish that
    nobody expressed, which comes after the answer; preface: what the AI says before its answer.
    """

    conversation_id: uuid.UUID
    project_id: uuid.UUID
    environment: str
    channel: str
    epoch: int
    up_to: int
    said: tuple[str, ...]
    messages: tuple[tuple[Role, str], ...]
    state: Mapping[str, Any]
    streams: bool
    config: ProjectConfig
    heard: Heard = NOTHING_HEARD
    signals: tuple[Signal, ...] = ()
    by_client: bool = False
    snapshot: str = ""
    is_embedded: bool = False
    pending: Pending | None = None
    step: Step | None = None
    inferred: HandoffRequest | None = None

    @property
    def preface(self) -> str:
        return self.step.move.text if self.step else ""

    @property
    def declined(self) -> frozenset[Trigger]:
        """What the customer says no to in this very turn."""
        return declined_in(self.step)

    @property
    def talk(self) -> Talk:
        """What the questions before a transfer depend on."""
        written = tuple(text for role, text in self.messages if role == "customer")
        return Talk(self.config, self.channel, self.by_client, self.state, self.said, written)


@dataclass(frozen=True, slots=True)
class Spoken:
    """What the AI says. id: the one its chunks were told under; details: topic, confidence and the like, for staff;
    state: changes of the collected data; is_said_before: it stays said when a handoff follows; is_told: the customer
    has read it already, bit by bit."""

    text: str
    id: uuid.UUID | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    state: Mapping[str, Any] = field(default_factory=dict)
    is_said_before: bool = True
    is_told: bool = False

    @property
    def is_of_use(self) -> bool:
        """Whether it answers anything, or can no longer be kept back."""
        return bool(self.text) and (self.is_told or self.details.get("understood") is not False)


SILENCE = Spoken("")


def apply_reply(*, turn: Turn, spoken: Spoken, request: HandoffRequest | None, at: datetime) -> bool:
    """Say the AI's answer, and begin the handoff that is asked for, or to ask what comes before it, where the
    settings let it; False when the conversation changed hands meanwhile, or somebody else has answered this turn: then
    nothing is said."""
    if request is not None and not _is_wanted(request, turn):
        request, spoken = None, spoken if spoken.text else replace(spoken, text=turn.config.settings.cannot_answer_text)
    try:
        with transaction.atomic():
            conversation = lock_conversation(turn.conversation_id, epoch=turn.epoch)
            if _is_answered(turn):
                return False
            talk = replace(turn.talk, state={**conversation.state, **spoken.state})
            _apply(conversation, turn, spoken, _step_of_reply(turn, spoken, request, talk, at), at)
            cover(turn)
    except AppendRefused:
        cover(turn)
        return False
    return True


def transfer_at_once(*, turn: Turn, request: HandoffRequest, at: datetime) -> bool:
    """Hand over without a question or another word than the utterance; what was being asked is over."""
    # Nobody is there: what must not be discussed is told so all the same.
    is_closed = request.trigger is Trigger.FORBIDDEN_TOPIC and is_left_to_ai(request, talk=turn.talk, at=at)
    spoken = Spoken(request.utterance, details={"kind": "forbidden"}) if is_closed else SILENCE
    step = Step(Move(Outcome.TRANSFERS, Progress()), noticed(turn, request))
    return apply_reply(turn=replace(turn, step=step), spoken=spoken, request=None, at=at)


def noticed(turn: Turn, request: HandoffRequest) -> HandoffRequest:
    """The request with everything this turn was decided from, as its trace needs it."""
    heard = turn.heard
    return replace(
        request,
        evidence={**evidence_of(turn.signals, heard), **request.evidence},
        heard=heard.sequences,
        history=heard.history,
        declined=dict(heard.declined),
        verdicts=heard.verdicts,
        signals=turn.signals,
        snapshot=turn.snapshot,
        embedded=turn.is_embedded,
    )


def cover(turn: Turn) -> None:
    """Count the turn's messages as answered. Only ever forward: a hand-back meanwhile has covered what was said to
    the human, too."""
    leases = TurnLease.objects.filter(conversation_id=turn.conversation_id, covered_sequence__lt=turn.up_to)
    leases.update(covered_sequence=turn.up_to)


def _is_answered(turn: Turn) -> bool:
    """Whether another worker was first: an entry whose worker was taken for dead runs twice."""
    return TurnLease.objects.filter(
        conversation_id=turn.conversation_id, covered_sequence__gte=turn.up_to
    ).exists()  # fmt: skip


def _is_wanted(request: HandoffRequest, turn: Turn) -> bool:
    """Whether the settings follow it, and the customer has not just said no to it."""
    if not is_followed(request, settings=turn.config.settings):
        return False
    latest = max(0, len(turn.heard.sequences) - 1)
    declined = {name: since + latest for name, since in turn.heard.declined.items()}
    is_kept_quiet = is_quiet(request.trigger, declined=declined | dict.fromkeys(turn.declined, 0))
    return request.reason == AI_UNAVAILABLE or not is_kept_quiet


def _step_of_reply(turn: Turn, spoken: Spoken, request: HandoffRequest | None, talk: Talk, at: datetime) -> Step | None:
    """What an answer means for the wish to hand over: the AI's own first, then a try that came to nothing, then what
    was inferred."""
    tries = turn.pending.progress.tries if turn.pending else 0
    if request is not None:
        return meet(noticed(turn, request), talk=talk, tries=tries, at=at)
    if turn.step is not None and turn.step.move.outcome is Outcome.TRIES and not spoken.is_of_use:
        return give_up_trying(turn.step, talk=talk, at=at)
    if turn.inferred is not None and not _is_helped(turn.inferred, spoken):
        return meet(noticed(turn, turn.inferred), talk=talk, tries=tries, at=at)
    return turn.step


def _is_helped(inferred: HandoffRequest, spoken: Spoken) -> bool:
    """Whether the AI, which had understood nothing so far, has just found an answer."""
    is_answered = bool(spoken.text) and spoken.details.get("understood") is not False
    return is_answered and inferred.evidence["evidence"]["rule"] == NOT_UNDERSTOOD


def _apply(conversation: Conversation, turn: Turn, spoken: Spoken, step: Step | None, at: datetime) -> None:
    changes = {**spoken.state, **(step.move.changes if step else {})}
    if changes:
        change_state(conversation=conversation, changes=changes, author="ai")
    if _is_said(spoken, step):
        _say(turn, spoken)
    if step is None:
        return
    if step.move.outcome in (Outcome.ASKS, Outcome.STAYS) and step.move.text:
        _say(turn, Spoken(step.move.text, details=_details(step)), "asks")
    if step.move.outcome is Outcome.TRANSFERS:
        step = _transfer(conversation, step, at)
    declined = turn.declined | declined_in(step)
    keep_intake(conversation=conversation, step=step, declined=declined, up_to=turn.up_to)


def _is_said(spoken: Spoken, step: Step | None) -> bool:
    """Before a transfer and a question only what answers something, and no utterance that is kept for later."""
    outcome = step.move.outcome if step else Outcome.ANSWERS
    if outcome is Outcome.ASKS:
        return spoken.is_of_use and (spoken.is_said_before or bool(spoken.details.get("topic")))
    if outcome is Outcome.TRANSFERS:
        return spoken.is_of_use and spoken.is_said_before
    return outcome is not Outcome.STAYS


def _transfer(conversation: Conversation, step: Step, at: datetime) -> Step:
    current = read_current_config(project=conversation.project, environment=conversation.environment)
    end_intake(conversation=conversation)
    started = start_handoff(conversation=conversation, request=traced(step), current=current, at=at)
    # Told that nobody is there, nobody wants to hear it after each of the next messages.
    is_idle = started is None and step.request.trigger in INFERRED
    return Step(replace(step.move, progress=Progress(), declined=is_idle), step.request)


def _say(turn: Turn, spoken: Spoken, part: str = "") -> None:
    count = {"not_understood": _count_not_understood(turn)} if spoken.details.get("understood") is False else {}
    payload = {"text": spoken.text, "agent_name": turn.config.ai_name, **spoken.details, **count}
    # A turn that is run a second time says the same thing once.
    client_id = f"turn:{turn.up_to}:{part}" if part else f"turn:{turn.up_to}"
    event = NewEvent("ai.message", "ai", payload, client_id=client_id, epoch=turn.epoch, id=spoken.id)
    append_event(conversation_id=turn.conversation_id, event=event)


def _details(step: Step) -> dict[str, Any]:
    """What a question is asked for: for staff, none of the customer's words."""
    progress, request = step.move.progress, step.request
    figures: dict[str, Any] = {
        name: request.evidence[name] for name in ("score", "threshold") if name in request.evidence
    }
    stage = {"stage": progress.stage.value, "field": progress.field} if progress.stage else {}
    return {"kind": "question" if stage else "declined", "trigger": request.trigger.value, **stage, **figures}


def _count_not_understood(turn: Turn) -> int:
    """How many answers of this conversation, this one included, were none."""
    answers = Event.objects.filter(conversation_id=turn.conversation_id, type="ai.message", payload__understood=False)
    return answers.count() + 1
