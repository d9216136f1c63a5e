"""How far a run is: one line that is rewritten on a terminal, a plain line every tenth elsewhere."""

import time
from typing import TextIO

from studio.demo.play.course import Course

WIDTH = 24
TENTHS = 10


class Progress:
    """Counts courses out of `total` onto `stream`."""

    def __init__(self, *, total: int, stream: TextIO) -> None:
        self._total, self._stream = total, stream
        self._done = self._handed_off = self._troubled = 0
        self._start = time.monotonic()

    def begin(self) -> None:
        self._write("\r" + self.line() if self._stream.isatty() else self.line() + "\n")

    def count(self, course: Course) -> None:
        self._done += 1
        self._handed_off += bool(course.handoffs)
        self._troubled += bool(course.problems)
        if self._stream.isatty():
            self._write(f"\r{self.line()}\033[K")
        elif self._done * TENTHS // self._total > (self._done - 1) * TENTHS // self._total:
            self._write(self.line() + "\n")

    def end(self) -> None:
        if self._stream.isatty():
            self._write("\n")

    def line(self) -> str:
        filled = WIDTH * self._done // self._total
        minutes, seconds = divmod(int(time.monotonic() - self._start), 60)
        trouble = f", {self._troubled} with problems" if self._troubled else ""
        return (
            f"[{'#' * filled}{'.' * (WIDTH - filled)}] {self._done}/{self._total}  "
            f"{self._handed_off} handed off{trouble}  {minutes}:{seconds:02d}"
        )

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()
