"""What a socket needs to know of a session before it opens; asynchronous, one statement."""

import uuid
from dataclasses import dataclass

from conversations.database import fetch_all

READ_SESSION = """
SELECT c.id, c.connector_id, k.hosts, coalesce((c.options ->> 'streaming_enabled')::bool, false) AS streaming
  FROM conversation c JOIN connector k ON k.id = c.connector_id
 WHERE c.id = %(id)s AND k.is_active
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
    rows = await fetch_all(READ_SESSION, {"id": session_id})
    return Session(**rows[0]) if rows else None
