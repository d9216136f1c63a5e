"""A Chromium for the browser tests: the named one, an installed one, Debian's by apt, or Playwright's own download."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BY_APT = (("apt-get", "update"), ("apt-get", "install", "-y", "--no-install-recommends", "chromium"))
DEBIAN = "/usr/bin/chromium"
PATH_OF_PLAYWRIGHTS = (
    "from playwright.sync_api import sync_playwright as p\nwith p() as w: print(w.chromium.executable_path)"
)


class NoBrowser(Exception):
    """None could be had. The text says how to bring one."""


def find_browser(log: Path) -> str:
    """Return the path of a Chromium that runs, installed if need be with the output in `log`. Raises `NoBrowser`."""
    for candidate in (os.environ.get("CHROMIUM"), *map(shutil.which, NAMES)):
        if candidate and runs(candidate):
            return candidate
    if os.geteuid() == 0 and shutil.which("apt-get") and all(_install(command, log) for command in BY_APT):
        return DEBIAN
    if _install((sys.executable, "-m", "playwright", "install", "chromium"), log) and runs(_playwrights()):
        return _playwrights()
    said = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-20:])
    raise NoBrowser(
        "The browser tests need Chromium and none could be had: install it (Debian: `apt install chromium`) or name one"
        f" with CHROMIUM=/path/to/chromium.\n{said}"
    )


def runs(program: str) -> bool:
    """Whether `program --version` works: what stands on the path is sometimes only a stub."""
    try:
        return subprocess.run([program, "--version"], capture_output=True, timeout=30, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _install(command: Sequence[str], log: Path) -> bool:
    log.parent.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with log.open("ab") as output:
        quiet = {"stdin": subprocess.DEVNULL, "stdout": output, "stderr": output}
        return subprocess.run(command, env=environment, check=False, **quiet).returncode == 0


def _playwrights() -> str:
    done = subprocess.run([sys.executable, "-c", PATH_OF_PLAYWRIGHTS], capture_output=True, text=True, check=False)
    return done.stdout.strip()
