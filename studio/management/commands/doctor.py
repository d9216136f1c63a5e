"""`manage.py doctor`: is everything as it should be, and if not, what to do."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from studio.diagnosis import Level, diagnose


class Command(BaseCommand):
    help = "Check this installation, one line a part. Exit code 1 when something fails."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", dest="as_json", help="one JSON object, parts as keys")

    def handle(self, *, as_json: bool, **options: Any) -> None:
        findings = diagnose()
        if as_json:
            self.stdout.write(json.dumps({name: asdict(finding) for name, finding in findings.items()}, indent=2))
        else:
            for name, finding in findings.items():
                advice = f" → {finding.advice}" if finding.advice else ""
                self.stdout.write(f"{finding.level:<4}  {name:<12}  {finding.text}{advice}")
        if Level.FAIL in {finding.level for finding in findings.values()}:
            sys.exit(1)
