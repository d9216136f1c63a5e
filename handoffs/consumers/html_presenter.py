"""The inbox socket in HTML, for the page: fragments htmx swaps out of band, from the page's own partials."""

import asyncio
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from channels.db import database_sync_to_async
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from conversations.access import access_conversation
from conversations.domain.permissions import Permission
from conversations.domain.timeline import StoredEvent
from conversations.models import Conversation
from handoffs.consumers.presenter import Presenter, SendText
from handoffs.domain.inbox import InboxRow, RowState, Tally, View, describe, view_of
from handoffs.selectors.agent_desk import describe_agent
from handoffs.selectors.inbox_page import describe_views, draw, read_conversation_page, read_list_page
from handoffs.services.seats import Seat

FOLDER = "handoffs/inbox"
# Drawn by themselves at the end of the transcript; every other event changes what stands around it as well.
APPENDED = frozenset(
    {
        "customer.message",
        "ai.message",
        "human.message",
        "note.added",
        "system.message",
        "session.idle_warning",
        "language.changed",
    }
)
SILENT = frozenset({"annotation.added", "customer.join_requested"})
TYPING_STARTED = "TYPING_STATE_STARTED"
# The events of one step come together: they are drawn once.
SETTLE_SECONDS = 0.05
Place = tuple[int, View, RowState, datetime]


class HtmlPresenter(Presenter):
    """Sends a row when only its words changed, the whole list when its order did."""

    def __init__(self, seat: Seat, view: View, send_text: SendText) -> None:
        super().__init__(seat, view, send_text)
        self._shown: dict[uuid.UUID, Place] = {}
        self._strip = ""
        self._conversation: Conversation | None = None
        # Fragments of the open conversation are read and sent one after the other, or an older one could win.
        self._turn = asyncio.Lock()
        self._redrawing: asyncio.Task[None] | None = None

    # --- the list ----------------------------------------------------------------------------

    async def show_list(self) -> None:
        html = await self._draw(self._draw_list)
        await self._send(html)

    async def show_changes(self, rows: Sequence[InboxRow], tally: Tally) -> None:
        changed = [row for row in rows if row.sequence > self._sequence_shown(row)]
        if any(self._moved(row) for row in changed):
            await self.show_list()
            return
        told = [row for row in changed if row.conversation_id in self._shown]
        html = await self._draw(self._draw_rows, told, tally)
        if html:
            await self._send(html)

    def _sequence_shown(self, row: InboxRow) -> int:
        place = self._shown.get(row.conversation_id)
        return place[0] if place else 0

    def _place(self, row: InboxRow) -> Place | None:
        """Where the row stands in the list shown; None when it is not in it."""
        stands_in = view_of(row, self.seat.viewer)
        shown = {self.view, View.WAITING} if self.view is View.MINE else {self.view}
        if stands_in is None or stands_in not in shown:
            return None
        return row.sequence, stands_in, row.state, row.since

    def _moved(self, row: InboxRow) -> bool:
        old, new = self._shown.get(row.conversation_id), self._place(row)
        return (old and old[1:]) != (new and new[1:])

    def _draw_list(self) -> str:
        seat, at = self.seat, timezone.now()
        page = read_list_page(
            project=seat.project, environment=seat.environment, viewer=seat.viewer, view=self.view, at=at
        )
        self._shown = {
            row["conversation_id"]: _place_of(row, self.view) for section in page["sections"] for row in section["rows"]
        }
        context = {**page, "selected_id": self._open_id, "oob": True, "environment": seat.environment}
        self._strip = self._draw_strip(context)
        return render_to_string(f"{FOLDER}/_list.html", context) + self._strip

    def _draw_rows(self, rows: Sequence[InboxRow], tally: Tally) -> str:
        seat = self.seat
        parts: list[str] = []
        for row in rows:
            self._shown[row.conversation_id] = self._place(row) or self._shown[row.conversation_id]
            drawn = {"row": describe(row, seat.viewer), "selected_id": self._open_id, "view": self.view.value}
            parts.append(render_to_string(f"{FOLDER}/_row.html", {**drawn, "oob": True}))
        strip = self._draw_strip({**describe_views(tally, seat.viewer, self.view, timezone.now()), "oob": True})
        if strip != self._strip:
            self._strip = strip
            parts.append(strip)
        return "".join(parts)

    @staticmethod
    def _draw_strip(context: dict[str, Any]) -> str:
        """Everything that counts: views, claim button, the rail's badge."""
        names = (f"{FOLDER}/_views.html", f"{FOLDER}/_claim_next.html", "studio/_rail_waiting.html")
        return "".join(render_to_string(name, context) for name in names)

    async def _draw(self, drawing: Callable[..., str], *arguments: Any) -> str:
        """Draw in a thread, in the project's time zone."""

        def drawn() -> str:
            with timezone.override(self.seat.project.time_zone):
                return drawing(*arguments)

        return await database_sync_to_async(drawn)()

    async def show_agent(self, facts: Mapping[str, Any]) -> None:
        await self._send(await self._draw(draw_agent, facts))

    # --- the open conversation ---------------------------------------------------------------

    @property
    def _open_id(self) -> uuid.UUID | None:
        return self._conversation.pk if self._conversation else None

    async def open(self, conversation: Conversation) -> None:
        self._conversation = conversation

    async def close(self) -> None:
        self._conversation = None
        if self._redrawing:
            self._redrawing.cancel()

    async def show_events(self, events: Sequence[StoredEvent]) -> None:
        if all(event.type in APPENDED | SILENT for event in events):
            await self._append([event for event in events if event.type in APPENDED])
        else:
            self._redraw_soon()

    async def show_frame(self, text: str) -> None:
        frame = orjson.loads(text)
        if frame["type"] == "typing":
            await self._show_typing(frame)
        else:
            await self.show_events([_event(frame)])

    async def refuse(self, code: str, detail: str) -> None:
        await self._send(render_to_string(f"{FOLDER}/_frame_toast.html", {"text": detail, "tone": "error"}))

    async def _append(self, events: Sequence[StoredEvent]) -> None:
        if not events:
            return
        async with self._turn:
            await self._send_of(self._draw_events, events)

    def _redraw_soon(self) -> None:
        if self._redrawing is None or self._redrawing.done():
            self._redrawing = asyncio.create_task(self._redraw(), name="redraw-conversation")

    async def _redraw(self) -> None:
        await asyncio.sleep(SETTLE_SECONDS)
        async with self._turn:
            # What comes while this is read finds no task to wait for and asks for one more.
            self._redrawing = None
            await self._send_of(self._draw_conversation)

    async def _send_of(self, drawing: Callable[..., str], *arguments: Any) -> None:
        """Draw something of the open conversation and send it, unless another one is open by then.

        The comment at its head lets the page drop what comes too late.
        """
        conversation = self._conversation
        if conversation is None:
            return
        html = await self._draw(drawing, conversation, *arguments)
        if conversation is self._conversation:
            await self._send(f"<!--of:{conversation.pk}-->{html}")

    async def _show_typing(self, frame: dict[str, Any]) -> None:
        if self._conversation is None or frame["author"] == f"user:{self.seat.user.pk}":
            return
        name = frame.get("name") or (not self.seat.viewer.masked and self._conversation.customer.name) or "Customer"
        await self._send_of(self._draw_typing, name if frame["state"] == TYPING_STARTED else "")

    def _draw_typing(self, conversation: Conversation, name: str) -> str:
        return render_to_string(f"{FOLDER}/_frame_typing.html", {"name": name})

    def _draw_events(self, conversation: Conversation, events: Sequence[StoredEvent]) -> str:
        seat = self.seat
        drawn = draw(conversation=conversation, user=seat.user, viewer=seat.viewer, events=events)
        return render_to_string(f"{FOLDER}/_frame_event.html", {"events": drawn})

    def _draw_conversation(self, conversation: Conversation) -> str:
        seat = self.seat
        fresh = access_conversation(seat.user, conversation.pk, Permission.INBOX_VIEW, project=seat.project)
        page = read_conversation_page(conversation=fresh, user=seat.user, viewer=seat.viewer)
        context = {**page, "view": self.view.value, "oob": True, "oob_context": True}
        return render_to_string(f"{FOLDER}/_frame_conversation.html", context)


def draw_agent(facts: Mapping[str, Any]) -> str:
    """Offers, load and presence, wherever they stand on the page."""
    return render_to_string(f"{FOLDER}/_agent.html", {"agent": describe_agent(facts), "oob": True})


def _place_of(row: dict[str, Any], view: View) -> Place:
    """The place of a described row of the list just drawn."""
    state = RowState(row["state"])
    waits = state in (RowState.WAITING, RowState.TICKET)
    return (row["sequence"], View.WAITING if waits else view, state, row["waiting_since"] or row["owner_since"])


def _event(frame: dict[str, Any]) -> StoredEvent:
    event = frame["event"]
    at = parse_datetime(event["at"])
    assert at is not None
    return StoredEvent(
        id=uuid.UUID(event["id"]),
        conversation_id=uuid.UUID(frame["conversation_id"]),
        sequence=event["sequence"],
        public_sequence=event["public_sequence"],
        type=event["type"],
        author=event["author"],
        epoch=event["epoch"],
        payload=event["payload"],
        created_at=at,
    )
