"""The arithmetic of the benchmark: spreads, paired ratios, bands, and what makes a run void or fail."""

from math import inf, isnan, nan

import pytest

from bench.bands import Band, Limits, Spread, paired_ratios, percentile
from bench.report import scenario_text, summary
from bench.runner import Result, judge, moved, rotated
from bench.scenario import FLOOR, OURS, TEXTBOOK, Cell, Faults, Figure, Judged, Scenario

LIMITS = Limits(1.5, 2, 3)
NO_FAULTS = Faults()
CPU = Judged(figure="CPU", limits=LIMITS, valid_from=4)


def cells(figure, **values):
    return {side: [Cell({figure: value}) for value in given] for side, given in values.items()}


def result(*, judged=CPU, faults=NO_FAULTS, **values):
    measured = cells(judged.figure, **values)
    measured[OURS][0] = Cell(measured[OURS][0].figures, faults)
    scenario = Scenario(
        number=2, name="closed-loop", measures="Messages.", sides=dict.fromkeys(measured, "a side"),
        figures=(Figure(judged.figure, "µs", 0), Figure("p50", "µs")), judged=(judged,), open=None,
    )  # fmt: skip
    return Result(scenario, measured, 1.0)


@pytest.mark.parametrize(
    ("value", "band"),
    [
        (0.2, Band.CLOSE), (1.5, Band.CLOSE), (1.51, Band.ACCEPTABLE), (2, Band.ACCEPTABLE), (2.01, Band.SHORT),
        (3, Band.SHORT), (3.01, Band.FAIL), (inf, Band.FAIL), (nan, Band.FAIL),
    ],
)  # fmt: skip
def test_a_ratio_falls_in_the_band_whose_limit_it_does_not_exceed(value, band):
    assert LIMITS.band_of(value) is band


def test_where_only_a_loss_fails_no_ratio_does():
    assert Limits(2, 4, inf).band_of(1000) is Band.SHORT


def test_ratios_are_of_repetitions_that_ran_beside_each_other():
    assert paired_ratios([3, 40, 6], [1, 10, 2]) == [3, 4, 3]


def test_a_rate_is_compared_the_other_way_round():
    assert paired_ratios([500, 100], [1000, 1000], more_is_better=True) == [2, 10]


def test_who_delivers_nothing_is_infinitely_far_from_the_floor():
    assert paired_ratios([0], [1000], more_is_better=True) == [inf]


def test_the_median_of_the_paired_ratios_decides_not_the_ratio_of_the_medians():
    verdict = judge(CPU, cells("CPU", floor=[10, 20, 40], textbook=[100, 100, 200], ours=[10, 60, 40]))
    assert verdict.spread == Spread(1, 1, 3)
    assert verdict.band is Band.CLOSE
    assert verdict.textbook == Spread(5, 5, 10)


def test_a_figure_judged_by_itself_is_compared_with_nobody():
    late = Judged(figure="lateness", limits=Limits(50, 250, inf), against=None)
    verdict = judge(late, cells("lateness", ours=[40, 60, 80]))
    assert (verdict.spread.median, verdict.band, verdict.textbook) == (60, Band.ACCEPTABLE, None)


@pytest.mark.parametrize(("textbook", "is_void"), [(39, True), (40, False)])
def test_a_run_is_void_where_the_textbook_side_comes_too_near_the_floor(textbook, is_void):
    measured = result(floor=[10], textbook=[textbook], ours=[12])
    assert [verdict.is_void for verdict in measured.verdicts] == [is_void]
    assert ("VOID" in scenario_text(measured)) == is_void
    assert not measured.has_failed


def test_a_ratio_that_is_short_does_not_fail_the_run():
    assert not result(floor=[10], textbook=[100], ours=[30]).has_failed


def test_a_ratio_in_the_last_band_fails_the_run():
    assert result(floor=[10], textbook=[100], ours=[31]).has_failed


@pytest.mark.parametrize("faults", [Faults(lost=1), Faults(doubled=1), Faults(reordered=1)])
def test_one_delivery_gone_wrong_fails_the_run_whatever_the_ratio(faults):
    assert result(floor=[10], textbook=[100], ours=[10], faults=faults).has_failed


def test_the_table_shows_every_side_with_its_spread_and_faults():
    text = scenario_text(result(floor=[10, 12, 14], textbook=[100] * 3, ours=[1000, 2000, 3000], faults=Faults(lost=2)))
    assert "| floor | 10 / **12** / 14 | — | 0, 0, 0 |" in text
    assert "| textbook | **100** | — | 0, 0, 0 |" in text
    assert "| ours | 1,000 / **2,000** / 3,000 | — | 2, 0, 0 |" in text


def test_the_summary_has_a_row_for_each_judgement():
    row = summary([result(floor=[10], textbook=[100], ours=[15])]).splitlines()[-1]
    assert row == "| 2 | closed-loop | CPU, ours / floor | 1.50 | 10.0 | close to the limit | 0, 0, 0 |"


@pytest.mark.parametrize(("share", "value"), [(0.5, 50), (0.99, 99), (1.0, 100), (0.0, 1)])
def test_a_percentile_is_a_value_that_was_measured(share, value):
    assert percentile(range(100, 0, -1), share) == value


def test_the_percentile_of_nothing_is_no_number():
    assert isnan(percentile([], 0.5))


def test_each_repetition_begins_with_another_side():
    sides = (FLOOR, TEXTBOOK, OURS)
    assert [rotated(sides, number)[0] for number in range(4)] == [FLOOR, TEXTBOOK, OURS, FLOOR]
    assert sorted(rotated(sides, 2)) == sorted(sides)


@pytest.mark.parametrize(("before", "after", "share"), [(100, 130, 0.3), (130, 100, 0.3), (50, 50, 0)])
def test_a_median_that_moved_is_seen_whichever_way(before, after, share):
    assert moved(before, after) == pytest.approx(share)
