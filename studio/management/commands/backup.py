"""`manage.py backup`: one archive of the database and the secret key, also while everything runs."""

from typing import Any

from django.conf import settings
from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.utils import timezone

from studio.backups import BackupFailed, make_backup
from studio.embedded.servers import needed_servers
from studio.temporary import embedded_postgres


class Command(BaseCommand):
    help = "Write the database and the secret key to var/backups/."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with embedded_postgres(settings.VAR_DIR):
                archive = make_backup(
                    database_url=settings.DATABASE_URL,
                    secret_key=settings.SECRET_KEY,
                    var=settings.VAR_DIR,
                    at=timezone.now(),
                    prefer_embedded="postgres" in needed_servers(),
                )
        except BackupFailed as error:
            raise CommandError(str(error)) from error
        size = archive.stat().st_size / 1e6
        self.stdout.write(f"{archive} ({size:.1f} MB), its key beside it. Copy both to another machine.")
