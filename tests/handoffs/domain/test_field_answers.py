"""What answers to the question for a field are like: names, refusals, and how a field is asked for."""

import pytest

from handoffs.domain.field_answers import looks_like_name, name_field, refuses
from handoffs.domain.settings import CollectedField


@pytest.mark.parametrize("text", ["Rosa Ditch", "Jürgen Groß", "Mr. Dick", "J. R. Hartley", "Sean O'Neil", " Anna Ek "])
def test_a_name_is_taken_for_one(text):
    assert looks_like_name(text)


@pytest.mark.parametrize("text", ["", "Rosa", "get lost", "GET LOST", "Get Lost!", "You Are All So Very Useless"])
def test_what_else_has_capitals_is_no_name(text):
    assert not looks_like_name(text)


@pytest.mark.parametrize(
    "text",
    [
        "no thanks",
        "Nope",
        "I don't want to tell you my name",
        "I don\N{RIGHT SINGLE QUOTATION MARK}t want to",
        "I'd rather not say",
        "nein danke",
    ],
)
def test_a_refusal_is_heard(text):
    assert refuses(text)


@pytest.mark.parametrize("text", ["Noah", "No. 7741-0932", "No Name Ltd", "Nina Nolan", "my blue phone", ""])
def test_what_only_begins_like_a_no_is_none(text):
    assert not refuses(text)


def test_whoever_may_leave_a_field_out_is_told_how():
    assert name_field(CollectedField("name", "your name", is_required=True)) == "your name"
    assert name_field(CollectedField("order", "your order number")) == "your order number (or write “skip”)"
