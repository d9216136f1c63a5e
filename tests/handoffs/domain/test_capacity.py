"""Whether one more conversation fits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffs.domain.capacity import Limits, Load, has_room, is_worth_waiting_for, load_ratio


@pytest.mark.parametrize(
    ("load", "weight", "fits", "waits"),
    [
        (Load(), 1, True, False),
        (Load(3), 1, True, False),
        (Load(4), 1, False, True),
        (Load(3), 2, False, True),
        (Load(5), 1, False, True),
        (Load(), 5, False, False),
        (Load(1, {"web_chat": 1}), 1, True, False),
        (Load(2, {"web_chat": 2}), 1, False, False),
        (Load(2, {"email": 2}), 1, True, False),
    ],
    ids=[
        "nothing yet", "one place left", "full", "too heavy for now", "over", "heavier than a whole person",
        "channel has room", "channel is full", "another channel's",
    ],
)  # fmt: skip
def test_capacity_is_a_sum_of_weights_and_a_number_for_each_channel(load, weight, fits, waits):
    limits = Limits(4, {"web_chat": 2})

    assert has_room(load, limits, channel="web_chat", weight=weight) is fits
    assert is_worth_waiting_for(load, limits, channel="web_chat", weight=weight) is waits


@given(st.integers(0, 50), st.lists(st.integers(1, 5), max_size=60))
def test_whatever_is_given_while_there_is_room_never_exceeds_the_capacity(capacity, weights):
    carried = 0
    for weight in weights:
        if has_room(Load(carried), Limits(capacity), channel="sms", weight=weight):
            carried += weight
        assert carried <= capacity


def test_whoever_can_carry_nothing_is_full():
    assert load_ratio(Load(), Limits(0)) == 1.0
    assert load_ratio(Load(1), Limits(4)) == 0.25
