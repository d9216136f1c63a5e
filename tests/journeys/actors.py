"""Everybody who can do something to a conversation, each deed one call that may be refused."""

import random
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from conversations.append import AppendRefused, append_event
from conversations.domain.timeline import NewEvent
from conversations.domain.vocabulary import EndReason
from conversations.models import Conversation, OutboxEntry
from conversations.services.outcomes import OutcomeFacts
from conversations.services.ownership import lock_conversation
from conversations.services.replies import ReplyRefused, send_reply
from conversations.services.sessions import end_session, open_session
from handoffs.domain.lifecycle import NotAllowed
from handoffs.domain.triggers.signal import Trigger
from handoffs.domain.turns import HandoffRequest
from handoffs.models import Destination, Handoff, Queue
from handoffs.services.capacity import NoCapacity
from handoffs.services.claims import AlreadyClaimed, NotWaiting, claim_conversation, claim_next
from handoffs.services.closing import cancel_waiting, close_conversation, end_open, hand_back
from handoffs.services.deadlines import sweep_deadlines
from handoffs.services.handoffs import start_handoff
from handoffs.services.releases import publish_release, read_current_config
from handoffs.services.signals import FROM_CLIENT, FROM_DESK, apply_signal
from handoffs.services.takeovers import take_over
from handoffs.services.transfers import TargetRefused, transfer_to_agent, transfer_to_destination

REFUSALS = (AppendRefused, ReplyRefused, AlreadyClaimed, NotWaiting, NoCapacity, NotAllowed, TargetRefused)
FACTS = OutcomeFacts(code="no_action", resolved=True)
OUTSIDE = sorted(FROM_DESK | FROM_CLIENT)
DESTINATIONS: Mapping[str, dict[str, Any]] = {
    "billing": {"queue_key": "billing", "after_timeout": "retry", "retry_limit": 1, "fallback_key": "second"},
    "second": {"queue_key": "second", "after_timeout": "message"},
    "back": {"queue_key": "second", "after_timeout": "ai"},
    "over": {"queue_key": "second", "after_timeout": "end"},
    "app": {"queue_key": "billing", "desk_key": "client", "after_timeout": "fallback", "fallback_key": "billing"},
    "elsewhere": {"queue_key": "billing", "desk_key": "salesforce", "after_timeout": "fallback", "fallback_key": "app"},
}


def configure(project, owner) -> None:
    """Destinations of every kind, each with another policy."""
    Queue.objects.create(project=project, key="second", name="Second line")
    for key, columns in DESTINATIONS.items():
        Destination.objects.update_or_create({"name": key, **columns}, project=project, key=key)
    publish_release(project=project, publisher=owner, at=timezone.now())


class Actors:
    """`deeds`: by name, what can be done to a conversation; `done`: how often each succeeded."""

    def __init__(self, project, connector, agents) -> None:
        self.project, self.connector, self.agents = project, connector, agents
        self.done: Counter[str] = Counter()
        self.deeds: Mapping[str, Callable[[uuid.UUID], object]] = {
            "write": self.write,
            "answer": self.answer,
            "hand off": self.hand_off,
            "hand off softly": self.hand_off_softly,
            "claim": self.claim,
            "claim next": self.claim_next,
            "take over": self.take_over,
            "reply": self.reply,
            "close": self.close,
            "hand back": self.hand_back,
            "pass on": self.pass_on,
            "give": self.give,
            "cancel": self.cancel,
            "report": self.report,
            "report lately": self.report_lately,
            "leave": self.leave,
            "drain": self.drain,
            "sweep": self.sweep,
        }

    def open(self) -> uuid.UUID:
        return open_session(connector=self.connector, options={}).id

    def do(self, deed: str, conversation_id: uuid.UUID) -> None:
        """Do it, unless it is refused. Whatever else goes wrong is raised."""
        try:
            happened = self.deeds[deed](conversation_id)
        except REFUSALS:
            self.done["refused"] += 1
        else:
            self.done[deed] += happened is not None and happened is not False and happened != 0

    def write(self, conversation_id: uuid.UUID) -> object:
        return append_event(
            conversation_id=conversation_id, event=NewEvent("customer.message", "customer", {"text": "Hi"})
        )

    def answer(self, conversation_id: uuid.UUID) -> object:
        """The AI's answer, made under the epoch of when it was asked."""
        row = self._read(conversation_id)
        if row.owner_kind != "ai":
            return None
        event = NewEvent("ai.message", "ai", {"text": "Two days", "agent_name": "Fern"}, epoch=row.epoch)
        return append_event(conversation_id=conversation_id, event=event)

    def hand_off(self, conversation_id: uuid.UUID, *, soft: bool = False) -> object:
        request = HandoffRequest(
            Trigger.EXPLICIT_REQUEST, "needs_human", "I'm passing you on.", random.choice(list(DESTINATIONS)), soft=soft
        )
        with transaction.atomic():
            locked = lock_conversation(conversation_id)
            if locked.owner_kind != "ai":
                return None
            current = read_current_config(project=locked.project, environment=locked.environment)
            return start_handoff(conversation=locked, request=request, current=current, at=timezone.now())

    def hand_off_softly(self, conversation_id: uuid.UUID) -> object:
        return self.hand_off(conversation_id, soft=True)

    def claim(self, conversation_id: uuid.UUID) -> object:
        return claim_conversation(conversation_id=conversation_id, agent=self._agent(), at=timezone.now())

    def claim_next(self, conversation_id: uuid.UUID) -> object:
        return claim_next(project=self.project, environment="live", agent=self._agent(), at=timezone.now())

    def take_over(self, conversation_id: uuid.UUID) -> object:
        return take_over(conversation_id=conversation_id, agent=self._agent(), at=timezone.now())

    def reply(self, conversation_id: uuid.UUID) -> object:
        return send_reply(
            author=self._owner(conversation_id), text="Hello", client_id=None, **self._mine(conversation_id)
        )

    def close(self, conversation_id: uuid.UUID) -> object:
        agent = self._owner(conversation_id)
        return close_conversation(agent=agent, facts=FACTS, at=timezone.now(), **self._mine(conversation_id))

    def hand_back(self, conversation_id: uuid.UUID) -> object:
        agent = self._owner(conversation_id)
        return hand_back(agent=agent, note="Back to you", at=timezone.now(), **self._mine(conversation_id))

    def pass_on(self, conversation_id: uuid.UUID) -> object:
        target = random.choice(["billing", "second", "app"])
        mine = self._mine(conversation_id)
        agent = self._owner(conversation_id)
        return transfer_to_destination(agent=agent, destination=target, note="", at=timezone.now(), **mine)

    def give(self, conversation_id: uuid.UUID) -> object:
        mine = self._mine(conversation_id)
        agent = self._owner(conversation_id)
        return transfer_to_agent(agent=agent, to=self._agent().pk, note="", at=timezone.now(), **mine)

    def cancel(self, conversation_id: uuid.UUID) -> object:
        return cancel_waiting(conversation_id=conversation_id, at=timezone.now())

    def report(self, conversation_id: uuid.UUID) -> object:
        """A desk or the customer's app, in the epoch it was told."""
        row = self._read(conversation_id)
        if row.handoff_id is None:
            return None
        signal = random.choice(OUTSIDE)
        return apply_signal(handoff_id=row.handoff_id, epoch=row.epoch, signal=signal, at=timezone.now())

    def report_lately(self, conversation_id: uuid.UUID) -> object:
        """A desk that may have been left behind, and knows of the handoff only."""
        handoff = Handoff.objects.filter(conversation_id=conversation_id).order_by("?").first()
        if handoff is None:
            return None
        signal = random.choice(OUTSIDE)
        return apply_signal(handoff_id=handoff.pk, epoch=None, signal=signal, at=timezone.now())

    def leave(self, conversation_id: uuid.UUID) -> object:
        reason = random.choice([EndReason.USER_END, EndReason.USER_ABANDONED])
        return end_session(conversation_id=conversation_id, reason=reason, at=timezone.now())

    def drain(self, conversation_id: uuid.UUID) -> object:
        """What the end of a session has set off."""
        entries = OutboxEntry.objects.filter(topic="conversation.ended", conversation_id=conversation_id)
        for entry in entries:
            end_open(entry=entry, at=timezone.now())
        return len(entries)

    def sweep(self, conversation_id: uuid.UUID) -> object:
        return sweep_deadlines(at=timezone.now() + timedelta(seconds=301))

    def _agent(self):
        return random.choice(self.agents)

    def _read(self, conversation_id: uuid.UUID) -> Conversation:
        return Conversation.objects.get(pk=conversation_id)

    def _owner(self, conversation_id: uuid.UUID):
        """The agent who has it, or any: then the deed is refused."""
        owner_id = self._read(conversation_id).owner_id
        return next((agent for agent in self.agents if str(agent.pk) == owner_id), self.agents[0])

    def _mine(self, conversation_id: uuid.UUID) -> dict[str, Any]:
        return {"conversation_id": conversation_id, "epoch": self._read(conversation_id).epoch}
