"""One run of the installation: servers, preparation, processes, the invitation, and the orderly end."""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from studio.children import signal_name, start_options
from studio.console_output import ConsoleOutput
from studio.demonstration import read_credentials
from studio.first_admin import read_welcome_link
from studio.processes import BASE_DIR, Process, application_processes
from studio.steps import VARIABLE, Steps
from studio.supervisor import NotReady, Supervisor

STEPS = 5
PREPARATION_STEPS = 3
PATIENCE = 60.0
END_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StartFailed(Exception):
    """It could not be brought up; whatever had started is stopped. The text says what to look at."""


class Runner:
    """Serves on host:port from the files in `var` until a signal asks for the end."""

    def __init__(self, *, host: str, port: int, var: Path) -> None:
        self._host, self._port, self._var = host, port, var
        self._output = ConsoleOutput()
        self._supervisor = Supervisor(write=self._output.write)
        self._steps = Steps(total=STEPS)
        self._ending = asyncio.Event()

    async def run(self, servers: Sequence[Process]) -> None:
        """Bring everything up, serve, and stop everything. Raises `StartFailed`."""
        # The processes write into our pipe, but a person reads it.
        os.environ.setdefault("LOG_FORMAT", "text")
        if sys.stdout.isatty():
            os.environ.setdefault("FORCE_COLOR", "1")
        for number in END_SIGNALS:
            asyncio.get_running_loop().add_signal_handler(number, self._ending.set)
        bring_up = asyncio.create_task(self._bring_up(servers))
        ending = asyncio.create_task(self._ending.wait())
        try:
            await asyncio.wait((bring_up, ending), return_when=asyncio.FIRST_COMPLETED)
            if bring_up.done():
                bring_up.result()
                await ending
        except NotReady as error:
            raise StartFailed(str(error)) from error
        finally:
            ending.cancel()
            await self._end(bring_up)

    async def _bring_up(self, servers: Sequence[Process]) -> None:
        with self._steps.step("servers"):
            await self._supervisor.start(servers)
        await self._prepare()
        with self._output.held(), self._steps.step("processes"):
            await self._supervisor.start(application_processes(host=self._host, port=self._port, var=self._var))
            await self._wait_until_served()
        self._invite()

    async def _prepare(self) -> None:
        """Run `manage.py prepare` with our output: it counts the steps on."""
        process = Process(
            name="prepare",
            argv=(sys.executable, str(BASE_DIR / "manage.py"), "prepare"),
            environment={VARIABLE: self._steps.position, "PROCESS_NAME": ""},
        )
        child = await asyncio.create_subprocess_exec(
            *process.argv, stdin=asyncio.subprocess.DEVNULL, **start_options(process)
        )
        try:
            code = await child.wait()
        except asyncio.CancelledError:
            with suppress(ProcessLookupError):
                child.terminate()
            await child.wait()
            raise
        if code:
            raise StartFailed(f"The preparation failed ({signal_name(code)}); the reason stands above.")
        self._steps.skip(PREPARATION_STEPS)

    async def _wait_until_served(self) -> None:
        """Return once GET /readyz was really answered with 200."""
        loop, answer = asyncio.get_running_loop(), "nothing"
        end = loop.time() + PATIENCE
        while loop.time() < end:
            answer = await self._ask("/readyz")
            if answer.startswith("HTTP/1.1 200"):
                return
            await asyncio.sleep(0.05)
        raise StartFailed(f"Not ready after {PATIENCE:g} s. /readyz said:\n{answer}\n{self._output.recent()}")

    async def _ask(self, path: str) -> str:
        with suppress(OSError):
            reader, writer = await asyncio.open_connection(self._reachable_host, self._port)
            try:
                writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
                return (await reader.read()).decode(errors="replace")
            finally:
                writer.close()
        return "nothing"

    @property
    def _reachable_host(self) -> str:
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self._host, self._host)  # noqa: S104 - compared, not bound

    def _invite(self) -> None:
        base = os.environ.get("BASE_URL") or f"http://127.0.0.1:{self._port}"
        lines = ["", f"Handoff Studio is ready:  {base}/"]
        if credentials := read_credentials():
            lines += [f"Talk to the demo:         {base}/demo/", "", "Log in as"]
            lines += [f"  {user['role']:<11} {user['email']}  {user['password']}" for user in credentials["users"]]
        if link := read_welcome_link():
            lines += ["", f"Create the first admin:   {link}"]
        print(*lines, "", "Ctrl-C stops it; the data stays.", "", sep="\n", flush=True)

    async def _end(self, bring_up: asyncio.Task[None]) -> None:
        bring_up.cancel()
        with suppress(asyncio.CancelledError, NotReady, StartFailed):
            await bring_up
        await self._supervisor.stop()
