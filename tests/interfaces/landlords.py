"""Two projects that know nothing of each other, each with real data: what one's keys are asked with, and what of the
other's must never be read."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.db import transaction
from django.utils import timezone

from conversations.append import append_event
from conversations.domain.permissions import ApiScope
from conversations.domain.timeline import NewEvent
from conversations.domain.vocabulary import Environment, Role
from conversations.models import Account, Connector, Conversation, Membership, Project, User
from conversations.services.access_tokens import issue_access_token
from conversations.services.api_keys import create_personal_token, create_project_key
from conversations.services.chats import open_chat
from conversations.services.ownership import lock_conversation
from conversations.services.sessions import open_session
from handoffs.domain.triggers.signal import Trigger
from handoffs.domain.turns import HandoffRequest
from handoffs.models import Agent, Assignment, Desk, Destination, Handoff, HandoffSettings, Offer, Queue, Reason
from handoffs.services.claims import claim_conversation
from handoffs.services.handoffs import start_handoff
from handoffs.services.releases import publish_release, read_current_config
from handoffs.services.snooze import snooze_conversation
from tests.interfaces.copies import Talk, copy_conversation

Filled = Mapping[str, Any]
STOCK = 50  # conversations of a kind that are made at once
CARRIES_ALL = 32_767


@dataclass
class Landlord:
    """One project, a supervisor of it, and their proofs. mark: stands in everything of theirs that can be read."""

    mark: str
    project: Project
    person: User
    key: str
    token: str
    connector: Connector
    conversations: list[str] = field(default_factory=list)
    handoffs: list[str] = field(default_factory=list)
    filled: dict[str, dict[str, Filled]] = field(default_factory=dict)
    originals: dict[str, Conversation] = field(default_factory=dict)
    stock: dict[str, list[Talk]] = field(default_factory=dict)

    def opened(self) -> Conversation:
        shared_id = f"{self.mark}-{secrets.token_hex(4)}"
        conversation = open_session(connector=self.connector, options={}, shared_id=shared_id)
        said = NewEvent("customer.message", "customer", {"text": f"I am {self.mark}"})
        append_event(conversation_id=conversation.pk, event=said)
        self.conversations.append(str(conversation.pk))
        return conversation

    def waiting(self, destination: str = "") -> Conversation:
        conversation = self.opened()
        request = HandoffRequest(
            Trigger.API, "needs_human", f"One moment, {self.mark}", destination, data={"mark": self.mark}
        )
        with transaction.atomic():
            locked = lock_conversation(conversation.pk)
            current = read_current_config(project=self.project, environment="live")
            start_handoff(conversation=locked, request=request, current=current, at=timezone.now())
        conversation.refresh_from_db()
        self.handoffs.append(str(conversation.handoff_id))
        return conversation

    def claimed(self) -> Conversation:
        return claim_conversation(conversation_id=self.waiting().pk, agent=self.person, at=timezone.now())

    def snoozed(self) -> Conversation:
        conversation, now = self.claimed(), timezone.now()
        return snooze_conversation(
            conversation_id=conversation.pk, agent=self.person, epoch=conversation.epoch,
            until=now + timedelta(hours=1), at=now,
        )  # fmt: skip

    def wrapping_up(self) -> Conversation:
        conversation = self.claimed()
        ends_at = timezone.now() + timedelta(hours=1)
        Assignment.objects.filter(conversation=conversation).update(state="wrap_up", wraps_up_until=ends_at)
        return conversation

    def for_the_client(self) -> Conversation:
        conversation = self.waiting()
        Handoff.objects.filter(pk=conversation.handoff_id).update(state="client_required", desk_key="client")
        return conversation

    def take(self, make: Callable[["Landlord"], Conversation]) -> Talk:
        """A conversation of a kind that nobody has touched: one of the copies of what `make` made."""
        kind = make.__name__
        if not self.stock.get(kind):
            original = self.originals.setdefault(kind, self.originals.get(kind) or make(self))
            self.stock[kind] = copy_conversation(original, number=STOCK)
        return self.stock[kind].pop()

    @cached_property
    def access_token(self) -> str:
        return issue_access_token(token=self.connector.token, host="127.0.0.1", at=timezone.now())

    def fill(self, operation: str) -> dict[str, Filled]:
        """What the operation needs, made anew once it was used up."""
        if operation not in self.filled:
            self.filled[operation] = FILL[operation](self) if operation in FILL else {}
        return self.filled[operation]

    def say(self, operation: str) -> Filled:
        """What no answer tells, and only one who knows the project can say."""
        return SAID[operation](self) if operation in SAID else {}

    def note_answer(self, operation: str, status: int) -> None:
        """Keep what the operation was given where the call has not changed it."""
        is_kept = status in (400, 415, 422) or (status < 300 and operation in UNCHANGING)
        if not is_kept:
            self.filled.pop(operation, None)


def settle(name: str) -> Landlord:
    mark = f"{name}{secrets.token_hex(6)}"
    account = Account.objects.create(name=mark)
    project = Project.objects.create(account=account, name=mark, ai_name=f"AI {mark}", greeting=f"Hello from {mark}")
    Desk.objects.create(project=project, environment="live", key="inbox", name="Inbox", kind="inbox")
    done = [{"code": "done", "label": mark}]
    Queue.objects.create(project=project, key="billing", name=f"Billing {mark}", dispositions=done)
    Destination.objects.create(project=project, key="billing", name=mark, queue_key="billing", is_default=True)
    Destination.objects.create(project=project, key="app", name=f"App {mark}", desk_key="client")
    HandoffSettings.objects.create(project=project)
    Reason.objects.create(project=project, code="needs_human", label=mark)
    person = User.objects.create_user(f"{mark}@example.com", "correct horse battery", full_name=f"Person {mark}")
    Membership.objects.create(user=person, project=project, role=Role.OWNER)
    Agent.objects.create(user=person, project=project, capacity=CARRIES_ALL)
    publish_release(project=project, publisher=person, at=timezone.now())
    key = create_project_key(project=project, environment=Environment.LIVE, name="All", scopes=list(ApiScope))[1]
    connector = Connector.objects.create(project=project, environment="live", name=mark, hosts=["127.0.0.1"])
    landlord = Landlord(
        mark, project, person, key, create_personal_token(user=person, name="Script")[1], connector
    )  # fmt: skip
    landlord.opened()
    landlord.waiting()
    return landlord


LEFT_OUT = object()  # a field of the body that must not be there


def by_conversation(make: Callable[[Landlord], Conversation], **body: Any) -> Callable[[Landlord], dict[str, Filled]]:
    """The path of a conversation for this one call, and the epoch that holds in it."""

    def fill(landlord: Landlord) -> dict[str, Filled]:
        talk = landlord.take(make)
        return {
            "path": {"conversation_id": talk.id, "session_id": talk.id, "handoff_id": talk.handoff_id},
            "body": {"epoch": talk.epoch, **body},
        }

    return fill


def _handoff(landlord: Landlord) -> dict[str, Filled]:
    return {"path": {"handoff_id": landlord.handoffs[-1]}, "query": {"id": landlord.handoffs[-1], "shared_id": ""}}


def _chat(landlord: Landlord) -> dict[str, Filled]:
    """Not copied: the AI has been asked to join in each."""
    chat = open_chat(connector=landlord.connector, options={}, shared_id="")
    return {"body": {"conversation_id": str(chat.pk)}}


def _outcome(landlord: Landlord) -> dict[str, Filled]:
    at = (timezone.now() - timedelta(seconds=5)).isoformat()
    return {
        "path": {"shared_id": landlord.take(Landlord.waiting).shared_id},
        "body": {"handoff_id": None, "occurred_at": at},
    }


def _reassigned(landlord: Landlord) -> dict[str, Filled]:
    return by_conversation(Landlord.waiting, agent=str(landlord.person.pk))(landlord)


def _snoozed(landlord: Landlord) -> dict[str, Filled]:
    return by_conversation(Landlord.claimed, until=(timezone.now() + timedelta(hours=1)).isoformat())(landlord)


def _offered(landlord: Landlord) -> dict[str, Filled]:
    talk, now = landlord.take(Landlord.waiting), timezone.now()
    mine = {"project": landlord.project, "agent": landlord.person}
    Offer.objects.filter(**mine, state="open").update(state="withdrawn", ended_at=now)
    offer = Offer.objects.create(
        **mine, conversation_id=talk.id, handoff_id=talk.handoff_id, channel="web_chat",
        offered_at=now, expires_at=now + timedelta(hours=1),
    )  # fmt: skip
    return {"path": {"offer_id": str(offer.pk)}}


def _offered_and_wrapping_up(landlord: Landlord) -> dict[str, Filled]:
    landlord.take(Landlord.wrapping_up)
    return {"query": _offered(landlord).get("query", {})}


def _started(landlord: Landlord) -> Filled:
    """In the inbox, or in the customer's own app; there is something to ask for it by."""
    destination = secrets.choice(["billing", "app"])
    shared_id = f"{landlord.mark}-{secrets.token_hex(4)}"
    wanted = {"destination": destination, "shared_id": shared_id, "channel": "webchat"}
    return {**wanted, "soft": False, "messages": LEFT_OUT, "route": LEFT_OUT, "sip_headers": LEFT_OUT}


def _in_an_hour(landlord: Landlord) -> Filled:
    return {"until": (timezone.now() + timedelta(hours=1)).isoformat()}


def _told(landlord: Landlord) -> Filled:
    at = (timezone.now() - timedelta(seconds=5)).isoformat()
    return {"handoff_id": None, "occurred_at": at, "source": f"crm-{secrets.token_hex(4)}"}


SAID: Mapping[str, Callable[[Landlord], Filled]] = {
    "desk_close": lambda landlord: {"code": "done"},
    "desk_message": lambda landlord: {"attachments": [], "client_id": secrets.token_hex(8)},
    "desk_reassign": lambda landlord: {"agent": str(landlord.person.pk)},
    "desk_snooze": _in_an_hour,
    "desk_transfer": lambda landlord: {"destination": "billing", "agent": LEFT_OUT},
    "handoff_start": _started,
    "handoff_client_result": lambda landlord: {"epoch": LEFT_OUT},
    "outcome_put": _told,
}
# What a call needs of real data to do something, by operation; the rest of it is generated.
# These leave it as it was, so that the next call may have it too.
UNCHANGING = frozenset({
    "conversations_get_v3", "conversations_get_v4", "desk_barge", "desk_conversation", "desk_events", "desk_message",
    "desk_note", "desk_typing", "desk_watch", "desk_whisper", "handoff_get", "handoff_state_get", "handoff_state_set",
})  # fmt: skip
FILL: Mapping[str, Callable[[Landlord], dict[str, Filled]]] = {
    "desk_agent": _offered_and_wrapping_up,
    "desk_claim_next": by_conversation(Landlord.waiting),
    "desk_claim": by_conversation(Landlord.waiting),
    "desk_conversation": by_conversation(Landlord.claimed),
    "desk_events": by_conversation(Landlord.claimed),
    "desk_message": by_conversation(Landlord.claimed, attachments=[]),
    "desk_note": by_conversation(Landlord.claimed),
    "desk_typing": by_conversation(Landlord.claimed),
    "desk_return": by_conversation(Landlord.claimed),
    "desk_close": by_conversation(Landlord.claimed, code="done"),
    "desk_takeover": by_conversation(Landlord.opened),
    "desk_watch": by_conversation(Landlord.claimed),
    "desk_whisper": by_conversation(Landlord.claimed),
    "desk_barge": by_conversation(Landlord.claimed),
    "handoff_cancel": by_conversation(Landlord.waiting),
    "handoff_get": _handoff,
    "handoff_state_get": _handoff,
    "handoff_state_set": _handoff,
    "handoff_client_result": by_conversation(Landlord.for_the_client),
    "session_client_result": by_conversation(Landlord.for_the_client),
    "outcome_put": _outcome,
    "chat_close": _chat,
    "chat_respond": _chat,
    "conversations_get_v3": by_conversation(Landlord.opened),
    "conversations_get_v4": by_conversation(Landlord.opened),
    "desk_transfer": by_conversation(Landlord.claimed, destination="billing", agent=LEFT_OUT),
    "desk_reassign": _reassigned,
    "desk_snooze": _snoozed,
    "desk_wake": by_conversation(Landlord.snoozed),
    "desk_offer_accept": _offered,
    "desk_offer_decline": _offered,
    "desk_wrap_up_done": by_conversation(Landlord.wrapping_up),
}
