import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffs.domain.calibration import (
    THRESHOLDS,
    Aim,
    Case,
    Figures,
    Rate,
    compare_thresholds,
    count_own,
    draw_curve,
    find_best,
    find_threshold,
    measure,
)

scores = st.one_of(st.sampled_from([0.0, 0.31, 0.5, 0.8, 1.0]), st.floats(0, 1))
cases = st.lists(st.builds(Case, key=st.uuids().map(str), score=scores, is_due=st.booleans(), is_own=st.booleans()))
shares = st.integers(1, 100).map(lambda percent: percent / 100)
aims = st.sampled_from(Aim)


def case(score, *, due, own=True):
    return Case(f"{score}:{due}:{own}", score, due, own)


HANDFUL = [case(0.9, due=True), case(0.8, due=True), case(0.7, due=False), case(0.4, due=True), case(0.2, due=False)]


def test_precision_is_of_what_fires_and_recall_of_what_was_due():
    assert measure(HANDFUL, 0.7) == Figures(0.7, Rate(2, 3), Rate(2, 3))


def test_what_another_trigger_had_to_find_counts_for_precision_and_not_for_recall():
    others = [*HANDFUL, case(0.75, due=True, own=False)]
    assert measure(others, 0.7) == Figures(0.7, Rate(3, 4), Rate(2, 3))
    assert count_own(others) == 5


# From Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I, method 3 (Wilson).
@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_is_wilsons(count, of, low, high):
    assert Rate(count, of).interval == pytest.approx((low, high), abs=0.00005)


@given(st.integers(0, 400).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_an_interval_lies_between_0_and_1_around_its_share(numbers):
    rate = Rate(*numbers)
    low, high = rate.interval
    assert 0 <= low <= high <= 1
    assert rate.share is None or low <= rate.share <= high


@given(cases)
def test_recall_never_grows_with_the_threshold(found):
    counts = [figures.recall.count for figures in draw_curve(found)]
    assert counts == sorted(counts, reverse=True)


@given(cases, st.sampled_from(THRESHOLDS))
def test_the_figures_are_those_of_counting_by_hand(found, threshold):
    fires = due = found_due = all_due = 0
    for one in found:
        if one.score >= threshold:
            fires += 1
            due += one.is_due
        if one.is_due and one.is_own:
            all_due += 1
            found_due += one.score >= threshold
    assert measure(found, threshold) == Figures(threshold, Rate(due, fires), Rate(found_due, all_due))


@given(cases, aims, shares)
def test_a_target_is_met_or_no_threshold_meets_it(found, aim, share):
    curve = draw_curve(found)
    met = find_threshold(curve, aim=aim, share=share)
    if met is None:
        assert all(not figures.rate(aim).reaches(share) for figures in curve)
    else:
        assert met in curve
        assert met.rate(aim).reaches(share)


@given(cases, aims, shares)
def test_no_threshold_that_meets_the_target_gives_up_less(found, aim, share):
    curve = draw_curve(found)
    other = Aim.RECALL if aim is Aim.PRECISION else Aim.PRECISION
    met = find_threshold(curve, aim=aim, share=share)
    meeting = [figures for figures in curve if figures.rate(aim).reaches(share)]
    assert met is None or met.rate(other).rank == max(figures.rate(other).rank for figures in meeting)


@given(cases, aims)
def test_the_most_there_is_is_the_most_there_is(found, aim):
    curve = draw_curve(found)
    assert find_best(curve, aim=aim).rate(aim).rank == max(figures.rate(aim).rank for figures in curve)


@given(cases, st.sampled_from(THRESHOLDS), st.sampled_from(THRESHOLDS))
def test_an_effect_is_what_fires_on_one_side_only(found, before, after):
    effect = compare_thresholds(found, before=before, after=after)
    fires = [(one, one.score >= before, one.score >= after) for one in found]
    assert list(effect.no_longer) == [one for one, then, now in fires if then and not now]
    assert list(effect.now) == [one for one, then, now in fires if now and not then]


def test_of_thresholds_that_make_no_difference_the_middle_one_is_taken():
    assert find_threshold(draw_curve(HANDFUL), aim=Aim.PRECISION, share=1.0).threshold == 0.75


def test_a_share_is_reached_exactly():
    assert Rate(9, 10).reaches(0.9)
    assert not Rate(89, 100).reaches(0.9)
    assert not Rate(0, 0).reaches(0.01)


def test_of_no_cases_nothing_is_said():
    curve = draw_curve([])
    assert find_threshold(curve, aim=Aim.RECALL, share=0.5) is None
    assert curve[0].precision.share is None
    with pytest.raises(ValueError, match="without a point"):
        find_best([], aim=Aim.RECALL)


def test_a_score_at_the_threshold_fires():
    at = case(0.8, due=True)
    assert compare_thresholds([at], before=0.8, after=0.9).no_longer == (at,)
    assert compare_thresholds([at], before=0.9, after=0.8).now == (at,)
    assert compare_thresholds([at], before=0.7, after=0.8) == compare_thresholds([], before=0.7, after=0.8)
