"""Handoffs started from outside: an AI agent that lives elsewhere, or another system, hands a customer over."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from conversations.access import NotFound
from conversations.append import append_event
from conversations.domain.timeline import NewEvent
from conversations.domain.vocabulary import Channel, OwnerKind
from conversations.models import Conversation, Customer, CustomerIdentity, Project
from conversations.services.ownership import change_projection, lock_conversation
from conversations.services.sessions import CAPABILITIES
from handoffs.domain.bringing import BROUGHT
from handoffs.domain.config import CLIENT, ProjectConfig
from handoffs.domain.handoff_facts import custom_entry
from handoffs.domain.lifecycle import OPEN
from handoffs.domain.routing import choose_destination
from handoffs.domain.triggers.signal import Trigger
from handoffs.domain.turns import HandoffRequest
from handoffs.models import Handoff
from handoffs.services.handoffs import start_handoff
from handoffs.services.releases import CurrentConfig, read_current_config

# Who says what in a transcript that comes along.
SAID_BY = {"customer": ("customer.message", "customer"), "ai": ("ai.message", "ai")}


LONGEST_HISTORY = 200


class UnknownDestination(Exception):
    """There is no destination with this key; `known` names those there are."""

    def __init__(self, key: str, known: Sequence[str]) -> None:
        super().__init__(f"There is no destination {key}; there are: {', '.join(known) or 'none'}")
        self.known = known


class TooManyStates(Exception):
    """The history of a handoff is read with it: it takes so many lines and no more."""

    def __init__(self) -> None:
        super().__init__(f"This handoff's history has {LONGEST_HISTORY} lines, and takes no further state")


class AlreadyHandedOff(Exception):
    """Somebody waits for a human in this conversation, or has one."""

    def __init__(self, handoff: Handoff) -> None:
        super().__init__(f"This conversation is being handed off already: handoff {handoff.pk} is {handoff.state}")


class NoVoiceRoute(Exception):
    """The destination takes no calls."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} has no voice route; choose another destination, or another channel")


class SessionOver(Exception):
    """The conversation has ended."""

    def __init__(self) -> None:
        super().__init__("This conversation has ended; open a new one by leaving out conversation_id")


class TranscriptGiven(Exception):
    """The conversation has a timeline of its own: a second one cannot be added to it."""

    def __init__(self) -> None:
        super().__init__("messages: only for a new conversation; this one has a transcript already")


@dataclass(frozen=True, slots=True)
class OutsideRequest:
    """What another system asks for. conversation_id wins over shared_id; with neither, or for a shared_id nobody has
    yet, a conversation is opened, which `messages` (as `{"author": "customer" | "ai", "text"}`) then begin. caller_id:
    the number a voice customer calls from, by which they are known again."""

    reason: str
    conversation_id: uuid.UUID | None = None
    shared_id: str = ""
    channel: Channel = Channel.WEB_CHAT
    destination: str = ""
    utterance: str = ""
    summary: str = ""
    soft: bool = False
    caller_id: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    messages: Sequence[Mapping[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Started:
    """handoff: None when the hours' policy leaves the customer to the AI; is_new: the conversation was opened."""

    conversation: Conversation
    handoff: Handoff | None
    is_new: bool


def start_from_outside(*, project: Project, environment: str, wanted: OutsideRequest, at: datetime) -> Started:
    """Find or open the conversation and hand it off, in one transaction.

    Raises NotFound, UnknownDestination, NoVoiceRoute, AlreadyHandedOff, SessionOver, TranscriptGiven.
    """
    current = read_current_config(project=project, environment=environment)
    _check_destination(current.config, wanted)
    with transaction.atomic():
        conversation, is_new = _find_or_open(project, environment, wanted, current.config)
        handoff = start_handoff(
            conversation=conversation, request=_request(wanted, current), current=current, at=at
        )  # fmt: skip
    return Started(conversation, handoff, is_new)


def set_custom_state(*, handoff: Handoff, custom_state: str, at: datetime) -> Handoff:
    """Let a state of the project's own stand instead of the published one; an empty one takes it away again.
    Raises TooManyStates."""
    with transaction.atomic():
        lock_conversation(handoff.conversation_id)
        locked = Handoff.objects.select_for_update(no_key=True).get(pk=handoff.pk)
        if locked.custom_state != custom_state:
            if len(locked.history) >= LONGEST_HISTORY:
                raise TooManyStates
            locked.custom_state = custom_state
            locked.history = [*locked.history, custom_entry(locked.state, custom_state, at)]
            locked.save(update_fields=["custom_state", "history"])
    handoff.custom_state, handoff.history, handoff.state = locked.custom_state, locked.history, locked.state
    return handoff


def _check_destination(config: ProjectConfig, wanted: OutsideRequest) -> None:
    if wanted.destination and config.destination(wanted.destination) is None:
        raise UnknownDestination(wanted.destination, [item.key for item in config.destinations])
    chosen = choose_destination(config, asked_for=wanted.destination, reason=wanted.reason)
    if wanted.channel is Channel.PHONE and chosen is not None and chosen.voice is None:
        raise NoVoiceRoute(chosen.name)


def _find_or_open(
    project: Project, environment: str, wanted: OutsideRequest, config: ProjectConfig
) -> tuple[Conversation, bool]:
    """Return the conversation, locked, and whether it is new."""
    found = _find(project, environment, wanted)
    if found is None:
        return _open(project, environment, wanted, config), True
    conversation = lock_conversation(found)
    _check_free(conversation)
    if wanted.messages:
        raise TranscriptGiven
    return conversation, False


def _find(project: Project, environment: str, wanted: OutsideRequest) -> uuid.UUID | None:
    rows = Conversation.objects.filter(project=project, environment=environment)
    if wanted.conversation_id is not None:
        found = rows.filter(pk=wanted.conversation_id).values_list("pk", flat=True).first()
        if found is None:
            raise NotFound("conversation")
        return found
    if not wanted.shared_id:
        return None
    _hold("shared", project, environment, wanted.shared_id)
    going_on = rows.filter(shared_id=wanted.shared_id, ended_at__isnull=True).order_by("-created_at")
    return going_on.values_list("pk", flat=True).first()


def _hold(what: str, project: Project, environment: str, text: str) -> None:
    """To the end of the transaction, so that two calls at once do not open two conversations for one customer, or
    make two customers of one number. Always `shared` before `caller`."""
    with connection.cursor() as cursor:
        name = f"{what}:{project.pk}:{environment}:{text}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def _check_free(conversation: Conversation) -> None:
    if conversation.ended_at is not None:
        raise SessionOver
    going_on = Handoff.objects.filter(conversation=conversation, state__in=OPEN, is_soft=False).first()
    if going_on is not None:
        raise AlreadyHandedOff(going_on)


def _open(project: Project, environment: str, wanted: OutsideRequest, config: ProjectConfig) -> Conversation:
    """Open a conversation that belongs to the AI elsewhere, which counts as a desk: ours must not answer in it."""
    conversation = Conversation.objects.create(
        project=project,
        environment=environment,
        channel=wanted.channel.value,
        shared_id=wanted.shared_id,
        customer=_customer(project, environment, wanted.caller_id),
        options=dict(BROUGHT),
    )
    opened = NewEvent("session.started", "system", {"capabilities": {"streaming": False, **CAPABILITIES}})
    owner = {"owner_kind": OwnerKind.DESK.value, "owner_id": CLIENT}
    change_projection(conversation=conversation, event=opened, changes=owner)
    for message in wanted.messages:
        kind, author = SAID_BY[message["author"]]
        payload = {"text": message["text"], **({"agent_name": config.ai_name} if author == "ai" else {})}
        append_event(conversation_id=conversation.pk, event=NewEvent(kind, author, payload))
    return conversation


def _customer(project: Project, environment: str, caller_id: str) -> Customer:
    """Whoever calls from this number, or somebody new."""
    nameless = {"project": project, "environment": environment}
    if not caller_id:
        return Customer.objects.create(**nameless)
    _hold("caller", project, environment, caller_id)
    number = {**nameless, "channel": Channel.PHONE, "address": caller_id}
    known = CustomerIdentity.objects.filter(**number).select_related("customer").first()
    if known is not None:
        return known.customer
    customer = Customer.objects.create(**nameless)
    CustomerIdentity.objects.create(customer=customer, **number)
    return customer


def _request(wanted: OutsideRequest, current: CurrentConfig) -> HandoffRequest:
    destination = choose_destination(current.config, asked_for=wanted.destination, reason=wanted.reason)
    usual = (destination.utterance if destination else "") or current.config.settings.request_utterance
    return HandoffRequest(
        trigger=Trigger.API,
        reason=wanted.reason,
        utterance=wanted.utterance or usual,
        destination=wanted.destination,
        evidence={"text": wanted.summary} if wanted.summary else {},
        data=dict(wanted.data),
        soft=wanted.soft,
    )
