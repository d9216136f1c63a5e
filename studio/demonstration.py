"""The demo workspace at start: made once in an empty database; its credentials kept where scripts find them."""

import io
import json
from collections.abc import Container
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

from conversations.models import Project
from studio.embedded.addresses import write_private

CREDENTIALS_FILE = "demo.json"


def credentials_file() -> Path:
    return Path(settings.VAR_DIR) / CREDENTIALS_FILE


def prepare_demo(*, wanted: bool, commands: Container[str]) -> None:
    """Create the demo if nobody is in the database yet, then write `var/demo.json` if there is a demo.

    With `wanted` (DEMO=1) its absence is an error, unless somebody removed it; without, a database in earnest use
    is left alone.
    """
    if not wanted and "demo" not in commands:
        return
    if not get_user_model().objects.exists():
        call_command("demo", "create", stdout=io.StringIO())
    try:
        write_credentials()
    except CommandError:
        if wanted and not was_removed():
            raise
        credentials_file().unlink(missing_ok=True)


def was_removed() -> bool:
    """Whether there was a demo that somebody took away on purpose."""
    return Project.objects.filter(is_demo=True, deleted_at__isnull=False).exists()


def write_credentials() -> None:
    """Write what `manage.py demo credentials --json` prints. Raises `CommandError` where there is no demo."""
    text = io.StringIO()
    call_command("demo", "credentials", "--json", stdout=text)
    write_private(credentials_file(), text.getvalue())


def read_credentials() -> dict[str, Any] | None:
    """The credentials of the demo as last written, or None."""
    try:
        credentials: dict[str, Any] = json.loads(credentials_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return credentials
