"""`demo play` as its users run it: from outside, against the real server, a real worker and a human at the desk."""

import asyncio
import json
import threading

import pytest
from django.core.management import CommandError
from django.db import connections
from django.utils import timezone

from conversations.domain.vocabulary import OwnerKind
from conversations.models import Conversation, Event, Project, User
from conversations.services.replies import ReplyRefused, send_reply
from handoffs.services.claims import claim_next
from studio.demo.play import line
from studio.demo.play.pace import Pace
from tests.studio.demo.play.relay import Relay

TRANSCRIPT = """\
{"turns": [{"speaker": "customer", "text": "How long does delivery take?"}, {"speaker": "agent", "text": "Two days."},\
 {"speaker": "customer", "text": "Thank you"}]}
{"turns": [{"speaker": "user", "text": "I want to speak to a person please"}, {"speaker": "user", "text": "Order 7"}]}
{"turns": [{"speaker": "agent"
{"turns": [{"speaker": "Caller", "text": "I want to make a complaint"}]}
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "four.jsonl"
    path.write_text(TRANSCRIPT)
    return path


@pytest.fixture
def workspace(transactional_db, demo) -> Project:
    return demo


@pytest.fixture
def play(workspace, server, worker, file, run_demo):
    """Play the file against the running server; returns the report as JSON."""

    def run(*options: str):
        return json.loads(run_demo("play", str(file), "--base-url", server.base_url, "--json", *options))

    return run


@pytest.fixture
def maya_works(workspace):
    """Maya claims whatever waits and answers it, until the test is over."""
    over = threading.Event()

    def work():
        maya = User.objects.get(email__startswith="maya")
        while not over.wait(0.05):
            if waiting := claim_next(project=workspace, environment="live", agent=maya, at=timezone.now()):
                answer(waiting, maya)
        connections.close_all()

    thread = threading.Thread(target=work, name="maya")
    thread.start()
    yield
    over.set()
    thread.join(20)
    assert not thread.is_alive()


def answer(conversation, agent):
    try:
        send_reply(
            conversation_id=conversation.id,
            author=agent,
            text="Maya here.",
            epoch=conversation.epoch,
            client_id=None,
        )
    except ReplyRefused:
        return  # the customer has left meanwhile


def test_who_asks_for_a_person_is_handed_off_met_and_answered_and_nobody_else(play, maya_works):
    report = play("--patience", "20")
    courses = [
        (
            course["line"],
            course["sent"],
            [(handoff["reason"], handoff["trigger"], handoff["destination"]) for handoff in course["handoffs"]],
            [name.partition(" ")[0] for name in course["humans"]],
            course["human_answers"],
            course["problems"],
            course["ended"],
        )
        for course in report["conversations"]
    ]
    assert courses == [
        (1, 2, [], [], 0, [], "REASON_USER_END"),
        (2, 2, [("needs_human", "explicit_request", "front_desk")], ["Maya"], 1, [], "REASON_USER_END"),
        (4, 1, [("complaint", "topic_action", "complaints")], ["Maya"], 1, [], "REASON_USER_END"),
    ]
    assert [line["line"] for line in report["skipped"]] == [3]
    assert report["conversations"][0]["topics"] == ["delivery_times", "thanks"]
    assert all(0 < course["handoffs"][0]["wait_seconds"] < 20 for course in report["conversations"][1:])
    # Whoever met a human stays with them until they have closed it with an outcome.
    owners = Conversation.objects.order_by("created_at").values_list("owner_kind", flat=True)
    assert sorted(owners) == [OwnerKind.HUMAN, OwnerKind.HUMAN, OwnerKind.NONE]


def test_the_session_stays_open_and_waits_where_that_is_asked_for(play, workspace):
    report = play("--stay", "--limit", "2", "--patience", "4")
    states = [(bool(course["handed_off"]), course["ended"]) for course in report["conversations"]]
    assert states == [(False, ""), (True, "")]
    open_now = Conversation.objects.filter(ended_at=None)
    owners = {str(conversation.id): conversation.owner_kind for conversation in open_now}
    assert [owners[course["session_id"]] for course in report["conversations"]] == ["ai", "queue"]


@pytest.mark.parametrize("delivered", [True, False])
@pytest.mark.parametrize("cut_at", [2, 3], ids=["joining", "speaking"])
def test_a_line_that_breaks_is_taken_up_again_and_nothing_is_said_twice(play, server, cut_at, delivered):
    with Relay(server.base_url, cut_at=cut_at, delivered=delivered) as relay:
        report = play("--limit", "1", "--patience", "20", "--base-url", relay.base_url)
    course = report["conversations"][0]
    assert (relay.cuts, course["reconnects"], course["problems"]) == (1, 1, [])
    assert (course["sent"], course["ai_answers"], course["ended"]) == (2, 3, "REASON_USER_END")
    said = Event.objects.filter(conversation_id=course["session_id"], type="customer.message").order_by("sequence")
    assert [event.payload["text"] for event in said] == ["How long does delivery take?", "Thank you"]


def test_a_server_that_stays_away_is_a_problem_of_its_conversation(play, server, monkeypatch):
    monkeypatch.setattr(line, "PAUSES", (0.01, 0.01))
    with Relay(server.base_url, cut_at=3, delivered=True, stays_away=True) as relay:
        report = play("--limit", "1", "--patience", "20", "--base-url", relay.base_url)
    course = report["conversations"][0]
    assert (course["sent"], course["reconnects"], course["ended"]) == (1, 2, "")
    assert len(course["problems"]) == 1
    assert course["problems"][0].startswith("the connection was lost: ")
    assert report["totals"]["with_problems"] == 1


def test_a_server_that_is_not_there_is_said_in_words(demo, file, run_demo):
    with pytest.raises(CommandError, match=r"No customer could come in.*Is the server running \(`make up`\)"):
        run_demo("play", str(file), "--base-url", "http://127.0.0.1:8009")


def test_a_connector_that_lets_nobody_in_is_said_in_words(workspace, server, file, run_demo):
    with pytest.raises(CommandError, match=r"answered 401.*Connector token does not exist"):
        run_demo("play", str(file), "--base-url", server.base_url, "--token", "ct_unknown")
    assert Conversation.objects.count() == 0


def test_a_file_without_anything_to_play_fails_with_its_count(demo, tmp_path, run_demo):
    path = tmp_path / "bad.jsonl"
    path.write_text("one\ntwo\n")
    with pytest.raises(CommandError, match=r"Nothing to play in .*bad\.jsonl: 2 lines skipped"):
        run_demo("play", str(path))


@pytest.mark.parametrize("option", [("--rate", "0"), ("--rate", "x"), ("--concurrency", "0"), ("--limit", "-1")])
def test_a_nonsensical_option_is_refused(demo, file, run_demo, option):
    with pytest.raises(CommandError, match=f"argument {option[0]}"):
        run_demo("play", str(file), *option)


async def test_the_pace_gives_turns_in_order_and_at_its_rate():
    pace, loop = Pace(50.0), asyncio.get_running_loop()
    start = loop.time()
    for _ in range(4):
        await pace.wait()
    assert 0.06 <= loop.time() - start < 1.0
