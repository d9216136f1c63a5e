"""What a socket needs to know of a session before it opens; asynchronous, one statement."""

import uuid
from dataclasses import dataclass

from conversations.database import async_pool

READ_SESSION = """
SELECT c.id, c.connector_id, k.hosts
  FROM conversation c JOIN connector k ON k.id = c.connector_id
 WHERE c.id = %(id)s AND k.is_active
"""


@dataclass(frozen=True, slots=True)
class Session:
    """A session and the hosts its connector is bound to."""

    id: uuid.UUID
    connector_id: uuid.UUID
    hosts: list[str]


async def read_session(session_id: uuid.UUID) -> Session | None:
    """Return the session; None when there is none, or its connector was switched off."""
    pool = await async_pool()
    async with pool.connection() as conn:
        row = await (await conn.execute(READ_SESSION, {"id": session_id})).fetchone()
    return Session(**row) if row else None
