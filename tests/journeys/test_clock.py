"""Deadlines and processes: what falls due while every worker is dead fires once when they are back, and sweepers that
run beside each other never fire the same one."""

import asyncio
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from conversations.models import Deadline, Event
from conversations.services.sessions import open_session
from studio.processes import BASE_DIR, QUEUES
from tests.invariants import check_conversation
from tests.journeys.outside import Customer
from tests.stack import Stack, wait_until

pytestmark = pytest.mark.xdist_group("journeys")

WORKERS = (*QUEUES, "beat")
THEIRS = "conversation_id = ANY(%s::uuid[])"
LEFT = (
    f"SELECT (SELECT count(*) FROM outbox WHERE {THEIRS})"
    f" + (SELECT count(*) FROM deadline WHERE {THEIRS} AND due_at <= now())"
)
ROUNDS = [pytest.param(1, id="once"), pytest.param(15, id="fifteen_times", marks=pytest.mark.soak)]
SIZES = [pytest.param(2, 60, id="two"), pytest.param(4, 3000, id="four_and_many", marks=pytest.mark.soak)]


@pytest.mark.parametrize("rounds", ROUNDS)
async def test_what_falls_due_while_every_worker_is_dead_fires_once_when_they_are_back(system, rounds):
    for _ in range(rounds):
        await fall_due_among_the_dead(system)


async def fall_due_among_the_dead(system) -> None:
    customers = [Customer(system.demo) for _ in range(3)]
    for customer in customers:
        await customer.open()
        await customer.say("I want to talk to a person please")
        await customer.hear("HANDOFF_QUEUE_STATUS")
    ids = [customer.session_id for customer in customers]

    await asyncio.to_thread(let_pass_among_the_dead, system.stack, ids)

    for customer in customers:
        await customer.hear("HANDOFF_TIMEOUT")
        await customer.hear("SYSTEM_MESSAGE")
    await asyncio.to_thread(wait_until, lambda: system.stack.rows(LEFT, ids, ids) == [(0,)], "nothing left", seconds=60)
    assert types_of(system.stack, ids, "handoff.timed_out", "ticket.opened") == {
        "handoff.timed_out": len(ids),
        "ticket.opened": len(ids),
    }
    for customer in customers:
        assert customer.kinds.count("HANDOFF_TIMEOUT") == 1
        await customer.socket.close()


def let_pass_among_the_dead(stack: Stack, ids: list[str]) -> None:
    """Kill every worker, let the deadlines pass, see that nothing happens, and start all of them again."""
    stack.kill(*WORKERS)
    waits = f"deadline WHERE kind = 'wait_limit' AND {THEIRS}"
    due = f"UPDATE {waits}".replace("WHERE", "SET due_at = now() + interval '0.2 s' WHERE")
    assert len(stack.rows(f"{due} RETURNING 1", ids)) == len(ids)
    passed = f"SELECT count(*) FROM {waits} AND due_at < now()"
    wait_until(lambda: stack.rows(passed, ids) == [(len(ids),)], "the deadlines to pass")
    assert types_of(stack, ids, "handoff.timed_out") == {}
    assert stack.revive()
    fired = {"handoff.timed_out": len(ids)}
    wait_until(lambda: types_of(stack, ids, "handoff.timed_out") == fired, "every deadline fired", seconds=60)


def types_of(stack: Stack, ids: list[str], *types: str) -> Counter[str]:
    found = f"SELECT type FROM event WHERE {THEIRS} AND type = ANY(%s)"
    return Counter(kind for (kind,) in stack.rows(found, ids, list(types)))


@pytest.mark.parametrize(("processes", "size"), SIZES)
def test_sweepers_in_processes_of_their_own_never_fire_the_same_deadline(
    transactional_db, release, connector, cast, processes, size
):
    line = [open_session(connector=connector, options={}) for _ in range(size)]
    for conversation in line:
        cast.hand_off(conversation)
    with ExitStack() as stack:
        sweepers = [stack.enter_context(running_sweeper()) for _ in range(processes)]
        assert [one.stdout.readline() for one in sweepers] == ["ready\n"] * processes
        Deadline.objects.filter(kind="wait_limit").update(due_at=timezone.now())
        for one in sweepers:
            one.stdin.write("go\n")
            one.stdin.flush()
        fired = [int(one.stdout.readline()) for one in sweepers]

    assert sum(fired) == size
    assert all(fired), "only one of them has swept"
    ended = Counter(Event.objects.filter(type="handoff.timed_out").values_list("conversation_id", flat=True))
    assert ended == {conversation.id: 1 for conversation in line}
    for conversation in line[:60]:
        check_conversation(conversation)


@contextmanager
def running_sweeper() -> Iterator[subprocess.Popen[str]]:
    """On this test's database, which has another name than the environment says."""
    address = settings.DATABASE_URL.rpartition("/")[0] + "/" + connection.settings_dict["NAME"]
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.journeys.sweeper"],
        cwd=BASE_DIR,
        env={**os.environ, "DATABASE_URL": address, "REDIS_URL": settings.REDIS_URL},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with child:
        try:
            yield child
        finally:
            child.kill()
