"""The Bus on real Redis: who listens hears, in order; who left does not; an outage is survived."""

import asyncio
import uuid
from datetime import UTC, datetime

import pytest
import redis.asyncio

from conversations.domain.frames import encode_for
from conversations.domain.timeline import Audience, StoredEvent
from conversations.realtime import (
    Bus,
    BusMessage,
    conversation_topic,
    event_message,
    publish_sync,
    read_rows_message,
    rows_topic,
)
from conversations.realtime import bus as bus_module

WITHIN = 5
EVENT = StoredEvent(
    id=uuid.uuid4(),
    conversation_id=uuid.uuid4(),
    sequence=7,
    public_sequence=3,
    type="customer.message",
    author="customer",
    epoch=2,
    payload={"text": "Où est mon colis ?"},
    created_at=datetime(2026, 11, 21, 12, 7, 0, 123_456, tzinfo=UTC),
    client_id="m-1",
)


@pytest.fixture
async def bus(settings):
    bus = Bus(settings.REDIS_URL)
    yield bus
    await bus.close()


@pytest.fixture
def topic() -> str:
    return conversation_topic(uuid.uuid4())


def news(number: int) -> BusMessage:
    return BusMessage(number, number, {"customer": f"frame {number}", "staff": None})


class Listener:
    """Keeps what it hears; `heard(n)` waits for the n-th message."""

    def __init__(self) -> None:
        self.messages: list[BusMessage] = []
        self._more = asyncio.Event()

    def __call__(self, message: BusMessage) -> None:
        self.messages.append(message)
        self._more.set()

    async def heard(self, count: int) -> list[BusMessage]:
        async with asyncio.timeout(WITHIN):
            while len(self.messages) < count:
                self._more.clear()
                await self._more.wait()
        return self.messages


async def test_what_is_published_after_the_subscription_is_heard_in_order(bus, topic):
    listener = Listener()
    await bus.subscribe(topic, listener)

    for number in range(1, 51):
        await bus.publish({topic: news(number)})

    assert await listener.heard(50) == [news(number) for number in range(1, 51)]


async def test_every_listener_of_a_topic_hears_it_and_no_other_topics_does(bus, topic, settings):
    one, two, elsewhere = Listener(), Listener(), Listener()
    other_topic = rows_topic(uuid.uuid4(), "live")
    for name, listener in ((topic, one), (topic, two), (other_topic, elsewhere)):
        await bus.subscribe(name, listener)

    await bus.publish({topic: news(1)})
    await bus.publish({other_topic: BusMessage(None, None, {"row": "[]"})})

    assert await one.heard(1) == await two.heard(1) == [news(1)]
    assert await elsewhere.heard(1) == [BusMessage(None, None, {"row": "[]"})]


async def test_a_thread_without_a_loop_publishes_as_well(bus, topic):
    listener = Listener()
    await bus.subscribe(topic, listener)

    await asyncio.to_thread(publish_sync, {topic: news(7)})

    assert await listener.heard(1) == [news(7)]


async def test_who_left_hears_nothing_while_others_still_do(bus, topic):
    stays, leaves = Listener(), Listener()
    await bus.subscribe(topic, stays)
    await bus.subscribe(topic, leaves)
    await bus.unsubscribe(topic, leaves)

    await bus.publish({topic: news(1)})

    assert await stays.heard(1) == [news(1)]
    assert leaves.messages == []
    await bus.unsubscribe(topic, stays)
    assert bus.topics == frozenset()


async def test_who_comes_back_after_everybody_left_hears_again(bus, topic):
    listener = Listener()
    await bus.subscribe(topic, listener)
    await bus.unsubscribe(topic, listener)
    await bus.subscribe(topic, listener)

    await bus.publish({topic: news(1)})

    assert await listener.heard(1) == [news(1)]


async def test_many_that_subscribe_at_once_all_hear_the_next_message(bus, topic):
    listeners = [Listener() for _ in range(30)]
    await asyncio.gather(*(bus.subscribe(topic, listener) for listener in listeners))

    await bus.publish({topic: news(1)})

    assert [await listener.heard(1) for listener in listeners] == [[news(1)]] * 30


async def test_after_a_cut_the_subscriptions_come_back_and_whoever_asked_is_told(bus, topic, settings):
    listener, again = Listener(), asyncio.Event()
    bus.on_reconnect(again.set)
    await bus.subscribe(topic, listener)
    async with redis.asyncio.Redis.from_url(settings.REDIS_URL) as admin:
        number = settings.REDIS_URL.rpartition("/")[2]
        for client in await admin.client_list(_type="pubsub"):
            if client["db"] == number:
                await admin.client_kill_filter(_id=client["id"])
    await asyncio.wait_for(again.wait(), WITHIN)

    await bus.publish({topic: news(1)})

    assert (await listener.heard(1))[-1] == news(1)


async def test_publishing_to_a_redis_that_is_away_is_logged_and_does_not_fail(caplog):
    away = Bus("redis://127.0.0.1:1/0")

    await away.publish({"topic": news(1)})

    assert "bus message lost" in caplog.text
    await away.close()


async def test_what_this_process_tells_is_heard_here_once_and_elsewhere_once(bus, topic, settings):
    here, there, elsewhere = Listener(), Listener(), Bus(settings.REDIS_URL)
    await bus.subscribe(topic, here)
    await elsewhere.subscribe(topic, there)

    for number in range(1, 21):
        await bus.publish({topic: news(number)})
        await elsewhere.publish({topic: news(100 + number)})
    # Told last by the other: when it has come, so has every echo before it.
    await asyncio.to_thread(publish_sync, {topic: news(999)})
    await here.heard(41)
    await there.heard(41)

    assert sorted(message.last for message in here.messages) == [*range(1, 21), *range(101, 121), 999]
    assert sorted(message.last for message in there.messages) == [*range(1, 21), *range(101, 121), 999]
    await elsewhere.close()


async def test_news_of_an_event_are_encoded_where_they_are_heard_and_the_same_everywhere(bus, topic, settings):
    here, there, elsewhere = Listener(), Listener(), Bus(settings.REDIS_URL)
    await bus.subscribe(topic, here)
    await elsewhere.subscribe(topic, there)

    bus.tell(topic, event_message(EVENT))
    (near,), (far,) = await here.heard(1), await there.heard(1)

    assert (near.first, near.last, near.epoch) == (far.first, far.last, far.epoch) == (7, 7, 2)
    for audience in Audience:
        assert near.frames.get(audience) == far.frames.get(audience) == encode_for(audience, EVENT)
    await elsewhere.close()


async def test_what_nobody_understands_costs_neither_the_connection_nor_what_comes_after(bus, topic, settings, caplog):
    listener = Listener()
    await bus.subscribe(topic, listener)

    async with redis.asyncio.Redis.from_url(settings.REDIS_URL) as client:
        for data in (b"", b"-" * 12 + b"{", b"-" * 12 + b"[1, 2]", b"-" * 12 + b'[1, 1, 1, ["x"]]'):
            await client.publish(topic, data)
    publish_sync({topic: news(1)})

    assert await listener.heard(1) == [news(1)]
    assert "connection lost" not in caplog.text


@pytest.mark.parametrize("audience", ["row", "", "nobody"])
def test_an_event_has_no_frame_for_an_audience_there_is_not(audience):
    assert event_message(EVENT).frames.get(audience) is None


async def test_rows_that_move_together_are_told_together_with_their_last_number(bus, settings):
    topic, rows, listener = rows_topic(uuid.uuid4(), "live"), [uuid.uuid4() for _ in range(3)], Listener()
    await bus.subscribe(topic, listener)

    for sequence in range(1, 6):
        for row in rows:
            bus.tell_row(topic, row, sequence)
    (message,) = await listener.heard(1)

    assert read_rows_message(message) == dict.fromkeys(rows, 5)


async def test_a_socket_does_not_wait_for_ever_for_a_redis_that_is_away(monkeypatch, topic):
    monkeypatch.setattr(bus_module, "CONFIRM_SECONDS", 0.05)
    away = Bus("redis://127.0.0.1:1/0")

    async with asyncio.timeout(WITHIN):
        await away.subscribe(topic, Listener())

    await away.close()
