"""`manage.py prepare`: what must be true before the processes start. `up` runs it; so does a deployment."""

import io
import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command, get_commands
from django.core.management.base import BaseCommand

from studio.demonstration import prepare_demo
from studio.environment import env_flag
from studio.first_admin import keep_welcome_link
from studio.reachability import Unreachable, check_servers
from studio.static_files import collect_if_changed
from studio.steps import VARIABLE, Steps

STEPS = 3


class AppliedMigrations(io.StringIO):
    """Receives what `migrate` prints and passes each migration's name on."""

    def __init__(self, steps: Steps) -> None:
        super().__init__()
        self._steps = steps

    def write(self, text: str) -> int:
        if text.startswith("  Applying "):
            self._steps.note(text.removeprefix("  Applying ").rstrip(". \n"))
        return super().write(text)


class Command(BaseCommand):
    help = "Check the servers, migrate, collect static files, create the demo if the database is empty."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-demo", action="store_true", help="the same as DEMO=0")

    def handle(self, *, no_demo: bool, **options: Any) -> None:
        steps = Steps(total=STEPS)
        try:
            check_servers(database_url=settings.DATABASE_URL, redis_url=settings.REDIS_URL)
        except Unreachable as error:
            raise CommandError(str(error)) from error
        with steps.step("database"):
            call_command("migrate", interactive=False, stdout=AppliedMigrations(steps))
        with steps.step("static files"):
            collect_if_changed()
        with steps.step("demo"):
            if not no_demo and env_flag("DEMO", default=True):
                prepare_demo(wanted=env_flag("DEMO", default=False), commands=get_commands())
        link = keep_welcome_link()
        # `up` prints it last, below everything else.
        if link and not os.environ.get(VARIABLE):
            self.stdout.write(f"Create the first admin: {link}")
