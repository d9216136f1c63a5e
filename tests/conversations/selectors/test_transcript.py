"""A timeline as people read it: names for ids, what was erased or may not be seen."""

import pytest
from django.db import transaction

from conversations.access import access_conversation
from conversations.append import append_event
from conversations.domain.frames import MASK, staff_frame
from conversations.domain.timeline import NewEvent
from conversations.models import Customer, Event
from conversations.selectors.timeline import events_after
from conversations.selectors.transcript import draw_events, read_as
from conversations.services.ownership import lock_conversation
from conversations.services.replies import add_note, send_reply
from conversations.services.state import change_state
from handoffs.services.announcements import tell_customer


def drawn(conversation, user, *, masked=False) -> list[dict]:
    events = events_after(conversation.id)
    return draw_events(events, reader=read_as(conversation=conversation, user=user, masked=masked, events=events))


def one(conversation, user, kind, **more) -> dict:
    return next(event for event in drawn(conversation, user, **more) if event["type"] == kind)


@pytest.fixture
def talked(claimed, agent, other_agent, cast):
    """Everybody has said something."""
    Customer.objects.filter(pk=claimed.customer_id).update(name="Joan Pritchard")
    claimed.refresh_from_db()
    cast.customer_says(claimed, "My card is 4111")
    send_reply(conversation_id=claimed.id, author=agent, text="Hi Joan", epoch=claimed.epoch, client_id=None)
    add_note(conversation_id=claimed.id, author=other_agent, text="Call her back", client_id=None)
    return claimed


@pytest.mark.parametrize(
    ("kind", "author"),
    [
        ("customer.message", ("customer", "Joan Pritchard")),
        ("ai.message", ("ai", "Fern")),
        ("handoff.triggered", ("ai", "Fern")),
        ("human.message", ("human", "Maya Okafor")),
        ("note.added", ("human", "Tomás Ribeiro")),
        ("session.started", ("system", "")),
    ],
)
def test_everybody_has_a_kind_and_a_name(talked, agent, kind, author):
    event = one(talked, agent, kind)

    assert (event["author_kind"], event["author_name"]) == author


def test_ones_own_words_are_ones_own(talked, agent, other_agent):
    assert one(talked, agent, "human.message")["mine"] is True
    assert one(talked, other_agent, "human.message")["mine"] is False


def test_a_desks_person_is_called_as_the_desk_calls_them(conversation, agent):
    for author, payload in (("desk:zd", {"text": "Hi", "agent_name": "Sam"}), ("desk:zd", {"text": "Hi"})):
        append_event(conversation_id=conversation.id, event=NewEvent("human.message", author, payload))

    names = [event["author_name"] for event in drawn(conversation, agent) if event["type"] == "human.message"]
    assert names == ["Sam", "zd"]


def test_an_answer_has_its_topic_and_confidence(conversation, agent):
    payload = {"text": "Two days", "topic": "delivery", "confidence": 0.91}
    append_event(conversation_id=conversation.id, event=NewEvent("ai.message", "ai", payload))

    event = one(conversation, agent, "ai.message")

    assert (event["topic"], event["confidence"], event["text"]) == ("delivery", 0.91, "Two days")


def test_masked_neither_the_words_nor_the_name_are_shown(talked, agent):
    events = drawn(talked, agent, masked=True)

    texts = [event["text"] for event in events if event["type"].endswith((".message", "note.added"))]
    assert texts
    assert set(texts) == {MASK}
    assert not any(secret in str(events) for secret in ("4111", "Joan", "Call her back"))
    assert one(talked, agent, "customer.message", masked=True)["author_name"].startswith("Customer ")


def test_what_was_collected_stays_out_of_the_transcript(waiting, agent):
    payload = one(waiting, agent, "handoff.triggered")["payload"]

    assert payload["now"]["handoff_state"] == "initiated"
    assert "handoff_data" not in payload["now"]


def test_what_was_erased_has_no_words_any_more(talked, agent):
    Event.objects.filter(type="customer.message").update(payload={"erased_at": "2026-11-21T12:00:00Z"})

    assert one(talked, agent, "customer.message")["text"] is None


def test_names_cost_one_query_however_many_people_there_are(talked, agent, django_assert_num_queries):
    events, conversation = events_after(talked.id), access_conversation(agent, talked.id)

    with django_assert_num_queries(1):
        reader = read_as(conversation=conversation, user=agent, masked=False, events=events)
        draw_events(events, reader=reader)


def test_what_is_collected_of_the_customer_is_masked_wherever_it_is_told(conversation, reviewer):
    address = "hannah.w@example.com"
    with transaction.atomic():
        change_state(conversation=lock_conversation(conversation.pk), changes={"email": address}, author="ai")
    tell_customer(conversation, f"They answer to {address}.")

    assert address in str(drawn(conversation, reviewer))
    assert address not in str(drawn(conversation, reviewer, masked=True))
    assert address not in str([staff_frame(event, masked=True) for event in events_after(conversation.pk)])
