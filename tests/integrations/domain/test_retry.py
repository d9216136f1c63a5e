from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.domain.retry import Judgement, judge_status, next_attempt, parse_retry_after

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(("attempts", "minutes"), list(enumerate([0, 1, 5, 15, 60, 240])))
def test_the_schedule_is_the_published_one(attempts, minutes):
    assert next_attempt(attempts, AT) == AT + minutes * MINUTE


def test_after_the_sixth_attempt_there_is_no_other_whatever_the_receiver_asks():
    assert next_attempt(6, AT) is None
    assert next_attempt(7, AT, retry_after=MINUTE) is None


def test_jitter_stretches_a_wait_by_at_most_a_tenth():
    assert next_attempt(4, AT, jitter=1.0) == AT + 66 * MINUTE


def test_retry_after_counts_only_when_it_is_later_and_up_to_four_hours():
    assert next_attempt(1, AT, retry_after=timedelta(seconds=2)) == AT + MINUTE
    assert next_attempt(1, AT, retry_after=10 * MINUTE) == AT + 10 * MINUTE
    assert next_attempt(1, AT, retry_after=timedelta(days=9)) == AT + timedelta(hours=4)


@pytest.mark.parametrize(("attempts", "jitter"), [(-1, 0.0), (1, 1.1), (1, -0.1)])
def test_nonsense_is_refused(attempts, jitter):
    with pytest.raises(ValueError, match="attempts="):
        next_attempt(attempts, AT, jitter=jitter)


@given(attempts=st.integers(0, 5), jitter=st.floats(0, 1), asked=st.timedeltas(timedelta(-5), timedelta(5)))
def test_the_next_attempt_is_never_in_the_past_nor_later_than_the_longest_wait(attempts, jitter, asked):
    moment = next_attempt(attempts, AT, jitter=jitter, retry_after=asked)
    assert AT <= moment <= AT + timedelta(hours=4) * 1.1


@pytest.mark.parametrize(
    ("text", "wait"),
    [
        ("120", 2 * MINUTE),
        (" 0 ", timedelta(0)),
        ("99999999999999", timedelta(hours=4)),
        ("Mon, 02 Mar 2026 09:37:00 GMT", 7 * MINUTE),
        ("Mon, 02 Mar 2026 09:37:00 -0000", 7 * MINUTE),
        ("Mon, 02 Mar 2026 09:00:00 GMT", timedelta(0)),
        ("-5", None),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after_is_read_in_both_of_its_forms(text, wait):
    assert parse_retry_after(text, at=AT) == wait


@given(st.text(max_size=60))
def test_no_retry_after_makes_us_stumble(text):
    wait = parse_retry_after(text, at=AT)
    assert wait is None or wait >= timedelta(0)


@pytest.mark.parametrize(
    ("status", "judgement"),
    [
        (200, Judgement.DELIVERED),
        (204, Judgement.DELIVERED),
        (301, Judgement.RETRY),
        (302, Judgement.RETRY),
        (400, Judgement.RETRY),
        (404, Judgement.RETRY),
        (410, Judgement.GIVE_UP),
        (429, Judgement.RETRY),
        (500, Judgement.RETRY),
        (503, Judgement.RETRY),
    ],
)
def test_only_two_hundreds_deliver_and_only_gone_gives_up(status, judgement):
    assert judge_status(status) is judgement
