"""Slows guessing down: so many tries are free, then each costs a wait that doubles.

A counter of our own in Redis instead of django-axes: that one writes each try into the database, locks for a fixed
time instead of a growing one, and hangs on Django's log-in signals. What is needed here is one atomic script.

Each try is counted three times: for the pair of e-mail and address, for the address alone (one machine, many
e-mails) and for the e-mail alone (many machines, one e-mail). The last never waits longer than a minute: else anybody
could keep somebody else outside. Nothing of it depends on whether the e-mail is known.
"""

import hashlib
import ipaddress
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import redis
from django.conf import settings
from django.http import HttpRequest

logger = logging.getLogger(__name__)

FORGOTTEN_AFTER_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class Allowance:
    """`free` tries cost nothing; after that each costs 2, 4, 8 … seconds, at most `longest`. One try is forgotten
    every `recovers` seconds, so that an office's mistypings of a day do not add up."""

    free: int
    longest: int
    recovers: int


@dataclass(frozen=True, slots=True)
class Rule:
    """What is counted of one kind of try."""

    name: str
    pair: Allowance
    address: Allowance
    email: Allowance


LOG_IN = Rule("log-in", pair=Allowance(5, 900, 600), address=Allowance(20, 900, 120), email=Allowance(50, 60, 60))
RESET = Rule("reset", pair=Allowance(3, 900, 600), address=Allowance(10, 900, 120), email=Allowance(10, 900, 600))


class TooManyTries(Exception):
    """`seconds`: how long to wait before trying again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"try again in {seconds} s")
        self.seconds = seconds


# KEYS: the counters. ARGV: now in ms; then of each counter free tries, longest wait and recovery; how long to keep.
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
  redis.call('EXPIRE', key, ARGV[#ARGV])
end
return 0
"""
# A success takes back what it had cost the address.
TAKE_BACK = """
local tries = tonumber(redis.call('HGET', KEYS[1], 'tries') or '0')
if tries >= 1 then redis.call('HSET', KEYS[1], 'tries', tostring(tries - 1)) end
return redis.call('DEL', KEYS[2], KEYS[3])
"""


def count_try(rule: Rule, *, address: str, email: str, at: datetime) -> None:
    """Count one try. Raises TooManyTries, and then counts nothing.

    Without Redis everybody may try: nobody shall be kept outside because of a counter, and it is logged.
    """
    allowances = (rule.pair, rule.address, rule.email)
    limits = [number for one in allowances for number in (one.free, one.longest, one.recovers)]
    now = int(at.timestamp() * 1000)
    try:
        with _client() as client:
            wait = client.eval(COUNT, 3, *_keys(rule, address, email), now, *limits, FORGOTTEN_AFTER_SECONDS)
    except redis.RedisError:
        logger.exception("tries are not counted")
        return
    if int(str(wait)) > 0:
        raise TooManyTries(-(-int(str(wait)) // 1000))


def forget_tries(rule: Rule, *, address: str, email: str) -> None:
    """After a success: the person may mistype again. What the address did with other e-mails stays counted."""
    pair, of_address, of_email = _keys(rule, address, email)
    try:
        with _client() as client:
            client.eval(TAKE_BACK, 3, of_address, pair, of_email)
    except redis.RedisError:
        logger.exception("tries are not forgotten")


def address_of(request: HttpRequest) -> str:
    """Who asks: behind a trusted proxy whom it names last, else the connection's address; IPv6 by its /64."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.TRUST_PROXY else ""
    text = forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    # A socket for both versions names IPv4 so: all of it is one /64.
    return str(address.ipv4_mapped or ipaddress.ip_network((address, 64), strict=False))


def _keys(rule: Rule, address: str, email: str) -> Sequence[str]:
    # Hashed: an e-mail that somebody typed belongs in no list of keys.
    parts = (f"{address} {email.lower()}", address, email.lower())
    digests = (hashlib.sha256(part.encode()).hexdigest()[:32] for part in parts)
    return [
        f"{settings.BUS_PREFIX}:tries:{rule.name}:{kind}:{digest}" for kind, digest in zip("pae", digests, strict=True)
    ]


def _client() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)
