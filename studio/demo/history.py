"""The demo's last weeks: conversations that were handed over, closed and judged, so that the review and the calibration
have something to show on the first day.

What fired is written down with the words, in `reviewed.json`: the past must not come out otherwise when a detector gets
better.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from conversations.domain.frames import CUSTOMER
from conversations.domain.timeline import NewEvent
from conversations.domain.vocabulary import Channel, Role, TurnMark
from conversations.models import Annotation, Connector, Conversation, Customer, Project, User
from handoffs.domain.triggers.detection import detect
from handoffs.domain.triggers.dialogue import Said
from handoffs.domain.triggers.signal import Trigger
from handoffs.domain.turns import HandoffRequest
from handoffs.services.releases import CurrentConfig, read_current_config
from studio.demo.past_rows import STEP, Rows, annotate, answer, begin_past, close, hand_over, leave, store_rows
from studio.demo.story import TOLD
from studio.demo_content.loader import read_file

REVIEWED = Path(__file__).resolve().with_name("reviewed.json")
UNTIL_REVIEWED = timedelta(hours=5)
REASONS = {Trigger.FORBIDDEN_TOPIC: "policy_violation"}
USUAL_REASON = "needs_human"


@dataclass(frozen=True, slots=True)
class SaidThen:
    """speaker `lost`: the AI, with an answer that was none."""

    speaker: Literal["customer", "ai", "lost"]
    text: str


@dataclass(frozen=True, slots=True)
class ReviewedConversation:
    """talk: with the AI; trigger: what set the handoff off after its last line, empty where nothing did: then the
    customer leaves; agent: e-mail address of who took it; mark: the line at which a reviewer says that it was due."""

    days_ago: int
    customer: str
    talk: tuple[SaidThen, ...]
    trigger: str
    destination: str
    agent: str
    reply: str
    outcome: str
    verdict: str
    comment: str
    mark: int | None


@dataclass(frozen=True, slots=True)
class Cast:
    connector: Connector
    people: Mapping[str, User]
    reviewer: User
    current: CurrentConfig


def read_history(path: Path = REVIEWED) -> Sequence[ReviewedConversation]:
    """Raises BadDemoContent."""
    return read_file(path, tuple[ReviewedConversation, ...])


def tell_history(
    *, project: Project, connector: Connector, history: Sequence[ReviewedConversation], at: datetime
) -> list[Conversation]:
    """Let every conversation have happened so many days before `at`. Raises PastWrong."""
    people = User.objects.filter(memberships__project=project).distinct()
    cast = Cast(
        connector=connector,
        people={user.email: user for user in people},
        reviewer=people.filter(memberships__role=Role.REVIEWER).earliest("id"),
        current=read_current_config(project=project, environment=connector.environment),
    )
    told = [_tell(past, cast, _begin(past, place, at)) for place, past in enumerate(history)]
    store_rows(told)
    return [rows.conversation for rows in told]


def _begin(past: ReviewedConversation, place: int, at: datetime) -> datetime:
    """Some time of a working day, not all at once."""
    day = (at - timedelta(days=past.days_ago)).replace(hour=9, minute=7, second=11, microsecond=0)
    return day + timedelta(minutes=37 * place % 420)


def _tell(past: ReviewedConversation, cast: Cast, at: datetime) -> Rows:
    rows = begin_past(_conversation(past, cast), current=cast.current, at=at)
    said: list[int] = []
    for one in past.talk:
        rows.at += STEP
        said.append(rows.write(_line(one, cast.current.config.ai_name)).sequence)
    if past.trigger:
        agent = cast.people[past.agent]
        handoff = hand_over(rows, _request(past, said, cast), current=cast.current)
        answer(rows, handoff, agent=agent, reply=past.reply)
        close(rows, handoff, agent=agent, code=past.outcome)
    else:
        leave(rows)
    rows.at += UNTIL_REVIEWED
    _review(rows, past, said, cast.reviewer)
    return rows


def _conversation(past: ReviewedConversation, cast: Cast) -> Conversation:
    connector = cast.connector
    belongs = {"project_id": connector.project_id, "environment": connector.environment}
    customer = Customer(name=past.customer, **belongs)
    options = {"platform": "web", TOLD: True}
    return Conversation(
        customer=customer, connector=connector, channel=Channel.WEB_CHAT.value, options=options, **belongs
    )


def _line(one: SaidThen, ai_name: str) -> NewEvent:
    if one.speaker == "customer":
        return NewEvent("customer.message", CUSTOMER, {"text": one.text})
    lost: dict[str, Any] = {"understood": False} if one.speaker == "lost" else {}
    return NewEvent("ai.message", "ai", {"text": one.text, "agent_name": ai_name, **lost})


def _request(past: ReviewedConversation, said: Sequence[int], cast: Cast) -> HandoffRequest:
    """What fired, with the evidence today's detector gives for it where it sees the same."""
    trigger = Trigger(past.trigger)
    heard = [place for place, one in enumerate(past.talk) if one.speaker == "customer"][-1]
    text, before = past.talk[heard].text, list(_dialogue(past, said))[:heard]
    signals = detect(text, history=before, config=cast.current.config)
    found = next((one.as_dict() for one in signals if one.trigger is trigger and one.fired), {})
    evidence = {**found, "signals": [{**found, "sequence": said[heard]}]} if found else {}
    return HandoffRequest(
        trigger=trigger,
        reason=REASONS.get(trigger, USUAL_REASON),
        utterance=cast.current.config.settings.request_utterance,
        destination=past.destination,
        evidence={**evidence, "text": text},
        heard=(said[heard],),
        signals=signals,
    )


def _dialogue(past: ReviewedConversation, said: Sequence[int]) -> Iterator[Said]:
    for one, sequence in zip(past.talk, said, strict=True):
        speaker: Literal["customer", "ai"] = "customer" if one.speaker == "customer" else "ai"
        yield Said(speaker, one.text, sequence, one.speaker != "lost")


def _review(rows: Rows, past: ReviewedConversation, said: Sequence[int], reviewer: User) -> None:
    by = {"conversation": rows.conversation, "author": reviewer}
    if past.verdict:
        handoff_id = rows.handoffs[-1].pk
        verdict = Annotation(**by, handoff_id=handoff_id, verdict=past.verdict, comment=past.comment)
        annotate(rows, verdict, verdict=past.verdict)
    if past.mark is not None:
        due, mark = said[past.mark], TurnMark.SHOULD_HAVE_HANDED_OFF.value
        comment = "" if past.verdict else past.comment
        annotate(rows, Annotation(**by, sequence=due, mark=mark, comment=comment), mark=mark, turn=due)
