"""What a socket needs to know of a session before it opens; asynchronous, one statement for all who ask at once."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from conversations.database import fetch_all, gathered

READ_SESSIONS = """
SELECT c.id, c.connector_id, k.hosts, coalesce((c.options ->> 'streaming_enabled')::bool, false) AS streaming
  FROM conversation c JOIN connector k ON k.id = c.connector_id
 WHERE c.id = ANY(%(ids)s) AND k.is_active
"""


@dataclass(frozen=True, slots=True)
class Session:
    """A session and the hosts its connector is bound to. streaming: it asked for answers in chunks."""

    id: uuid.UUID
    connector_id: uuid.UUID
    hosts: list[str]
    streaming: bool


async def read_session(session_id: uuid.UUID) -> Session | None:
    """Return the session; None when there is none, or its connector was switched off."""
    return await _read_together(session_id)


@gathered
async def _read_together(ids: Sequence[uuid.UUID]) -> Sequence[Session | None]:
    rows = await fetch_all(READ_SESSIONS, {"ids": list(ids)})
    found = {row["id"]: Session(**row) for row in rows}
    return [found.get(session_id) for session_id in ids]
