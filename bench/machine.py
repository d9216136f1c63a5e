"""The machine and its processes: who they are, what they cost, how quiet it is."""

import os
import platform
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PACKAGES = (
    "django channels channels-redis djangorestframework uvicorn uvloop psycopg redis hiredis orjson picows".split()
)
LISTENING = "0A"  # a state in /proc/net/tcp


def cpu_seconds(pid: int) -> float:
    """User and system time of a process with all its threads, those that have ended included."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def steal_seconds() -> float:
    """What the host gave to others, over all processors since boot."""
    return int(Path("/proc/stat").read_text().split("\n", 1)[0].split()[8]) / TICKS


def proportional_bytes(pid: int) -> int:
    """Proportional set size: a page shared by n processes counts as one nth."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError(f"process {pid} tells no proportional set size")


def listens(pid: int, port: int) -> bool:
    """Whether the socket that listens on this port of 127.0.0.1 is this process's own."""
    inodes = {
        fields[9]
        for fields in map(str.split, Path("/proc/net/tcp").read_text().splitlines()[1:])
        if fields[3] == LISTENING and fields[1] == f"0100007F:{port:04X}"
    }
    return any(name.removeprefix("socket:[").rstrip("]") in inodes for name in open_files(pid))


def open_files(pid: int) -> list[str]:
    """What a process's descriptors point to; one that is closed meanwhile is passed over."""
    found = []
    for path in Path(f"/proc/{pid}/fd").iterdir():
        try:
            found.append(os.readlink(path))
        except FileNotFoundError:
            continue
    return found


def describe(database: Mapping[str, str], redis_version: str) -> list[str]:
    """Lines that say on what a run was made."""
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    settings = ", ".join(f"{name} {value}" for name, value in sorted(database.items()) if name != "server_version")
    return [
        f"{datetime.now(UTC):%d %B %Y %H:%M} UTC, commit {commit()}",
        f"{processor()}, {os.cpu_count()} processors, {memory_gib():.0f} GiB, Linux {platform.release()}",
        f"Python {platform.python_version()}, {packages}",
        f"PostgreSQL {database['server_version']} ({settings}), Redis {redis_version}",
    ]


def commit() -> str:
    """The commit under test, and whether the tree differs from it."""
    here = Path(__file__).parent
    git = [["git", "rev-parse", "--short=12", "HEAD"], ["git", "status", "--porcelain", "--untracked-files=no"]]
    done = [subprocess.run(words, cwd=here, capture_output=True, text=True, check=False) for words in git]
    if done[0].returncode:
        return "unknown (no git)"
    return done[0].stdout.strip() + (" with changes" if done[1].stdout.strip() else "")


def processor() -> str:
    names = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return names[0].partition(":")[2].strip() if names else platform.machine()


def memory_gib() -> float:
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
