"""The lanes of the outbox, one held to its last thread by a real worker over Redis: the other goes on."""

import threading
from contextlib import contextmanager

import pytest
from celery.contrib.testing.worker import start_worker
from django.db import connection as database

from conversations.models import Conversation, Event, OutboxEntry
from conversations.outbox import TURNS_LANE, USUAL_LANE
from conversations.services.sessions import open_session
from handoffs.services.releases import publish_release
from integrations.models import Connection, Delivery, Sealed
from integrations.selectors.deliveries import MOST_IN_FLIGHT
from integrations.tasks import drain_outbox, send_due_deliveries
from studio.celery import app
from studio.processes import QUEUES
from studio.workload import queue_depths
from tests.emulators.answering import AnsweringServer, whole
from tests.stack import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


class Slow(AnsweringServer):
    """Answers nobody before `let_go`; `wait_for(n)` returns once so many ask at the same time."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        super().__init__(self._write)

    def _write(self, asked):
        self.gate.wait(30)
        return whole({"text": "It left on Monday."})

    def wait_for(self, number: int) -> None:
        wait_until(lambda: len(self.asked) >= number, f"{number} calls at the same time")


@pytest.fixture
def slow(loopback_allowed):
    with Slow() as slow:
        yield slow
        slow.gate.set()


@contextmanager
def worker_of(lane):
    """As many threads as the process table gives it. One worker at a time: two of one process share an event loop."""
    app.control.purge()
    with start_worker(app, queues=[lane], pool="threads", concurrency=QUEUES[lane], perform_ping_check=False):
        yield


@pytest.fixture
def turns_worker(transactional_db):
    with worker_of(TURNS_LANE):
        yield


@pytest.fixture
def usual_worker(transactional_db):
    with worker_of(USUAL_LANE):
        yield


@pytest.fixture
def slow_ai(project, owner, slow, now):
    """From this release on an agent over HTTP answers, slowly."""
    Connection.objects.create(
        project=project, environment="live", key="own-agent", kind="http_responder", name="Own agent",
        settings={"url": slow.url}, credentials=Sealed.of({}),
    )  # fmt: skip
    project.responder_key = "own-agent"
    project.save()
    publish_release(project=project, publisher=owner, at=now)
    return slow


def talks(connector, number: int) -> list[Conversation]:
    """So many conversations whose customers have not asked anything yet."""
    return [open_session(connector=connector, options={}) for _ in range(number)]


def answers(conversations, text: str) -> int:
    found = Event.objects.filter(conversation__in=conversations, type="ai.message", payload__text=text).count()
    database.close()
    return found


def test_ais_that_think_hold_up_no_webhook_and_only_as_many_turns_as_there_are_threads(
    turns_worker, slow_ai, receiver, connector, cast, talk, endpoint, new_outcome_entry
):
    threads = QUEUES[TURNS_LANE]
    conversations = talks(connector, threads + 2)
    for conversation in conversations:
        cast.customer_says(conversation, "Where is my parcel?")
    slow_ai.wait_for(threads)

    new_outcome_entry(talk)
    drain_outbox()
    send_due_deliveries()

    assert [call.json["event"] for call in receiver.calls] == ["outcome.recorded"]
    assert len(slow_ai.asked) == threads
    assert OutboxEntry.objects.filter(topic="turn.due").count() == len(conversations)
    slow_ai.gate.set()
    wait_until(lambda: answers(conversations, "It left on Monday.") == len(conversations), "every answer")


def test_receivers_that_think_hold_up_no_turn(
    usual_worker, slow, project, release, connector, cast, new_endpoint, new_delivery
):
    busy = QUEUES[USUAL_LANE]
    slow_ones = [new_endpoint(f"Slow {number}", url=slow.url) for number in range(busy // MOST_IN_FLIGHT)]
    for one in slow_ones:
        for number in range(MOST_IN_FLIGHT):
            new_delivery(f"talk-{number}", to=one)
    for _ in range(busy):
        send_due_deliveries.delay()
    slow.wait_for(busy)

    conversations = talks(connector, 1)
    cast.customer_says(conversations[0], "How long does delivery take?")

    wait_until(lambda: queue_depths()[TURNS_LANE], "the kick, where no busy worker takes it")
    drain_outbox(lane=TURNS_LANE)

    assert answers(conversations, "Delivery takes two working days.") == 1
    assert Delivery.objects.filter(state="sending").count() == busy
