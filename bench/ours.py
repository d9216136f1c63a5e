"""Rows of the studio's own tables that a run needs, and the customer's token. Importing it sets Django up."""

import os
import uuid
from functools import cache

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")
django.setup()

from django.utils import timezone

from conversations.models import Account, Connector, Conversation, Customer, Project
from conversations.services.access_tokens import issue_access_token

TEXT = "x" * 120
HOST = "localhost"


@cache
def connector() -> Connector:
    account = Account.objects.create(name="Bench")
    project = Project.objects.create(account=account, name="Bench")
    return Connector.objects.create(project=project, environment="live", name="Bench", hosts=[HOST])


@cache
def customer() -> Customer:
    return Customer.objects.create(project=connector().project, environment="live")


@cache
def access_token() -> str:
    return issue_access_token(token=connector().token, host=HOST, at=timezone.now())


def create_conversations(count: int) -> list[uuid.UUID]:
    """Return the ids of new conversations with a human, so that no turn of the AI runs beside the measurement."""
    access_token()  # made here, where the database may be asked
    rows = [
        Conversation(
            project=connector().project, environment="live", channel="web_chat", connector=connector(),
            customer=customer(), owner_kind="human", owner_id="bench",
        )
        for _ in range(count)
    ]  # fmt: skip
    return [row.id for row in Conversation.objects.bulk_create(rows, batch_size=1000)]
