from datetime import UTC, datetime, timedelta

import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from conversations.domain.timeline import EVENT_TYPES
from conversations.templatetags.transcript import (
    FOLDED,
    NOTICES,
    OUTCOME,
    TURNS,
    UNDRAWN,
    transcript_lines,
    with_distance,
)

START = datetime(2026, 11, 21, 12, 1, tzinfo=UTC)
TRIGGERED = {
    "handoff_id": "h1",
    "reason": "refund_request",
    "trigger": "explicit_request",
    "destination_name": "Billing",
    "release": 41,
}


def event(sequence, kind, author_kind="system", author_name="", *, after=0, text=None, mine=False, **payload):
    return {
        "sequence": sequence,
        "public_sequence": None,
        "type": kind,
        "author_kind": author_kind,
        "author_name": author_name,
        "mine": mine,
        "text": text,
        "at": START + timedelta(seconds=after),
        "payload": payload,
        "topic": None,
        "confidence": None,
    }


def handed_off():
    return [
        event(1, "customer.message", "customer", "Hannah Whitlock", text="A person please"),
        event(2, "ai.message", "ai", "Fern", text="Of course", after=8),
        event(3, "handoff.triggered", after=10, **TRIGGERED),
        event(4, "ai.left", after=10),
        event(5, "handoff.accepted", after=10, queue_name="Billing"),
        event(6, "handoff.queue_status", after=11, queue_name="Billing", estimated_wait_seconds=120),
        event(7, "handoff.queue_status", after=40, queue_name="Billing", estimated_wait_seconds=60),
    ]


def draw(events) -> str:
    return render_to_string("conversations/transcript/_lines.html", {"events": events})


def test_every_stored_event_type_is_drawn_or_left_out_on_purpose():
    known = {*TURNS, *NOTICES, OUTCOME, *FOLDED, *UNDRAWN}
    assert known == {name for name, row in EVENT_TYPES.items() if row.durable}


def test_the_events_of_a_handoff_fold_into_one_line():
    lines = transcript_lines(handed_off())
    assert [line["kind"] for line in lines] == ["turn", "turn", "handoff"]
    handoff = lines[-1]["handoff"]
    assert (handoff["from_name"], handoff["from_kind"], handoff["destination_name"]) == ("Fern", "ai", "Billing")
    assert (handoff["reason"], handoff["release"], handoff["to"]) == ("refund_request", 41, "waiting")


def test_the_line_keeps_the_first_estimate_the_customer_was_told():
    assert transcript_lines(handed_off())[-1]["handoff"]["told"] == 120


def test_the_person_who_joins_ends_the_line_with_the_wait():
    joined = event(8, "human.joined", "human", "Maya Okafor", after=114, agent={"name": "Maya"})
    handoff = transcript_lines([*handed_off(), joined])[-1]["handoff"]
    assert (handoff["to"], handoff["to_name"], handoff["waited"]) == ("joined", "Maya Okafor", timedelta(seconds=104))


def test_a_handoff_nobody_took_ends_with_leave_a_message():
    handoff = transcript_lines([*handed_off(), event(8, "handoff.timed_out", after=310)])[-1]["handoff"]
    assert (handoff["to"], handoff["to_name"], handoff["ending"]) == (
        "missed",
        "Leave a message",
        "nobody took it in time",
    )


def test_who_answers_a_left_message_later_gets_a_line_of_their_own():
    late = [event(8, "handoff.timed_out", after=310), event(9, "human.joined", "human", "Maya Okafor", after=900)]
    lines = [line["handoff"] for line in transcript_lines([*handed_off(), *late])[2:]]
    assert [line["to"] for line in lines] == ["missed", "joined"]
    assert lines[1]["destination_name"] == "Billing"


def test_a_reader_sees_themselves_as_you():
    joined = event(8, "human.joined", "human", "Maya Okafor", after=114, mine=True)
    assert '<span class="hs-handoff-to">You</span>' in draw([*handed_off(), joined])


def test_a_new_day_is_marked_once():
    events = [event(1, "customer.message", "customer", "A B", text="x"), event(2, "ai.message", "ai", "Fern", text="y")]
    later = event(3, "customer.message", "customer", "A B", text="z", after=86_400)
    assert draw([*events, later]).count("hs-day") == 2


def test_a_day_begins_at_midnight_where_the_page_is_read():
    evening = [event(n, "customer.message", "customer", "A B", text="x", after=n * 43_200) for n in (0, 1)]
    assert draw(evening).count("hs-day") == 2  # 12:01 and 00:01 in London
    with timezone.override("America/New_York"):
        assert draw(evening).count("hs-day") == 1  # 07:01 and 19:01


def test_what_a_customer_writes_is_escaped():
    drawn = draw([event(1, "customer.message", "customer", "<i>Eve", text="<script>alert(1)</script>")])
    assert "<script>" not in drawn
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in drawn


def test_an_erased_message_keeps_its_place_without_its_text():
    drawn = draw([event(1, "customer.message", "customer", "Hannah Whitlock")])
    assert "hs-bubble--erased" in drawn
    assert "None" not in drawn


def test_an_event_type_we_do_not_know_stays_visible():
    assert "<code>voice.ringing</code>" in draw([event(1, "voice.ringing")])


def test_a_close_says_who_when_and_what_came_out():
    closed = event(
        9, OUTCOME, "human", "Tomás Ribeiro", code="credit_issued", resolved=True, first_contact_resolved=False
    )
    drawn = " ".join(draw([closed]).split())
    assert "Closed 12:01 by Tomás Ribeiro" in drawn
    assert "<strong>credit_issued</strong> · resolved · not on first contact" in drawn


@pytest.mark.parametrize(("at", "turns", "seconds"), [(0, 2, 52), (1, 1, 40), (2, 0, 28), (3, 0, 0)])
def test_turns_know_how_far_they_are_from_the_handoff_without_its_announcement(at, turns, seconds):
    said = [
        event(1, "customer.message", "customer", "Joan", text="I want to complain", after=34),
        event(2, "ai.message", "ai", "Fern", text="Rates?", after=46),
        event(3, "customer.message", "customer", "Joan", text="A person", after=58),
        event(4, "ai.message", "ai", "Fern", text="Passing you on", after=86),
        event(5, "handoff.triggered", after=86, **TRIGGERED),
    ]
    line = with_distance(transcript_lines(said))[at]
    assert line["before"] == {"turns": turns, "time": timedelta(seconds=seconds)}


# --- what hangs on a message -----------------------------------------------------------------


@pytest.mark.parametrize(("kind", "who"), [("human.message", "user"), ("ai.message", "ai")])
def test_what_hangs_on_a_message_is_a_link_that_leaves_the_console_alone(kind, who):
    links = [{"content_url": "https://a.example/i.pdf", "title": "Invoice <1>"}, {"content_url": "https://a.example/b"}]

    drawn = draw([event(1, kind, who, "Maya", text="Here", attachments=links)])

    assert 'href="https://a.example/i.pdf" target="_blank" rel="noopener noreferrer"' in drawn
    assert "Invoice &lt;1&gt;" in drawn
    assert "<span>https://a.example/b</span>" in drawn


@pytest.mark.parametrize("attachments", [None, [], "•••"], ids=["none", "empty", "hidden"])
def test_nothing_is_drawn_where_nothing_hangs_or_it_is_hidden(attachments):
    assert "hs-attached" not in draw([event(1, "human.message", "user", "Maya", text="Here", attachments=attachments)])
