"""A customer's conversation with the AI, turn by turn, run as the worker runs it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from conversations.models import Conversation, Event, OutboxEntry
from handoffs.domain.settings import SettingsConfig
from handoffs.models import Handoff
from integrations.services.turns import take_turn

DEFAULT = SettingsConfig()
REQUEST = "Can I talk to a real person please"
CURSE = "This is useless, you stupid bot"
QUESTION = "How long does the delivery take?"
ANSWER = "Delivery takes two working days."
COMPLAINT = "I want to complain about your service"
EMAIL = {"key": "email", "label": "your e-mail address", "kind": "email", "is_required": True}
ORDER = {"key": "order_number", "label": "your order number", "kind": "text"}
PASSED_ON = DEFAULT.request_utterance


@dataclass
class Talk:
    """One customer's conversation with the AI, a message at a time."""

    conversation: Conversation
    cast: Any
    at: datetime

    def says(self, *texts: str) -> list[str]:
        """What the AI says to these messages, taken in one turn."""
        before = self.last
        for text in texts:
            self.cast.customer_says(self.conversation, text)
        self.run()
        return self.since(before)

    def run(self) -> None:
        take_turn(entry=OutboxEntry.objects.filter(topic="turn.due").latest("id"), at=self.at)
        self.conversation.refresh_from_db()

    def since(self, sequence: int) -> list[str]:
        events = Event.objects.filter(conversation=self.conversation, type="ai.message", sequence__gt=sequence)
        return [event.payload["text"] for event in events.order_by("sequence")]

    @property
    def last(self) -> int:
        return Event.objects.filter(conversation=self.conversation).latest("sequence").sequence

    @property
    def handoff(self) -> Handoff | None:
        return Handoff.objects.filter(conversation=self.conversation).order_by("-initiated_at").first()
