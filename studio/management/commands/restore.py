"""`manage.py restore FILE`: the database as it was when `backup` wrote the file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand

from studio.backups import BackupFailed, restore_backup
from studio.embedded.servers import needed_servers
from studio.installation import AlreadyRunning, hold_lock
from studio.temporary import embedded_postgres


class Command(BaseCommand):
    help = "Replace the database by a backup, then migrate it. Stop the installation first."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("archive", type=Path, metavar="FILE.dump")

    def handle(self, *, archive: Path, **options: Any) -> None:
        if not archive.exists():
            raise CommandError(f"{archive} does not exist.")
        try:
            with hold_lock(settings.VAR_DIR), embedded_postgres(settings.VAR_DIR):
                is_embedded = "postgres" in needed_servers()
                restore_backup(archive=archive, database_url=settings.DATABASE_URL, prefer_embedded=is_embedded)
                call_command("migrate", interactive=False, verbosity=0)
        except (AlreadyRunning, BackupFailed) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"The database is that of {archive.name}.")
        self.stdout.write("Its secret key must be in use as well: see docs/operations.md.")
