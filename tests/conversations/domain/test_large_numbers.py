"""Which numbers are refused because they would come back as something nobody reads."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.domain.large_numbers import has_large_number
from conversations.domain.state import StateUnreadable, merge_state

JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**63), 2**64 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda each: st.lists(each) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), each),
)  # fmt: skip


def is_large(value) -> bool:
    return has_large_number(value, orjson.dumps(value))


@pytest.mark.parametrize("value", [1e30, -1e30, 9.3e18, [{"a": [1e300]}], {"a": {"b": 1.8446744073709552e19}}])
def test_what_no_reader_counts_is_found_however_deep(value):
    assert is_large(value)


@pytest.mark.parametrize("value", [2**64 - 1, -(2**63), 1e18, 1.5e-300, "1e30", {"1e30": "2e40"}, True, None, [], {}])
def test_what_is_read_back_as_it_was_is_kept(value):
    assert not is_large(value)


@given(JSON)
def test_whatever_is_kept_can_be_written_again_after_the_database_had_it(value):
    """jsonb writes a number out in full, as `:f` does."""
    if is_large(value):
        return
    orjson.dumps(in_full(value))


def in_full(value):
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, dict):
        return {name: in_full(each) for name, each in value.items()}
    return [in_full(each) for each in value] if isinstance(value, list) else value


def test_collected_data_with_such_a_number_is_refused_and_says_why():
    with pytest.raises(StateUnreadable, match="send it as text"):
        merge_state({"name": "Ada"}, {"account": 1e30})
