import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffs.domain.sip.variables import (
    PieceKind,
    expand,
    find_variable,
    flatten,
    list_names,
    list_variables,
    merge_variables,
    read_pieces,
    write_value,
    write_variable,
)

STATE = {
    "customer_id": "FM-208441",
    "customer": {"tier": "gold", "address": {"city": "Zürich"}},
    "customer.tier": "the key itself",
    "verified": True,
    "locked": False,
    "attempts": 3,
    "balance": -1.5,
    "nothing": None,
    "blank": "",
    "tags": ["a", 1, None],
    "nested": "$customer_id ${customer_id} $$",
    "order-id": "4711",
}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("$customer_id", "FM-208441"),
        ("acct:$customer_id;prio=2", "acct:FM-208441;prio=2"),
        ("${customer_id}x", "FM-208441x"),
        ("${customer.address.city}", "Zürich"),
        ("${customer.tier}", "the key itself"),
        ("${order-id}", "4711"),
        ("$verified $locked", "true false"),
        ("$attempts $balance", "3 -1.5"),
        ("$tags", '["a",1,null]'),
        ("$customer", '{"tier":"gold","address":{"city":"Zürich"}}'),
        ("$$customer_id", "$customer_id"),
        ("$$$customer_id", "$FM-208441"),
        ("costs $5.00", "costs $5.00"),
        ("$customer_id.", "FM-208441."),
        (" \t $blank \t", ""),
        ("no variable", "no variable"),
    ],
)
def test_a_value_is_expanded(value, expected):
    expansion = expand(value, STATE)
    assert (expansion.value, expansion.missing, expansion.flattened) == (expected, (), ())


@pytest.mark.parametrize(
    ("value", "missing", "left"),
    [
        ("acct:$cus", ("cus",), "acct:"),
        ("$nothing", ("nothing",), ""),
        ("${customer.name}", ("customer.name",), ""),
        ("${customer_id.x}", ("customer_id.x",), ""),
        ("$a-$b-$customer_id", ("a", "b"), "--FM-208441"),
        ("acct:${cus", ("cus",), "acct:"),
        ("${", ("${",), ""),
        ("${}", ("${}",), ""),
        ("${a b}c", ("a b",), "c"),
        ("${a..b}", ("a..b",), ""),
        ("acct:$", ("$",), "acct:"),
    ],
)
def test_a_variable_without_a_value_is_named(value, missing, left):
    expansion = expand(value, STATE)
    assert (expansion.missing, expansion.value) == (missing, left)


def test_what_a_variable_held_is_never_looked_at_for_variables_again():
    assert expand("$nested", STATE).value == "$customer_id ${customer_id} $$"


@given(st.text())
def test_a_value_of_any_variable_is_never_expanded(text):
    variables = {"a": text + "$b ${b}", "b": "EXPANDED"}
    assert "EXPANDED" not in expand("$a", variables).value.replace(text, "")


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("$cus", [("cus", PieceKind.VARIABLE)]),
        ("a $b ${c.d}", [("b", PieceKind.VARIABLE), ("c.d", PieceKind.VARIABLE)]),
        ("${a", [("a", PieceKind.UNFINISHED)]),
        ("$$a", []),
        ("$5", []),
        ("${a${b}", [("a", PieceKind.UNFINISHED), ("b", PieceKind.VARIABLE)]),
    ],
)
def test_the_variables_of_a_value_are_listed_in_order(value, found):
    assert [(piece.name, piece.kind) for piece in list_variables(value)] == found


@given(st.text(alphabet="$a{}.b 5"))
def test_the_pieces_of_a_value_are_the_value(value):
    pieces = read_pieces(value)
    assert "".join(piece.source for piece in pieces) == value
    assert all(value[piece.start :].startswith(piece.source) for piece in pieces)


@given(st.text(alphabet="ab_.-9", min_size=1).filter(lambda name: all(name.split("."))))
def test_a_variable_that_is_written_is_read_again(name):
    assert [piece.name for piece in list_variables(write_variable(name) + " end")] == [name]


@given(st.text())
def test_a_text_with_its_dollar_signs_doubled_stands_for_itself(text):
    assert expand(text.replace("$", "$$"), {}).value == text.strip(" \t")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\r\nVia: x", "a Via: x"),
        ("a\r\n\x00\t\x1b\x7f\x85\u2028\u2029b", "a b"),
        ("a \n b", "a   b"),
        ("a\ud800b", "a\ufffdb"),
        ("žluťoučký 🐎", "žluťoučký 🐎"),
    ],
)
def test_a_run_of_what_no_header_carries_becomes_one_space(text, line):
    assert flatten(text) == line


def test_an_expansion_names_what_it_flattened():
    assert expand("$a $b", {"a": "1\n2", "b": "3"}).flattened == ("a",)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner)))
def test_a_json_value_is_written_as_compact_json_or_as_it_is(value):
    written = write_value(value)
    assert written == value if isinstance(value, str) else json.loads(written) == value


def test_built_in_names_win_over_state_and_an_empty_one_has_no_value():
    merged = merge_variables(
        built_in={"reason": "refund", "shared_id": ""}, state={"reason": "forged", "shared_id": "forged", "own": 1}
    )
    assert merged == {"reason": "refund", "shared_id": None, "own": 1}


def test_every_name_that_can_be_written_is_offered_with_its_members():
    names = list_names({"a": {"b": {"c": 1}, "d e": 2}, "f": 3, "g h": 4})
    assert names == ("a", "a.b", "a.b.c", "f")


def test_state_nested_deeper_than_the_stack_is_listed():
    state = value = {}
    for _ in range(2_000):
        value["a"] = {}
        value = value["a"]
    assert len(list_names(state)) == 2_000


def test_the_key_itself_goes_before_the_way_along_the_dots():
    assert find_variable("a.b", {"a": {"b": 1}, "a.b": 2}) == 2
    assert find_variable("a.b", {"a": {"b": 1}}) == 1
