import asyncio
import itertools
import signal
import subprocess
import sys
import time

import pytest

from studio.processes import BASE_DIR
from studio.supervisor import NotReady, back_off
from tests.studio.conftest import is_alive, kill, python, until

WAIT = "import signal; signal.pause()"
NOTES_ITS_END = """
import pathlib, signal, sys, time
def end(*_):
    with open({file!r}, "a") as file: file.write({name!r} + "\\n")
    sys.exit()
signal.signal(signal.{signal}, end)
pathlib.Path({ready!r}).touch()
while True: signal.pause()
"""


async def test_lines_carry_the_name_of_their_process(supervisor, lines):
    await supervisor.start([python("speaker", f"print('one'); print('two', flush=True); {WAIT}")])
    await until(lambda: len(lines.all) == 2)
    assert lines.all == [("speaker", "one"), ("speaker", "two")]


async def test_a_child_that_is_killed_is_started_again(supervisor, lines):
    await supervisor.start([python("mortal", f"print('born', flush=True); {WAIT}")])
    await until(lambda: lines.of("mortal") == ["born"])
    first = supervisor.pid("mortal")
    kill(first)
    await until(lambda: lines.of("mortal").count("born") == 2)
    assert lines.of("mortal") == ["born", "ended (killed by SIGKILL); starting again in 0.01 s", "born"]
    assert supervisor.pid("mortal") not in (first, None)


async def test_a_child_that_ends_by_itself_is_started_again_after_growing_pauses(supervisor, lines):
    await supervisor.start([python("brief", "raise SystemExit(3)")])
    await until(lambda: len(lines.all) >= 3)
    pauses = ["0.01", "0.02", "0.02"]
    assert lines.of("brief")[:3] == [f"ended (exit code 3); starting again in {pause} s" for pause in pauses]


def test_pauses_double_up_to_the_longest():
    assert list(itertools.islice(back_off(0.5, 10), 7)) == [0.5, 1, 2, 4, 8, 10, 10]


async def test_everything_stops_by_rank_each_with_its_signal(supervisor, tmp_path):
    record = tmp_path / "ends"
    ranks = [("database", 2, "SIGINT"), ("web", 0, "SIGTERM"), ("broker", 1, "SIGTERM")]

    def child(name: str, rank: int, number: str):
        ready = tmp_path / name
        code = NOTES_ITS_END.format(file=str(record), name=name, signal=number, ready=str(ready))
        return python(name, code, rank=rank, stop=signal.Signals[number], is_ready=ready.exists)

    await supervisor.start([child(*row) for row in ranks])
    await supervisor.stop()
    assert record.read_text().split() == ["web", "broker", "database"]


async def test_a_child_that_ignores_its_signal_is_killed_after_its_grace(supervisor, lines, tmp_path):
    ready = tmp_path / "ready"
    code = f"import signal, pathlib; signal.signal(15, signal.SIG_IGN); pathlib.Path({str(ready)!r}).touch()"
    process = python("deaf", f"{code}\nwhile True: signal.pause()", grace=0.05, is_ready=ready.exists)
    await supervisor.start([process])
    pid = supervisor.pid("deaf")
    await supervisor.stop()
    assert not is_alive(pid)
    assert lines.of("deaf") == ["still there 0.05 s after SIGTERM; killing it"]


async def test_nothing_is_started_again_once_it_stops(supervisor, lines):
    await supervisor.start([python("brief", "raise SystemExit(3)")])
    await until(lambda: lines.all)
    await supervisor.stop()
    assert supervisor.pid("brief") is None
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_child_that_ends_before_it_is_ready_is_an_error_with_its_last_lines(supervisor, tmp_path):
    log = tmp_path / "log" / "server.log"
    process = python("server", "raise SystemExit('no room left')", log=log, is_ready=lambda: False)
    with pytest.raises(NotReady) as error:
        await supervisor.start([process])
    assert str(error.value) == f"server did not start: exit code 1. Its log {log} ends with:\nno room left"


async def test_a_child_that_was_never_ready_is_not_started_again(supervisor, lines, tmp_path):
    born = tmp_path / "born"
    code = f"open({str(born)!r}, 'a').write('x'); raise SystemExit(3)"
    with pytest.raises(NotReady):
        await supervisor.start([python("server", code, is_ready=lambda: False)])
    await until(lambda: asyncio.all_tasks() == {asyncio.current_task()})
    assert (born.read_text(), lines.all) == ("x", [])


async def test_a_child_that_never_gets_ready_is_an_error(supervisor):
    with pytest.raises(NotReady, match=r"^server did not start: not ready after 0.05 s\.$"):
        await supervisor.start([python("server", WAIT, is_ready=lambda: False)], patience=0.05)


PARENT = """
import asyncio, sys
from pathlib import Path
from studio.processes import Process
from studio.supervisor import Supervisor

async def main():
    supervisor = Supervisor(write=lambda name, line: print(line, flush=True))
    code = "import os, signal; print(os.getpid(), flush=True); signal.pause()"
    one, two = (Process(name=name, argv=(sys.executable, "-c", code)) for name in ("one", "two"))
    await supervisor.start([one, two])
    await asyncio.sleep(3600)
asyncio.run(main())
"""


def test_kill_9_of_the_supervisor_leaves_no_child():
    parent = subprocess.Popen([sys.executable, "-c", PARENT], cwd=BASE_DIR, stdout=subprocess.PIPE, text=True)
    children = [int(parent.stdout.readline()) for _ in range(2)]
    assert all(map(is_alive, children))
    parent.kill()
    parent.wait()
    parent.stdout.close()
    end = time.monotonic() + 10
    while any(map(is_alive, children)):
        assert time.monotonic() < end, "a child outlived the supervisor"
