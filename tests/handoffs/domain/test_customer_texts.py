import pytest

from handoffs.domain.customer_texts import BUILT_IN, NAMES, foreign_variables, has_loose_brace


@pytest.mark.parametrize("name", NAMES)
def test_the_built_in_words_keep_their_own_rules(name):
    assert foreign_variables(name, BUILT_IN[name]) == ()
    assert not has_loose_brace(BUILT_IN[name])


@pytest.mark.parametrize(
    ("name", "text", "unknown"),
    [
        ("closed_text", "Back {opening}.", ()),
        ("closed_text", "Back {contact}, {contact} or {when}.", ("contact", "when")),
        ("message_thanks", "To {contact}.", ()),
        ("message_thanks", "To {contact!r} {contact:>9} {0} {}.", ("contact!r", "contact:>9", "0", "")),
        ("decline_text", "Not {opening}.", ("opening",)),
    ],
)
def test_a_text_holds_its_own_variables_only(name, text, unknown):
    assert foreign_variables(name, text) == unknown


@pytest.mark.parametrize(
    ("text", "loose"), [("{opening}", False), ("a { b", True), ("a } b", True), ("{{opening}}", True), ("", False)]
)
def test_a_brace_that_stands_alone_is_found(text, loose):
    assert has_loose_brace(text) is loose
