"""The linear models at run time: whole numbers, whole words, and scores that keep their order."""

from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffs.domain.triggers.linear import LinearModel, log_odds, probability, rescale

MODEL = LinearModel(bias=-2.0, scale=0.1, weights={"w:useless": 80, "use": 20, "w:thanks": -60, "b:so useless": 10})
ODDS = st.floats(0, 1)


def test_the_features_that_are_known_are_added_and_divided_by_the_root_of_their_number():
    weighed = MODEL.weigh("You are useless")
    assert isclose(weighed.probability, probability(-2.0 + 0.1 * 100 / 2**0.5))


def test_a_message_of_unknown_words_is_as_likely_as_any():
    assert isclose(MODEL.weigh("xyz").probability, probability(-2.0))
    assert isclose(MODEL.weigh("").probability, probability(-2.0))


def test_the_words_that_raised_it_are_the_customers_own():
    assert MODEL.weigh("Thanks for nothing, USELESS thing").words == ("USELESS",)


def test_words_that_spoke_against_it_are_not_shown():
    assert MODEL.weigh("thanks").words == ()


def test_a_message_in_another_language_is_marked():
    assert MODEL.weigh("Das ist nicht useless").is_foreign
    assert not MODEL.weigh("That is not useless").is_foreign


@given(ODDS, ODDS, st.floats(0.01, 0.99))
def test_rescaling_keeps_the_order(one, other, threshold):
    low, high = sorted((one, other))
    assert rescale(low, threshold=threshold) <= rescale(high, threshold=threshold)


@given(ODDS, st.floats(0.01, 0.99))
def test_a_rescaled_score_reaches_a_half_exactly_where_it_reached_the_threshold(score, threshold):
    assert (rescale(score, threshold=threshold) >= 0.5) == (score >= threshold)


@given(st.floats(0.0001, 0.9999))
def test_log_odds_and_probability_undo_each_other(score):
    assert isclose(probability(log_odds(score)), score)


@pytest.mark.parametrize("margin", [-1e9, -800.0, 0.0, 800.0, 1e9])
def test_no_margin_is_too_large(margin):
    assert 0 <= probability(margin) <= 1
