"""Connectors: what lets a widget or app connect. Edited like all configuration; this renews their tokens."""

from datetime import datetime

from conversations.models import Connector, User
from conversations.models.connector import new_connector_token
from conversations.services.configuration import change_row


def rotate_connector_token(*, connector: Connector, user: User, at: datetime, revision: int) -> str:
    """Give the connector a new token: pages with the old one stop working. Raises StaleRevision."""
    token = new_connector_token()
    change_row(
        row=connector, values={"token": token}, user=user, project=connector.project, at=at, revision=revision
    )  # fmt: skip
    return token
