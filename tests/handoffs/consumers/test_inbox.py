"""The inbox socket as scripts use it: the list is state, the open conversation is log."""

import pytest
import redis
from django.utils import timezone

from conversations.models import Connector
from conversations.realtime import conversation_topic, rows_topic
from conversations.services.replies import send_reply
from conversations.services.sessions import open_session
from handoffs.services.agent_news import agents_topic
from handoffs.services.claims import claim_conversation
from tests.conversations.consumers.customer_client import wait_until
from tests.outside import reads_broken_off

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_list_comes_first(sit, agent, waiting):
    frame = sit(agent).next()

    assert (frame["type"], frame["view"]) == ("list", "waiting")
    (row,) = frame["rows"]
    assert (row["conversation_id"], row["sequence"], row["state"]) == (
        str(waiting.pk),
        waiting.last_sequence,
        "waiting",
    )
    assert frame["counts"] == {"mine": 0, "waiting": 1, "ai": 0, "team": 0, "snoozed": 0, "closed": 0}


def test_a_conversation_that_starts_to_wait_appears(sit, agent, conversation, cast):
    socket = sit(agent)
    assert socket.next()["rows"] == []

    cast.hand_off(conversation)

    row = socket.hear("row")["row"]
    conversation.refresh_from_db()
    assert (row["conversation_id"], row["sequence"]) == (str(conversation.pk), conversation.last_sequence)
    assert socket.hear("counts")["counts"]["waiting"] == 1


def test_a_claimed_conversation_leaves_the_list_of_everybody_else(sit, agent, other_agent, waiting):
    socket = sit(other_agent)
    socket.hear("list")

    claimed = claim_conversation(conversation_id=waiting.pk, agent=agent, at=timezone.now())

    gone = socket.hear("row_gone")
    claimed.refresh_from_db()
    assert gone == {"type": "row_gone", "conversation_id": str(waiting.pk), "sequence": claimed.last_sequence}
    assert socket.hear("counts")["counts"] == {
        "mine": 0,
        "waiting": 0,
        "ai": 0,
        "team": 1,
        "snoozed": 0,
        "closed": 0,
    }


def test_many_changes_of_a_row_are_told_as_few(sit, agent, waiting, cast):
    socket = sit(agent)
    socket.hear("list")

    for number in range(30):
        last = cast.customer_says(waiting, f"Message {number}")

    sequences = []
    while not sequences or sequences[-1] < last.sequence:
        sequences.append(socket.hear("row")["row"]["sequence"])
    assert sequences == sorted(set(sequences))
    assert len(sequences) < 15


def test_another_view_is_sent_whole_when_it_is_asked_for(sit, agent, claimed):
    socket = sit(agent)
    assert socket.hear("list")["rows"] == []

    socket.say(type="view", view="mine")

    frame = socket.hear("list")
    assert (frame["view"], [row["mine"] for row in frame["rows"]]) == ("mine", [True])


def test_an_open_conversation_replays_what_follows_and_goes_on(sit, agent, claimed, cast):
    said = [cast.customer_says(claimed, text).sequence for text in ("One", "Two")]
    socket = sit(agent)

    socket.say(type="open", conversation_id=str(claimed.pk), after=said[0] - 1)
    replayed = [socket.hear("event")["event"] for _ in said]
    live = cast.customer_says(claimed, "Three")
    following = socket.hear("event")["event"]

    assert [event["sequence"] for event in replayed] == said
    assert (following["sequence"], following["payload"]) == (live.sequence, {"text": "Three"})
    assert (following["type"], following["author"]) == ("customer.message", "customer")


def test_a_socket_that_breaks_leaves_nobody_behind(sit, agent, claimed, project, settings):
    socket = sit(agent)
    socket.say(type="open", conversation_id=str(claimed.pk), after=0)
    socket.hear("event")
    topics = [conversation_topic(claimed.pk), rows_topic(project.pk, "live"), agents_topic(project.pk)]

    with redis.Redis.from_url(settings.REDIS_URL) as client:
        assert [number for _, number in client.pubsub_numsub(*topics)] == [1, 1, 1]
        with reads_broken_off("membership"):
            socket.say(type="view", view="mine")

        wait_until(lambda: not any(number for _, number in client.pubsub_numsub(*topics)))


def test_a_closed_conversation_is_heard_no_more(sit, agent, claimed, cast):
    socket = sit(agent, view="mine")
    socket.hear("list")
    socket.say(type="open", conversation_id=str(claimed.pk), after=0)
    socket.hear("event")
    socket.say(type="close")
    # The frames of a socket are taken in order: once the view has been answered, the close was carried out.
    socket.say(type="view", view="mine")
    socket.hear("list")

    cast.customer_says(claimed, "Anybody?")

    assert socket.next()["type"] == "row"


def test_typing_is_told_to_colleagues_who_look_on(sit, agent, other_agent, claimed):
    onlooker, typist = sit(other_agent), sit(agent)
    for socket in (onlooker, typist):
        socket.say(type="open", conversation_id=str(claimed.pk), after=claimed.last_sequence - 1)
        socket.hear("event")

    typist.say(type="typing", epoch=claimed.epoch, state="TYPING_STATE_STARTED")

    assert onlooker.hear("typing") == {
        "type": "typing",
        "conversation_id": str(claimed.pk),
        "author": f"user:{agent.pk}",
        "name": "Maya",
        "state": "TYPING_STATE_STARTED",
    }


def test_typing_in_a_conversation_of_somebody_else_is_refused(sit, other_agent, claimed):
    socket = sit(other_agent)
    socket.say(type="open", conversation_id=str(claimed.pk), after=0)

    socket.say(type="typing", epoch=claimed.epoch, state="TYPING_STATE_STARTED")

    assert socket.hear("error")["error"] == "stale_epoch"


def test_news_the_bus_has_lost_are_found(sit, agent, waiting, cast, monkeypatch):
    monkeypatch.setattr("handoffs.consumers.rows.CHECK_SECONDS", 0.3)
    socket = sit(agent)
    socket.hear("list")
    with monkeypatch.context() as outage:
        outage.setattr("conversations.append.news.publish_sync", lambda news: None)
        said = cast.customer_says(waiting, "Did you hear me?")

    assert socket.hear("row")["row"]["sequence"] == said.sequence


def test_the_sandbox_is_another_list(sit, agent, project, release, waiting, cast):
    connector = Connector.objects.create(project=project, environment="sandbox", name="Try", hosts=["127.0.0.1"])
    trial = open_session(connector=connector, options={})
    cast.hand_off(trial)
    socket = sit(agent, environment="sandbox")

    assert [row["conversation_id"] for row in socket.hear("list")["rows"]] == [str(trial.pk)]
    socket.say(type="open", conversation_id=str(waiting.pk), after=0)
    assert socket.hear("error")["error"] == "not_found"


@pytest.mark.parametrize(
    "frame",
    ["{", "[]", '{"type": "dance"}', '{"type": ["view"]}', '{"type": "view", "view": "all"}', '{"type": "typing"}'],
)
def test_a_frame_that_makes_no_sense_is_answered_and_the_socket_lives(sit, agent, frame):
    socket = sit(agent)
    socket.connection.send(frame)

    assert socket.hear("error")["error"] == "malformed"
    socket.say(type="view", view="mine")
    assert socket.hear("list")["view"] == "mine"


@pytest.mark.parametrize("after", [-1, "0", True, 1.5])
def test_a_place_in_the_log_is_a_number(sit, agent, claimed, after):
    socket = sit(agent)
    socket.say(type="open", conversation_id=str(claimed.pk), after=after)

    assert socket.hear("error")["error"] == "malformed"


def test_a_conversation_of_another_project_does_not_open(sit, outsider, claimed):
    elsewhere = outsider.memberships.get().project
    socket = sit(outsider, elsewhere)
    socket.say(type="open", conversation_id=str(claimed.pk), after=0)

    assert socket.hear("error") == {"type": "error", "error": "not_found", "detail": "There is no such conversation"}


def test_who_loses_the_membership_loses_the_socket(sit, agent):
    socket = sit(agent)
    socket.hear("list")
    agent.memberships.all().delete()

    socket.say(type="view", view="mine")

    assert socket.closed_with() == (4404, "There is no such project")


def test_a_reply_is_seen_by_a_colleague_at_once(sit, agent, other_agent, claimed):
    socket = sit(other_agent, view="team")
    socket.hear("list")

    send_reply(conversation_id=claimed.pk, author=agent, text="Hello", epoch=claimed.epoch, client_id="1")

    assert socket.hear("row")["row"]["last_event"]["text"] == "Hello"
