"""`manage.py demo …`: the demo workspace, its credentials, and customers played from a file."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.db.models import Model
from django.utils import timezone

from conversations.models import ApiKey, Connector, Conversation, Membership, Project, Team
from handoffs.models import Destination, Queue, Release, Topic
from integrations.domain.signing import BadSecret
from studio.demo.credentials import Credentials, CredentialsLost, read_demo_credentials
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


class Command(BaseCommand):
    help = "The demo workspace: create it, print its credentials, play customers from a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="create|credentials")
        create = verbs.add_parser("create", help="make the demo workspace, unless there is one")
        create.add_argument("--webhook", metavar="URL", help="tell what happens to this URL, as to a CRM")
        create.add_argument("--webhook-secret", metavar="SECRET", default="", help="sign with it; else one is made")
        credentials = verbs.add_parser("credentials", help="print what a script needs to talk to the demo")
        credentials.add_argument("--json", action="store_true", help="as one JSON object")

    def handle(self, *, verb: str, **options: Any) -> None:
        {"create": self.create, "credentials": self.credentials}[verb](options)

    def create(self, options: dict[str, Any]) -> None:
        project = find_demo()
        if project is None:
            try:
                project = create_demo(content=load_workspace(), story=read_story(), clock=timezone.now)
            except (BadDemoContent, DemoRefused, StoryWrong) as error:
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
            found = read_demo_credentials(project=project, at=timezone.now())
        except CredentialsLost as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps(found, indent=2) if options["json"] else as_table(found))

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
