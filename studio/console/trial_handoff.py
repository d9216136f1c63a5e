"""The test handoff: a made-up customer talks to the AI in the sandbox and asks for a person.

Everything is real but the customer: the turns are the workers', the route is the working copy's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from conversations.append import append_event
from conversations.domain.frames import CUSTOMER
from conversations.domain.timeline import NewEvent
from conversations.domain.vocabulary import Environment, OwnerKind
from conversations.models import Conversation, Event, Project, User
from conversations.services.sandbox import open_sandbox_session
from handoffs.services.intake import read_pending

ASKED_BY = "trial_by"  # in a conversation's options: the id of the person who sent the test
CUSTOMER_NAME = "Robin (test)"
OPENING = "Hello, I have a question about my last order."
REQUEST = "Thank you. I would like to speak to a person about it, please."
INSISTENCE = "Just pass me to a person, please."
OPENING_ID, REQUEST_ID = "trial:opening", "trial:request"
PATIENCE = timedelta(seconds=20)

SAID_UNDER: Mapping[str, str] = {OPENING_ID: "opening", REQUEST_ID: "request"}


class Stage(StrEnum):
    """How far the test is. SILENT: the AI has not answered for as long as PATIENCE; KEPT: it answered the request
    itself; ELSEWHERE: it left the AI and did not come to the inbox."""

    OPENED = "opened"
    ASKED = "asked"
    RINGS = "rings"
    TAKEN = "taken"
    KEPT = "kept"
    SILENT = "silent"
    ELSEWHERE = "elsewhere"


LEFT_THE_AI: Mapping[str, Stage] = {OwnerKind.QUEUE: Stage.RINGS, OwnerKind.HUMAN: Stage.TAKEN}


@dataclass(frozen=True, slots=True)
class Course:
    """What was said so far: the sequences of both questions and of the AI's last words, 0 for what is not there."""

    opening: int = 0
    request: int = 0
    answer: int = 0


def start_trial(*, project: Project, user: User) -> Conversation:
    """Let the made-up customer come in and say the first thing."""
    conversation = open_sandbox_session(
        project=project,
        user=user,
        customer_name=CUSTOMER_NAME,
        options={"platform": "web", ASKED_BY: str(user.pk)},
    )
    append_event(conversation_id=conversation.pk, event=NewEvent("customer.join_requested", CUSTOMER))
    _say(conversation, OPENING, OPENING_ID)
    return conversation


def continue_trial(*, conversation: Conversation, at: datetime) -> Stage:
    """Say how far the test is; once the AI has answered, ask for a person. Asking again and again asks once."""
    if conversation.owner_kind != OwnerKind.AI:
        return LEFT_THE_AI.get(conversation.owner_kind, Stage.ELSEWHERE)
    course = _read_course(conversation)
    if course.request and course.answer > course.request:
        if read_pending(conversation) is None:
            return Stage.KEPT
        # Asked about something before the transfer: whoever asks for a person again is passed on.
        _say(conversation, INSISTENCE, f"{REQUEST_ID}:{course.answer}")
        return Stage.ASKED
    if not course.request and course.answer > course.opening:
        _say(conversation, REQUEST, REQUEST_ID)
        return Stage.ASKED
    if at - conversation.created_at > PATIENCE:
        return Stage.SILENT
    return Stage.ASKED if course.request else Stage.OPENED


def open_trial(*, project: Project, user: User) -> Conversation | None:
    """The person's newest test that nobody has closed yet."""
    return (
        Conversation.objects.filter(project=project, environment=Environment.SANDBOX)
        .filter(**{f"options__{ASKED_BY}": str(user.pk)}, owner_kind__in=(OwnerKind.QUEUE, OwnerKind.HUMAN))
        .order_by("-created_at")
        .first()
    )


def _say(conversation: Conversation, text: str, client_id: str) -> None:
    event = NewEvent("customer.message", CUSTOMER, {"text": text}, client_id=client_id)
    append_event(conversation_id=conversation.pk, event=event)


def _read_course(conversation: Conversation) -> Course:
    said = Event.objects.filter(conversation=conversation, type__in=("customer.message", "ai.message"))
    course: dict[str, int] = {}
    for sequence, client_id in said.order_by("sequence").values_list("sequence", "client_id"):
        name = next((name for prefix, name in SAID_UNDER.items() if (client_id or "").startswith(prefix)), "answer")
        course[name] = sequence
    return Course(**course)
