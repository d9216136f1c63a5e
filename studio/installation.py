"""What belongs to one installation: the secret key, and that it runs once."""

import fcntl
import os
import secrets
from pathlib import Path
from typing import TextIO

from studio.embedded.addresses import write_private

SECRET_KEY = "secret.key"  # noqa: S105 - a file name
LOCK = "up.lock"


class AlreadyRunning(Exception):
    """Another `make up` serves from the same directory. The text names its process."""


def ensure_secret_key(var: Path) -> None:
    """Make the key that signs sessions and seals credentials, unless the environment brings one. Never replaces it."""
    is_configured = os.environ.get("SECRET_KEY") or os.environ.get("SECRET_KEY_FILE")
    if not is_configured and not (var / SECRET_KEY).exists():
        write_private(var / SECRET_KEY, secrets.token_urlsafe(50) + "\n")


def hold_lock(var: Path) -> TextIO:
    """Hold the right to run from `var` until the returned file is closed. Raises `AlreadyRunning`."""
    var.mkdir(parents=True, exist_ok=True)
    file = (var / LOCK).open("a+", encoding="ascii")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        file.seek(0)
        holder = file.read().strip()
        file.close()
        raise AlreadyRunning(f"It already runs from {var} (process {holder}): stop that one first.") from error
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file
