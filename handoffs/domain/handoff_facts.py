"""What the interfaces say of a handoff: its published state and, under names of our own, everything beside it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from conversations.domain.frames import timestamp_of
from handoffs.domain.lifecycle import PUBLISHED, State

INSTANTS = ("initiated_at", "accepted_at", "joined_at", "ended_at")


def published_state(state: str, custom_state: str = "") -> str:
    """A custom state replaces the published one."""
    return custom_state or PUBLISHED[State(state)]


def tell_handoff(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what every call tells of a handoff. row: the columns of a handoff, by name.

    `lifecycle_state` is where it stands in our own life cycle; `history` each state it was in, both ways.
    """
    return {
        "state": published_state(row["state"], row["custom_state"]),
        "lifecycle_state": row["state"],
        "cause": row["cause"],
        "trigger": row["trigger"],
        "reason": row["reason"],
        "utterance": row["utterance"],
        "destination": row["destination_key"],
        "queue": row["queue_key"],
        "root_handoff_id": str(row["root_id"] or row["id"]),
        **{name: _instant(row[name]) for name in INSTANTS},
        "history": list(_history(row["history"])),
    }


def custom_entry(state: str, custom_state: str, at: datetime) -> dict[str, Any]:
    """The line of a handoff's history for a custom state that was set, or taken away, while it stood in `state`."""
    return {"state": state, "custom_state": custom_state, "at": at.isoformat()}


def _history(entries: Iterable[Mapping[str, Any]]) -> Iterable[dict[str, Any]]:
    for entry in entries:
        state = entry["state"]
        yield {
            "state": published_state(state, entry.get("custom_state", "")),
            "lifecycle_state": state,
            "at": timestamp_of(datetime.fromisoformat(entry["at"])),
            **({"note": entry["note"]} if "note" in entry else {}),
        }


def _instant(value: datetime | None) -> str | None:
    return timestamp_of(value) if value else None
