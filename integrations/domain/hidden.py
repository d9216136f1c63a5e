"""What somebody without the permission to see personal data is shown of an event's body."""

from collections.abc import Mapping
from typing import Any

HIDDEN = "(hidden)"
# What customers and agents wrote, and what was collected of a customer.
PERSONAL = frozenset({"utterance", "data", "note", "comment"})


def hide_personal(body: Mapping[str, Any]) -> dict[str, Any]:
    """The envelope as it is, and the personal fields of its `data` replaced where they hold anything."""
    data = body.get("data")
    if not isinstance(data, Mapping):
        return dict(body)
    shown = {name: HIDDEN if name in PERSONAL and value else value for name, value in data.items()}
    return {**body, "data": shown}
