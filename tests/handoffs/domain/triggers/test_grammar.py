"""The pattern language the rules are written in."""

import pytest

from handoffs.domain.triggers.grammar import BadPattern, Rule, Rulebook, find_rules, parse
from handoffs.domain.triggers.language import build_language

CLASSES = {
    "HUMAN": frozenset({"agent", "person"}),
    "DET": frozenset({"a", "the", "real"}),
    "STOP": frozenset({"not"}),
}


def spans(pattern, text):
    clause = [frozenset({word, *(name for name in CLASSES if word in CLASSES[name])}) for word in text.split()]
    rule = Rule("one", 1.0, parse(pattern, CLASSES))
    return [(found.start, found.end) for found in find_rules(Rulebook((rule,)), clause)]


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("HUMAN", "an agent or person", [(1, 2), (3, 4)]),
        ("talk|chat to HUMAN", "chat to agent", [(0, 3)]),
        ("talk to? HUMAN", "talk agent", [(0, 2)]),
        ("talk ~2:DET HUMAN", "talk a real agent", [(0, 4)]),
        ("talk ~2:DET HUMAN", "talk my real agent", []),
        ("talk ~1:DET HUMAN", "talk a real agent", []),
        ("talk ~2 HUMAN", "talk about my agent", [(0, 4)]),
        ("talk ~2 HUMAN", "talk not my agent", []),
        ("talk ~9 HUMAN", "talk agent and person", [(0, 4)]),
        ("^ HUMAN $", "agent", [(0, 1)]),
        ("^ HUMAN $", "agent please", []),
        ("^ HUMAN", "my agent", []),
        ("^ ~1 HUMAN", "my agent", [(0, 2)]),
        ("HUMAN x", "agent", []),
    ],
)
def test_a_pattern_matches_where_it_says(pattern, text, found):
    assert spans(pattern, text) == found


@pytest.mark.parametrize(
    ("pattern", "complaint"),
    [
        ("talk NOBODY", "NOBODY: no class is called NOBODY"),
        ("~x HUMAN", "~x: a gap is written ~3 or ~3:CLASS"),
        ("~2:NOBODY", "NOBODY: no class is called NOBODY"),
        ("  ", "a pattern needs at least one element"),
    ],
)
def test_a_wrongly_written_pattern_is_refused_with_the_place(pattern, complaint):
    with pytest.raises(BadPattern) as refusal:
        parse(pattern, CLASSES)
    assert str(refusal.value) == complaint


@pytest.fixture(scope="module")
def tiny_language():
    return build_language(
        code="xx",
        classes={"HUMAN": "agent person operator"},
        anchors="HUMAN",
        rules=[("bare", 0.9, "^ HUMAN $")],
        forgiven="agent person operator",
    )


@pytest.mark.parametrize("word", ["persn", "perrson", "persom", "eprson", "operatr", "person"])
def test_a_long_word_with_one_mistake_counts_as_the_word(tiny_language, word):
    assert "HUMAN" in tiny_language.label(word)


@pytest.mark.parametrize("word", ["agnt", "patron", "opera", "season", "prsn", "p" * 40])
def test_short_words_and_distant_ones_are_not_corrected(tiny_language, word):
    assert tiny_language.label(word) == {word}
