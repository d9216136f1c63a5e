"""`manage.py triggers score`: what the triggers make of messages, JSON lines in and out; no database is touched."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from handoffs.domain.settings import Level
from handoffs.domain.triggers.scoring import BadLine, config_at, read_object, score_line

BAD_LINES = 2  # exit code: some lines could not be read, all others are answered


class Command(BaseCommand):
    help = "score: answer each JSON line of the standard input with the scores of its message; .5 and more fires"
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["score"])
        parser.add_argument("--level", type=int, choices=[1, 2, 3], default=1, help="whose thresholds (default 1)")

    def handle(self, *args: Any, level: int, **options: Any) -> None:
        config = config_at(Level(level))
        bad = 0
        for number, line in enumerate(sys.stdin.buffer, 1):
            if not line.strip():
                continue
            try:
                self.answer(score_line(read_object(line), config))
            except BadLine as error:
                bad += 1
                self.stderr.write(f"Line {number}: {error}.")
        if bad:
            raise SystemExit(BAD_LINES)

    def answer(self, scores: dict[str, Any]) -> None:
        """One line, at once: whoever feeds lines one by one gets answers one by one."""
        self.stdout.write(json.dumps(scores))
        self.stdout.flush()
