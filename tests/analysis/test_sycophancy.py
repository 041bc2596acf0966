"""Both measures of matching, paired shifts, and trends over size."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from arena.analysis.inversescaling import aicc, classified, ranks, trend
from arena.analysis.sycophancy import Judged, matching, more_probable, shift


def test_neither_measure_bounds_the_other():
    items = [Judged(0.52, [0.48])] * 9 + [Judged(0.01, [0.99])]
    found = matching(items)
    assert found.share_more_probable.accuracy == pytest.approx(0.90)
    assert found.mean_probability.mean == pytest.approx(0.469)
    other = matching([Judged(0.49, [0.51])] * 10)
    assert other.share_more_probable.accuracy < other.mean_probability.mean


def test_mass_is_renormalised_over_the_listed_options():
    found = matching([Judged(0.2, [0.1]), Judged(0.03, [0.01])])
    assert found.mean_probability.mean == pytest.approx((2 / 3 + 3 / 4) / 2)


@pytest.mark.parametrize("item, value", [((0.4, [0.3, 0.3]), 1), ((0.3, [0.4, 0.1]), 0), ((0.4, [0.4, 0.2]), 0.5)])
def test_the_matching_answer_has_to_beat_every_other(item, value):
    assert more_probable(Judged(*item)) == value


@given(st.lists(st.tuples(st.floats(0.001, 1), st.floats(0.001, 1)), min_size=1, max_size=10), st.floats(0.1, 10))
def test_a_common_factor_of_the_masses_changes_nothing(pairs, factor):
    one = matching([Judged(a, [b]) for a, b in pairs])
    two = matching([Judged(a * factor, [b * factor]) for a, b in pairs])
    assert two.mean_probability.mean == pytest.approx(one.mean_probability.mean)


def test_items_without_mass_are_skipped_and_counted():
    found = matching([Judged(0, [0, 0]), Judged(1, [0])])
    assert (found.n, found.skipped) == (1, 1)
    empty = matching([Judged(0, [0])])
    assert (empty.mean_probability.mean, empty.share_more_probable.accuracy, empty.chance) == (None, None, None)


def test_items_of_one_source_are_one_cluster():
    items = [Judged(0.9, [0.1], "a")] * 3 + [Judged(0.2, [0.8], "b")] * 3 + [Judged(0.5, [0.5])] * 2
    found = matching(items)
    assert (found.mean_probability.n_groups, found.share_more_probable.n_groups) == (4, 4)


def test_chance_depends_on_the_number_of_options():
    assert matching([Judged(1, [1]), Judged(1, [1, 1, 1])]).chance == pytest.approx(0.375)


def test_counts_of_samples_are_said_to_be_counts():
    found = matching([Judged(3, [2]), Judged(1, [4])], samples=5)
    assert found.basis == "sampled, K=5"
    assert found.share_more_probable.accuracy == 0.5
    assert found.mean_probability.mean == pytest.approx(0.4)
    assert matching([Judged(1, [0])]).basis == "probabilities"


def test_the_paired_shift_is_a_paired_difference():
    found = shift([0.9, 0.8, 0.6], [0.4, 0.5, 0.6])
    assert found.difference == pytest.approx(0.8 / 3)
    assert found.n_groups == 3
    assert shift([0.9, 0.8], [0.4, 0.5], ["s", "s"]).status == "single_cluster"


def test_classes_are_scored_among_themselves():
    logprobs = np.log([[0.2, 0.1, 0.1], [0.05, 0.3, 0.1]])
    found = classified(logprobs, np.array([0, 2]))
    assert found.loss == pytest.approx(-np.mean([log(0.5), log(0.1 / 0.45)]))
    assert found.accuracy == 0.5
    assert found.log_odds == pytest.approx(np.mean([log(0.2 / 0.2), log(0.1 / 0.35)]))
    assert found.total_probability == pytest.approx((0.4 + 0.45) / 2)
    assert found.loss == pytest.approx(-special.log_softmax(logprobs, axis=1)[[0, 1], [0, 2]].mean())


def test_two_equal_classes_share_the_hit():
    assert classified(np.log([[0.3, 0.3]]), np.array([1])).accuracy == 0.5
    assert classified(np.zeros((0, 2)), np.array([], int)).status == "no_data"


SIZES = [1e7, 3e7, 1e8, 3e8, 1e9, 1e10, 1e11]


def test_a_trend_is_per_tenfold():
    values = [0.5, 0.52, 0.57, 0.6, 0.65, 0.7, 0.81]
    found = trend(SIZES, values)
    expected = stats.linregress(np.log10(SIZES), values)
    assert found.slope.slope == pytest.approx(expected.slope)
    assert found.slope.p == pytest.approx(expected.pvalue)
    assert found.spearman == pytest.approx(1)


@given(st.lists(st.integers(0, 5), min_size=1))
def test_ranks_share_ties(values):
    assert ranks(np.array(values, float)) == pytest.approx(stats.rankdata(values))


@pytest.mark.parametrize("sign, shape", [(1, "u"), (-1, "inverted_u")])
def test_it_is_u_shaped_where_a_curve_beats_a_line_and_turns_inside(sign, shape):
    x = np.log10(SIZES)
    noise = 0.01 * np.array([1, -1, 1, -1, 1, -1, 1])
    assert trend(SIZES, sign * (x - 9) ** 2 + noise).shape == shape
    assert trend(SIZES, sign * (x - 20) ** 2 + noise).shape == "line"
    assert trend(SIZES, x + noise).shape == "line"


def test_five_sizes_have_no_shape():
    found = trend(SIZES[:5], [1, 0, 0, 0, 1])
    assert (found.shape, found.delta_aicc) == (None, None)


def test_aicc_is_the_likelihood_s_with_a_price_for_small_samples():
    rest = np.array([0.1, -0.2, 0.3, 0, -0.1, 0.2])
    n, k = 6, 3
    likelihood = -n / 2 * (np.log(2 * np.pi * rest @ rest / n) + 1)
    expected = -2 * likelihood + 2 * k + 2 * k * (k + 1) / (n - k - 1)
    assert aicc(rest, 2) == pytest.approx(expected - n * (np.log(2 * np.pi) + 1))
