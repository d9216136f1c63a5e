"""`manage.py triggers score`: a line in, a line out, with nothing but the code."""

import json
import os
import signal
import subprocess
import sys
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from handoffs.domain.triggers.scoring import moved
from handoffs.domain.triggers.signal import Evidence, Signal, Trigger

ROOT = Path(__file__).resolve().parents[4]
ASK, CALM, FED_UP = "I want to talk to a human", "Where is my order?", "You are useless"
TOPICS = {"id": "__topics__", "topics": [{"id": "legal", "name": "Legal", "examples": ["I will sue you"]}]}


@pytest.fixture
def score(monkeypatch):
    """Answers, complaints and exit code for these lines: objects are written as JSON, bytes as they are."""

    def run(*lines, **options):
        raw = b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines)
        monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(raw)))
        out, complaints, code = StringIO(), StringIO(), 0
        try:
            call_command("triggers", "score", stdout=out, stderr=complaints, **options)
        except SystemExit as ended:
            code = ended.code
        return [json.loads(line) for line in out.getvalue().splitlines()], complaints.getvalue(), code

    return run


def message(name, text, **rest):
    return {"id": name, "text": text, **rest}


def test_every_message_is_answered_in_its_order(score):
    answers, complaints, code = score(message("a", ASK), message(2, CALM), message("c", FED_UP, history=[]))
    assert [one["id"] for one in answers] == ["a", 2, "c"]
    assert [one["explicit"] >= 0.5 for one in answers] == [True, False, False]
    assert [one["frustration"] >= 0.5 for one in answers] == [False, False, True]
    assert (complaints, code) == ("", 0)


def test_the_history_counts(score):
    failed = {"role": "assistant", "text": "Sorry, I did not understand that."}
    asked = {"role": "user", "text": "No, change my flight"}
    answers, _, _ = score(
        message(1, "No, change my flight"), message(2, "No, change my flight", history=[asked, failed] * 3)
    )
    assert answers[0]["frustration"] < answers[1]["frustration"]


def test_a_higher_level_is_slower_to_see_frustration_and_hears_requests_alike(score):
    levels = [score(message(1, FED_UP), message(2, ASK), level=level)[0] for level in (1, 2, 3)]
    assert levels[0][0]["frustration"] > levels[1][0]["frustration"] > levels[2][0]["frustration"]
    assert levels[0][1]["explicit"] == levels[1][1]["explicit"] == levels[2][1]["explicit"]


def test_empty_lines_are_no_lines_and_no_lines_are_no_error(score):
    assert score(b"", b"  ", message(1, CALM), b"")[0][0]["id"] == 1
    assert score() == ([], "", 0)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        (b"oops", "it is not JSON: Expecting value at character 1"),
        (b"\xff", "it is not UTF-8"),
        (b"[" * 100_000, "it is nested too deeply"),
        (b'{"id": ' + b"1" * 5_000 + b', "text": "Hello"}', "it holds a number that is too long"),
        (b'{"id": NaN, "text": "Hello"}', '"id" must be a text or a whole number'),
        (b'{"id": 1, "text": NaN}', '"text" must be a text'),
        ([1], "it is no object like"),
        ({"text": "Hello"}, '"id" must be a text or a whole number'),
        ({"id": True, "text": "Hello"}, '"id" must be a text or a whole number'),
        ({"id": 1}, '"text" must be a text'),
        ({"id": 1, "text": ["Hello"]}, '"text" must be a text'),
        ({"id": 1, "text": "Hello", "history": "Hi"}, '"history" must be a list'),
        ({"id": 1, "text": "Hello", "history": {}}, '"history" must be a list'),
        ({"id": 1, "text": "Hello", "history": [{"role": "bot", "text": "Hi"}]}, '"history", entry 1'),
        ({"id": 1, "text": "Hello", "history": [{"role": ["user"], "text": "Hi"}]}, '"history", entry 1'),
        ({"id": 1, "text": "Hello", "history": [{"role": "user"}]}, '"history", entry 1'),
    ],
)
def test_a_bad_line_is_named_and_the_others_are_answered(score, line, complaint):
    answers, complaints, code = score(message(1, CALM), line, message(2, ASK))
    assert [one["id"] for one in answers] == [1, 2]
    assert complaints.startswith(f"Line 2: {complaint}")
    assert code == 2


@pytest.mark.parametrize(
    "line",
    [
        message(1, ""),
        message(1, CALM, history=None),
        message(1, CALM, history=[{"role": "user", "text": CALM}] * 1_000),
        message(1, f"{CALM} " * 50_000),
        b'{"id": 1, "text": "\\ud83d Hello \\udc00"}',
        b'\xef\xbb\xbf{"id": 1, "text": "Hello"}',
    ],
    ids=["empty", "no history", "a long history", "a megabyte", "halves of characters", "a mark of byte order"],
)
def test_a_strange_line_is_answered(score, line):
    answers, complaints, code = score(line)
    assert (answers[0]["explicit"] < 0.5, answers[0]["frustration"] < 0.5) == (True, True)
    assert (complaints, code) == ("", 0)


@pytest.mark.parametrize("nudge", [-1e-17, 0.0, 1e-17, 1e-12])
@pytest.mark.parametrize("threshold", [0.3, 0.52, 0.8, 0.93])
def test_a_half_and_more_means_fires_and_nothing_else_does(threshold, nudge):
    score = threshold + nudge * 10
    made = Signal(Trigger.FRUSTRATION, score, threshold, score >= threshold, Evidence("", "", ""), 0)
    assert (moved(made) >= 0.5) == made.fired


def test_two_scores_are_told_apart_however_near_they_are():
    scores = [place / 1_000_000_007 for place in (1, 2, 999_999_999, 1_000_000_000)]
    made = [Signal(Trigger.FRUSTRATION, one, 0.52, one >= 0.52, Evidence("", "", ""), 0) for one in scores]
    assert [moved(one) for one in made] == sorted({moved(one) for one in made})


def test_topics_are_those_of_the_first_line(score):
    answers, complaints, code = score(TOPICS, message(1, "I will sue you"), message(2, CALM), topics=True)
    assert [(one["id"], one["topics"]["legal"] >= 0.5) for one in answers] == [(1, True), (2, False)]
    assert (complaints, code) == ("", 0)


@pytest.mark.parametrize(
    ("first", "complaint"),
    [
        ({"id": 1, "text": CALM}, 'the first line must be {"id": "__topics__"'),
        ({"id": "__topics__", "topics": "legal"}, "the first line must be"),
        ({"id": "__topics__", "topics": ["legal"]}, "topic 1 is no object"),
        ({"id": "__topics__", "topics": [{"id": "legal"}]}, 'topic 1: "name" must be a text'),
        ({"id": "__topics__", "topics": [{"id": "a", "name": "A", "examples": "x"}]}, 'topic 1: "examples" must be'),
        ({"id": "__topics__", "topics": [{"id": "a", "name": "A", "examples": [1]}]}, 'topic 1: "examples" must be'),
        ({"id": "__topics__", "topics": [{"id": ["a"], "name": "A"}]}, 'topic 1: "id" must be'),
        ({"id": "__topics__", "topics": [{"id": 1, "name": "A"}, {"id": "1", "name": "B"}]}, "topic 2 has the id of"),
    ],
)
def test_without_topics_nothing_can_be_answered(score, first, complaint):
    with pytest.raises(CommandError, match=r"^Line 1: ") as error:
        score(first, message(1, CALM), topics=True)
    assert complaint in str(error.value)
    assert error.value.returncode == 2


def test_nothing_at_all_holds_no_topics(score):
    with pytest.raises(CommandError, match="the first line must be"):
        score(topics=True)


@pytest.fixture
def running():
    """The command, waiting for lines; what it complains of can be read."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    command = [sys.executable, "manage.py", "triggers", "score"]
    with subprocess.Popen(command, cwd=ROOT, **pipes) as process:
        process.stdin.write(json.dumps(message(1, CALM)).encode() + b"\n")
        process.stdin.flush()
        process.stdout.readline()
        yield process
        process.kill()


def test_who_stops_reading_gets_no_complaint(running):
    running.stdout.close()
    running.stdin.write(json.dumps(message(2, CALM)).encode() + b"\n")
    running.stdin.close()
    assert (running.stderr.read(), running.wait(10)) == (b"", 0)


def test_ctrl_c_ends_it_without_a_word(running):
    running.send_signal(signal.SIGINT)
    assert (running.stderr.read(), running.wait(10)) == (b"", 130)


def test_it_runs_in_a_fresh_checkout_without_servers_or_settings(tmp_path):
    environment = {"PATH": os.environ["PATH"], "STUDIO_VAR": str(tmp_path / "var")}
    lines = f"{json.dumps(message(1, ASK))}\noops\n"
    done = subprocess.run(
        [sys.executable, "manage.py", "triggers", "score"],
        cwd=ROOT,
        env=environment,
        input=lines,
        capture_output=True,
        text=True,
        check=False,
    )
    assert json.loads(done.stdout)["explicit"] >= 0.5
    assert done.stderr == "Line 2: it is not JSON: Expecting value at character 1.\n"
    assert done.returncode == 2
    assert not (tmp_path / "var").exists()
