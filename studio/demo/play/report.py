"""What a run of played customers came to: for people a table, for machines the same as JSON."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from studio.demo.play.course import Course
from studio.demo.play.transcripts import Skipped

COLUMNS = (("line", 5), ("said", 7), ("handed off", 11), ("reason", 18), ("trigger", 18), ("destination", 16),
           ("answered by", 22), ("waited", 9), ("topics", 0))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Report:
    """courses in the order of the file; seconds: how long it all took; stopped: somebody ended the run early."""

    courses: Sequence[Course]
    skipped: Sequence[Skipped]
    seconds: float
    stopped: bool = False

    @property
    def played(self) -> int:
        """Conversations in which at least one message was really said."""
        return sum(1 for course in self.courses if course.sent)

    def totals(self) -> dict[str, Any]:
        """Counts, and seconds: of the AI's answers (median, slowest) and of the wait for a human (median)."""
        answers = [seconds for course in self.courses for seconds in course.answer_seconds]
        handoffs = [handoff for course in self.courses for handoff in course.handoffs]
        waits = [handoff.wait_seconds for handoff in handoffs if handoff.wait_seconds is not None]
        return {
            "conversations": len(self.courses),
            "played": self.played,
            "skipped": len(self.skipped),
            "with_problems": sum(1 for course in self.courses if course.problems),
            "messages": sum(course.sent for course in self.courses),
            "reconnects": sum(course.reconnects for course in self.courses),
            "handed_off": sum(1 for course in self.courses if course.handoffs),
            "by_reason": dict(Counter(handoff.reason for handoff in handoffs).most_common()),
            "joined_by_a_human": sum(1 for course in self.courses if course.humans),
            "answer_seconds_median": _rounded(median(answers)) if answers else None,
            "answer_seconds_most": _rounded(max(answers)) if answers else None,
            "wait_seconds_median": _rounded(median(waits)) if waits else None,
            "seconds": _rounded(self.seconds),
            "stopped": self.stopped,
        }

    def as_json(self) -> dict[str, Any]:
        return {
            "totals": self.totals(),
            "conversations": [_course_json(course) for course in self.courses],
            "skipped": [{"line": line.line, "why": line.why} for line in self.skipped],
        }

    def as_text(self) -> str:
        return "\n".join([*_table(self.courses), "", *_problems(self.courses), *self._summary()])

    def _summary(self) -> Iterator[str]:
        facts = self.totals()
        reasons = ", ".join(f"{count} {reason}" for reason, count in facts["by_reason"].items())
        yield (
            f"{facts['played']} of {facts['conversations']} conversations played with {facts['messages']} messages "
            f"in {facts['seconds']:g} s{', then stopped' if self.stopped else ''}; {facts['skipped']} lines skipped, "
            f"{facts['with_problems']} with problems."
        )
        yield (
            f"{facts['handed_off']} handed off{f' ({reasons})' if reasons else ''}, "
            f"{facts['joined_by_a_human']} joined by a human{_after(facts['wait_seconds_median'])}."
        )
        if facts["answer_seconds_median"] is not None:
            yield (
                f"The AI answered within {facts['answer_seconds_median']:g} s (median), "
                f"{facts['answer_seconds_most']:g} s at most."
            )


def _table(courses: Sequence[Course]) -> Iterator[str]:
    yield _row([name for name, _ in COLUMNS])
    for course in courses:
        last = course.handoffs[-1] if course.handoffs else None
        yield _row(
            [
                str(course.line),
                f"{course.sent}/{course.turns}",
                _handed_off(course),
                last.reason if last else "",
                last.trigger if last else "",
                last.destination if last else "",
                _answered_by(course),
                f"{last.wait_seconds:.1f} s" if last and last.wait_seconds is not None else "",
                ", ".join(course.topics),
            ]
        )


def _row(cells: Sequence[str]) -> str:
    fitted = (
        f"{cell[: width - 1]:<{width}}" if width else cell for cell, (_, width) in zip(cells, COLUMNS, strict=True)
    )
    return "".join(fitted).rstrip()


def _handed_off(course: Course) -> str:
    """Yes when a human came; else how it stands."""
    if not course.handoffs:
        return "no"
    last = course.handoffs[-1]
    return "yes" if last.joined_at is not None else last.given_up or ("waiting" if course.is_waiting else "not met")


def _answered_by(course: Course) -> str:
    said = [("AI", course.ai_answers), (" and ".join(course.humans), course.human_answers)]
    return ", ".join(f"{who} x{count}" for who, count in said if count) or "nobody"


def _problems(courses: Sequence[Course]) -> Iterator[str]:
    for course in courses:
        for problem in course.problems:
            yield f"line {course.line}: {problem}"


def _course_json(course: Course) -> dict[str, Any]:
    return {
        "line": course.line,
        "session_id": course.session_id,
        "turns": course.turns,
        "sent": course.sent,
        "reconnects": course.reconnects,
        "handed_off": bool(course.handoffs),
        "handoffs": [
            {
                "reason": handoff.reason,
                "trigger": handoff.trigger,
                "destination": handoff.destination,
                "wait_seconds": None if handoff.wait_seconds is None else _rounded(handoff.wait_seconds),
                "given_up": handoff.given_up,
            }
            for handoff in course.handoffs
        ],
        "ai_answers": course.ai_answers,
        "human_answers": course.human_answers,
        "humans": course.humans,
        "topics": course.topics,
        "ended": course.ended,
        "problems": course.problems,
    }


def _after(seconds: float | None) -> str:
    return "" if seconds is None else f" after {seconds:g} s (median)"


def _rounded(seconds: float) -> float:
    return round(seconds, 3)
