"""How a child process is started so that nothing outlives us and Ctrl-C reaches it only through us."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from studio.processes import Process

PR_SET_PDEATHSIG = 1  # prctl(2)
LOG_LIMIT_BYTES = 8 * 1024 * 1024

# Loaded here and not between fork and exec, where taking the loader's lock could hang.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(signal_number: int) -> Callable[[], None]:
    """Return what a new child runs before exec: the kernel signals it when the thread that forked it ends.

    Start children from the main thread only. Linux; elsewhere it does nothing.
    """
    parent = os.getpid()

    def before_exec() -> None:
        if _libc is None:
            return
        _libc.prctl(PR_SET_PDEATHSIG, signal_number)
        if os.getppid() != parent:  # it died between fork and prctl
            os._exit(1)

    return before_exec


def start_options(process: Process) -> dict[str, Any]:
    """Keyword arguments for `subprocess.Popen` and its asyncio twins, output excepted.

    A session of its own, because Ctrl-C in a terminal goes to the whole foreground group: PostgreSQL would be gone
    before the workers have let go of it.
    """
    options: dict[str, Any] = {
        "cwd": process.cwd,
        "env": {**os.environ, "PYTHONUNBUFFERED": "1", "PROCESS_NAME": process.name, **process.environment},
        "start_new_session": True,
        "preexec_fn": die_with_parent(process.orphaned),
    }
    if process.account:
        user, group = process.account
        options |= {"user": user, "group": group, "extra_groups": []}
    return options


def open_log(path: Path) -> int:
    """Open a log for appending, a file descriptor the caller closes; one grown too large becomes `<name>.1`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LOG_LIMIT_BYTES:
        path.replace(path.with_name(f"{path.name}.1"))
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)


def last_lines(path: Path, count: int = 20) -> str:
    """The end of a log, for showing beside a failure; empty when there is none."""
    try:
        return "\n".join(path.read_text(encoding="utf-8", errors="replace").splitlines()[-count:])
    except OSError:
        return ""


def signal_name(return_code: int) -> str:
    """`-9` as `killed by SIGKILL`, `3` as `exit code 3`."""
    return f"killed by {signal.Signals(-return_code).name}" if return_code < 0 else f"exit code {return_code}"
