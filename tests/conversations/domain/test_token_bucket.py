from hypothesis import given
from hypothesis import strategies as st

from conversations.domain.token_bucket import TokenBucket


def test_a_burst_is_taken_at_once_and_then_so_many_a_second():
    bucket = TokenBucket.full(burst=3, per_second=2, at=10.0)

    assert [bucket.take(at=10.0) for _ in range(4)] == [0, 0, 0, 0.5]
    assert bucket.take(at=10.25) == 0.25
    assert bucket.take(at=10.5) == 0
    assert bucket.take(at=10.5) == 0.5


def test_who_was_silent_for_long_has_the_burst_and_no_more():
    bucket = TokenBucket.full(burst=2, per_second=5, at=0.0)

    assert [bucket.take(at=1000.0) > 0 for _ in range(3)] == [False, False, True]


@given(
    burst=st.integers(1, 20),
    per_second=st.integers(1, 50),
    waits=st.lists(st.floats(0, 2), min_size=1, max_size=60),
)
def test_never_more_than_the_burst_and_the_rate_are_taken_and_who_waits_as_told_is_let_in(burst, per_second, waits):
    bucket, now = TokenBucket.full(burst=burst, per_second=per_second, at=0.0), 0.0
    for taken, wait in enumerate(waits, start=1):
        now += wait
        refused_for = bucket.take(at=now)
        if refused_for:
            now += refused_for + 1e-6
            assert bucket.take(at=now) == 0
        assert taken <= burst + now * per_second + 1e-3
