"""One typing mistake is forgiven, two are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffs.domain.triggers.spelling import correct, index_misspellings

INDEX = index_misspellings(["person", "operator", "agent"])


@pytest.mark.parametrize("word", ["person", "prson", "perrson", "pirson", "eprson", "persno"])
def test_a_word_with_one_mistake_is_corrected(word):
    assert correct(word, INDEX) == "person"


@pytest.mark.parametrize("word", ["prsn", "season", "agnt", "agent", "", "p" * 50])
def test_distant_and_short_words_are_left_alone(word):
    assert correct(word, INDEX) is None


WORDS = st.text(alphabet="abcde", min_size=6, max_size=18)


@given(WORDS, st.data())
def test_a_letter_missing_after_the_first_is_always_found(word, data):
    place = data.draw(st.integers(1, len(word) - 1))
    assert correct(word[:place] + word[place + 1 :], index_misspellings([word])) == word


@given(st.lists(WORDS, unique=True), WORDS)
def test_a_known_word_is_never_taken_for_another(words, word):
    assert correct(word, index_misspellings([*words, word])) == word


def test_a_word_that_only_begins_otherwise_is_another_word():
    assert correct("bending", index_misspellings(["pending", "sending"])) is None
