"""Folding of text, and clauses of words that remember where they stood."""

import sys
from itertools import pairwise
from unicodedata import decomposition

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffs.domain.triggers.normalise import fold, normalise, read_clauses, visible


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Ça VA, mon Élève?", "ca va, mon eleve?"),
        ("Straße", "strasse"),
        ("sooooo   slow\n\tthanks", "so slow thanks"),
        ("hello, coffee 1000", "hello, coffee 1000"),
        ("\uff28\uff35\uff2d\uff21\uff2e ﬁnd", "human find"),
        ("don\u2019t", "don't"),
        ("hu\u200bman", "human"),
        ("ガ", "ガ"),
    ],
)
def test_text_is_folded(text, folded):
    assert normalise(text) == folded


@given(st.text(max_size=200))
def test_folding_twice_changes_nothing(text):
    assert normalise(normalise(text)) == normalise(text)


def test_folding_twice_changes_nothing_for_any_letter_that_folds():
    letters = [
        letter for letter in map(chr, range(sys.maxunicode + 1)) if letter.casefold() != letter or decomposition(letter)
    ]
    assert len(letters) > 5_000
    assert [letter for letter in letters if fold(fold(letter)) != fold(letter)] == []


@given(st.text(max_size=200))
def test_every_word_remembers_where_it_stood(text):
    shown = visible(text)
    words = [word for clause in read_clauses(shown) for word in clause]
    assert [fold(shown[word.start : word.end]) for word in words] == [word.text for word in words]
    assert all(one.end <= two.start for one, two in pairwise(words))


def test_punctuation_ends_a_clause_and_a_hyphen_in_a_word_does_not():
    clauses = read_clauses("No, don't. Call-back now - please")
    assert [[word.text for word in clause] for clause in clauses] == [
        ["no"],
        ["don't"],
        ["call", "back", "now"],
        ["please"],
    ]


def test_text_without_words_has_no_clauses():
    assert read_clauses(" ?! … 🙂 ") == []
