"""Calibration, each part against a derivation of its own."""

from __future__ import annotations

from math import log, log2

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arena.analysis.calibration import calibrate, calibrate_forecasts
from arena.analysis.corp import corp, isotonic
from arena.analysis.forecasts import Forecasts
from arena.analysis.logscore import bits_per_round, judge_score, log_score
from arena.analysis.recalibration import recalibrate
from arena.analysis.reliability import equal_bins, fixed_bins, null_error, reliability
from arena.analysis.selective import accuracy_at, confident_scores, selective

beliefs = st.lists(
    st.tuples(st.sampled_from([0.0, 0.05, 0.2, 0.4, 0.5, 0.6, 0.7, 0.95, 1.0]), st.integers(0, 1)), min_size=1
)


def data(p, slot=None, group=None):
    p = np.asarray(p, float)
    slot = np.arange(len(p)) % 2 if slot is None else np.asarray(slot)
    return Forecasts(p, slot, np.arange(len(p)) if group is None else np.asarray(group))


def perfect(seed, n):
    """Beliefs of a judge who is as often right as it says, its confidences spread evenly over [½, 1]."""
    generator = np.random.default_rng(seed)
    sure = 0.5 + generator.random(n) / 2
    return data(np.where(generator.random(n) < sure, sure, 1 - sure), generator.integers(0, 2, n))


def test_both_forms_of_the_brier_score_have_their_names(make):
    rows = make.rows(*(make.episode(f"q{n}", make.score(0, 1, p)) for n, p in enumerate((0.9, 0.2, 0.6))))
    found = calibrate(rows).brier
    assert found.one_answer == pytest.approx((0.01 + 0.64 + 0.16) / 3)
    assert found.two_answer == pytest.approx(2 * (0.01 + 0.64 + 0.16) / 3)
    assert found.se == pytest.approx(np.std([0.01, 0.64, 0.16], ddof=1) / 3**0.5)


def test_a_verdict_without_a_belief_takes_no_part(make):
    found = calibrate(make.rows(make.episode("q", make.score(0, 1, 0.9), "refused"), make.episode("r", 1)))
    assert (found.n, found.n_groups, found.status) == (1, 1, "single_cluster")
    assert found.brier.one_answer == pytest.approx(0.01)
    assert found.brier.ci is None


def test_without_beliefs_the_section_is_absent(make):
    found = calibrate(make.rows(make.episode("q", 1)))
    assert (found.status, found.brier, found.corp) == ("no_belief", None, None)


def test_confidence_is_about_two_options(make):
    found = calibrate(make.rows(make.episode("q", make.score(0, 1, 0.9))), options=4)
    assert (found.status, found.n) == ("more_than_two_options", 0)


def test_the_log_score_is_in_nats_and_bits():
    found = log_score(np.array([0.5, 0.25]), np.array([0, 1]))
    assert found.nats == pytest.approx(1.5 * log(2))
    assert found.bits == pytest.approx(1.5)
    assert found.se == pytest.approx(log(2) / 2)
    assert (found.n_zero, found.status) == (0, "ok")


def test_a_probability_of_zero_is_counted_and_leaves_only_the_clipped_score():
    found = log_score(np.array([0.0, 1.0, 5e-5]), np.arange(3))
    assert (found.nats, found.bits, found.se, found.ci, found.status) == (None, None, None, None, "infinite")
    assert (found.n_zero, found.n_clipped) == (1, 2)
    assert found.clipped_nats == pytest.approx(2 * log(1e4) / 3)


def test_a_small_probability_is_not_clipped_where_that_can_be_helped():
    found = log_score(np.array([1e-6]), np.array([0]))
    assert (found.nats, found.clipped_nats) == pytest.approx((6 * log(10), 4 * log(10)))
    assert found.status == "single_cluster"


def test_a_coin_toss_at_once_has_a_judge_score_of_minus_one():
    assert judge_score(np.array([0.5]), np.array([0]), np.array([0])).bits == -1


def test_every_further_round_costs_a_twentieth_of_a_bit():
    found = judge_score(np.array([0.9, 0.5]), np.array([3, 1]), np.array([0, 1]))
    assert found.bits == pytest.approx((log2(0.9) - 0.15 - 1 - 0.05) / 2)
    assert found.se is not None


def test_a_judge_score_with_a_zero_has_only_its_clipped_value():
    found = judge_score(np.array([0.0, 1.0]), np.array([0, 0]), np.array([0, 1]))
    assert (found.bits, found.ci, found.status) == (None, None, "infinite")
    assert found.clipped == pytest.approx(-log2(1e4) / 2)


def test_bits_per_round_are_what_each_round_told():
    found = bits_per_round(np.array([0.25, 0.5]), np.array([0.5, 1.0]), np.array([2, 1]), np.array([0, 1]))
    assert (found.bits, found.clipped) == pytest.approx((0.75, 0.75))


def test_verdicts_without_a_round_or_a_belief_tell_nothing_of_rounds():
    found = bits_per_round(
        np.array([0.25, 0.5, np.nan]), np.array([0.5, 1.0, 0.5]), np.array([1, 0, 1]), np.array([0, 1, 2])
    )
    assert (found.n, found.n_left_out, found.bits) == (1, 2, 1)


def test_a_belief_that_started_at_zero_has_no_finite_gain():
    found = bits_per_round(np.array([0.0]), np.array([0.5]), np.array([1]), np.array([0]))
    assert (found.bits, found.status) == (None, "infinite")
    assert found.clipped == pytest.approx(log2(0.5e4))


def test_no_beliefs_have_no_log_score():
    none = np.array([])
    assert log_score(none, none).status == "no_data"
    assert judge_score(none, none, none).bits is None
    assert bits_per_round(none, none, none, none).status == "no_data"


def test_sixty_and_seventy_percent_go_up():
    assert fixed_bins(np.array([0.5, 0.59, 0.6, 0.7, 0.8, 0.9, 1.0])).tolist() == [0, 0, 1, 2, 3, 4, 4]


def test_the_error_is_the_mean_distance_of_accuracy_from_confidence():
    found = reliability(data([0.9, 0.1, 0.65, 0.65]))
    assert found.ece == pytest.approx(0.5 * 0.4 + 0.5 * 0.35)
    assert [(b.n, b.accuracy) for b in found.bins] == [(2, 1.0), (2, 0.5)]  # .65 twice right; .9 right, .1 wrong


@given(beliefs)
def test_each_binned_error_is_its_definition(pairs):
    made = data([p for p, _ in pairs], [s for _, s in pairs])
    found = reliability(made, draws=5)
    for bins, error in ((found.bins, found.ece), (found.bins_equal_mass, found.ece_equal_mass)):
        assert sum(b.n for b in bins) == len(pairs)
        assert error == pytest.approx(sum(b.n * abs(b.accuracy - b.confidence) for b in bins) / len(pairs))


def test_equal_bins_hold_equal_numbers():
    assert np.bincount(equal_bins(np.linspace(0.5, 1, 100))).tolist() == [20] * 5


@given(beliefs)
def test_equal_confidences_share_a_bin(pairs):
    made = data([p for p, _ in pairs])
    index = equal_bins(made.confidence)
    for value in np.unique(made.confidence):
        assert len(set(index[made.confidence == value])) == 1


def test_the_debiased_square_takes_the_noise_of_each_bin_away():
    found = reliability(data([0.9, 0.9, 0.1, 0.65, 0.35]))
    first = 2 / 5 * ((0.5 - 0.65) ** 2 - 0.5 / 2)
    second = 3 / 5 * ((2 / 3 - 0.9) ** 2 - (1 / 3) / 3)
    assert found.debiased_square == pytest.approx(first + second)
    assert found.debiased == 0


def test_bins_of_one_have_no_variance_to_take_away():
    found = reliability(data([0.9, 0.65]))
    assert (found.debiased_square, found.debiased) == (None, None)


def test_the_debiased_square_of_a_perfect_judge_is_zero_on_average():
    squares = [reliability(perfect(seed, 200), draws=1).debiased_square for seed in range(400)]
    assert np.mean(squares) == pytest.approx(0, abs=3 * np.std(squares) / 20)
    assert np.mean([reliability(perfect(seed, 200), draws=1).ece ** 2 for seed in range(50)]) > 0.001


@pytest.mark.parametrize("n, expected, digits", [(40, 0.11, 0.006), (100, 0.07, 0.004), (400, 0.035, 0.002),
                                               (1600, 0.018, 0.001)])  # fmt: skip
def test_a_perfect_judge_shows_an_error_all_the_same(n, expected, digits):
    sure = 0.5 + np.random.default_rng(n).random(n) / 2
    assert null_error(sure, seed=1).mean == pytest.approx(expected, abs=digits)


@pytest.mark.parametrize("n, expected", [(154, 0.06), (76, 0.08)])
def test_published_errors_stand_against_those_of_a_perfect_judge(n, expected):
    """Michael et al. 2023: .11 at n = 154 and .17 at n = 76."""
    sure = 0.5 + np.random.default_rng(n).random(n) / 2
    assert null_error(sure, seed=1).mean == pytest.approx(expected, abs=0.005)


def test_the_error_of_a_perfect_judge_in_one_bin_is_that_of_a_binomial():
    n, p = 30, 0.75
    k = np.arange(n + 1)
    chance = np.array([_choose(n, i) * p**i * (1 - p) ** (n - i) for i in k])
    found = null_error(np.full(n, p), draws=20_000, seed=3)
    assert found.mean == pytest.approx(float(chance @ np.abs(k / n - p)), abs=0.001)


def _choose(n, k):
    return float(np.prod([(n - i) / (i + 1) for i in range(k)]))


def test_even_odds_are_half_a_hit_for_a_perfect_judge_too():
    found = null_error(np.full(10, 0.5))
    assert (found.mean, found.point95) == (0, 0)


def test_the_same_seed_draws_the_same_null():
    sure = np.linspace(0.5, 1, 20)
    assert null_error(sure, seed=4) == null_error(sure, seed=4)
    assert null_error(sure, seed=4) != null_error(sure, seed=5)


def test_certainty_that_is_right_has_no_error_and_no_null():
    found = reliability(data([1.0, 1.0, 1.0]))
    assert (found.ece, found.debiased_square, found.null.mean) == (0, 0, 0)


@given(beliefs)
def test_the_parts_add_up_to_the_brier_score(pairs):
    made = data([p for p, _ in pairs], [s for _, s in pairs])
    found = corp(made)
    assert found.mcb - found.dsc + found.unc == pytest.approx(float(((1 - made.p) ** 2).mean()))
    assert found.mcb >= 0
    assert found.dsc >= 0


@given(beliefs)
def test_no_bend_of_the_forecasts_changes_discrimination(pairs):
    made = data([p for p, _ in pairs], [s for _, s in pairs])
    p = made.first**3 / 2
    bent = data(np.where(made.slot == 0, p, 1 - p), made.slot)
    assert corp(bent).dsc == pytest.approx(corp(made).dsc)
    assert corp(bent).unc == corp(made).unc


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(1, 4)), min_size=1, max_size=9))
def test_isotonic_regression_is_the_greatest_of_the_least_means(pairs):
    values, weights = (np.array(column, float) for column in zip(*pairs, strict=True))
    n = len(values)
    expected = [
        max(min(np.average(values[i : j + 1], weights=weights[i : j + 1]) for j in range(at, n)) for i in range(at + 1))
        for at in range(n)
    ]
    assert isotonic(values, weights) == pytest.approx(expected)


def test_a_preference_for_a_place_is_miscalibration():
    """Always 90 % for the first option, the truth evenly spread: all of the score is miscalibration and base rate."""
    found = corp(data([0.9, 0.1, 0.9, 0.1], [0, 1, 0, 1]))
    assert (found.mcb, found.dsc, found.unc) == pytest.approx((0.16, 0, 0.25))
    assert found.steps == ((0.9, 0.9, 0.5, 4),)


def test_one_forecast_for_all_discriminates_nothing():
    found = calibrate_forecasts(data([0.7, 0.3, 0.7], [0, 1, 0]))
    assert found.corp.dsc == pytest.approx(0)
    assert len(found.reliability.bins) == 1
    assert found.recalibration.status == "no_variation"


def test_a_perfect_order_is_all_discrimination():
    found = corp(data([0.6, 0.6, 0.7, 0.9], [0, 1, 1, 0]))
    assert (found.dsc, found.unc) == (0.25, 0.25)


def test_excess_of_confidence_over_hits_is_over_confidence():
    found = calibrate_forecasts(data([0.9, 0.1, 0.9, 0.1])).confidence
    assert (found.confidence, found.hits, found.excess) == pytest.approx((0.9, 0.5, 0.4))
    assert found.se == pytest.approx(np.std([0, 1, 0, 1], ddof=1) / 2)
    assert calibrate_forecasts(data([0.6] * 4)).confidence.excess == pytest.approx(-0.4)


def test_stretched_log_odds_are_shrunk_by_the_stretch():
    generator = np.random.default_rng(8)
    logit = generator.normal(0, 1.5, 6000)
    truth = generator.random(6000) < 1 / (1 + np.exp(-(logit + 0.4)))
    shown = 1 / (1 + np.exp(-2 * logit))
    found = recalibrate(data(np.where(truth, shown, 1 - shown), np.where(truth, 0, 1)))
    assert found.slope == pytest.approx(0.5, abs=0.04)
    assert found.intercept == pytest.approx(0.4, abs=0.08)
    assert found.ci_slope[0] < 0.5 < found.ci_slope[1]
    assert found.ci_slope[1] - found.ci_slope[0] == pytest.approx(2 * 1.96 * found.se[1], rel=0.01)


def test_certain_beliefs_are_clipped_and_counted():
    assert recalibrate(data([1.0, 0.0, 0.6, 0.7], [0, 0, 1, 0])).n_clipped == 2


def test_forecasts_that_order_the_truth_perfectly_are_separated():
    found = recalibrate(data([0.9, 0.8, 0.7], [0, 1, 0]))
    assert (found.slope, found.ci_slope, found.status) == (None, None, "separated")


def test_one_passage_has_a_slope_without_an_interval():
    found = recalibrate(data([0.9, 0.3, 0.6, 0.4], [0, 1, 1, 0], [7, 7, 7, 7]))
    assert found.status == "single_cluster"
    assert found.slope is not None
    assert found.ci_slope is None


def test_nothing_has_no_calibration():
    none = data([])
    assert corp(none).status == reliability(none).status == recalibrate(none).status == "no_data"
    assert (selective(none).area, accuracy_at(none, 0.5)) == (None, None)


def test_selective_accuracy_is_that_of_the_confident():
    made = data([0.95, 0.2, 0.75, 0.5])
    assert accuracy_at(made, 0.75).accuracy == pytest.approx(2 / 3)
    assert accuracy_at(made, 0.75).coverage == 0.75
    assert [point.n for point in selective(made).curve] == [1, 2, 3, 4]
    assert selective(made).area == pytest.approx((1 + 1 / 2 + 2 / 3 + 2.5 / 4) / 4)
    assert len(confident_scores(made, 0.75).score) == 3


@given(beliefs)
@settings(max_examples=50, deadline=None)
def test_the_area_is_the_mean_accuracy_among_the_at_least_as_confident(pairs):
    made = data([p for p, _ in pairs])
    each = [made.hit[made.confidence >= c].mean() for c in made.confidence]
    assert selective(made).area == pytest.approx(float(np.mean(each)))


def test_the_order_of_the_verdicts_does_not_matter():
    made = perfect(5, 60)
    back = Forecasts(made.p[::-1], made.slot[::-1], made.group[::-1])
    one, two = calibrate_forecasts(made), calibrate_forecasts(back)
    assert one.corp.mcb == pytest.approx(two.corp.mcb)
    assert one.reliability.ece_equal_mass == pytest.approx(two.reliability.ece_equal_mass)
    assert one.recalibration.slope == pytest.approx(two.recalibration.slope)


def test_beliefs_that_differ_by_rounding_are_one():
    """1 - .95 is .050000000000000044."""
    found = corp(data([0.05, 0.95], [0, 1]))
    assert (found.dsc, len(found.steps)) == (0, 1)
    assert len(selective(data([0.95, 1 - 0.05, 1 - 0.95])).curve) == 1


def test_a_confidence_on_an_edge_goes_up():
    assert equal_bins(np.array([0.5, 0.6, 0.7, 0.8, 0.9, 1.0])).tolist() == [0, 1, 2, 3, 4, 4]


def test_the_interval_of_the_slope_has_one_degree_of_freedom_less_than_passages():
    made = perfect(6, 40)
    found = recalibrate(Forecasts(made.p, made.slot, np.arange(40) // 8))
    assert found.ci_slope[1] - found.slope == pytest.approx(2.776445 * found.se[1], rel=1e-5)
    assert found.ci_intercept[1] - found.intercept == pytest.approx(2.776445 * found.se[0], rel=1e-5)


def test_very_many_confidences_have_the_null_of_their_first_three_digits():
    sure = 0.5 + np.random.default_rng(1).random(4000) / 2
    assert null_error(sure, draws=300, seed=2).mean == pytest.approx(
        null_error(np.round(sure, 3), draws=300, seed=3).mean, rel=0.05
    )
