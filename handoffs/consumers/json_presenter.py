"""The inbox socket in JSON, for scripts and custom agent desktops."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from channels.db import database_sync_to_async
from django.utils import timezone

from conversations.domain.frames import encode, staff_frame
from conversations.domain.timeline import StoredEvent
from conversations.models import Conversation
from handoffs.consumers.presenter import Presenter, SendText
from handoffs.domain.inbox import InboxRow, Tally, View, describe, to_wire, view_of
from handoffs.selectors.inbox import read_tally, read_view
from handoffs.services.seats import Seat


class JsonPresenter(Presenter):
    """`{type: "list", view, rows, counts}`, then `row`, `row_gone`, `counts`; `{type: "agent", presence, load,
    capacity, offers, wrap_ups}`; `event` and `typing` of what is open."""

    def __init__(self, seat: Seat, view: View, send_text: SendText) -> None:
        super().__init__(seat, view, send_text)
        self._shown: dict[uuid.UUID, int] = {}
        self._counts: dict[str, int] = {}

    async def show_list(self) -> None:
        rows, tally = await database_sync_to_async(self._read)()
        self._shown = {row.conversation_id: row.sequence for row in rows}
        self._counts = tally.counts(self.seat.viewer)
        described = [to_wire(describe(row, self.seat.viewer)) for row in rows]
        frame = {"type": "list", "view": self.view.value, "rows": described, "counts": self._counts}
        await self._send(encode(frame))

    async def show_changes(self, rows: Sequence[InboxRow], tally: Tally) -> None:
        for row in rows:
            if row.sequence > self._shown.get(row.conversation_id, 0):
                await self._show_row(row)
        counts = tally.counts(self.seat.viewer)
        if counts != self._counts:
            self._counts = counts
            await self._send(encode({"type": "counts", "counts": counts}))

    async def show_agent(self, facts: Mapping[str, Any]) -> None:
        await self._send(encode({"type": "agent", **to_wire(facts)}))

    async def open(self, conversation: Conversation) -> None:
        return None

    async def close(self) -> None:
        return None

    async def show_events(self, events: Sequence[StoredEvent]) -> None:
        for event in events:
            await self._send(encode(staff_frame(event, masked=self.seat.viewer.masked)))

    async def show_frame(self, text: str) -> None:
        await self._send(text)

    async def refuse(self, code: str, detail: str) -> None:
        await self._send(encode({"type": "error", "error": code, "detail": detail}))

    async def _show_row(self, row: InboxRow) -> None:
        if view_of(row, self.seat.viewer) is self.view:
            self._shown[row.conversation_id] = row.sequence
            described = to_wire(describe(row, self.seat.viewer))
            await self._send(encode({"type": "row", "view": self.view.value, "row": described}))
        elif self._shown.pop(row.conversation_id, None) is not None:
            gone = {"type": "row_gone", "conversation_id": str(row.conversation_id), "sequence": row.sequence}
            await self._send(encode(gone))

    def _read(self) -> tuple[Sequence[InboxRow], Tally]:
        seat = self.seat
        rows = read_view(project=seat.project, environment=seat.environment, viewer=seat.viewer, view=self.view).rows
        return rows, read_tally(project=seat.project, environment=seat.environment, at=timezone.now())
