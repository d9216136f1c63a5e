"""Lint, types, contracts and tests on servers of their own: `make test`, `make soak`, `make bench`.

Started by tools/bootstrap.py inside the virtual environment. Nothing of `make up` is touched: PostgreSQL and Redis
run in a directory that is removed at the end, on ports of their own.
"""

import asyncio
import os
import shlex
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from studio.children import start_options
from studio.embedded import addresses
from studio.embedded.postgres import NoServer
from studio.embedded.servers import throw_away_servers
from studio.processes import Process
from studio.steps import Steps
from studio.supervisor import NotReady, Supervisor
from tools.browser import NoBrowser, find_browser

ROOT = Path(__file__).resolve().parent.parent
APPS = ("studio", "integrations", "handoffs", "conversations")
PYTHON = sys.executable
MANAGE = (PYTHON, "manage.py")
PYTEST = (PYTHON, "-m", "pytest", "-rsx", f"--junitxml={ROOT / 'var' / 'log' / 'tests.xml'}")
ARGUMENTS = tuple(shlex.split(os.environ.get("ARGS", "")))
END_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

# (what the step is called, its command): quiet ones show their output only when they fail.
QUIET = (
    ("lint", ("ruff", "check", ".")),
    ("format", ("ruff", "format", "--check", ".")),
    ("types", ("mypy", *APPS)),
    ("imports", ("lint-imports",)),
    ("migrations", (*MANAGE, "makemigrations", "--check", "--dry-run")),
    ("static files", (*MANAGE, "collectstatic", "--noinput", "-v0")),
)
STATIC = QUIET[-1:]
TARGETS = {
    "test": (
        QUIET,
        ("tests", (*PYTEST, "-n", "2", "--dist", "loadgroup", "-m", "not soak", "--durations=10", *ARGUMENTS)),
    ),
    "soak": (STATIC, ("soak", (*PYTEST, "-n", "0", "-m", "soak", "-v", "-s", "--durations=0", *ARGUMENTS))),
    "bench": (STATIC, ("bench", (PYTHON, "-m", "bench", *ARGUMENTS))),
}
NEEDS_BROWSER = ("test", "soak")


class Interrupted(Exception):
    """A signal asked for the end."""


class Checks:
    """Runs commands one after another until one of the end signals arrives."""

    def __init__(self, steps: Steps, environment: dict[str, str]) -> None:
        self._steps, self._environment = steps, environment
        self._ending = asyncio.Event()
        for number in END_SIGNALS:
            asyncio.get_running_loop().add_signal_handler(number, self._ending.set)

    async def quiet(self, name: str, command: tuple[str, ...]) -> bool:
        """Run one step; True when it passed. Its output is shown when it did not."""
        with tempfile.TemporaryFile() as output:
            with self._steps.step(name):
                code = await self._run(command, output=output.fileno())
            if code:
                output.seek(0)
                print(output.read().decode(errors="replace"), f"{name}: failed (exit code {code})", sep="")
        return code == 0

    async def shown(self, name: str, command: tuple[str, ...]) -> bool:
        """Run one step whose output is its point; True when it passed."""
        with self._steps.step(name):
            print(flush=True)
            return await self._run(command, output=None) == 0

    async def _run(self, command: tuple[str, ...], *, output: int | None) -> int:
        process = Process(name="", argv=command, cwd=ROOT, environment=self._environment)
        child = await asyncio.create_subprocess_exec(
            *command, stdin=asyncio.subprocess.DEVNULL, stdout=output, stderr=output, **start_options(process)
        )
        finished = asyncio.create_task(child.wait())
        ending = asyncio.create_task(self._ending.wait())
        await asyncio.wait((finished, ending), return_when=asyncio.FIRST_COMPLETED)
        ending.cancel()
        if not finished.done():
            await self._interrupt(child, finished)
            raise Interrupted
        return finished.result()

    async def _interrupt(self, child: asyncio.subprocess.Process, finished: asyncio.Task[int]) -> None:
        os.killpg(child.pid, signal.SIGINT)
        await asyncio.wait((finished,), timeout=10)
        if not finished.done():
            os.killpg(child.pid, signal.SIGKILL)
            await finished


async def main(target: str) -> int:
    quiet, (name, command) = TARGETS[target]
    steps = Steps(total=len(quiet) + 3)
    with own_directory() as var:
        supervisor = Supervisor(write=lambda name, line: print(f"{name} | {line}", flush=True))
        servers = throw_away_servers(var, measured=target == "bench")
        checks = Checks(steps, environment_for(var))
        try:
            if target in NEEDS_BROWSER:
                with steps.step("browser"):
                    os.environ["CHROMIUM"] = find_browser(ROOT / "var" / "log" / "browser.log")
            with steps.step("servers"):
                await supervisor.start(servers)
            passed = [await checks.quiet(*step) for step in quiet]
            passed.append(await checks.shown(name, command))
        except Interrupted:
            return 130
        finally:
            await supervisor.stop()
    failed = [step for (step, _), good in zip((*quiet, (name, command)), passed, strict=True) if not good]
    print(f"Failed: {', '.join(failed)}" if failed else "All passed.")
    return 1 if failed else 0


def environment_for(var: Path) -> dict[str, str]:
    """What makes every program of the run use the servers and files of `var`."""
    return {
        "STUDIO_VAR": str(var),
        "DATABASE_URL": addresses.database_url(var),
        "REDIS_URL": addresses.redis_url(var),
        "SECRET_KEY": "only-for-this-run-" + addresses.password(var),
        "LOG_FORMAT": "json",
        "STUDIO_STEPS": "",
    }


@contextmanager
def own_directory() -> Iterator[Path]:
    """A directory for one run, which every account may enter, removed with what PostgreSQL's account wrote."""
    path = Path(tempfile.mkdtemp(prefix="studio-test-"))
    path.chmod(0o755)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


if __name__ == "__main__":
    try:
        sys.exit(asyncio.run(main(sys.argv[1])))
    except (NoBrowser, NoServer, NotReady) as error:
        sys.exit(str(error))
