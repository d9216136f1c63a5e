"""Makes the virtual environment and hands over to it: `python3 tools/bootstrap.py up|test|soak|…`.

Runs before anything is installed, on any Python from 3.8: standard library only, nothing newer in the syntax.
What cannot work is said in one sentence that names the remedy.
"""

from __future__ import annotations

import ctypes
import fcntl
import hashlib
import json
import os
import platform
import pwd
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from glob import glob
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VAR = Path(os.environ.get("STUDIO_VAR") or ROOT / "var")
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed.json"
BASIC = (3, 11), (3, 12)  # the versions the Redis wheel exists for
NEWER = (3, 13), (3, 14)  # fine when Redis comes from elsewhere
RUN, DEVELOP = ("requirements.txt",), ("requirements.txt", "requirements-dev.txt")
MANAGE = (str(PYTHON), "manage.py")
CHECKS = (str(PYTHON), "-m", "tools.run_checks")

# What each target installs, how many steps it shows in all, and what it becomes.
TARGETS = {
    "up": (RUN, 7, (*MANAGE, "up")),
    "doctor": (RUN, 0, (*MANAGE, "doctor")),
    "backup": (RUN, 0, (*MANAGE, "backup")),
    "reset": (RUN, 0, (*MANAGE, "reset")),
    "test": (DEVELOP, 11, (*CHECKS, "test")),
    "soak": (DEVELOP, 6, (*CHECKS, "soak")),
    "bench": (DEVELOP, 5, (*CHECKS, "bench")),
    "lock": (DEVELOP, 0, (str(PYTHON), "tools/lock.py")),
}


class Stop(Exception):
    """Nothing more can be done here; the text tells the person what to do."""


class Steps:
    """One line a step with its seconds; silent when `total` is 0."""

    def __init__(self, total: int) -> None:
        self.done, self.total = 0, total

    @contextmanager
    def step(self, name: str):  # noqa: ANN201 - the type is not in the 3.8 library
        self.done += 1
        line = f"[{self.done}/{self.total}] {name} … "
        start = time.monotonic()
        self._say(line)
        try:
            yield lambda text: self._rewrite(line + text)
        except BaseException:
            self._say("failed\n")
            raise
        self._rewrite(line)
        self._say(f"{time.monotonic() - start:.1f} s\n")

    def _rewrite(self, line: str) -> None:
        if sys.stdout.isatty():
            self._say("\r\033[K" + line[:100])

    def _say(self, text: str) -> None:
        if self.total:
            sys.stdout.write(text)
            sys.stdout.flush()


def main(target: str) -> None:
    requirements, total, command = TARGETS[target]
    steps = Steps(total)
    check_system()
    check_ownership()
    VAR.mkdir(exist_ok=True)
    with one_at_a_time():
        with steps.step("virtual environment"):
            make_environment()
        with steps.step("packages") as note:
            install(requirements, note)
    os.environ["STUDIO_STEPS"] = f"{steps.done}/{total}"
    become(command)


# --- what this machine must bring ------------------------------------------------------------


def is_given(variable: str) -> bool:
    return bool(os.environ.get(variable) or os.environ.get(variable + "_FILE"))


def has_redis() -> bool:
    return bool(is_given("REDIS_URL") or shutil.which("redis-server") or shutil.which("valkey-server"))


def check_system() -> None:
    """The embedded servers exist for glibc Linux: PostgreSQL on x86-64 and ARM, Redis on x86-64."""
    machine = platform.machine().lower()
    known = platform.system() == "Linux" and platform.libc_ver()[0] == "glibc" and machine in ("x86_64", "aarch64")
    if not known and not (is_given("DATABASE_URL") and is_given("REDIS_URL")):
        raise Stop(
            f"The built-in PostgreSQL and Redis need Linux with glibc on x86-64, this is {platform.system()} {machine}:"
            " set DATABASE_URL (PostgreSQL 15 or later) and REDIS_URL (Redis 6.2 or later) and start again."
        )
    if machine != "x86_64" and not has_redis():
        raise Stop(f"There is no built-in Redis for {machine}: install redis-server or set REDIS_URL and start again.")


def check_ownership() -> None:
    """Files another user made (say, root in an earlier run) would fail one by one later."""
    me = os.geteuid()
    if me == 0:
        return
    strange = [path for path in (ROOT, VENV, VAR) if path.exists() and not os.access(str(path), os.W_OK)]
    strange += [path for path in VAR.glob("*") if path.lstat().st_uid != me] if os.access(str(VAR), os.R_OK) else []
    if strange:
        places = [ROOT] if ROOT in strange else [path for path in (VENV, VAR) if path.exists()]
        raise Stop(
            f"{strange[0]} belongs to another user, probably from a run as root: give it back with"
            f" `sudo chown -R {user_name(me)} {' '.join(map(str, places))}` and start again."
        )


def user_name(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:  # containers give any number
        return str(number)


def version_of(python: str) -> tuple[int, int] | None:
    """The (major, minor) of a Python program; None when it does not run."""
    code = "import sys; print(sys.version_info[0], sys.version_info[1])"
    try:
        done = subprocess.run([python, "-I", "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=20)
        major, minor = done.stdout.split()
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    return int(major), int(minor)


def fitting_versions() -> tuple[tuple[int, int], ...]:
    return BASIC + NEWER if has_redis() else BASIC


def find_python() -> str:
    """The first fitting Python: this one, those on the path, pyenv's."""
    names = [f"python{major}.{minor}" for major, minor in reversed(BASIC)] + ["python3"]
    names += [f"python{major}.{minor}" for major, minor in NEWER]
    installed = sorted(glob(str(Path.home() / ".pyenv/versions/3.*/bin/python3")))
    candidates = [sys.executable, *filter(None, map(shutil.which, names)), *installed]
    for version in fitting_versions():
        for python in candidates:
            if version_of(python) == version:
                return python
    raise Stop(
        f"Python 3.11 or 3.12 is needed, this is {platform.python_version()}: install one (Debian, Ubuntu:"
        " `apt install python3.11 python3.11-venv`) and start again, or name it, `make up PYTHON=/path/to/python3.11`."
    )


# --- the virtual environment -----------------------------------------------------------------


def make_environment() -> None:
    """Make .venv, or make it anew when its Python is gone or does not fit."""
    if version_of(str(PYTHON)) in fitting_versions():
        return
    python = find_python()
    has_venv = run([python, "-c", "import ensurepip, venv"], "venv") == 0
    if not has_venv and not uv():
        major, minor = version_of(python) or BASIC[0]
        raise Stop(
            f"Python {major}.{minor} has no venv module here: install it (Debian, Ubuntu:"
            f" `apt install python{major}.{minor}-venv`) and start again."
        )
    pip = [] if has_venv else ["--without-pip"]
    if run([python, "-m", "venv", "--clear", *pip, str(VENV)], "venv"):
        raise Stop("The virtual environment could not be made:\n" + last_lines("venv"))


def install(requirements: tuple[str, ...], note) -> None:  # noqa: ANN001 - a callable, see Steps
    """Install what is pinned there, unless the stamp says that exactly this is installed."""
    wanted = {name: hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in requirements}
    installed = read_stamp()
    if all(installed.get(name) == digest for name, digest in wanted.items()):
        return
    files = [part for name in requirements for part in ("-r", str(ROOT / name))]
    # `install` and not `sync`: `make up` after `make test` leaves the test tools in place.
    by_pip = [str(PYTHON), "-m", "pip", "install", "--no-input", "--disable-pip-version-check", "--require-hashes"]
    ways = [[*by_pip, *files]]
    if uv():
        ways.insert(0, [uv(), "pip", "install", "--python", str(PYTHON), "--require-hashes", *files])
    if all(run(way, "packages", note) for way in ways):
        raise Stop("The packages could not be installed:\n" + last_lines("packages"))
    STAMP.write_text(json.dumps({**installed, **wanted}))


def read_stamp() -> dict[str, str]:
    try:
        return json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}


def uv() -> str:
    """A working uv, which installs several times faster than pip; empty when there is none."""
    for candidate in (str(VENV / "bin" / "uv"), shutil.which("uv")):
        if candidate and runs(candidate):
            return candidate
    return ""


# --- running programs ------------------------------------------------------------------------


def runs(program: str) -> bool:
    """Whether `program --version` works: a stub on the path often does not."""
    try:
        return (
            subprocess.run(
                [program, "--version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=30
            ).returncode
            == 0
        )
    except (OSError, subprocess.TimeoutExpired):
        return False


def run(command: list[str], log: str, note=None) -> int:  # noqa: ANN001 - a callable, see Steps
    """Run with the output in var/log/<log>.log and its last line beside the step; the exit code."""
    path = log_path(log)
    with path.open("ab") as file:
        file.write(f"$ {' '.join(command)}\n".encode())
        file.flush()
        quiet = {"stdin": subprocess.DEVNULL, "stdout": file, "stderr": subprocess.STDOUT}
        child = subprocess.Popen(command, cwd=str(ROOT), **quiet)
        try:
            while child.poll() is None:
                time.sleep(0.05)
                if note:
                    note(last_lines(log, 1).strip())
        except BaseException:
            child.terminate()
            child.wait()
            raise
    return child.returncode


def log_path(log: str) -> Path:
    path = VAR / "log" / (log + ".log")
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def last_lines(log: str, count: int = 20) -> str:
    return "\n".join(log_path(log).read_text(errors="replace").splitlines()[-count:])


@contextmanager
def one_at_a_time():  # noqa: ANN201 - the type is not in the 3.8 library
    """Let `make up` and `make test` in one checkout not install over each other."""
    with log_path("bootstrap").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def become(command: tuple[str, ...]) -> None:
    """Turn into the program, so that signals reach it; it ends when `make` is killed."""
    os.chdir(str(ROOT))
    os.environ["VIRTUAL_ENV"] = str(VENV)
    os.environ["PATH"] = f"{VENV / 'bin'}:{os.environ.get('PATH', os.defpath)}"
    parent = Path(f"/proc/{os.getppid()}/comm")
    if parent.exists() and parent.read_text().strip() in ("make", "gmake"):
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG
    os.execv(command[0], list(command))


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except Stop as stop:
        sys.exit(f"\n{stop}")
    except KeyboardInterrupt:
        sys.exit(130)
