"""What was said in a conversation, as the triggers look at it."""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any, Literal

from conversations.models import Conversation, Event
from handoffs.domain.triggers.dialogue import LOOKED_BACK, Said, Speaker
from handoffs.domain.turns import QUIET_MESSAGES, Heard
from handoffs.models import Intake

SPEAKERS: Mapping[str, Speaker] = {"customer.message": "customer", "ai.message": "ai", "human.message": "human"}
DIALOGUE_MESSAGES, DIALOGUE_CHARACTERS = 200, 100_000  # of the end of the conversation, for a responder
Role = Literal["customer", "ai", "human"]


def read_dialogue(conversation_id: uuid.UUID) -> tuple[tuple[Role, str], ...]:
    """The end of what was said, oldest first: as much of it as a responder is given. What touched a forbidden topic
    is never shown to one."""
    events = Event.objects.filter(conversation_id=conversation_id, type__in=SPEAKERS).order_by("-sequence")
    newest = events.values_list("type", "payload")[:DIALOGUE_MESSAGES]
    spoken = [(SPEAKERS[kind], str(payload.get("text", ""))) for kind, payload in _allowed(newest)]
    lengths = accumulate(len(text) for _, text in spoken)
    kept = [item for item, length in zip(spoken, lengths, strict=True) if length <= DIALOGUE_CHARACTERS]
    return tuple(reversed(kept or spoken[:1]))


def _allowed(newest: Iterable[tuple[str, Mapping[str, Any]]]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The messages, the newest first, without those of the customer's that a forbidden topic's text has answered."""
    is_forbidden = False
    for kind, payload in newest:
        if kind != "customer.message":
            is_forbidden = payload.get("kind") == "forbidden"
        if kind != "customer.message" or not is_forbidden:
            yield kind, payload


def read_heard(conversation: Conversation, *, sequences: Sequence[int]) -> Heard:
    """What a turn with these messages of the customer's is decided from. Of what was said before, only the present
    episode with the AI: what a human was called for once calls nobody a second time."""
    if not sequences:
        return Heard((), ())
    said = Event.objects.filter(
        conversation_id=conversation.pk, epoch=conversation.epoch, type__in=SPEAKERS, sequence__lte=sequences[-1]
    )
    before = said.filter(sequence__lt=sequences[0]).order_by("-sequence")[:LOOKED_BACK]
    since = said.filter(sequence__gte=sequences[0]).order_by("sequence")
    dialogue = tuple(say(event) for event in (*reversed(before), *since))
    kept = {item.sequence for item in dialogue}
    return Heard(
        sequences=tuple(sequence for sequence in sequences if sequence in kept),
        dialogue=dialogue,
        declined=_read_declined(conversation.pk, before=sequences[0]),
    )


def say(event: Event) -> Said:
    """A message of the timeline; one that was erased has no words."""
    text, understood = str(event.payload.get("text") or ""), event.payload.get("understood") is not False
    return Said(SPEAKERS[event.type], text, event.sequence, understood)


def read_said(conversation_id: uuid.UUID, *, sequences: Iterable[int]) -> tuple[Said, ...] | None:
    """The messages under these sequences, oldest first; None when one of them has been erased."""
    wanted = set(sequences)
    events = list(
        Event.objects.filter(
            conversation_id=conversation_id, sequence__in=wanted, type__in=SPEAKERS
        ).order_by("sequence")
    )  # fmt: skip
    is_whole = len(events) == len(wanted) and all(isinstance(event.payload.get("text"), str) for event in events)
    return tuple(say(event) for event in events) if is_whole else None


def _read_declined(conversation_id: uuid.UUID, *, before: int) -> dict[str, int]:
    """By trigger, how many messages the customer has written since their no; what is long past is left out."""
    noes = Intake.objects.filter(pk=conversation_id).values_list("declined", flat=True).first() or {}
    if not noes:
        return {}
    written = Event.objects.filter(
        conversation_id=conversation_id, type="customer.message", sequence__gt=min(noes.values()), sequence__lt=before
    ).values_list("sequence", flat=True)
    since = {trigger: sum(sequence > no for sequence in written) for trigger, no in noes.items()}
    return {trigger: count for trigger, count in since.items() if count < QUIET_MESSAGES}
