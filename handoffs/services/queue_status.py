"""What waiting customers are told of their place: durable when the band changes, else transient."""

from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import transaction

from conversations.append import AppendRefused, append_event
from conversations.domain.timeline import NewEvent
from conversations.realtime import publish_to_customer
from handoffs.domain.queueing import REPEAT_EVERY, Pace, band_of, estimate_wait
from handoffs.models import QueueEntry
from handoffs.selectors.queues import position_of, read_pace, waiting_entries
from handoffs.selectors.snapshots import read_config


def tell_place(*, entry: QueueEntry, queue_name: str, at: datetime) -> None:
    """Tell one customer their place, durably, in the caller's transaction."""
    position = position_of(entry)
    _tell_durably(entry, _place(queue_name, position, read_pace(entry, at=at), at), position, at)


def send_queue_statuses(*, at: datetime) -> int:
    """Tell every waiting customer whose place changed, or who has heard nothing for a while; return how many."""
    told = 0
    entries = waiting_entries()
    for _, line in groupby(entries, key=lambda entry: (entry.project_id, entry.environment, entry.queue_key)):
        told += _tell_line(list(line), at)
    return told


def _tell_line(line: list[QueueEntry], at: datetime) -> int:
    told = 0
    paces: dict[tuple[str, ...], Pace] = {}
    for position, entry in enumerate(line, start=1):
        if entry.handoff.is_soft:
            continue  # the customer talks to the AI and does not know of a place
        if entry.told_position == position and entry.told_at and at - entry.told_at < REPEAT_EVERY:
            continue
        told += 1
        skills = tuple(entry.skills)
        paces[skills] = paces.get(skills) or read_pace(entry, at=at)
        place = _place(_queue_name(entry), position, paces[skills], at)
        if entry.told_position is None or band_of(position) != band_of(entry.told_position):
            _tell_from_outside(entry, place, position, at)
        else:
            epoch = entry.conversation.epoch
            publish_to_customer(entry.conversation_id, "queue.status", place, at=at, epoch=epoch)
            _remember(entry, place, position, at)
    return told


def _tell_from_outside(entry: QueueEntry, place: dict[str, Any], position: int, at: datetime) -> None:
    """Tell durably, unless the conversation has changed hands since it was read."""
    try:
        with transaction.atomic():
            _tell_durably(entry, place, position, at, epoch=entry.conversation.epoch)
    except AppendRefused:
        return


def _tell_durably(
    entry: QueueEntry, place: dict[str, Any], position: int, at: datetime, *, epoch: int | None = None
) -> None:
    append_event(
        conversation_id=entry.conversation_id,
        event=NewEvent("handoff.queue_status", "system", place, epoch=epoch),
    )
    _remember(entry, place, position, at)


def _remember(entry: QueueEntry, place: dict[str, Any], position: int, at: datetime) -> None:
    QueueEntry.objects.filter(pk=entry.pk).update(
        told_position=position, told_wait_seconds=place.get("estimated_wait_seconds"), told_at=at
    )


def _place(queue_name: str, position: int, pace: Pace, at: datetime) -> dict[str, Any]:
    """The published fields; an estimate nobody can make is left out, never 0."""
    estimate = estimate_wait(position, pace, at=at)
    known = {} if estimate is None else {"estimated_wait_seconds": estimate}
    return {"queue_name": queue_name, "position_in_queue": position, **known}


def _queue_name(entry: QueueEntry) -> str:
    queue = read_config(entry.handoff.snapshot_hash).queue(entry.queue_key)
    return queue.name if queue else entry.queue_key
