"""What happened in the demo before today: a few conversations, led to their end by the services themselves.

The AI's answers and the handoffs are decided as always; only what people said is written down, in `story.json`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from conversations.append import append_event
from conversations.domain.frames import CUSTOMER
from conversations.domain.timeline import NewEvent, StoredEvent
from conversations.domain.vocabulary import EndReason, OwnerKind, Role, TurnMark, Verdict
from conversations.models import Connector, Conversation, Customer, OutboxEntry, Project, User
from conversations.outbox import finish
from conversations.services.outcomes import OutcomeFacts
from conversations.services.replies import add_note, send_reply
from conversations.services.reviews import give_verdict, mark_turn
from conversations.services.sessions import end_session, open_session
from handoffs.services.claims import claim_conversation
from handoffs.services.closing import close_conversation
from integrations.registry import handler_of
from studio.demo_content.loader import read_file

# In a conversation's options: it was told, nobody here had it.
TOLD = "told"
STORY = Path(__file__).resolve().with_name("story.json")

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Line:
    speaker: Literal["agent", "customer"]
    text: str


@dataclass(frozen=True, slots=True)
class Ending:
    code: str
    resolved: bool
    first_contact_resolved: bool | None
    note: str


@dataclass(frozen=True, slots=True)
class GivenVerdict:
    verdict: Verdict
    comment: str


@dataclass(frozen=True, slots=True)
class Mark:
    """*Should have handed off here*, on the customer's n-th message to the AI (from 0)."""

    says: int
    comment: str


@dataclass(frozen=True, slots=True)
class PastConversation:
    """says: to the AI, one message a turn; agent: the e-mail address of who claims it, empty when nobody does."""

    customer: str
    says: tuple[str, ...]
    agent: str
    talk: tuple[Line, ...]
    note: str
    outcome: Ending | None
    verdict: GivenVerdict | None
    marks: tuple[Mark, ...]


class StoryWrong(Exception):
    """A conversation did not go as written: the text says which, and what happened instead."""


def read_story(path: Path = STORY) -> Sequence[PastConversation]:
    """Raises BadDemoContent."""
    return read_file(path, tuple[PastConversation, ...])


def tell_story(
    *, project: Project, connector: Connector, story: Sequence[PastConversation], clock: Clock
) -> list[Conversation]:
    """Let every conversation of the story happen, in the caller's transaction: nobody waits afterwards, and
    nothing of it is left for the workers. Raises StoryWrong."""
    people = {user.email: user for user in User.objects.filter(memberships__project=project).distinct()}
    reviewer = User.objects.filter(memberships__project=project, memberships__role=Role.REVIEWER).earliest("id")
    return [
        _tell(past, connector=connector, agent=people.get(past.agent), reviewer=reviewer, clock=clock) for past in story
    ]


def _tell(
    past: PastConversation, *, connector: Connector, agent: User | None, reviewer: User, clock: Clock
) -> Conversation:
    conversation = open_session(connector=connector, options={"platform": "web", TOLD: True})
    Customer.objects.filter(pk=conversation.customer_id).update(name=past.customer)
    _customer(conversation, "customer.join_requested", clock)
    said = [_customer(conversation, "customer.message", clock, text=text) for text in past.says]
    conversation.refresh_from_db()
    _check_owner(conversation, past)
    if agent is not None:
        _human_part(conversation, past, agent, clock)
    else:
        end_session(conversation_id=conversation.id, reason=EndReason.USER_END, at=clock())
    _settle(conversation, clock)
    _review(conversation, past, said, reviewer)
    _settle(conversation, clock)
    return conversation


def _check_owner(conversation: Conversation, past: PastConversation) -> None:
    wanted = OwnerKind.QUEUE if past.agent else OwnerKind.AI
    if conversation.owner_kind != wanted:
        raise StoryWrong(f"After {past.says[-1]!r} it is with {conversation.owner_kind}, not with {wanted.value}")


def _customer(conversation: Conversation, kind: str, clock: Clock, **payload: str) -> StoredEvent:
    """What the customer does, and the AI's turn on it."""
    stored = append_event(conversation_id=conversation.id, event=NewEvent(kind, CUSTOMER, payload))
    _settle(conversation, clock)
    return stored


def _human_part(conversation: Conversation, past: PastConversation, agent: User, clock: Clock) -> None:
    epoch = claim_conversation(conversation_id=conversation.id, agent=agent, at=clock()).epoch
    for line in past.talk:
        if line.speaker == "agent":
            send_reply(conversation_id=conversation.id, author=agent, text=line.text, epoch=epoch, client_id=None)
        else:
            _customer(conversation, "customer.message", clock, text=line.text)
    if past.note:
        add_note(conversation_id=conversation.id, author=agent, text=past.note, client_id=None)
    if past.outcome is None:
        raise StoryWrong(f"{agent} claims {past.says[-1]!r} and closes it without an outcome")
    facts = OutcomeFacts(
        code=past.outcome.code,
        resolved=past.outcome.resolved,
        first_contact_resolved=past.outcome.first_contact_resolved,
        handled_by=agent.full_name,
        note=past.outcome.note,
    )
    close_conversation(conversation_id=conversation.id, agent=agent, epoch=epoch, facts=facts, at=clock())


def _review(conversation: Conversation, past: PastConversation, said: Sequence[StoredEvent], reviewer: User) -> None:
    conversation.refresh_from_db()
    if past.verdict is not None:
        give_verdict(
            conversation=conversation,
            verdict=past.verdict.verdict,
            comment=past.verdict.comment,
            reviewer=reviewer,
        )
    for mark in past.marks:
        mark_turn(
            conversation=conversation,
            sequence=said[mark.says].sequence,
            mark=TurnMark.SHOULD_HAVE_HANDED_OFF,
            comment=mark.comment,
            reviewer=reviewer,
        )


def _settle(conversation: Conversation, clock: Clock) -> None:
    """Do at once what the outbox promises of this conversation: no worker can see it before the commit."""
    entries = OutboxEntry.objects.filter(conversation_id=conversation.id).order_by("id")
    while entry := entries.first():
        handler_of(entry.topic)(entry=entry, at=clock())
        finish(entry)
