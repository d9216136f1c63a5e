"""`manage.py demo …`: the demo workspace, its credentials, and customers played from a file."""

import json
import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.db.models import Model
from django.utils import timezone

from conversations.models import ApiKey, Connector, Conversation, Membership, Project, Team
from handoffs.models import Destination, Queue, Release, Topic
from integrations.domain.signing import BadSecret
from studio.demo.credentials import Credentials, CredentialsLost, host_for, read_demo_credentials, read_live_connector
from studio.demo.history import read_history
from studio.demo.past_rows import PastWrong
from studio.demo.play.customer import Manner
from studio.demo.play.entrance import NoEntrance
from studio.demo.play.progress import Progress
from studio.demo.play.run import Door, Traffic, play_transcripts
from studio.demo.play.topics import add_topics
from studio.demo.play.transcripts import UnreadableFile, read_transcripts
from studio.demo.story import StoryWrong, read_story
from studio.demo.webhook import add_webhook
from studio.demo.workspace import DemoRefused, create_demo, find_demo
from studio.demo_content.loader import BadDemoContent, load_workspace

NO_DEMO = "There is no demo workspace here: `manage.py demo create` makes one."
COUNTED: dict[str, type[Model]] = {
    "roles of people": Membership,
    "teams": Team,
    "queues": Queue,
    "destinations": Destination,
    "topics": Topic,
    "connectors": Connector,
    "API keys": ApiKey,
    "past conversations": Conversation,
}


def number(kind: type[int] | type[float], *, least: float) -> Callable[[str], float]:
    """An argument type: a number of this kind above `least`; anything else is refused in words."""

    def read(text: str) -> float:
        try:
            value = kind(text)
        except ValueError as error:
            raise ArgumentTypeError(f"{text!r} is no number") from error
        if not value > least:
            raise ArgumentTypeError(f"{text} is not above {least:g}")
        return value

    return read


class Command(BaseCommand):
    help = "The demo workspace: create it, print its credentials, play customers from a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="create|credentials|play")
        create = verbs.add_parser("create", help="make the demo workspace, unless there is one")
        create.add_argument("--webhook", metavar="URL", help="tell what happens to this URL, as to a CRM")
        create.add_argument("--webhook-secret", metavar="SECRET", default="", help="sign with it; else one is made")
        credentials = verbs.add_parser("credentials", help="print what a script needs to talk to the demo")
        credentials.add_argument("--json", action="store_true", help="as one JSON object")
        self._add_play(verbs.add_parser("play", help="play customers through the public socket of the running server"))

    @staticmethod
    def _add_play(play: ArgumentParser) -> None:
        play.add_argument("file", type=Path, help='one conversation a line: {"turns": [{"speaker", "text"}]}')
        play.add_argument("--rate", type=number(float, least=0), metavar="N", help="messages a second, of all together")
        play.add_argument(
            "--concurrency", type=number(int, least=0), default=4, metavar="N", help="customers at a time"
        )
        play.add_argument("--limit", type=number(int, least=0), metavar="N", help="only the first N conversations")
        play.add_argument("--patience", type=number(float, least=0), default=5.0, metavar="SECONDS",
                          help="how long a customer waits for an answer, or for a human, before going on")  # fmt: skip
        play.add_argument("--stay", action="store_true", help="leave the sessions open at the end")
        play.add_argument("--base-url", metavar="URL", help="of the server; else this installation's")
        play.add_argument("--token", help="of a connector; else the demo's live one")
        play.add_argument("--host", help="a host the connector lets in")
        play.add_argument("--json", action="store_true", help="report as one JSON object")

    def handle(self, *, verb: str, **options: Any) -> None:
        {"create": self.create, "credentials": self.credentials, "play": self.play}[verb](options)

    def create(self, options: dict[str, Any]) -> None:
        project = find_demo()
        if project is None:
            try:
                project = create_demo(
                    content=load_workspace(), story=read_story(), history=read_history(), clock=timezone.now
                )
            except (BadDemoContent, DemoRefused, PastWrong, StoryWrong) as error:
                raise CommandError(str(error)) from error
            self.stdout.write(f"Made the demo workspace {project.name} ({project.id}).")
            self._count(project)
        else:
            self.stdout.write(f"There is a demo workspace: {project.name} ({project.id}). Nothing was changed in it.")
        if options["webhook"]:
            self._add_webhook(project, options["webhook"], options["webhook_secret"])

    def credentials(self, options: dict[str, Any]) -> None:
        project = find_demo()
        if project is None:
            raise CommandError(NO_DEMO)
        try:
            found = read_demo_credentials(project=project)
        except CredentialsLost as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps(found, indent=2) if options["json"] else as_table(found))

    def play(self, options: dict[str, Any]) -> None:
        try:
            transcripts = read_transcripts(options["file"], limit=options["limit"])
        except UnreadableFile as error:
            raise CommandError(str(error)) from error
        for line in transcripts.skipped:
            self.stderr.write(f"line {line.line} skipped: {line.why}")
        if not transcripts.scripts:
            raise CommandError(f"Nothing to play in {options['file']}: {len(transcripts.skipped)} lines skipped.")
        door = self._door(options)
        progress = Progress(total=len(transcripts.scripts), stream=sys.stderr)
        progress.begin()
        try:
            report = play_transcripts(
                transcripts,
                door=door,
                traffic=Traffic(rate=options["rate"], concurrency=options["concurrency"]),
                manner=Manner(patience=options["patience"], stays=options["stay"]),
                done=progress.count,
            )
        except NoEntrance as error:
            raise CommandError(f"No customer could come in. {error}") from error
        finally:
            progress.end()
        add_topics(report.courses)
        self.stdout.write(json.dumps(report.as_json(), indent=2) if options["json"] else report.as_text())
        if not report.played:
            raise CommandError("No conversation could be played.")

    def _door(self, options: dict[str, Any]) -> Door:
        """The demo's own door, but for what the options say."""
        base_url = options["base_url"] or settings.BASE_URL
        if options["token"]:
            return Door(base_url, options["token"], options["host"] or urlsplit(base_url).hostname or "")
        project = find_demo()
        if project is None:
            raise CommandError(f"{NO_DEMO} Or give the --token and --host of a connector.")
        try:
            connector = read_live_connector(project)
        except CredentialsLost as error:
            raise CommandError(str(error)) from error
        return Door(base_url, connector.token, options["host"] or host_for(connector))

    def _count(self, project: Project) -> None:
        counts = ", ".join(
            f"{model._default_manager.filter(project=project).count()} {what}" for what, model in COUNTED.items()
        )
        self.stdout.write(f"{counts}; {Release.objects.filter(project=project).latest('number')} is published.")
        self.stdout.write("Log-ins and keys: `manage.py demo credentials`.")

    def _add_webhook(self, project: Project, url: str, secret: str) -> None:
        try:
            chosen = add_webhook(project=project, url=url, secret=secret)
        except (ValidationError, BadSecret) as error:
            reasons = error.messages if isinstance(error, ValidationError) else [str(error)]
            raise CommandError(f"The webhook was not added: {'; '.join(reasons)}") from error
        self.stdout.write(f"What happens is told to {url}, signed with {chosen}")


def as_table(found: Credentials) -> str:
    """The credentials for a person to read."""
    facts = {
        "Address": found["base_url"],
        "Sockets": found["ws_url"],
        "Account": found["account_id"],
        "Project": found["project_id"],
        "Connector": f"{found['connector']['token']} for {found['connector']['host']}",
        **{f"Key: {scope}": text for scope, text in found["api_keys"].items()},
    }
    lines = [f"{name:<20} {value}" for name, value in facts.items()]
    people = [f"{user['role']:<11} {user['email']:<38} {user['password']}  {user['token']}" for user in found["users"]]
    return "\n".join([*lines, "", f"{'Role':<11} {'E-mail':<38} {'Password':<24}  Personal token", *people])
