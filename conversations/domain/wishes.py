"""What a client asked for in words of ours when it opened its session: `metadata.custom`, which it writes freely."""

from collections.abc import Mapping
from typing import Any


def wishes_of(options: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return `metadata.custom` of a session's options; empty where it is no object."""
    metadata = options.get("metadata")
    custom = metadata.get("custom") if isinstance(metadata, Mapping) else None
    return custom if isinstance(custom, Mapping) else {}
