"""A timeline as the Conversations API publishes it: turns, durations, and when the handoff was where.

Built from moments, which are the few things of an event that count here. Nothing else decides what a turn is.
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

# The states of a handoff, as this layer knows them: by name. A test holds them to the table of the life cycle.
PUBLISHED_STATES: Mapping[str, str] = {
    **dict.fromkeys(
        ("initiated", "requested", "accepted", "queued", "client_required", "transferring"), "handoff_initiated"
    ),
    **dict.fromkeys(("active", "completed", "transferred", "returned"), "handoff_completed"),
    **dict.fromkeys(("failed", "timed_out", "abandoned"), "handoff_failed"),
}
FINAL_STATES = frozenset({"completed", "transferred", "failed", "timed_out", "abandoned", "returned"})
RESPONDERS = {"ai.message": "ai", "human.message": "human"}
CUSTOMER_MESSAGE = "customer.message"
SPOKEN = (CUSTOMER_MESSAGE, *RESPONDERS)


@dataclass(frozen=True, slots=True)
class Moment:
    """One event. text, topic, understood: of a message; owner_kind, handoff_id, handoff_state: what it changes under
    now, None where it leaves them."""

    type: str
    at: datetime
    text: str = ""
    topic: str = ""
    understood: bool = True
    owner_kind: str | None = None
    handoff_id: uuid.UUID | None = None
    handoff_state: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """What the customer said and what was answered, by whom (`ai`, `human`, empty when nobody did). One side may be
    empty: a greeting, or a message nobody answered."""

    user_input: str = ""
    user_input_at: datetime | None = None
    agent_response: str = ""
    agent_response_at: datetime | None = None
    responder: str = ""
    topics: tuple[str, ...] = ()
    understood: bool = True

    @property
    def latency(self) -> float | None:
        """Seconds from the customer's message to the answer."""
        if self.user_input_at is None or self.agent_response_at is None:
            return None
        return (self.agent_response_at - self.user_input_at).total_seconds()


@dataclass(frozen=True, slots=True)
class HandoffTimes:
    """When the current handoff was initiated, accepted, joined by a human, and over; None: not, or not yet."""

    initiated_at: datetime | None = None
    accepted_at: datetime | None = None
    joined_at: datetime | None = None
    ended_at: datetime | None = None


def build_turns(moments: Iterable[Moment]) -> list[Turn]:
    """Each message of the customer begins a turn; what the AI or a human then says belongs to it, each to its own."""
    turns: list[Turn] = []
    for moment in moments:
        if moment.type == CUSTOMER_MESSAGE:
            turns.append(Turn(user_input=moment.text, user_input_at=moment.at))
        elif responder := RESPONDERS.get(moment.type):
            if not turns or turns[-1].responder not in ("", responder):
                turns.append(Turn())
            turns[-1] = _answer(turns[-1], moment, responder)
    return turns


def seconds_with_ai(moments: Sequence[Moment], *, until: datetime) -> float:
    """How long the AI had the conversation, which it has from its first moment on."""
    return sum((end - start).total_seconds() for start, end in _spans_with_ai(moments, until))


def handoff_times(moments: Iterable[Moment], *, handoff_id: uuid.UUID | None) -> HandoffTimes:
    """The instants of one handoff, read from what each event changed."""
    times, current = HandoffTimes(), None
    for moment in moments:
        current = moment.handoff_id or current
        if handoff_id is not None and current == handoff_id:
            times = _note(times, moment)
    return times


def _answer(turn: Turn, moment: Moment, responder: str) -> Turn:
    return replace(
        turn,
        agent_response="\n\n".join(filter(None, (turn.agent_response, moment.text))),
        agent_response_at=turn.agent_response_at or moment.at,
        responder=responder,
        topics=turn.topics + ((moment.topic,) if moment.topic else ()),
        understood=turn.understood and moment.understood,
    )


def _spans_with_ai(moments: Sequence[Moment], until: datetime) -> Iterator[tuple[datetime, datetime]]:
    since = moments[0].at if moments else None
    for moment in moments:
        if moment.owner_kind == "ai":
            since = since or moment.at
        elif moment.owner_kind is not None and since is not None:
            yield since, moment.at
            since = None
    if since is not None:
        yield since, max(since, until)


def _note(times: HandoffTimes, moment: Moment) -> HandoffTimes:
    """Each instant is that of the first event that shows it."""
    shown: Mapping[str, bool] = {
        "initiated_at": True,
        "accepted_at": moment.type == "handoff.accepted",
        "joined_at": moment.handoff_state == "active",
        "ended_at": moment.handoff_state in FINAL_STATES,
    }
    seen = {name: moment.at for name, is_shown in shown.items() if is_shown and getattr(times, name) is None}
    return replace(times, **seen)
