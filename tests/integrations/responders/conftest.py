import pytest

from conversations.models.ids import new_id
from handoffs.domain.config import DestinationConfig, ReasonConfig, TopicConfig
from integrations.responders.base import Turn
from tests.emulators.answering import AnsweringServer


class Hearer:
    """Waits for an answer and keeps its parts; leaves once it has heard `leaves_after` of them."""

    def __init__(self, leaves_after: int | None = None) -> None:
        self.parts: list[str] = []
        self.leaves_after = leaves_after

    def hear(self, text: str) -> None:
        self.parts.append(text)

    def has_left(self) -> bool:
        return self.leaves_after is not None and len(self.parts) >= self.leaves_after


@pytest.fixture
def hearer():
    return Hearer()


@pytest.fixture
def server(loopback_allowed):
    with AnsweringServer() as server:
        yield server


@pytest.fixture
def turn():
    return Turn(
        id="turn-1",
        conversation_id=new_id(),
        messages=[("ai", "Hello."), ("customer", "Where is my parcel?")],
        ai_name="Fern",
        channel="web_chat",
        topics=[TopicConfig("delivery", "Delivery", ("How long?",), "Two working days.")],
        destinations=[DestinationConfig("billing", "Billing", "Bills and refunds"), DestinationConfig("care", "Care")],
        reasons=[ReasonConfig("needs_human", "Needs a person"), ReasonConfig("refund", "Wants a refund")],
        state={"order": "7741"},
    )
