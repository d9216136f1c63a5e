"""The counter of tries and what it leaves in Redis."""

from uuid import uuid4

import pytest
import redis
from django.conf import settings
from django.utils import timezone

from conversations.services.throttle import Allowance, count_tries, counter_keys


@pytest.fixture
def kept_for():
    """How many seconds Redis keeps a counter."""

    def by(name: str) -> int:
        with redis.Redis.from_url(settings.REDIS_URL) as client:
            return int(client.ttl(counter_keys([name])[0]))

    return by


@pytest.mark.parametrize(
    ("allowance", "tries", "least", "most"),
    [
        # A made-up API key: gone in seconds, however many somebody makes up.
        (Allowance(1200, longest=1, recovers=0.05), 1, 1, 3),
        (Allowance(1200, longest=1, recovers=0.05), 100, 5, 8),
        (Allowance(5, longest=900, recovers=600), 2, 1_200, 2_102),
        (Allowance(5, longest=900, recovers=86_400), 2, 80_000, 86_400),
    ],
)
def test_a_counter_is_kept_until_nothing_is_left_to_forget(kept_for, allowance, tries, least, most):
    name, now = f"test:{uuid4()}", timezone.now()
    for _ in range(tries):
        count_tries({name: allowance}, at=now)

    assert least <= kept_for(name) <= most
