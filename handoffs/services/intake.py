"""What is asked before a transfer, kept with the conversation and written together with what the AI says of it."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

import cattrs

from conversations.models import Conversation
from handoffs.domain.collection import fields_to_collect
from handoffs.domain.config import ProjectConfig
from handoffs.domain.intake import (
    REQUESTED,
    Move,
    Plan,
    Progress,
    begin,
    hear,
    stages_before,
    try_failed,
)
from handoffs.domain.problem import states_problem
from handoffs.domain.routing import Arrival, find_route
from handoffs.domain.triggers.signal import Trigger
from handoffs.domain.turns import AI_UNAVAILABLE, HandoffRequest
from handoffs.models import Intake


@dataclass(frozen=True, slots=True)
class Talk:
    """What of a conversation the questions depend on. state: the data collected so far; said: the customer's messages
    of this turn, written: those of the whole conversation, oldest first; by_client: their own app takes them over."""

    config: ProjectConfig
    channel: str
    by_client: bool
    state: Mapping[str, Any]
    said: tuple[str, ...]
    written: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """What a turn does about a wish to hand over."""

    move: Move
    request: HandoffRequest


@dataclass(frozen=True, slots=True)
class Pending:
    """A wish to hand over that is being asked about."""

    request: HandoffRequest
    progress: Progress


def read_pending(conversation: Conversation) -> Pending | None:
    """What is being asked, None for nothing: whoever had the conversation meanwhile has ended it."""
    kept = Intake.objects.filter(pk=conversation.pk, epoch=conversation.epoch).exclude(stage="").first()
    if kept is None:
        return None
    progress = cattrs.structure({**kept.progress, "stage": kept.stage}, Progress)
    return Pending(cattrs.structure(kept.request, HandoffRequest), progress)


def meet(request: HandoffRequest, *, talk: Talk, tries: int = 0, at: datetime) -> Step:
    """Ask what has to be asked before this transfer; tries: how often the AI has tried already."""
    plan = _plan(request, talk, at)
    return Step(begin(plan, Progress(tries=tries), said=talk.written), request)


def hear_answer(pending: Pending, *, talk: Talk, fired: Collection[Trigger], at: datetime) -> Step:
    """Go on from what the customer answered; fired: the triggers in it."""
    plan = _plan(pending.request, talk, at)
    return Step(hear(plan, pending.progress, said=talk.said, fired=fired), pending.request)


def give_up_trying(step: Step, *, talk: Talk, at: datetime) -> Step:
    """Go on from a try for which the AI had no answer."""
    move = try_failed(_plan(step.request, talk, at), step.move.progress)
    return replace(step, move=replace(move, changes={**step.move.changes, **move.changes}))


def is_left_to_ai(request: HandoffRequest, *, talk: Talk, at: datetime) -> bool:
    """Whether nobody would be asked now: the hours are closed, and the AI says when people are back."""
    route = find_route(
        talk.config,
        asked_for=request.destination,
        reason=request.reason,
        at=at,
        by_client=talk.by_client,
        channel=talk.channel,
    )
    return route.arrival is Arrival.AI


def declined_in(step: Step | None) -> frozenset[Trigger]:
    """What the customer says no to with this step."""
    return frozenset({step.request.trigger}) if step and step.move.declined else frozenset()


def keep_intake(*, conversation: Conversation, step: Step, declined: Collection[Trigger], up_to: int) -> None:
    """Write, under a locked conversation, what is being asked from here on. up_to: the customer's message this
    follows; declined: what they said no to with it, which is remembered."""
    move = step.move
    is_open = move.progress.stage is not None
    kept = {
        "stage": move.progress.stage.value if move.progress.stage else "",
        "epoch": conversation.epoch,
        "request": cattrs.unstructure(step.request) if is_open else {},
        "progress": _plain(move.progress) if is_open else {},
    }
    known = Intake.objects.filter(pk=conversation.pk).first()
    if known is None and not is_open and not declined:
        return
    noes = {**(known.declined if known else {}), **{trigger.value: up_to for trigger in declined}}
    Intake.objects.update_or_create(conversation=conversation, defaults={**kept, "declined": noes})


def end_intake(*, conversation: Conversation) -> None:
    """Ask no more: something went ahead of it."""
    Intake.objects.filter(pk=conversation.pk).exclude(stage="").update(stage="", request={}, progress={})


def traced(step: Step) -> HandoffRequest:
    """The request of a transfer, with how its questions went: keys and numbers, none of the answers."""
    progress = step.move.progress
    return step.request if progress == Progress() else replace(step.request, intake=_plain(progress))


def _plan(request: HandoffRequest, talk: Talk, at: datetime) -> Plan:
    settings = talk.config.settings
    goes_at_once = request.soft or request.reason == AI_UNAVAILABLE or is_left_to_ai(request, talk=talk, at=at)
    return Plan(
        stages=() if goes_at_once else stages_before(request.trigger, settings=settings),
        settings=settings,
        fields=fields_to_collect(talk.config, asked_for=request.destination, reason=request.reason),
        state={**talk.state, **request.data},
        problem=_told_problem(request, talk),
    )


def _told_problem(request: HandoffRequest, talk: Talk) -> str:
    """What the customer has said it is about: of a request what is in it beside the asking, of an outburst nothing."""
    if request.trigger in REQUESTED:
        return states_problem(talk.said)
    told = "" if request.trigger is Trigger.FRUSTRATION else request.evidence.get("text", "")
    return str(request.evidence.get("summary") or told)


def _plain(progress: Progress) -> dict[str, Any]:
    """As JSON; the stage has a column of its own."""
    facts = {**asdict(progress), "passed": [stage.value for stage in progress.passed]}
    del facts["stage"]
    return {name: list(value) if isinstance(value, tuple) else value for name, value in facts.items()}
