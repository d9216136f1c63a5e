"""`manage.py asyncapi`: write `docs/api/asyncapi.yaml` anew from the tables."""

from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from studio.asyncapi import asyncapi_document

HEAD = "# Written by `manage.py asyncapi` from the event table. A test fails when it is not what that writes.\n"


def asyncapi_path() -> Path:
    return Path(settings.BASE_DIR) / "docs" / "api" / "asyncapi.yaml"


class _Plain(yaml.SafeDumper):
    """Repeats what is repeated: readers do not follow YAML's anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def render_asyncapi() -> str:
    text: str = yaml.dump(asyncapi_document(), Dumper=_Plain, sort_keys=False, width=110, allow_unicode=True)
    return HEAD + text


class Command(BaseCommand):
    help = "Write the AsyncAPI file of the sockets."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--print", action="store_true", help="print it instead of writing the file")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["print"]:
            self.stdout.write(render_asyncapi())
            return
        path = asyncapi_path()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(render_asyncapi(), encoding="utf-8")
        self.stdout.write(f"Wrote {path.relative_to(settings.BASE_DIR)}")
