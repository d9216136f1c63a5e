"""Every scenario of the benchmark runs from beginning to end, on all sides, and loses nothing."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bench.machine import listens
from bench.scenarios import NAMES

ROOT = Path(__file__).resolve().parents[2]
SIDE = re.compile(r"^\| (floor.*?|textbook|ours.*?) \|.*\| (\d+, \d+, \d+) \|$", re.MULTILINE)
JUDGED = re.compile(r"^\| (\d+) \| ([\w-]+) \|.* \| (?:close to the limit|acceptable|short|fail) \|", re.MULTILINE)


def bench(*words):
    """Run a hundredth of it; a ratio may fail at this size, the program may not."""
    done = subprocess.run(
        [sys.executable, "-m", "bench", *words], cwd=ROOT, env=os.environ, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


@pytest.mark.soak
def test_every_scenario_runs_on_every_side_and_nothing_is_lost_doubled_or_reordered():
    output = bench("--tiny", *NAMES).stdout
    sides = SIDE.findall(output)
    assert len(sides) >= 3 * len(NAMES)
    assert [(side, faults) for side, faults in sides if faults != "0, 0, 0"] == []
    assert dict(JUDGED.findall(output)) == NAMES


def test_who_names_a_scenario_that_is_none_is_told_which_there_are():
    done = bench("ping-pnog")
    assert done.returncode == 2
    assert "no scenario ping-pnog: there are ping-pong, closed-loop," in done.stderr


def test_without_servers_it_says_who_brings_them():
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    done = subprocess.run(
        [sys.executable, "-m", "bench"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "`make bench` starts servers of its own" in done.stderr


def test_a_server_that_was_left_over_is_not_taken_for_the_one_under_test():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        assert listens(os.getpid(), port)
        assert not listens(os.getppid(), port)
