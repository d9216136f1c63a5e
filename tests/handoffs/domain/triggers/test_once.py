"""What is worked out once while words are looked at, and forgotten afterwards."""

import pytest

from handoffs.domain.triggers.once import looking, once


@pytest.fixture
def asked():
    return []


@pytest.fixture
def length(asked):
    @once
    def length(text):
        asked.append(text)
        return len(text)

    return length


def test_outside_nothing_is_remembered(length, asked):
    assert [length("word"), length("word")] == [4, 4]
    assert asked == ["word", "word"]


def test_within_a_look_everything_is_worked_out_once(length, asked):
    with looking():
        assert [length("word"), length("other"), length("word")] == [4, 5, 4]
    assert asked == ["word", "other"]


def test_a_look_within_a_look_shares_its_memory(length, asked):
    with looking():
        length("word")
        with looking():
            length("word")
        length("word")
    assert asked == ["word"]


def test_afterwards_all_is_forgotten_even_after_a_failure(length, asked):
    def fail():
        with looking():
            length("word")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    length("word")
    assert asked == ["word", "word"]
