import io

import pytest

from studio.demo.play.course import Course, SeenHandoff
from studio.demo.play.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def course(*, handed_off=False, problem=""):
    handoffs = [SeenHandoff("r", "t", "d", at=0.0)] if handed_off else []
    return Course(line=1, turns=1, handoffs=handoffs, problems=[problem] if problem else [])


def test_a_terminal_sees_one_line_rewritten():
    stream = Terminal()
    progress = Progress(total=2, stream=stream)
    progress.begin()
    progress.count(course(handed_off=True))
    progress.count(course(problem="lost"))
    progress.end()
    assert stream.getvalue().split("\r") == [
        "",
        "[........................] 0/2  0 handed off  0:00",
        "[############............] 1/2  1 handed off  0:00\033[K",
        "[########################] 2/2  1 handed off, 1 with problems  0:00\033[K\n",
    ]


@pytest.mark.parametrize(("total", "lines"), [(1, 2), (10, 11), (25, 11), (1000, 11)])
def test_a_file_gets_a_line_every_tenth(total, lines):
    stream = io.StringIO()
    progress = Progress(total=total, stream=stream)
    progress.begin()
    for _ in range(total):
        progress.count(course())
    progress.end()
    assert len(stream.getvalue().splitlines()) == lines
    assert "\r" not in stream.getvalue()
