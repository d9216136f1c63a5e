import pytest
from django.test import Client
from django.utils import timezone

from conversations.services.outcomes import OutcomeFacts
from handoffs.services.closing import close_conversation


@pytest.fixture(autouse=True)
def _plain_static(settings):
    """Pages are drawn without collected static files."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture
def browse():
    """A logged-in client of a person."""

    def log_in(user) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return log_in


@pytest.fixture
def closed(claimed, agent):
    """A conversation the agent has closed with an outcome."""
    facts = OutcomeFacts("refund_issued", resolved=True, handled_by=agent.get_full_name())
    close_conversation(conversation_id=claimed.id, agent=agent, epoch=claimed.epoch, facts=facts, at=timezone.now())
    claimed.refresh_from_db()
    return claimed
