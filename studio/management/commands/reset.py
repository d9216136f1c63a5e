"""`manage.py reset`: an empty installation again. Backups and logs stay."""

import os
import shutil
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError
from django.core.management.base import BaseCommand

from studio.embedded.account import data_directory
from studio.embedded.servers import URL_OF, needed_servers
from studio.environment import env_flag
from studio.installation import AlreadyRunning, hold_lock

KEPT = ("backups", "log", "up.lock")


class Command(BaseCommand):
    help = "Delete the built-in database, Redis data, keys and files below var/. Asks first; YES=1 does not."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        var = settings.VAR_DIR
        if outside := [variable for name, variable in URL_OF.items() if name not in needed_servers()]:
            names = " and ".join(outside)
            raise CommandError(f"{names} set: those servers are yours to empty. Unset to reset the built-in ones.")
        try:
            with hold_lock(var):
                if not self._is_sure(var):
                    raise CommandError("Nothing was deleted.")
                delete_data(var)
        except AlreadyRunning as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{var} is empty, backups and logs aside. `make up` starts anew.")

    def _is_sure(self, var: Path) -> bool:
        if env_flag("YES", default=False):
            return True
        if not sys.stdin.isatty():
            raise CommandError("Nobody can be asked here: say `make reset YES=1`.")
        self.stdout.write(f"This deletes every conversation, person and key in {var}. Backups stay.")
        return input("Type reset to go on: ").strip() == "reset"


def delete_data(var: Path) -> None:
    """Delete everything below `var` but what is kept, and the database wherever it really lies."""
    shutil.rmtree(data_directory(var), ignore_errors=True)
    for path in var.iterdir():
        if path.name in KEPT:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            os.unlink(path)
