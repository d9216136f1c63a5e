import pytest

from studio.demo.play.course import Course, SeenHandoff
from studio.demo.play.report import Report
from studio.demo.play.transcripts import Skipped


@pytest.fixture
def report():
    joined = SeenHandoff("complaint", "topic_action", "complaints", at=10.0, joined_at=12.5)
    missed = SeenHandoff("needs_human", "explicit_request", "front_desk", at=3.0, given_up="timed out")
    courses = [
        Course(
            line=1, turns=2, sent=2, ai_answers=3, answer_seconds=[0.1, 0.3], topics=["billing", "(not understood)"]
        ),
        Course(line=2, turns=3, sent=3, ai_answers=2, human_answers=2, humans=["Maya"], handoffs=[joined]),
        Course(line=5, turns=1, sent=1, ai_answers=1, handoffs=[missed], answer_seconds=[0.2]),
        Course(line=6, turns=4, problems=["the connection was lost"]),
    ]
    return Report(courses, [Skipped(3, "no JSON"), Skipped(4, "no JSON")], seconds=7.25)


def test_totals_count_what_happened(report):
    assert report.totals() == {
        "conversations": 4,
        "played": 3,
        "skipped": 2,
        "with_problems": 1,
        "messages": 6,
        "reconnects": 0,
        "handed_off": 2,
        "by_reason": {"complaint": 1, "needs_human": 1},
        "joined_by_a_human": 1,
        "answer_seconds_median": 0.2,
        "answer_seconds_most": 0.3,
        "wait_seconds_median": 2.5,
        "seconds": 7.25,
        "stopped": False,
    }


def test_the_table_says_of_each_line_what_became_of_it(report):
    table = [line.split() for line in report.as_text().splitlines()[1:5]]
    assert table == [
        ["1", "2/2", "no", "AI", "x3", "billing,", "(not", "understood)"],
        ["2", "3/3", "yes", "complaint", "topic_action", "complaints", "AI", "x2,", "Maya", "x2", "2.5", "s"],
        ["5", "1/1", "timed", "out", "needs_human", "explicit_request", "front_desk", "AI", "x1"],
        ["6", "0/4", "no", "nobody"],
    ]


def test_problems_and_totals_stand_below_the_table(report):
    assert report.as_text().splitlines()[6:] == [
        "line 6: the connection was lost",
        "3 of 4 conversations played with 6 messages in 7.25 s; 2 lines skipped, 1 with problems.",
        "2 handed off (1 complaint, 1 needs_human), 1 joined by a human after 2.5 s (median).",
        "The AI answered within 0.2 s (median), 0.3 s at most.",
    ]


def test_a_run_of_nothing_invents_no_numbers():
    totals = Report([], [], seconds=0.0).totals()
    assert (totals["answer_seconds_median"], totals["wait_seconds_median"], totals["by_reason"]) == (None, None, {})


def test_a_stopped_run_says_so():
    assert "then stopped" in Report([], [], seconds=1.0, stopped=True).as_text()
