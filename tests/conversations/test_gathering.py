"""Reads that arrive together share one statement, and nobody's failure or leaving is another's."""

import asyncio

import pytest

from conversations.database.gathering import MOST_TOGETHER, Gathering


class Reader:
    """Answers each key with its double; keeps what it was asked at once. 13 cannot be read."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self.begun = asyncio.Event()

    async def __call__(self, keys: list[int]) -> list[int]:
        self.asked.append(list(keys))
        self.begun.set()
        await asyncio.sleep(0)
        if 13 in keys:
            raise ValueError("13")
        return [2 * key for key in keys]


async def test_each_gets_its_own_answer_and_who_comes_at_once_shares_a_read():
    reader = Reader()
    gathering = Gathering(reader)

    found = await asyncio.gather(*(gathering.get(key) for key in range(20, 30)))

    assert found == [2 * key for key in range(20, 30)]
    assert reader.asked == [list(range(20, 30))]


async def test_who_comes_during_a_read_joins_the_next_and_no_read_is_too_large():
    reader = Reader()
    gathering = Gathering(reader)
    first = asyncio.create_task(gathering.get(1))
    await reader.begun.wait()

    found = await asyncio.gather(*(gathering.get(100 + key) for key in range(2 * MOST_TOGETHER)))

    assert (await first, found[-1]) == (2, 2 * (99 + 2 * MOST_TOGETHER))
    assert [len(keys) for keys in reader.asked] == [1, MOST_TOGETHER, MOST_TOGETHER]


async def test_a_failure_is_told_to_all_who_share_the_read_and_to_nobody_after():
    gathering = Gathering(Reader())

    answers = await asyncio.gather(gathering.get(1), gathering.get(13), return_exceptions=True)

    assert [str(answer) for answer in answers] == ["13", "13"]
    assert await gathering.get(4) == 8


async def test_who_stops_waiting_takes_nothing_from_the_others():
    gathering = Gathering(Reader())
    gone, stays = (asyncio.create_task(gathering.get(key)) for key in (1, 2))
    await asyncio.sleep(0)

    gone.cancel()

    assert await stays == 4
    with pytest.raises(asyncio.CancelledError):
        await gone
