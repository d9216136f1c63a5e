"""One counter of tries for everything that is slowed down: so many are free, then each costs a wait.

A counter of our own in Redis instead of django-axes or DRF's throttles: those write each try into the database, or
keep a list of all of them, and lock for a fixed time. What is needed here is one atomic script.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from weakref import WeakKeyDictionary

import redis
import redis.asyncio
from django.conf import settings

logger = logging.getLogger(__name__)

FORGOTTEN_AFTER_SECONDS = 24 * 3600
PATIENCE_SECONDS = 2


@dataclass(frozen=True, slots=True)
class Allowance:
    """`free` tries cost nothing; after that each costs 2, 4, 8 … seconds, at most `longest`. One try is forgotten
    every `recovers` seconds, so that an office's mistypings of a day do not add up."""

    free: int
    longest: float
    recovers: float


class TooManyTries(Exception):
    """`seconds`: how long to wait before trying again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"try again in {seconds} s")
        self.seconds = seconds


# KEYS: the counters. ARGV: now in ms; then of each counter free tries, longest wait and recovery; how long to keep one
# at most. A counter is gone when nothing is left to forget: names that anybody may make up must not pile up.
# Returns the ms to wait: 0 when the try was counted in all of them; a refused one is counted in none.
COUNT = """
local now, longest, tries = tonumber(ARGV[1]), 0, {}
for i, key in ipairs(KEYS) do
  local kept = redis.call('HMGET', key, 'tries', 'at')
  local since = now - (tonumber(kept[2]) or now)
  tries[i] = math.max(0, (tonumber(kept[1]) or 0) - since / 1000 / tonumber(ARGV[i * 3 + 1]))
  local over = math.ceil(tries[i]) - tonumber(ARGV[i * 3 - 1]) + 1
  if over > 0 then
    longest = math.max(longest, math.min(2 ^ math.min(over, 20), tonumber(ARGV[i * 3])) * 1000 - since)
  end
end
if longest > 0 then return math.ceil(longest) end
for i, key in ipairs(KEYS) do
  redis.call('HSET', key, 'tries', tostring(tries[i] + 1), 'at', ARGV[1])
  local until_none = math.ceil((tries[i] + 1) * tonumber(ARGV[i * 3 + 1]) + tonumber(ARGV[i * 3]))
  redis.call('EXPIRE', key, math.min(until_none + 1, tonumber(ARGV[#ARGV])))
end
return 0
"""
# A success takes back what it had cost the first counter, and clears the others.
TAKE_BACK = """
local tries = tonumber(redis.call('HGET', KEYS[1], 'tries') or '0')
if tries >= 1 then redis.call('HSET', KEYS[1], 'tries', tostring(tries - 1)) end
return redis.call('DEL', unpack(KEYS, 2))
"""


def count_tries(counters: Mapping[str, Allowance], *, at: datetime) -> None:
    """Count one try in every counter, by name. Raises TooManyTries, and then counts in none.

    Without Redis everybody may try: nobody shall be kept outside because of a counter, and it is logged.
    """
    if not counters:
        return
    try:
        wait = _client().eval(COUNT, len(counters), *counter_keys(counters), *_numbers(counters, at))
    except redis.RedisError:
        logger.exception("tries are not counted")
        return
    _refuse(int(str(wait)))


async def count_tries_async(counters: Mapping[str, Allowance], *, at: datetime) -> None:
    """The same from an event loop."""
    if not counters:
        return
    try:
        asked = _asynchronous_client().eval(COUNT, len(counters), *counter_keys(counters), *_numbers(counters, at))
        wait = await asked
    except redis.RedisError:
        logger.exception("tries are not counted")
        return
    _refuse(int(str(wait)))


def take_back(counted: str, *, cleared: Sequence[str]) -> None:
    """After a success: one try less in the first counter, none in the others."""
    keys = counter_keys((counted, *cleared))
    try:
        _client().eval(TAKE_BACK, len(keys), *keys)
    except redis.RedisError:
        logger.exception("tries are not forgotten")


def counter_keys(names: Mapping[str, Allowance] | Sequence[str]) -> list[str]:
    return [f"{settings.BUS_PREFIX}:tries:{name}" for name in names]


def _numbers(counters: Mapping[str, Allowance], at: datetime) -> list[float]:
    limits = [number for one in counters.values() for number in (one.free, one.longest, one.recovers)]
    return [int(at.timestamp() * 1000), *limits, FORGOTTEN_AFTER_SECONDS]


def _refuse(wait: int) -> None:
    if wait > 0:
        raise TooManyTries(-(-wait // 1000))


def _client() -> redis.Redis:
    return _connected(settings.REDIS_URL)


@cache
def _connected(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=PATIENCE_SECONDS, socket_connect_timeout=PATIENCE_SECONDS)


_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, redis.asyncio.Redis] = WeakKeyDictionary()


def _asynchronous_client() -> redis.asyncio.Redis:
    """This event loop's connections: none outlives its loop."""
    loop = asyncio.get_running_loop()
    if loop not in _clients:
        _clients[loop] = redis.asyncio.Redis.from_url(
            settings.REDIS_URL, socket_timeout=PATIENCE_SECONDS, socket_connect_timeout=PATIENCE_SECONDS
        )
    return _clients[loop]
