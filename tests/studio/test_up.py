"""`manage.py up` as a person runs it: a process of its own, with servers and files of its own."""

import http.client
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from studio.processes import BASE_DIR
from tests.studio.conftest import is_alive

UP = (sys.executable, "manage.py", "up")
MARKS = {
    "postgres": "bin/postgres -D",
    "redis": "redis-server",
    "web": "uvicorn studio.asgi",
    "work": "-Q work",
    "turns": "-Q turns",
    "clock": "-Q clock",
    "tend": "-Q tend",
    "beat": "studio beat",
}


@pytest.fixture(scope="module")
def var():
    path = Path(tempfile.mkdtemp(prefix="studio-up-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def environment(var):
    """What a bare machine has: no server configured, a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    configured = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "BUS_PREFIX", "BASE_URL", "LOG_FORMAT")
    bare = {name: value for name, value in os.environ.items() if name not in configured}
    return bare | {"STUDIO_VAR": str(var), "PORT": port, "DEMO": "0", "STUDIO_STEPS": ""}


@contextmanager
def running(environment):
    """Start it and wait for the invitation; yields the supervisor's process and the lines until then."""
    process = subprocess.Popen(
        UP, cwd=BASE_DIR, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        lines = []
        while "Ctrl-C" not in "".join(lines):
            line = process.stdout.readline()
            assert line, "".join(lines)
            lines.append(line.rstrip())
        yield process, lines
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def children(parent: int) -> dict[str, int]:
    """Process ids of the direct children by their names in the process table, or by their whole command line."""
    found = {}
    for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
        command = Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
        found[next((name for name, mark in MARKS.items() if mark in command), command)] = int(pid)
    return found


def status_of(environment, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", int(environment["PORT"]), timeout=10)
    connection.request("GET", path)
    return connection.getresponse().status


def until_gone(pids) -> None:
    for pid in pids:
        if is_alive(pid):
            descriptor = os.pidfd_open(pid)

            assert select.select([descriptor], [], [], 20)[0], f"{pid} outlived the supervisor"
            os.close(descriptor)


def test_it_serves_and_neither_kill_9_nor_sigterm_leaves_a_process_or_loses_data(environment, var):
    with running(environment) as (process, lines):
        steps = [re.sub(r"\d+\.\d s", "… s", line) for line in lines if line.startswith("[")]
        names = ("servers", "database", "static files", "demo", "processes")
        assert steps == [f"[{number}/5] {name} … … s" for number, name in enumerate(names, 1)]
        assert f"Handoff Studio is ready:  http://127.0.0.1:{environment['PORT']}/" in lines
        welcome = [line for line in lines if line.startswith("Create the first admin:")]
        assert len(welcome) == 1
        address = welcome[0].split()[-1]
        assert status_of(environment, address.partition(environment["PORT"])[2]) == 200
        assert status_of(environment, "/welcome/?secret=guessed") == 403
        assert status_of(environment, "/readyz") == 200
        first = children(process.pid)
        assert set(first) == set(MARKS)
        process.kill()
        process.wait()
        until_gone(first.values())
    with running(environment) as (process, _):
        assert status_of(environment, "/readyz") == 200
        second = children(process.pid)
        process.terminate()
        assert process.wait(30) == 0
        assert not any(map(is_alive, second.values()))
    assert not (var / "pg" / "postmaster.pid").exists()
    assert (var / "secret.key").stat().st_mode & 0o777 == 0o600


def complaint(environment) -> str:
    done = subprocess.run(UP, cwd=BASE_DIR, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    return (done.stderr or done.stdout).strip().splitlines()[-1]


def test_a_taken_port_is_said_with_another_one_to_take(environment):
    with socket.socket() as other:
        other.bind(("127.0.0.1", int(environment["PORT"])))
        other.listen()
        port = int(environment["PORT"])
        expected = f"Port {port} is taken by another program: start with another one, `make up PORT={port + 1}`."
        assert complaint(environment) == f"CommandError: {expected}"


def test_an_unreachable_database_is_said_without_its_password(environment):
    environment |= {"DATABASE_URL": "postgresql://me:hunter2@127.0.0.1:1/studio", "REDIS_URL": os.environ["REDIS_URL"]}
    done = subprocess.run(UP, cwd=BASE_DIR, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    sentence = "PostgreSQL at 127.0.0.1:1 cannot be used: Connection refused. Check DATABASE_URL."
    assert sentence in done.stderr
    assert "hunter2" not in done.stdout + done.stderr


def test_an_unreachable_redis_is_said(environment):
    environment |= {"DATABASE_URL": os.environ["DATABASE_URL"], "REDIS_URL": "redis://127.0.0.1:1/0"}
    done = subprocess.run(UP, cwd=BASE_DIR, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "Redis at 127.0.0.1:1 cannot be used: Error 111" in done.stderr
    assert "Check REDIS_URL." in done.stderr


def test_ctrl_c_while_it_still_starts_leaves_nothing(environment, var):
    process = subprocess.Popen(UP, cwd=BASE_DIR, env=environment, stdout=subprocess.PIPE, text=True)
    assert "servers" in process.stdout.readline()
    started = children(process.pid)
    process.send_signal(signal.SIGINT)
    process.stdout.close()
    assert process.wait(30) == 0
    assert "postgres" in started
    assert not any(map(is_alive, started.values()))
