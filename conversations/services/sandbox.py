"""Conversations with made-up customers, in the sandbox."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from conversations.domain.vocabulary import Channel, Environment
from conversations.models import Connector, Conversation, Customer, Project, User
from conversations.services.configuration import add_row
from conversations.services.sessions import open_session


def open_sandbox_session(
    *, project: Project, user: User, customer_name: str, options: Mapping[str, Any]
) -> Conversation:
    """Start a sandbox conversation of a customer nobody is; `options` say what it is for."""
    with transaction.atomic():
        conversation = open_session(connector=_sandbox_connector(project, user), options=options)
        Customer.objects.filter(pk=conversation.customer_id).update(name=customer_name)
    return conversation


def _sandbox_connector(project: Project, user: User) -> Connector:
    """A sandbox connector of the project; one that lets nobody in is made where there is none."""
    known = Connector.objects.filter(project=project, environment=Environment.SANDBOX, channel=Channel.WEB_CHAT)
    if (connector := known.order_by("created_at").first()) is not None:
        return connector
    closed = Connector(project=project, environment=Environment.SANDBOX, name="Test handoffs", is_active=False)
    return add_row(row=closed, user=user, project=project, why="For a test handoff")
