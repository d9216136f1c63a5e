"""A turn of the AI: greeting, answer, handoff, and the answer that comes too late."""

import pytest
from django.db import transaction

from conversations.append import append_event
from conversations.domain.timeline import NewEvent
from conversations.models import Event, OutboxEntry
from handoffs.models import Handoff, HandoffSettings, Schedule, TurnLease
from handoffs.services.answering import Spoken, apply_reply
from handoffs.services.claims import claim_conversation
from handoffs.services.closing import hand_back
from handoffs.services.releases import publish_release
from handoffs.services.turns import consider_turn, lease_turn, release_turn
from integrations.services.turns import take_turn


@pytest.fixture
def turn(now):
    """Run the turn that the newest entry asks for."""

    def run() -> None:
        take_turn(entry=OutboxEntry.objects.filter(topic="turn.due").latest("id"), at=now)

    return run


def said_by_ai(conversation) -> list[str]:
    events = Event.objects.filter(conversation=conversation, type="ai.message").order_by("sequence")
    return [event.payload["text"] for event in events]


def join(conversation) -> None:
    append_event(
        conversation_id=conversation.id, event=NewEvent("customer.join_requested", "customer", client_id="join")
    )


def test_the_ai_joins_and_greets_once(conversation, project, turn):
    join(conversation)

    turn()
    turn()

    assert said_by_ai(conversation) == [project.greeting]
    assert Event.objects.filter(type="ai.joined").count() == 1


def test_a_question_is_answered_from_its_topic(conversation, cast, turn):
    cast.customer_says(conversation, "How long does the delivery take?")

    turn()

    answer = Event.objects.get(type="ai.message")
    assert answer.payload["text"] == "Delivery takes two working days."
    assert (answer.payload["topic"], answer.payload["understood"]) == ("delivery", True)


def test_two_messages_get_one_answer(conversation, cast, turn):
    cast.customer_says(conversation, "Hello")
    cast.customer_says(conversation, "How long does the delivery take?")

    turn()
    turn()

    assert said_by_ai(conversation) == ["Delivery takes two working days."]


def test_out_of_hours_the_ai_says_so_and_goes_on_answering(conversation, project, owner, cast, turn, now):
    Schedule.objects.create(project=project, key="shut", name="Shut", time_zone="UTC")
    project.destinations.update(schedule_key="shut", out_of_hours="ai")
    publish_release(project=project, publisher=owner, at=now)

    cast.customer_says(conversation, "Can I talk to a real person please")
    turn()
    turn()
    cast.customer_says(conversation, "How long does the delivery take?")
    turn()

    assert not Handoff.objects.exists()
    assert said_by_ai(conversation) == [
        "Our team is not there right now. People are back later. I'm glad to help until then.",
        "Delivery takes two working days.",
    ]


def test_asking_for_a_person_hands_off_with_the_customers_words(conversation, cast, turn):
    cast.customer_says(conversation, "Can I talk to a real person please")

    turn()

    handoff = Handoff.objects.get()
    assert (handoff.state, handoff.trigger, handoff.reason) == ("queued", "explicit_request", "needs_human")
    assert handoff.evidence["text"] == "Can I talk to a real person please"
    assert handoff.evidence["score"] >= handoff.evidence["threshold"]


def test_a_negated_request_is_no_request(conversation, cast, turn):
    cast.customer_says(conversation, "I don't want to talk to a person, just tell me how long delivery takes")

    turn()

    assert not Handoff.objects.exists()


def test_a_topics_action_hands_off_to_its_destination(conversation, cast, turn):
    cast.customer_says(conversation, "I want to complain about your service")

    turn()

    handoff = Handoff.objects.get()
    assert (handoff.trigger, handoff.reason, handoff.destination_key) == ("topic_action", "complaint", "billing")


def test_with_the_master_switch_off_a_request_is_declined_kindly(conversation, project, owner, cast, turn, now):
    HandoffSettings.objects.update(is_on=False)
    publish_release(project=project, publisher=owner, at=now)
    cast.customer_says(conversation, "Can I talk to a real person please")

    turn()

    assert not Handoff.objects.exists()
    assert "can't pass you to a person" in said_by_ai(conversation)[0]


def test_an_answer_that_comes_after_the_change_of_hands_is_not_said(conversation, cast, now):
    cast.customer_says(conversation, "How long does the delivery take?")
    lease_turn(conversation_id=conversation.id, holder=1, at=now)
    considered = consider_turn(conversation_id=conversation.id, at=now)
    cast.hand_off(conversation)
    before = said_by_ai(conversation)

    assert not apply_reply(turn=considered, spoken=Spoken("Two days."), request=None, at=now)
    assert said_by_ai(conversation) == before


def test_a_late_answer_does_not_reopen_what_was_said_to_a_human(conversation, cast, agent, now):
    cast.customer_says(conversation, "How long does the delivery take?")
    lease_turn(conversation_id=conversation.id, holder=1, at=now)
    considered = consider_turn(conversation_id=conversation.id, at=now)
    cast.hand_off(conversation)
    claimed = claim_conversation(conversation_id=conversation.id, agent=agent, at=now)
    said_to_agent = cast.customer_says(conversation, "Only Maya needs to know this")
    hand_back(conversation_id=conversation.id, agent=agent, epoch=claimed.epoch, note="", at=now)

    apply_reply(turn=considered, spoken=Spoken("Two days."), request=None, at=now)

    assert TurnLease.objects.get().covered_sequence >= said_to_agent.sequence


def test_one_turn_at_a_time(conversation, cast, now):
    cast.customer_says(conversation, "Hello")

    assert lease_turn(conversation_id=conversation.id, holder=1, at=now)
    assert not lease_turn(conversation_id=conversation.id, holder=2, at=now)


def test_an_entry_whose_worker_was_killed_gets_its_lease_again(conversation, cast, now):
    cast.customer_says(conversation, "Hello")

    assert lease_turn(conversation_id=conversation.id, holder=1, at=now)
    assert lease_turn(conversation_id=conversation.id, holder=1, at=now)


def test_whoever_said_something_meanwhile_is_not_forgotten(conversation, cast, now):
    holder = 1
    cast.customer_says(conversation, "Hello")
    lease_turn(conversation_id=conversation.id, holder=holder, at=now)
    considered = consider_turn(conversation_id=conversation.id, at=now)
    with transaction.atomic():
        apply_reply(turn=considered, spoken=Spoken("Hello!"), request=None, at=now)
    cast.customer_says(conversation, "How long does the delivery take?")

    assert not release_turn(conversation_id=conversation.id, holder=holder)
