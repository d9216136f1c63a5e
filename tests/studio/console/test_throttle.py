from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.test import RequestFactory

from studio.console.throttle import LOG_IN, TooManyTries, address_of, count_try, forget_tries

START = datetime(2026, 11, 21, 12, 7, tzinfo=UTC)


@pytest.fixture
def somebody():
    """An address and an e-mail nobody has tried yet."""
    return {"address": f"192.0.2.7 {uuid4()}", "email": f"{uuid4()}@example.com"}


def seconds_refused(who, at):
    try:
        count_try(LOG_IN, **who, at=at)
    except TooManyTries as refused:
        return refused.seconds
    return 0


def after(seconds):
    return START + timedelta(seconds=seconds)


def test_five_tries_are_free_then_the_wait_doubles_up_to_fifteen_minutes(somebody):
    assert [seconds_refused(somebody, START) for _ in range(5)] == [0] * 5
    waits, at = [], START
    for _ in range(11):
        waits.append(seconds_refused(somebody, at))
        at += timedelta(seconds=waits[-1])
        assert seconds_refused(somebody, at) == 0
    assert waits[:8] == [2, 4, 8, 16, 32, 64, 128, 256]
    assert 256 < max(waits) <= 900


def test_a_refused_try_is_not_counted_and_says_what_is_left(somebody):
    for _ in range(5):
        count_try(LOG_IN, **somebody, at=START)
    assert [seconds_refused(somebody, after(number / 10)) for number in range(0, 20, 5)] == [2, 2, 1, 1]
    assert seconds_refused(somebody, after(2)) == 0


def test_what_was_tried_is_forgotten_with_time(somebody):
    for _ in range(5):
        count_try(LOG_IN, **somebody, at=START)
    assert [seconds_refused(somebody, after(6000)) for _ in range(5)] == [0] * 5


def test_after_a_success_the_tries_are_free_again(somebody):
    for _ in range(5):
        count_try(LOG_IN, **somebody, at=START)
    forget_tries(LOG_IN, **somebody)
    assert seconds_refused(somebody, START) == 0


def test_one_address_cannot_go_through_many_emails(somebody):
    def other():
        return {**somebody, "email": f"{uuid4()}@example.com"}

    assert [seconds_refused(other(), START) for _ in range(20)] == [0] * 20
    assert seconds_refused(other(), START) == 2


def test_an_office_that_logs_in_rightly_costs_its_address_nothing(somebody):
    for _ in range(60):
        who = {**somebody, "email": f"{uuid4()}@example.com"}
        count_try(LOG_IN, **who, at=START)
        forget_tries(LOG_IN, **who)


def test_from_many_addresses_one_email_waits_a_minute_at_most(somebody):
    refused, at = [], START
    for number in range(70):
        who = {**somebody, "address": f"{somebody['address']} {number}"}
        refused.append(seconds_refused(who, at))
        at += timedelta(seconds=refused[-1])
    assert refused[:50] == [0] * 50
    assert 0 < max(refused) <= 60


def test_upper_and_lower_case_are_one_email(somebody):
    for _ in range(5):
        count_try(LOG_IN, **somebody, at=START)
    assert seconds_refused({**somebody, "email": somebody["email"].upper()}, START) == 2


def test_tries_at_the_same_moment_are_all_counted(somebody):
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: seconds_refused(somebody, START), range(16)))
    assert sorted(answers) == [0] * 5 + [2] * 11


def test_without_redis_nobody_is_kept_outside(somebody, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert [seconds_refused(somebody, START) for _ in range(7)] == [0] * 7


@pytest.mark.parametrize(
    ("trusted", "forwarded", "connected", "address"),
    [
        (False, "", "192.0.2.7", "192.0.2.7"),
        (False, "203.0.113.9", "192.0.2.7", "192.0.2.7"),
        (True, "198.51.100.1, 203.0.113.9", "192.0.2.7", "203.0.113.9"),
        (True, "", "192.0.2.7", "192.0.2.7"),
        (False, "", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (False, "", "::ffff:192.0.2.7", "192.0.2.7"),
        (False, "", "", ""),
    ],
)
def test_the_address_is_the_connections_or_what_a_trusted_proxy_says_last(
    settings, trusted, forwarded, connected, address
):
    settings.TRUST_PROXY = trusted
    request = RequestFactory().get("/", headers={"X-Forwarded-For": forwarded}, REMOTE_ADDR=connected)
    assert address_of(request) == address
