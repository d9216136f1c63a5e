"""The cast every test shares: one project, the people in and outside it, and a customer who writes."""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

import hypothesis
import pytest
from django.conf import settings
from django.db import connections, transaction
from django.test import Client, override_settings
from django.utils import timezone

from conversations.append import append_event
from conversations.domain.timeline import NewEvent
from conversations.domain.vocabulary import Environment, Role
from conversations.models import Account, Connector, Conversation, Membership, Project, User
from conversations.services.ownership import lock_conversation
from conversations.services.sessions import open_session
from handoffs.domain.triggers.signal import Trigger
from handoffs.domain.turns import HandoffRequest
from handoffs.models import Desk, Destination, Handoff, HandoffSettings, Queue, Reason, Topic
from handoffs.services.claims import claim_conversation
from handoffs.services.deadlines import sweep_deadlines
from handoffs.services.handoffs import start_handoff
from handoffs.services.releases import publish_release, read_current_config
from tests.api_contract import _answers_keep_the_contract

__all__ = ["_answers_keep_the_contract"]

# Times are not tested: the machine that runs the tests may be busy with something else.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

PASSWORD = "correct horse battery"
DISPOSITIONS = [{"code": "refund_issued", "label": "Refund issued"}, {"code": "no_action", "label": "No action"}]


def pytest_configure(config: pytest.Config) -> None:
    """Give each parallel worker a Redis database and a Bus prefix of its own."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
    base, _, number = settings.REDIS_URL.rpartition("/")
    database = int(number or 0) + int(worker.removeprefix("gw"))
    settings.REDIS_URL = settings.CELERY_BROKER_URL = f"{base}/{database}"
    settings.BUS_PREFIX = f"test:{worker}:{database}"
    # Pages are drawn without collected static files; what collects them runs in processes of its own.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}).enable()
    # Tests that shake the system act from more threads at once than any of its processes has.
    settings.DATABASES["default"]["OPTIONS"]["pool"]["max_size"] = 30


@pytest.fixture(autouse=True)
def _fast_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def account(db) -> Account:
    return Account.objects.create(name="Fernhill")


@pytest.fixture
def project(account) -> Project:
    """A project with one queue, one default destination, two topics and release 1."""
    project = Project.objects.create(
        account=account, name="Fernhill Mobile", ai_name="Fern", greeting="Hello, Fern here."
    )
    Desk.objects.create(project=project, environment="live", key="inbox", name="Inbox", kind="inbox")
    Queue.objects.create(project=project, key="billing", name="Billing", dispositions=DISPOSITIONS)
    Destination.objects.create(project=project, key="billing", name="Billing", queue_key="billing", is_default=True)
    HandoffSettings.objects.create(project=project)
    Reason.objects.create(project=project, code="needs_human", label="Needs a person")
    Topic.objects.create(
        project=project,
        key="delivery",
        name="Delivery times",
        questions=["How long does delivery take?", "When will my parcel arrive?"],
        content="Delivery takes two working days.",
    )
    Topic.objects.create(
        project=project,
        key="complaint",
        name="Complaints",
        questions=["I want to complain about your service", "How do I make a complaint?"],
        content="I'm sorry about that.",
        action={
            "destination": "billing",
            "reason": "complaint",
            "utterance": "I'm passing you to our complaints team.",
        },
    )
    return project


@pytest.fixture
def release(project, owner):
    return publish_release(project=project, publisher=owner, at=timezone.now())


def member(project: Project, role: Role, name: str) -> User:
    user = User.objects.create_user(f"{name.split()[0].lower()}@example.com", PASSWORD, full_name=name)
    Membership.objects.create(user=user, project=project, role=role)
    return user


@pytest.fixture
def owner(project) -> User:
    return member(project, Role.OWNER, "Olive Grant")


@pytest.fixture
def as_owner(client, owner) -> Client:
    """The owner's browser, logged in."""
    client.force_login(owner)
    return client


@pytest.fixture
def agent(project) -> User:
    return member(project, Role.AGENT, "Maya Okafor")


@pytest.fixture
def other_agent(project) -> User:
    return member(project, Role.AGENT, "Tomás Ribeiro")


@pytest.fixture
def reviewer(project) -> User:
    return member(project, Role.REVIEWER, "Ines Duarte")


@pytest.fixture
def outsider(account) -> User:
    """Works for the same account, in another project."""
    elsewhere = Project.objects.create(account=account, name="Elsewhere")
    return member(elsewhere, Role.OWNER, "Otto Fremd")


@pytest.fixture
def connector(project) -> Connector:
    return Connector.objects.create(project=project, environment=Environment.LIVE, name="Web chat", hosts=["127.0.0.1"])


@pytest.fixture
def conversation(release, connector) -> Conversation:
    """A live web chat that is with the AI."""
    return open_session(connector=connector, options={})


@dataclass
class Cast:
    """Verbs for tests: what people do, said shortly."""

    @staticmethod
    def customer_says(conversation: Conversation, text: str, client_id: str | None = None):
        event = NewEvent("customer.message", "customer", {"text": text}, client_id=client_id)
        return append_event(conversation_id=conversation.id, event=event)

    @staticmethod
    def hand_off(conversation: Conversation, reason: str = "needs_human", destination: str = "") -> Handoff:
        request = HandoffRequest(Trigger.EXPLICIT_REQUEST, reason, "I'm passing you on.", destination)
        with transaction.atomic():
            locked = lock_conversation(conversation.id)
            current = read_current_config(project=conversation.project, environment=conversation.environment)
            return start_handoff(conversation=locked, request=request, current=current, at=timezone.now())


@pytest.fixture
def cast() -> type[Cast]:
    return Cast


@pytest.fixture
def waiting(conversation, cast) -> Conversation:
    """A conversation that waits in the billing queue."""
    cast.hand_off(conversation)
    conversation.refresh_from_db()
    return conversation


@pytest.fixture
def claimed(waiting, agent) -> Conversation:
    """A conversation the agent has claimed."""
    return claim_conversation(conversation_id=waiting.id, agent=agent, at=timezone.now())


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def ticket(waiting, now) -> Conversation:
    """A conversation nobody came for: its message waits as a ticket."""
    sweep_deadlines(at=now + timedelta(seconds=301))
    waiting.refresh_from_db()
    return waiting


@pytest.fixture
def other_connection():
    """Call something in another thread, so on another database connection, and return its answer."""

    def call(function):
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(_closing_connection, function).result(30)

    return call


def _closing_connection(function):
    try:
        return function()
    finally:
        connections.close_all()
