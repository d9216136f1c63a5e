"""What the supervised processes print, on the console: every line with the name of its process."""

import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

COLOURS = {"web": 36, "work": 32, "turns": 96, "clock": 33, "tend": 34, "beat": 35}
WIDTH = 8
KEPT_LINES = 20


class ConsoleOutput:
    """Lines are prefixed, except JSON ones, which name their process themselves."""

    def __init__(self) -> None:
        self._recent: deque[str] = deque(maxlen=KEPT_LINES)
        self._held: list[str] | None = None

    def write(self, name: str, line: str) -> None:
        self._recent.append(f"{name:<{WIDTH}} | {line}")
        text = line if line.startswith("{") else f"{self._prefix(name)} | {line}"
        if self._held is None:
            print(text, flush=True)
        else:
            self._held.append(text)

    def recent(self) -> str:
        """The last lines of all processes."""
        return "\n".join(self._recent)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep lines back, so that a progress line stays whole; they follow at the end."""
        self._held = []
        try:
            yield
        finally:
            lines, self._held = self._held, None
            if lines:
                print(*lines, sep="\n", flush=True)

    def _prefix(self, name: str) -> str:
        padded = f"{name:<{WIDTH}}"
        return f"\033[{COLOURS.get(name, 37)}m{padded}\033[0m" if sys.stdout.isatty() else padded
