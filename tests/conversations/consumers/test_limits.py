"""Ten sockets a session over all processes, and how fast a session may write."""

import asyncio
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import redis
from django.db import transaction
from django.utils import timezone

from conversations.database import close_async_pool
from conversations.models import Conversation
from conversations.realtime import Bus
from conversations.services.open_sockets import SOCKETS_PER_SESSION, NoSeat, OpenSockets
from conversations.services.ownership import lock_conversation
from conversations.services.sessions import open_session
from tests.conversations.consumers.customer_client import wait_until
from tests.conversations.consumers.timelines import timeline

NOWHERE = "redis://127.0.0.1:1/0"


@pytest.fixture
def quick(settings):
    """A burst of 20, 5 a second: as it is delivered."""
    assert (settings.CUSTOMER_FRAMES_BURST, settings.CUSTOMER_FRAMES_PER_SECOND) == (20, 5)


# --- sockets ---------------------------------------------------------------------------------


class OneProcess(OpenSockets):
    """The sockets of a process of its own, with its own connection to Redis."""

    def __init__(self, redis_url: str) -> None:
        self.bus = Bus(redis_url)
        super().__init__(self.bus)

    async def close(self) -> None:
        await super().close()
        await self.bus.close()


async def seats_of(*processes: OpenSockets, session_id: uuid.UUID, times: int) -> int:
    """How many of so many sockets, spread over the processes, are let in."""
    let_in = 0
    for number in range(times):
        try:
            await processes[number % len(processes)].take_seat(session_id)
        except NoSeat:
            continue
        let_in += 1
    for process in processes:
        await process.close()
    return let_in


async def test_the_sockets_of_a_session_are_counted_over_all_processes(settings):
    one, other = OneProcess(settings.REDIS_URL), OneProcess(settings.REDIS_URL)

    assert await seats_of(one, other, session_id=uuid.uuid4(), times=14) == SOCKETS_PER_SESSION


async def test_without_redis_each_process_counts_its_own():
    one, other = OneProcess(NOWHERE), OneProcess(NOWHERE)

    assert await seats_of(one, other, session_id=uuid.uuid4(), times=24) == 2 * SOCKETS_PER_SESSION


async def test_who_leaves_makes_room_in_another_process(settings):
    one, other, session_id = OneProcess(settings.REDIS_URL), OneProcess(settings.REDIS_URL), uuid.uuid4()
    names = [await one.take_seat(session_id) for _ in range(SOCKETS_PER_SESSION)]
    with pytest.raises(NoSeat):
        await other.take_seat(session_id)

    await one.leave(session_id, names[0])

    assert await other.take_seat(session_id)
    await one.close()
    await other.close()


async def test_the_seats_of_a_process_that_died_become_free_and_those_of_one_that_lives_do_not(settings):
    dead, alive, session_id = OneProcess(settings.REDIS_URL), OneProcess(settings.REDIS_URL), uuid.uuid4()
    names = [await process.take_seat(session_id) for process in (dead, alive) for _ in range(5)]

    await asyncio.to_thread(let_time_pass, settings, session_id, names)
    await alive.renew_seats()

    assert await seats_of(alive, session_id=session_id, times=10) == 5
    await dead.close()


def let_time_pass(settings, session_id: uuid.UUID, names: list[str]) -> None:
    """So long that every seat that is not renewed has run out."""
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.zadd(f"{settings.BUS_PREFIX}:seats:{session_id}", dict.fromkeys(names, time.time() - 1))


def test_a_socket_gives_its_seat_back(dial, conversation, settings):
    first = dial()
    first.read()
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        seats = f"{settings.BUS_PREFIX}:seats:{conversation.id}"
        assert client.zcard(seats) == 1
        first.connection.close()
        wait_until(lambda: client.zcard(seats) == 0)


# --- speed -----------------------------------------------------------------------------------


def test_what_is_written_too_fast_is_refused_by_name_and_what_was_taken_is_there(quick, customer, conversation):
    for number in range(30):
        customer.send("USER_MESSAGE", {"text": f"Message {number}"}, id=f"m-{number}")
    answers = [customer.until(lambda event: "metadata" in event) for _ in range(30)]

    payloads = {event["metadata"]["custom"]["client_id"]: event["payload"] for event in answers}
    echoed = {name for name, payload in payloads.items() if "message_id" in payload}
    assert payloads.keys() == {f"m-{number}" for number in range(30)}
    assert 20 <= len(echoed) < 30
    for name in payloads.keys() - echoed:
        number = name.removeprefix("m-")
        assert payloads[name]["level"] == "SYSTEM_MESSAGE_LEVEL_ERROR"
        assert payloads[name]["message"].startswith(f"Messages come too fast, “Message {number}” was not sent. Try a")
    assert len([row for row in timeline(conversation) if row[1] == "customer.message"]) == len(echoed)


def test_all_sockets_of_a_session_write_at_one_speed(quick, dial):
    phone, laptop = dial(), dial()
    for socket in (phone, laptop):
        socket.read()
        for _ in range(15):
            socket.send("HEARTBEAT")

    def told(socket) -> list[str]:
        socket.until_kind("SYSTEM_MESSAGE")
        return socket.notices

    assert told(laptop)[0].startswith("Events come too fast, EVENT_TYPE_HEARTBEAT was not taken. Try again in ")


def test_who_writes_on_after_a_second_is_heard_again(quick, customer):
    for _ in range(25):
        customer.send("HEARTBEAT")
    customer.until_kind("SYSTEM_MESSAGE")

    def is_heard() -> bool:
        customer.send("USER_MESSAGE", {"text": "Am I heard?"})
        answer = customer.until(lambda event: event["type"].endswith(("USER_MESSAGE", "SYSTEM_MESSAGE")))
        return answer["type"] == "EVENT_TYPE_USER_MESSAGE"

    assert wait_until(is_heard)


def test_unreadable_frames_in_a_flood_are_told_about_once_a_second(quick, customer, conversation):
    before = timeline(conversation)
    for _ in range(60):
        customer.send_text("nonsense")
    customer.says_when_it_may("Done")

    assert customer.notices.count("Unknown event type or invalid message format") <= 24
    assert len(timeline(conversation)) == len(before) + 1


# --- last seen -------------------------------------------------------------------------------


def test_what_was_heard_is_written_and_never_back_in_time(transactional_db, conversation, settings):
    later = timezone.now() + timedelta(hours=1)

    asyncio.run(hear(settings, conversation.id))
    conversation.refresh_from_db()
    assert timezone.now() - conversation.last_seen_at < timedelta(seconds=5)

    Conversation.objects.filter(pk=conversation.pk).update(last_seen_at=later)
    asyncio.run(hear(settings, conversation.id))
    conversation.refresh_from_db()
    assert conversation.last_seen_at == later


async def hear(settings, session_id: uuid.UUID) -> None:
    """A process hears a socket of the session, and says so."""
    sockets = OneProcess(settings.REDIS_URL)
    await sockets.take_seat(session_id)
    await sockets.stamp()
    await sockets.close()
    await close_async_pool()


def test_a_session_somebody_holds_keeps_no_other_from_being_stamped(
    transactional_db, connector, conversation, settings
):
    held, other = conversation, open_session(connector=connector, options={})
    stamped, is_free = threading.Event(), threading.Event()

    async def hear_both() -> None:
        sockets = OneProcess(settings.REDIS_URL)
        for session_id in (held.pk, other.pk):
            await sockets.take_seat(session_id)
        await sockets.stamp()
        stamped.set()
        await asyncio.to_thread(is_free.wait, 5)
        await sockets.stamp()
        await sockets.close()
        await close_async_pool()

    # In a thread of its own: an event loop's connections are none of this transaction's.
    with ThreadPoolExecutor(1) as elsewhere:
        with transaction.atomic():
            lock_conversation(held.pk)
            process = elsewhere.submit(asyncio.run, hear_both())
            assert stamped.wait(3)
            other.refresh_from_db()
        is_free.set()
        process.result(5)

    held.refresh_from_db()
    assert None not in (other.last_seen_at, held.last_seen_at)
