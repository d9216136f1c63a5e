"""`manage.py up`: everything this installation consists of, until Ctrl-C."""

import asyncio
import os
import sys
from typing import Any

from django.conf import settings
from django.core.management import CommandError
from django.core.management.base import BaseCommand

from studio.embedded import addresses
from studio.embedded.postgres import NoServer
from studio.embedded.servers import embedded_servers, needed_servers
from studio.environment import env_text
from studio.installation import AlreadyRunning, ensure_secret_key, hold_lock
from studio.runner import Runner, StartFailed


class Command(BaseCommand):
    help = "Start PostgreSQL and Redis if none are configured, prepare, and serve until Ctrl-C."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        host, port, var = env_text("STUDIO_BIND", "127.0.0.1"), settings.PORT, settings.VAR_DIR
        if not addresses.is_free(port, host):
            another = f"start with another one, `make up PORT={port + 1}`"
            raise CommandError(f"Port {port} is taken by another program: {another}.")
        try:
            lock = hold_lock(var)
        except AlreadyRunning as error:
            raise CommandError(str(error)) from error
        ensure_secret_key(var)
        names = needed_servers()
        if names and addresses.assign_ports(var, names):
            # Settings were read before the servers had ports. The lock is let go by exec and taken again.
            os.execv(sys.executable, [sys.executable, *sys.argv])  # noqa: S606 - ourselves
        with lock:
            try:
                asyncio.run(Runner(host=host, port=port, var=var).run(embedded_servers(var, names)))
            except (NoServer, StartFailed) as error:
                raise CommandError(str(error)) from error
