"""The collected data: merged by name, storable, no more of it than fits."""

import pytest

from conversations.domain.state import STATE_LIMIT, StateTooLarge, StateUnreadable, check_state, merge_state


def test_changes_take_the_place_of_what_was_and_none_takes_it_away():
    assert merge_state({"a": 1, "b": 2, "c": 3}, {"b": None, "c": 4, "d": 5}) == {"a": 1, "c": 4, "d": 5}


def test_it_may_be_as_large_as_the_limit_and_not_a_byte_more():
    around = len('{"a":""}')
    check_state({"a": "x" * (STATE_LIMIT - around)})
    with pytest.raises(StateTooLarge) as refused:
        check_state({"a": "x" * (STATE_LIMIT - around + 1)})
    assert refused.value.size == STATE_LIMIT + 1


def test_bytes_are_counted_and_not_characters():
    with pytest.raises(StateTooLarge):
        check_state({"a": "é" * (STATE_LIMIT // 2)})


@pytest.mark.parametrize("value", ["a\x00b", {"a\x00": 1}, {1, 2}])
def test_what_cannot_be_stored_is_refused(value):
    with pytest.raises(StateUnreadable):
        check_state({"a": value})
