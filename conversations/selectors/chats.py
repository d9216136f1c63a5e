"""What a chat has been answered, read from timeline and projection in one statement; asynchronous."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conversations.database import async_pool
from conversations.domain.vocabulary import OwnerKind

READ_ANSWER = """
SELECT c.owner_kind, c.ended_at, c.handoff_id, c.handoff_state, c.destination_key, c.reason, e.type,
       e.payload ->> 'text' AS text
  FROM conversation c
  LEFT JOIN event e ON e.conversation_id = c.id AND e.sequence > %(after)s
        AND e.type IN ('ai.message', 'customer.message')
 WHERE c.id = %(conversation_id)s
 ORDER BY e.sequence
"""


@dataclass(frozen=True, slots=True)
class HandedTo:
    """destination: its key; reason: a code of the managed list."""

    destination: str
    reason: str


@dataclass(frozen=True, slots=True)
class ChatAnswer:
    """text: everything the AI said to one message; is_over: nobody answers in this chat any more; handoff: to whom
    it was handed, None while the AI has it."""

    text: str
    is_over: bool
    handoff: HandedTo | None

    @property
    def is_there(self) -> bool:
        return bool(self.text) or self.is_over


async def read_answer(conversation_id: uuid.UUID, *, after: int) -> ChatAnswer:
    """Return what followed the customer's event `after`; of a turn that took several messages together, each has the
    whole answer."""
    pool = await async_pool()
    async with pool.connection() as conn:
        rows = await (await conn.execute(READ_ANSWER, {"conversation_id": conversation_id, "after": after})).fetchall()
    head = rows[0]
    has_ai = head["owner_kind"] == OwnerKind.AI
    was_handed = head["handoff_id"] is not None and not has_ai
    return ChatAnswer(
        text="\n\n".join(_said(rows)),
        is_over=head["ended_at"] is not None or not has_ai,
        handoff=HandedTo(head["destination_key"], head["reason"]) if was_handed else None,
    )


def _said(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The AI's words up to the customer's next ones; before the first of them, the customer may have gone on."""
    is_answered = False
    for row in rows:
        if row["type"] == "customer.message" and is_answered:
            return
        if row["type"] == "ai.message" and row["text"]:
            is_answered = True
            yield row["text"]
