"""The hot read of the Handoff API: key and handoff in one statement, on the event loop's own connections."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from conversations.database import async_pool

# What may stand behind WHERE: by the caller's own id of the conversation, or by ours of conversation or handoff.
BY_SHARED_ID = "c.project_id = k.project_id AND c.shared_id = %(shared_id)s AND c.shared_id <> ''"
BY_ID = "h.conversation_id = %(id)s OR h.id = %(id)s"
MATCHES = """(SELECT count(*) FROM conversation m WHERE m.project_id = k.project_id AND m.environment = k.environment
              AND m.shared_id = %(shared_id)s AND m.shared_id <> '' AND m.handoff_id IS NOT NULL)"""
READ = """
SELECT k.id AS key_id, k.last_used_at, k.scopes, k.project_id, p.account_id, h.*
  FROM api_key k
  JOIN project p ON p.id = k.project_id AND p.deleted_at IS NULL
  LEFT JOIN LATERAL (
       SELECT h.id, h.conversation_id, c.shared_id, h.state, h.custom_state, h.cause, h.trigger, h.reason, h.utterance,
              h.destination_key, h.queue_key, h.root_id, h.initiated_at, h.accepted_at, h.joined_at, h.ended_at,
              h.history, h.data::text AS data, {matches} AS matches
         FROM handoff h JOIN conversation c ON c.id = h.conversation_id
        WHERE h.project_id = k.project_id AND h.environment = k.environment AND ({wanted})
        ORDER BY h.initiated_at DESC, h.id DESC LIMIT 1) h ON true
 WHERE k.digest = %(digest)s AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > %(at)s)
"""
READ_BY_SHARED_ID = READ.format(wanted=BY_SHARED_ID, matches=MATCHES)
READ_BY_ID = READ.format(wanted=BY_ID, matches="1")
NOTE_USE = "UPDATE api_key SET last_used_at = %(at)s WHERE id = %(key_id)s"

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which handoff: the newest of the conversations with this `shared_id`, which wins, or that of this id."""

    shared_id: str = ""
    id: uuid.UUID | None = None


async def read_key_and_handoff(*, digest: str, wanted: Wanted, at: datetime) -> Row | None:
    """Return the valid key with this digest, and beside it the columns of the handoff its project has (`id` is None
    where it has none; `data` is JSON text); None when there is no such key."""
    sql = READ_BY_SHARED_ID if wanted.shared_id else READ_BY_ID
    parameters = {"digest": digest, "at": at, "id": wanted.id, "shared_id": wanted.shared_id}
    pool = await async_pool()
    async with pool.connection() as connection:
        return await (await connection.execute(sql, parameters)).fetchone()


async def note_use_of_key(*, key_id: uuid.UUID, at: datetime) -> None:
    pool = await async_pool()
    async with pool.connection() as connection:
        await connection.execute(NOTE_USE, {"key_id": key_id, "at": at})
