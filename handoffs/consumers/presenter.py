"""What an inbox socket says, whatever it says it in: scripts hear JSON, the page hears fragments of HTML."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from conversations.domain.timeline import Audience, StoredEvent
from conversations.models import Conversation
from handoffs.domain.inbox import InboxRow, Tally, View
from handoffs.services.seats import Seat

SendText = Callable[[str], Awaitable[None]]


class Presenter(ABC):
    """One socket's voice, in one view of the list and at most one open conversation."""

    def __init__(self, seat: Seat, view: View, send_text: SendText) -> None:
        self.seat, self.view = seat, view
        self._send = send_text

    @property
    def audience(self) -> Audience:
        return Audience.STAFF_MASKED if self.seat.viewer.masked else Audience.STAFF

    @abstractmethod
    async def show_list(self) -> None:
        """Send the whole list as it is now."""

    @abstractmethod
    async def show_changes(self, rows: Sequence[InboxRow], tally: Tally) -> None:
        """Send what of these rows concerns the list shown; an older state of a row is ignored."""

    @abstractmethod
    async def show_agent(self, facts: Mapping[str, Any]) -> None:
        """Send what concerns the person: presence, load, offers and wrap-ups, as `read_agent_desk` gives them."""

    @abstractmethod
    async def open(self, conversation: Conversation) -> None:
        """Turn to a conversation: its events follow."""

    @abstractmethod
    async def close(self) -> None:
        """Turn away from the open conversation."""

    @abstractmethod
    async def show_events(self, events: Sequence[StoredEvent]) -> None:
        """Send events read from the timeline."""

    @abstractmethod
    async def show_frame(self, text: str) -> None:
        """Send one frame of the Bus, encoded for this audience."""

    @abstractmethod
    async def refuse(self, code: str, detail: str) -> None:
        """Say why a client frame was not taken."""
