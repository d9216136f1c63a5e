"""What the models read: every word once, names of people's kinds not at all."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffs.domain.triggers.features import NO_WORD, PAIRED, SILENT, read_features, read_words


def features(text, blanked=None):
    return Counter(name for name, _ in read_features(*read_words(text, blanked or {})))


def test_a_message_is_words_the_letters_inside_them_and_pairs():
    assert features("Hi you") == {
        **dict.fromkeys(("w:hi", "<hi", "hi>", "<hi>"), 1),
        **dict.fromkeys(("w:you", "<yo", "you", "ou>", "<you", "you>", "<you>"), 1),
        **dict.fromkeys(("b:^ hi", "b:hi you", "b:you $"), 1),
    }


def test_a_word_said_twice_counts_once():
    assert features("no no no")["w:no"] == 1


def test_pairs_do_not_reach_across_a_full_stop():
    assert "b:wrong get" not in features("That is wrong. Get lost.")


def test_each_feature_knows_its_word():
    shown, clauses = read_words("Help me! Now", {})
    words = [word.text for clause in clauses for word in clause]
    places = dict(read_features(shown, clauses))
    assert [words[places[name]] for name in ("w:help", "w:me", "w:now", "b:help me", "b:me $", "b:^ now")] == [
        "help",
        "me",
        "now",
        "me",
        "me",
        "now",
    ]
    assert places["h:!"] == NO_WORD


def test_in_place_of_a_silent_word_nothing_is_read():
    assert features("I am gay", {"gay": SILENT}) == features("I am, ", {}) - Counter(["b:am $"])


def test_a_paired_word_is_read_beside_others_only():
    read = features("have sex with", {"sex": PAIRED})
    assert {name for name in read if "sex" in name} == set()
    assert read["b:have _"] == read["b:_ with"] == 1
    assert "w:_" not in read


@pytest.mark.parametrize(
    ("text", "manner"),
    [
        ("this is fine", set()),
        ("really?", {"h:?"}),
        ("what?!", {"h:?", "h:!", "h:?!"}),
        ("WHERE IS THAT THING", {"h:capitals", "h:shouting"}),
        ("my ID from the UK", set()),
        ("I said NOW, to you and nobody else", {"h:capitals"}),
        ("noooo", {"h:drawn_out"}),
        ("order 10000", set()),
        ("f**k this", {"h:censored"}),
        ("great 😡", {"h:angry"}),
        ("great 🎉", {"h:pleased"}),
    ],
)
def test_how_it_is_written_is_read_too(text, manner):
    assert {name for name in features(text) if name.startswith("h:")} == manner


@given(st.text())
def test_any_text_can_be_read(text):
    assert all(number >= 1 for number in features(text).values())
