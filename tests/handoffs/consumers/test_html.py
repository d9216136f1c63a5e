"""The inbox socket of the page: fragments from the page's own partials."""

import json

import pytest
from django.utils import timezone
from websockets.sync.client import connect

from conversations.services.access_tokens import issue_access_token
from conversations.services.replies import send_reply
from handoffs.services.claims import claim_conversation

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_list_comes_with_its_views_and_the_claim_button(sit, agent, waiting):
    html = sit(agent, format="html", view="mine").html("inbox-list")

    for part in ('id="inbox-list" hx-swap-oob="true"', 'id="inbox-views"', 'id="claim-next"', 'id="rail-waiting"'):
        assert part in html
    assert f'id="row-{waiting.pk}"' in html


def test_who_starts_to_wait_appears_in_the_list(sit, agent, conversation, cast):
    socket = sit(agent, format="html", view="mine")
    socket.html("inbox-list")

    cast.hand_off(conversation)

    assert "data-clock" in socket.html(f'id="row-{conversation.pk}"')


def test_only_the_row_comes_when_only_its_words_changed(sit, agent, waiting, cast):
    socket = sit(agent, format="html", view="waiting")
    socket.html("inbox-list")

    cast.customer_says(waiting, "Is anyone there?")

    html = socket.html("Is anyone there?")
    assert html.lstrip().startswith('<li class="hs-listrow hs-listrow--unread"')
    assert 'id="inbox-list"' not in html


def test_a_message_is_added_to_the_open_transcript(sit, agent, claimed, cast):
    socket = sit(agent, format="html", view="mine")
    claimed.refresh_from_db()
    socket.say(type="open", conversation_id=str(claimed.pk), after=claimed.last_sequence)
    said = cast.customer_says(claimed, "It says pending")

    html = socket.html(f'id="event-{said.sequence}"')

    assert html.startswith(f"<!--of:{claimed.pk}-->")
    assert '<div id="transcript" hx-swap-oob="beforeend">' in html


def test_a_change_of_hands_redraws_what_stands_around(sit, agent, other_agent, waiting):
    waiting.refresh_from_db()
    socket = sit(other_agent, format="html", view="waiting")
    socket.say(type="open", conversation_id=str(waiting.pk), after=waiting.last_sequence)
    socket.html("inbox-list")

    claim_conversation(conversation_id=waiting.pk, agent=agent, at=timezone.now())

    html = socket.html("<!--of:")
    for part in ("conversation-head", "transcript", "composer", "closing", "context"):
        assert f'id="{part}"' in html
    assert "Maya Okafor has this conversation." in html


def test_what_was_missed_while_away_comes_on_opening_again(sit, agent, claimed, cast):
    claimed.refresh_from_db()
    seen = claimed.last_sequence
    missed = [cast.customer_says(claimed, text) for text in ("First", "Second")]

    socket = sit(agent, format="html", view="mine")
    socket.say(type="open", conversation_id=str(claimed.pk), after=seen)

    html = socket.html("<!--of:")
    assert all(f'id="event-{event.sequence}"' in html for event in missed)


def test_my_own_typing_is_not_told_to_me(sit, agent, other_agent, claimed):
    claimed.refresh_from_db()
    typist, onlooker = sit(agent, format="html"), sit(other_agent, format="html")
    for socket in (typist, onlooker):
        socket.say(type="open", conversation_id=str(claimed.pk), after=claimed.last_sequence)
        # Frames of a socket are taken in order: the answer to the second shows that the first is done.
        socket.say(type="view", view="mine")
        for _ in range(2):
            socket.html("inbox-list")

    typist.say(type="typing", epoch=claimed.epoch, state="TYPING_STATE_STARTED")
    assert "Maya is typing" in onlooker.html('id="typing"')
    send_reply(conversation_id=claimed.pk, author=agent, text="Hello", epoch=claimed.epoch, client_id="1")

    assert 'id="typing"' not in typist.html("<!--of:")


def test_the_customers_typing_is_shown_and_ends(sit, agent, claimed, connector, server):
    claimed.refresh_from_db()
    socket = sit(agent, format="html", view="mine")
    socket.say(type="open", conversation_id=str(claimed.pk), after=claimed.last_sequence)
    # Frames of a socket are taken in order: the answer to this one shows that the other is done.
    socket.say(type="view", view="mine")
    for _ in range(2):
        socket.html("inbox-list")
    token = issue_access_token(token=connector.token, host="127.0.0.1", at=timezone.now())

    with connect(f"{server.ws_url}/ws?session_id={claimed.pk}&access_token={token}") as customer:
        for state in ("TYPING_STATE_STARTED", "TYPING_STATE_STOPPED"):
            customer.send(json.dumps({"type": "EVENT_TYPE_USER_TYPING", "payload": {"state": state}}))
        started, stopped = socket.html('id="typing"'), socket.html('id="typing"')

    assert "Customer is typing" in started
    assert "hidden" in stopped
