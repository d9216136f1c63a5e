"""Old projection + events = the row, after every step of whole journeys through the services."""

import uuid
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from conversations.domain.projection import PROJECTED, Projection, apply_event, project_events
from conversations.domain.timeline import NewEvent
from conversations.domain.vocabulary import EndReason, Verdict
from conversations.models import Conversation, OutboxEntry
from conversations.selectors.timeline import events_after
from conversations.services.outcomes import OutcomeFacts
from conversations.services.ownership import change_projection
from conversations.services.replies import add_note, send_reply
from conversations.services.reviews import give_verdict
from conversations.services.sessions import end_session
from handoffs.models import Handoff, Queue
from handoffs.services.claims import claim_conversation
from handoffs.services.closing import cancel_waiting, close_conversation, end_open, hand_back
from handoffs.services.deadlines import sweep_deadlines
from handoffs.services.releases import publish_release
from handoffs.services.tickets import take_message

CLOSED = OutcomeFacts("refund_issued", resolved=True)


def columns(conversation: Conversation) -> Projection:
    """The row's projected columns, in the form in which events carry them."""

    def plain(value):
        if isinstance(value, datetime):
            return value.isoformat()
        return str(value) if isinstance(value, uuid.UUID) else value

    return Projection(**{name: plain(getattr(conversation, name)) for name in PROJECTED})


class Journey:
    """Walks a conversation through its services; after each step the events must lead from the old row to the new."""

    def __init__(self, conversation: Conversation, cast) -> None:
        self.id, self.cast = conversation.pk, cast
        self.start = self.known = columns(self.row)
        self.sequence = self.row.last_sequence

    @property
    def row(self) -> Conversation:
        return Conversation.objects.select_related("project", "customer").get(pk=self.id)

    def step(self, act: Callable[..., object], **given: object) -> None:
        act(**given)
        self.check()

    def check(self) -> None:
        row, news = self.row, events_after(self.id, self.sequence)
        assert project_events(news, start=self.known) == columns(row)
        assert project_events(events_after(self.id), start=self.start) == columns(row)
        assert [event.sequence for event in news] == list(range(self.sequence + 1, row.last_sequence + 1))
        if row.handoff_id:
            assert row.handoff_state == Handoff.objects.get(pk=row.handoff_id).state
        self.known, self.sequence = columns(row), row.last_sequence

    def says(self, text: str) -> None:
        self.step(self.cast.customer_says, conversation=self.row, text=text)

    def hands_off(self) -> None:
        self.step(self.cast.hand_off, conversation=self.row)

    def is_claimed_by(self, agent) -> None:
        self.step(claim_conversation, conversation_id=self.id, agent=agent, at=timezone.now())

    def is_answered_by(self, agent) -> None:
        epoch = self.row.epoch
        self.step(send_reply, conversation_id=self.id, author=agent, text="Hi", epoch=epoch, client_id=None)

    def is_closed_by(self, agent) -> None:
        epoch, at = self.row.epoch, timezone.now()
        self.step(close_conversation, conversation_id=self.id, agent=agent, epoch=epoch, facts=CLOSED, at=at)

    def ends(self, reason: EndReason) -> None:
        self.step(end_session, conversation_id=self.id, reason=reason, at=timezone.now())
        entry = OutboxEntry.objects.get(topic="conversation.ended", conversation_id=self.id)
        self.step(end_open, entry=entry, at=timezone.now())

    def waits_in_vain(self) -> None:
        self.step(sweep_deadlines, at=timezone.now() + timedelta(days=1))


@pytest.fixture
def journey(conversation, cast) -> Journey:
    return Journey(conversation, cast)


def test_claim_hand_back_second_handoff_and_close(journey, agent, other_agent, reviewer):
    journey.says("I need a person")
    journey.hands_off()
    journey.says("Are you there?")
    journey.is_claimed_by(agent)
    journey.is_answered_by(agent)
    back = {"conversation_id": journey.id, "agent": agent, "epoch": journey.row.epoch, "note": "Solved"}
    journey.step(hand_back, **back, at=timezone.now())
    assert (journey.row.owner_kind, journey.row.handoff_state) == ("ai", "returned")
    journey.says("One more thing")
    journey.hands_off()
    journey.is_claimed_by(other_agent)
    journey.step(add_note, conversation_id=journey.id, author=agent, text="Careful", client_id=None)
    journey.is_closed_by(other_agent)
    journey.step(give_verdict, conversation=journey.row, verdict=Verdict.NEEDED, comment="", reviewer=reviewer)

    row = journey.row
    assert (row.owner_kind, row.handoff_state, row.epoch) == ("none", "completed", 7)
    assert Handoff.objects.count() == 2


def test_waiting_in_vain_becomes_a_message_that_somebody_answers_later(journey, agent):
    journey.hands_off()
    journey.waits_in_vain()
    assert journey.row.is_ticket
    journey.says("I am joan@example.com")
    entry = OutboxEntry.objects.get(topic="ticket.message")
    journey.step(take_message, entry=entry, at=timezone.now())
    assert journey.row.handoff_data["email"] == "joan@example.com"
    journey.ends(EndReason.USER_END)
    assert journey.row.is_ticket
    journey.is_claimed_by(agent)
    journey.is_closed_by(agent)

    assert (journey.row.owner_kind, journey.row.handoff_state) == ("none", "completed")


def test_no_open_queue_becomes_a_message_at_once(journey, project, owner):
    Queue.objects.filter(project=project).update(is_on=False)
    publish_release(project=project, publisher=owner, at=timezone.now())

    journey.hands_off()

    assert journey.row.is_ticket


def test_the_customer_stops_waiting(journey):
    journey.hands_off()

    journey.step(cancel_waiting, conversation_id=journey.id, at=timezone.now())

    assert (journey.row.owner_kind, journey.row.handoff_state) == ("ai", "returned")


@pytest.mark.parametrize("reason", [EndReason.USER_END, EndReason.USER_ABANDONED])
def test_the_customer_leaves_while_waiting(journey, reason):
    journey.hands_off()

    journey.ends(reason)

    assert (journey.row.owner_kind, journey.row.handoff_state) == ("none", "abandoned")


def test_the_customer_ends_it_while_a_person_is_there(journey, agent):
    journey.hands_off()
    journey.is_claimed_by(agent)

    journey.ends(EndReason.USER_END)

    assert (journey.row.owner_kind, journey.row.handoff_state) == ("human", "active")


def test_the_customer_ends_it_with_the_ai(journey):
    journey.says("Bye")
    journey.ends(EndReason.USER_END)

    row = journey.row
    assert (row.owner_kind, row.handoff_id, row.ended_at is not None) == ("none", None, True)


def test_an_event_without_news_of_the_owner_changes_nothing(conversation, cast):
    stored = cast.customer_says(conversation, "Hi")

    assert apply_event(Projection(), stored) == Projection()


def test_what_is_not_projected_cannot_be_changed_with_an_event(conversation):
    with pytest.raises(ValueError, match="not projected: last_sequence"):
        change_projection(
            conversation=conversation, event=NewEvent("handoff.changed", "system"), changes={"last_sequence": 9}
        )

    assert len(events_after(conversation.id)) == 1


def test_every_projected_name_is_a_column():
    assert set(asdict(Projection())) <= {field.name for field in Conversation._meta.get_fields()}
