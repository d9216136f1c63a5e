"""How a run talks to programs of its own: a line of JSON asks, a line of JSON answers."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from bench.machine import cpu_seconds
from bench.servers import Unusable, program, running

Answer = Callable[..., Mapping[str, float]]


def answer_lines(answers: Mapping[str, Answer]) -> None:
    """Answer `{"do": name, …}` by the function of that name until the input ends."""
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps(answers[asked.pop("do")](**asked)), flush=True)


class Helper:
    """Another Python program under test."""

    def __init__(self, module: str, child: subprocess.Popen) -> None:
        self._module, self._child = module, child

    @property
    def cpu_seconds(self) -> float:
        return cpu_seconds(self._child.pid)

    async def ask(self, do: str, **words: Any) -> dict[str, float]:
        """Raises Unusable when the program has ended."""
        return await asyncio.to_thread(self._ask, {"do": do, **words})

    def _ask(self, question: Mapping[str, Any]) -> dict[str, float]:
        self._child.stdin.write(json.dumps(question).encode() + b"\n")
        self._child.stdin.flush()
        if not (line := self._child.stdout.readline()):
            raise Unusable(f"{self._module} has ended, see the log")
        return json.loads(line)


@asynccontextmanager
async def helping(module: str, environment: Mapping[str, str] | None = None) -> AsyncIterator[Helper]:
    process = program(module, environment=environment)
    with running(process, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        yield Helper(module, child)
