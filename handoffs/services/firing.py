"""Waits that have run out, fired in sets: claimed, decided on, and written for up to 500 handoffs in one statement.

The statement writes for each handoff what `signal_handoff`, `append_event` and `create_next_episode` write for one; a
test holds them together. What the policy does next is not done here: the next episode is begun in `initiated` with a
deadline that is due at once, so that nobody is without an owner and a sweeper that dies leaves nothing undone.
"""

import logging
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db import connection, transaction

from conversations.domain.timeline import EVENT_TYPES, NewEvent, StoredEvent
from conversations.domain.vocabulary import DeadlineKind, OwnerKind
from conversations.models import Conversation
from conversations.models.ids import new_id
from conversations.outbox import USUAL_LANE, kick
from conversations.realtime import (
    BusMessage,
    conversation_topic,
    event_message,
    publish_sync,
    rows_topic,
)
from conversations.realtime.messages import rows_message
from handoffs.domain.config import ProjectConfig
from handoffs.domain.follow_ups import Episode, FollowUp, decide_follow_up, is_client_managed
from handoffs.domain.lifecycle import INITIAL, TRANSITIONS, Cause, Signal, State
from handoffs.domain.office_hours.calendar import hours_at
from handoffs.domain.routing import POLICIES
from handoffs.domain.settings import AfterTimeout
from handoffs.domain.signals import cause_of
from handoffs.models import Handoff
from handoffs.selectors.snapshots import read_config
from handoffs.services.announcements import SYSTEM
from handoffs.services.firing_statements import CLAIM, FIRE, TAKE
from handoffs.services.follow_up import end, ending_event, give_back, next_columns
from handoffs.services.lifecycle import ANNOUNCED, history_entry, leaves_desk_behind
from handoffs.services.offers import withdraw_offers

logger = logging.getLogger(__name__)
BATCH = 500
WAITS = (DeadlineKind.WAIT_LIMIT.value, DeadlineKind.ACCEPT.value)
# The policies after which nobody waits any more: they are carried out at once, in the same transaction.
CONCLUDED = {AfterTimeout.AI: give_back, AfterTimeout.END: end}


@dataclass(frozen=True, slots=True)
class Wait:
    """A handoff whose wait has run out, and what of its conversation the decision needs."""

    id: uuid.UUID
    conversation_id: uuid.UUID
    state: State
    destination_key: str
    desk_key: str
    snapshot_hash: str
    attempt: int
    tried: frozenset[str]
    is_offered: bool
    channel: str
    options: Mapping[str, Any]
    owner_kind: str
    ended_at: datetime | None
    waiting_since: datetime | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of it. plan: None where nobody is told, because the AI never let go of the customer."""

    wait: Wait
    new: State
    cause: Cause
    plan: FollowUp | None
    event: NewEvent
    following: uuid.UUID | None


def fire_waits(*, at: datetime, limit: int = BATCH, only: uuid.UUID | None = None) -> int:
    """Fire the waits that are due and whose conversations nobody holds, the oldest first; return how many.

    `only`: the deadline to fire. A failure undoes all of them.
    """
    with transaction.atomic():
        waits = _take(at=at, limit=limit, only=only)
        if not waits:
            return 0
        verdicts = _decide(waits, at)
        _write(verdicts, at)
        if offered := [verdict.wait.id for verdict in verdicts if verdict.wait.is_offered]:
            withdraw_offers(handoffs=offered, at=at)
        for verdict in verdicts:
            _conclude(verdict, at)
    return len(waits)


def _take(*, at: datetime, limit: int, only: uuid.UUID | None) -> list[Wait]:
    claim = CLAIM.replace("WHERE", "WHERE d.id = %(only)s AND") if only else CLAIM
    claimed = _rows(claim, {"at": at, "kinds": list(WAITS), "limit": limit, "only": only})
    if not claimed:
        return []
    rows = _rows(TAKE, {"ids": [deadline_id for deadline_id, _ in claimed], "at": at})
    return [_wait(*row) for row in rows]


def _wait(*columns: Any) -> Wait:
    """A row of TAKE; its JSON column comes as text."""
    named = dict(zip(Wait.__slots__, columns, strict=True))
    read = {"state": State(named["state"]), "options": orjson.loads(named["options"])}
    return Wait(**named | read | {"tried": frozenset(named["tried"])})


def _decide(waits: Iterable[Wait], at: datetime) -> list[Verdict]:
    """Those that still wait. An ended conversation's handoff is given up by what the end has set off."""
    still = [wait for wait in waits if wait.ended_at is None and (wait.state, Signal.WAIT_EXPIRED) in TRANSITIONS]
    return [_judge(wait, at) for wait in still]


def _judge(wait: Wait, at: datetime) -> Verdict:
    config = read_config(wait.snapshot_hash)
    signal = Signal.DESK_UNAVAILABLE if _has_closed(config, wait, at) else Signal.WAIT_EXPIRED
    new = TRANSITIONS[wait.state, signal]
    cause = Cause.OUT_OF_HOURS if new is State.FAILED else cause_of(wait.state, signal) or Cause.WAIT_LIMIT
    if wait.owner_kind == OwnerKind.AI:
        event = NewEvent("handoff.changed", SYSTEM, {"cause": cause.value})
        return Verdict(wait, new, cause, None, event, None)
    episode = Episode(
        destination=wait.destination_key,
        cause=cause,
        attempt=wait.attempt,
        tried=wait.tried,
        channel=wait.channel,
        by_client=is_client_managed(channel=wait.channel, options=wait.options),
    )
    plan = decide_follow_up(config, episode, at=at)
    following = None if plan.step in CONCLUDED else new_id()
    return Verdict(wait, new, cause, plan, ending_event(new, cause, plan), following)


def _has_closed(config: ProjectConfig, wait: Wait, at: datetime) -> bool:
    """Whether it was not the patience that ran out but the hours: then they say what follows."""
    destination = config.destination(wait.destination_key)
    if wait.state is not State.QUEUED or destination is None or destination.out_of_hours not in POLICIES:
        return False
    schedule = config.schedule(destination.schedule) if destination.schedule else None
    return schedule is not None and not hours_at(schedule, at).is_open


def _write(verdicts: Sequence[Verdict], at: datetime) -> None:
    if not verdicts:
        return
    rows = [_row(verdict, at) for verdict in verdicts]
    events = {verdict.wait.id: (row, verdict.event) for row, verdict in zip(rows, verdicts, strict=True)}
    written = _rows(FIRE, {"rows": orjson.dumps(rows).decode(), "at": at})
    if len(written) != len(rows):
        raise RuntimeError(f"{len(rows) - len(written)} handoffs changed under the lock of their conversation")
    transaction.on_commit(lambda: _tell(written, events))


def _row(verdict: Verdict, at: datetime) -> dict[str, Any]:
    """One row of FIRE's `i`."""
    wait, plan = verdict.wait, verdict.plan
    is_over = verdict.following is None
    now: dict[str, Any] = {"handoff_state": verdict.new.value if is_over else INITIAL.value}
    now |= {"waiting_since": None} if is_over else {"handoff_id": str(verdict.following)}
    waiting_since = wait.waiting_since or at
    if not is_over:
        now["waiting_since"] = waiting_since.isoformat()
    columns = next_columns(str(wait.id), wait.attempt, plan) if plan and not is_over else {}
    return {
        "handoff_id": wait.id,
        "old": wait.state.value,
        "new": verdict.new.value,
        "cause": verdict.cause.value,
        "step": [history_entry(verdict.new, at)],
        "event_id": new_id(),
        "type": verdict.event.type,
        "public": int(EVENT_TYPES[verdict.event.type].public),
        "payload": {**verdict.event.payload, "now": now},
        "next_id": verdict.following,
        "trace": columns.get("trace"),
        "attempt": columns.get("attempt"),
        "begun": [history_entry(INITIAL, at)],
        "deadline_id": new_id(),
        "state_now": now["handoff_state"],
        "is_over": is_over,
        "waiting_since": waiting_since,
        "told": {"event": ANNOUNCED[verdict.new], "handoff_id": str(wait.id)},
        "leaves_desk": leaves_desk_behind(wait.desk_key, wait.state, Signal.WAIT_EXPIRED),
    }


def _conclude(verdict: Verdict, at: datetime) -> None:
    if verdict.plan is None or verdict.plan.step not in CONCLUDED:
        return
    handoff = Handoff.objects.get(pk=verdict.wait.id)
    conversation = Conversation.objects.get(pk=verdict.wait.conversation_id)
    config = read_config(handoff.snapshot_hash)
    CONCLUDED[verdict.plan.step](conversation=conversation, handoff=handoff, config=config, at=at)


def _tell(written: Sequence[Sequence[Any]], events: Mapping[uuid.UUID, tuple[Mapping[str, Any], NewEvent]]) -> None:
    news: dict[str, BusMessage] = {}
    rows: dict[str, dict[uuid.UUID, int]] = defaultdict(dict)
    for handoff_id, conversation_id, project_id, environment, sequence, public, epoch, created_at in written:
        row, event = events[handoff_id]
        stored = StoredEvent(
            id=row["event_id"],
            conversation_id=conversation_id,
            sequence=sequence,
            public_sequence=public,
            type=event.type,
            author=event.author,
            epoch=epoch,
            payload=row["payload"],
            created_at=created_at,
        )
        news[conversation_topic(conversation_id)] = event_message(stored)
        rows[rows_topic(project_id, environment)][conversation_id] = sequence
    publish_sync(news | {topic: rows_message(sequences) for topic, sequences in rows.items()})
    kick(USUAL_LANE)


def _rows(sql: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
