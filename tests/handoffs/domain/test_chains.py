"""Chains of fallbacks and their circles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffs.domain.chains import chain_of, find_loops
from handoffs.domain.config import DestinationConfig, ProjectConfig


def config(fallbacks: dict[str, str], *, default: str = "", calls_only: tuple[str, ...] = ()) -> ProjectConfig:
    return ProjectConfig(
        destinations=tuple(
            DestinationConfig(
                key,
                key.upper(),
                fallback=fallback,
                is_default=key == default,
                desk="" if key in calls_only else "inbox",
            )
            for key, fallback in fallbacks.items()
        )
    )


@pytest.mark.parametrize(
    ("fallbacks", "loops"),
    [
        ({}, ()),
        ({"a": "b", "b": "c", "c": ""}, ()),
        ({"a": "gone"}, ()),
        ({"a": "a"}, (("a", "a"),)),
        ({"a": "b", "b": "c", "c": "a"}, (("a", "b", "c", "a"),)),
        ({"x": "b", "a": "b", "b": "c", "c": "a"}, (("a", "b", "c", "a"),)),
        ({"a": "b", "b": "a", "c": "d", "d": "c"}, (("a", "b", "a"), ("c", "d", "c"))),
    ],
)
def test_every_circle_is_found_once_and_nothing_else(fallbacks, loops):
    assert find_loops(config(fallbacks)) == loops


def test_the_way_from_calls_only_to_the_default_counts():
    configuration = config({"main": "phone", "phone": ""}, default="main", calls_only=("phone",))

    assert find_loops(configuration) == (("main", "phone", "main"),)


def test_a_chain_holds_each_destination_once():
    configuration = config({"a": "b", "b": "c", "c": "b"})

    assert [item.key for item in chain_of(configuration, "a")] == ["a", "b", "c"]
    assert chain_of(configuration, "gone") == ()


@given(st.lists(st.integers(-1, 11), min_size=1, max_size=12))
def test_a_destination_is_in_a_circle_exactly_when_its_chain_comes_back_to_it(targets):
    keys = [f"d{number}" for number in range(len(targets))]
    fallbacks = {
        key: keys[target] if 0 <= target < len(keys) else "" for key, target in zip(keys, targets, strict=True)
    }
    returning = {key for key in keys if key in steps_from(fallbacks, key)}

    assert {key for loop in find_loops(config(fallbacks)) for key in loop} == returning


def steps_from(fallbacks: dict[str, str], key: str) -> list[str]:
    """Where one comes from a key in as many steps as there are keys."""
    reached = []
    for _ in fallbacks:
        key = fallbacks.get(key, "")
        reached.append(key)
    return reached
