"""Collecting static files, skipped when none has changed since the last time."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

STAMP = ".collected"


def collect_if_changed() -> bool:
    """Collect into STATIC_ROOT; False when its files are those of the last run."""
    if is_collected():
        return False
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    _stamp().write_text(_state_of_sources(), encoding="ascii")
    return True


def is_collected() -> bool:
    """Whether STATIC_ROOT holds what the sources hold now."""
    return _stamp().exists() and _stamp().read_text(encoding="ascii") == _state_of_sources()


def _stamp() -> Path:
    return Path(settings.STATIC_ROOT) / STAMP


def _state_of_sources() -> str:
    """A digest over name, size and time of every file the finders know."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for name, storage in finder.list(ignore_patterns=[]):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name}:{status.st_size}:{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()
