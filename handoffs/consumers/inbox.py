"""The inbox socket: `GET /ws/inbox?project_id=&environment=&ticket=&view=&format=` (Desk API).

The list is state: sent whole on every (re)connect, then row by row. So is what concerns the person: presence, load,
offers. The open conversation is log: every event after the one the client names. Client frames:
`{type: "view", view}`, `{type: "open", conversation_id, after}`, `{type: "close"}`, `{type: "typing", epoch, state}`.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import orjson
from channels.db import database_sync_to_async
from django.utils import timezone

from conversations.access import NotFound, access_conversation
from conversations.append import StaleEpoch
from conversations.consumers.follow import Follower
from conversations.consumers.socket import Socket
from conversations.domain.frames import TYPING_STATES
from conversations.domain.permissions import Permission
from conversations.models import Conversation
from conversations.realtime import current_bus
from handoffs.consumers.agent_desk import AgentDesk
from handoffs.consumers.handshake import Admission, HandshakeRefused, admit, readmit
from handoffs.consumers.html_presenter import HtmlPresenter
from handoffs.consumers.json_presenter import JsonPresenter
from handoffs.consumers.presenter import Presenter
from handoffs.consumers.rows import RowFeed, feed_of
from handoffs.domain.inbox import InboxRow, Tally, View
from handoffs.services.typing import tell_typing

logger = logging.getLogger(__name__)

CLOSE_SLOW, CLOSE_BROKEN = 4002, 1011
QUEUE_SIZE = 64
READMIT_SECONDS = 60.0
PRESENTERS: Mapping[str, type[Presenter]] = {"json": JsonPresenter, "html": HtmlPresenter}


class BadFrame(ValueError):
    """A client frame we cannot read. The text says what is wrong."""


class InboxConsumer(Socket):
    """One socket of one person. Reads frames, follows rows and one conversation; a presenter does the talking."""

    presenter: Presenter
    feed: RowFeed | None = None
    desk: AgentDesk | None = None
    follower: Follower | None = None
    _teller: asyncio.Task[None] | None = None
    _ending: asyncio.Task[None] | None = None

    async def __call__(self, *given: Any) -> None:
        """Serve the socket; whatever ends it, a failure included, gives back what it holds: a desk left behind would
        say for ever that its person is here."""
        try:
            await super().__call__(*given)
        finally:
            await self._leave()

    async def connect(self) -> None:
        await self.accept()
        try:
            admission = await database_sync_to_async(admit)(self.scope)
        except HandshakeRefused as refused:
            await self.close(refused.code, str(refused))
            return
        await self._sit_down(admission)

    async def _leave(self) -> None:
        if self._teller:
            self._teller.cancel()
        if self.desk:
            await self.desk.close()
        if self.feed:
            await self.feed.unsubscribe(self._hear)
        await self._stop_following()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self.feed is None:
            return
        try:
            frame = _parse(text_data)
            await HANDLERS[frame["type"]](self, frame)
        except BadFrame as bad:
            await self.presenter.refuse("malformed", str(bad))
        except StaleEpoch:
            await self.presenter.refuse("stale_epoch", "This conversation has changed hands")

    # --- client frames -----------------------------------------------------------------------

    async def on_view(self, frame: Mapping[str, Any]) -> None:
        if frame.get("view") not in list(View):
            raise BadFrame(f"view is one of {', '.join(View)}")
        if await self._still_admitted():
            self.presenter.view = View(frame["view"])
            await self.presenter.show_list()

    async def on_open(self, frame: Mapping[str, Any]) -> None:
        after = frame.get("after", 0)
        if not isinstance(after, int) or isinstance(after, bool) or after < 0:
            raise BadFrame("after is a sequence number")
        await self._stop_following()
        if not await self._still_admitted():
            return
        try:
            conversation = await database_sync_to_async(self._find)(str(frame.get("conversation_id", "")))
        except NotFound:
            await self.presenter.refuse("not_found", "There is no such conversation")
            return
        await self.presenter.open(conversation)
        self.follower = Follower(
            bus=current_bus(),
            conversation_id=conversation.pk,
            audience=self.presenter.audience,
            send_events=self.presenter.show_events,
            send_text=self.presenter.show_frame,
            drop=self._drop,
        )
        await self.follower.join(after=after)

    async def on_close(self, frame: Mapping[str, Any]) -> None:
        await self._stop_following()

    async def on_typing(self, frame: Mapping[str, Any]) -> None:
        epoch, state = frame.get("epoch"), frame.get("state", "TYPING_STATE_STARTED")
        if not isinstance(epoch, int) or state not in TYPING_STATES:
            raise BadFrame(f"typing needs an epoch and one of {', '.join(sorted(TYPING_STATES))}")
        if self.follower is None:
            raise BadFrame("No conversation is open")
        await database_sync_to_async(tell_typing)(
            conversation_id=self.follower.conversation_id,
            agent=self.presenter.seat.user,
            epoch=epoch,
            state=state,
            at=timezone.now(),
        )

    # --- the list ----------------------------------------------------------------------------

    async def _sit_down(self, admission: Admission) -> None:
        seat = admission.seat
        self.presenter = PRESENTERS[admission.format](seat, admission.view, self._send_text)
        self._admitted_at = asyncio.get_running_loop().time()
        self._news: asyncio.Queue[tuple[Sequence[InboxRow], Tally]] = asyncio.Queue(QUEUE_SIZE)
        self.feed = feed_of(current_bus(), seat.project, seat.environment)
        await self.feed.subscribe(self._hear)
        await self.presenter.show_list()
        if seat.viewer.can_reply:
            self.desk = AgentDesk(current_bus(), seat, self.presenter.show_agent)
            await self.desk.open()
        self._teller = asyncio.create_task(self._tell_rows(), name="inbox-list")
        self._teller.add_done_callback(self._end_when_broken)

    def _hear(self, rows: Sequence[InboxRow], tally: Tally) -> None:
        try:
            self._news.put_nowait((rows, tally))
        except asyncio.QueueFull:
            self._ending = asyncio.get_running_loop().create_task(self._drop())

    async def _tell_rows(self) -> None:
        while True:
            # News come every few seconds, if only to say that nothing is new.
            rows, tally = await self._news.get()
            if (
                asyncio.get_running_loop().time() - self._admitted_at > READMIT_SECONDS
                and not await self._still_admitted()
            ):
                return
            await self.presenter.show_changes(rows, tally)

    def _end_when_broken(self, task: asyncio.Task[None]) -> None:
        """A list that stands still would lie: close, the client comes back and gets it anew."""
        if not task.cancelled() and (error := task.exception()):
            logger.error("an inbox list broke", exc_info=error)
            self._ending = asyncio.get_running_loop().create_task(self.close(CLOSE_BROKEN))

    # --- the open conversation ---------------------------------------------------------------

    def _find(self, conversation_id: str) -> Conversation:
        seat = self.presenter.seat
        found = access_conversation(seat.user, conversation_id, Permission.INBOX_VIEW, project=seat.project)
        if found.environment != seat.environment:
            raise NotFound("conversation")
        return found

    async def _stop_following(self) -> None:
        if self.follower:
            await self.follower.leave()
            self.follower = None
            await self.presenter.close()

    async def _still_admitted(self) -> bool:
        """Look again whether the person may be here; close the socket when not."""
        self._admitted_at = asyncio.get_running_loop().time()
        try:
            await database_sync_to_async(readmit)(self.scope, self.presenter.seat)
        except HandshakeRefused as refused:
            await self.close(refused.code, str(refused))
            return False
        return True

    # --- sending -----------------------------------------------------------------------------

    async def _send_text(self, text: str) -> None:
        await self.send_text(text)

    async def _drop(self) -> None:
        await self.close(CLOSE_SLOW)


def _parse(text: str | None) -> Mapping[str, Any]:
    try:
        frame = orjson.loads(text or "")
    except orjson.JSONDecodeError as error:
        raise BadFrame("A frame is a JSON object") from error
    if not isinstance(frame, dict) or str(frame.get("type")) not in HANDLERS:
        raise BadFrame(f"type is one of {', '.join(HANDLERS)}")
    return frame


Handler = Callable[[InboxConsumer, Mapping[str, Any]], Awaitable[None]]
HANDLERS: Mapping[str, Handler] = {
    "view": InboxConsumer.on_view,
    "open": InboxConsumer.on_open,
    "close": InboxConsumer.on_close,
    "typing": InboxConsumer.on_typing,
}
