"""Tickets for sockets: a script trades its token for one, since a browser's socket carries no header.

256 random bits, good once and for 60 seconds; Redis keeps only their SHA-256.
"""

import hashlib
import secrets
from functools import cache

import redis
from django.conf import settings

from conversations.models import User

LIFETIME_SECONDS = 60


def issue_socket_ticket(*, user: User) -> str:
    ticket = secrets.token_urlsafe(32)
    _client().set(_key(ticket), str(user.pk), ex=LIFETIME_SECONDS)
    return ticket


def spend_socket_ticket(*, ticket: str) -> User | None:
    """Return whose ticket it is, once; None when it is unknown, spent or too old."""
    user_id = _client().getdel(_key(ticket))
    return User.objects.filter(pk=str(user_id), is_active=True).first() if user_id else None


@cache
def _client() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, health_check_interval=15, decode_responses=True)


def _key(ticket: str) -> str:
    return f"{settings.BUS_PREFIX}:ticket:{hashlib.sha256(ticket.encode()).hexdigest()}"
