"""Progress as one line a step: `[3/7] database … 1.2 s`. The bootstrap program begins the count in STUDIO_STEPS."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

VARIABLE = "STUDIO_STEPS"


class Steps:
    """Counts on from where the caller's process stood, `done` of `total`, when that is in the environment."""

    def __init__(self, *, total: int, stream: TextIO | None = None) -> None:
        before, _, of = (os.environ.get(VARIABLE) or f"0/{total}").partition("/")
        self._done, self._total = int(before), int(of)
        self._stream = stream or sys.stdout
        self._line = ""

    @property
    def position(self) -> str:
        """What to hand to a child process so that it counts on."""
        return f"{self._done}/{self._total}"

    def skip(self, count: int) -> None:
        """Count steps that a child process has shown."""
        self._done += count

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        self._done += 1
        self._line = f"[{self._done}/{self._total}] {name} … "
        self._write(self._line)
        start = time.monotonic()
        try:
            yield
        except BaseException:
            self._write("failed\n")
            raise
        self._clear()
        self._write(f"{time.monotonic() - start:.1f} s\n")

    def note(self, text: str) -> None:
        """Show what the step is at, where the line can be rewritten."""
        if self._stream.isatty():
            self._clear()
            self._write(text[:60])

    def _clear(self) -> None:
        if self._stream.isatty():
            self._write(f"\r\033[K{self._line}")

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()
