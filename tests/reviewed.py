"""Conversations that were handed over and judged, for the tests of the calibration: many, and made at once."""

from collections.abc import Sequence

from django.utils import timezone

from conversations.domain.timeline import NewEvent
from conversations.domain.vocabulary import TurnMark, Verdict
from conversations.models import Annotation, Connector, Conversation, Customer, User
from handoffs.domain.triggers.signal import Trigger
from handoffs.domain.turns import HandoffRequest
from handoffs.services.releases import read_current_config
from studio.demo.past_rows import Rows, annotate, begin_past, hand_over, store_rows

# Heard as a request for a person for sure, and hardly.
CLEAR, FAINT = "I want to talk to a human", "Is there somebody there?"
SHOULD = TurnMark.SHOULD_HAVE_HANDED_OFF.value
Judged = tuple[Verdict, str]


def judge_all(connector: Connector, reviewer: User, judged: Sequence[Judged]) -> list[Conversation]:
    """One conversation each: the customer says the text, a request for a person fires, the reviewer judges."""
    told = [_judged(connector, reviewer, verdict, text) for verdict, text in judged]
    store_rows(told)
    return [rows.conversation for rows in told]


def mark_one(connector: Connector, reviewer: User, text: str) -> Conversation:
    """Nothing fired; a reviewer says that this message was the moment."""
    rows = _begun(connector, text)
    mark = Annotation(conversation=rows.conversation, author=reviewer, sequence=rows.events[-1].sequence, mark=SHOULD)
    annotate(rows, mark, mark=SHOULD, turn=mark.sequence)
    store_rows([rows])
    return rows.conversation


def reviewed_set(connector: Connector, reviewer: User) -> None:
    """Of 22 requests for a person 18 were some, all of them clear; a customer in doubt was heard as one four times."""
    unnecessary = Verdict.ESCALATED_UNNECESSARILY
    judge_all(connector, reviewer, [(Verdict.NEEDED, CLEAR)] * 18 + [(unnecessary, FAINT)] * 4)


def _judged(connector: Connector, reviewer: User, verdict: Verdict, text: str) -> Rows:
    rows = _begun(connector, text)
    current = read_current_config(project=connector.project, environment=connector.environment)
    request = HandoffRequest(Trigger.EXPLICIT_REQUEST, "needs_human", "I'm passing you on.")
    handoff = hand_over(rows, request, current=current)
    given = Annotation(conversation=rows.conversation, author=reviewer, handoff_id=handoff.pk, verdict=verdict.value)
    annotate(rows, given, verdict=verdict.value)
    return rows


def _begun(connector: Connector, text: str) -> Rows:
    current = read_current_config(project=connector.project, environment=connector.environment)
    of = {"project_id": connector.project_id, "environment": connector.environment}
    customer = Customer(name="Hannah Lind", **of)
    conversation = Conversation(customer=customer, connector=connector, channel="web_chat", **of)
    rows = begin_past(conversation, current=current, at=timezone.now())
    rows.write(NewEvent("customer.message", "customer", {"text": text}))
    return rows
