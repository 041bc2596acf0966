"""Accuracy against skill."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from arena.analysis.skill import bootstrap_slope, deming, question_slope, skill_slope

X, Y = [1400.0, 1450, 1500, 1600], [0.6, 0.66, 0.64, 0.75]


def test_it_is_least_squares_per_hundred_points():
    expected = stats.linregress(X, Y)
    found = skill_slope(X, Y)
    assert found.slope == pytest.approx(100 * expected.slope)
    assert found.se == pytest.approx(100 * expected.stderr)
    assert found.p == pytest.approx(expected.pvalue)
    assert found.intercept == pytest.approx(expected.intercept)
    assert found.ci[1] - found.slope == pytest.approx(stats.t.ppf(0.975, 2) * found.se)


def test_two_points_make_a_line_and_no_interval():
    found = skill_slope([1500, 1600], [0.6, 0.7])
    assert (found.slope, found.ci, found.status) == (pytest.approx(0.1), None, "two_points")


@pytest.mark.parametrize("x, status", [([], "no_data"), ([1500], "no_variation"), ([1500, 1500], "no_variation")])
def test_without_variation_of_skill_there_is_no_slope(x, status):
    found = skill_slope(x, [0.5] * len(x))
    assert (found.slope, found.status) == (None, status)


def test_points_on_a_line_have_no_interval_of_width_zero():
    found = skill_slope([1400, 1500, 1600], [0.5, 0.6, 0.7])
    assert (found.slope, found.ci, found.p, found.status) == (pytest.approx(0.1), None, None, "exact")


@given(st.floats(-2000, 2000), st.floats(0.1, 10))
def test_where_the_scale_begins_does_not_matter_and_its_unit_divides(shift, unit):
    found = skill_slope([unit * x + shift for x in X], Y)
    assert found.slope == pytest.approx(skill_slope(X, Y).slope / unit)
    assert found.p == pytest.approx(skill_slope(X, Y).p)


def test_noise_of_skill_attenuates_by_the_share_of_true_variance():
    found = skill_slope(X, Y, skill_se=[40, 50, 60, 50])
    variance = np.var(X, ddof=1)
    assert found.reliability == pytest.approx(variance / (variance + (1600 + 2500 + 3600 + 2500) / 4))
    assert found.deming is None


def test_deming_with_even_noise_is_the_main_axis():
    generator = np.random.default_rng(1)
    x, y = generator.normal(size=30), generator.normal(size=30)
    values, vectors = np.linalg.eigh(np.cov(x, y))
    main = vectors[:, values.argmax()]
    assert deming(x, y, 1.0, 1.0) == pytest.approx(main[1] / main[0])


def test_deming_without_noise_of_skill_is_least_squares():
    x, y = np.array(X), np.array(Y)
    assert 100 * deming(x, y, 0.0, 0.1) == pytest.approx(skill_slope(X, Y).slope)
    assert deming(np.array([0.0, 1, 2]), np.array([1.0, 0, 1]), 1, 1) is None


def test_deming_undoes_attenuation():
    generator = np.random.default_rng(2)
    truth = generator.normal(1500, 100, 4000)
    x, y = truth + generator.normal(0, 70, 4000), 0.001 * truth + generator.normal(0, 0.05, 4000)
    found = skill_slope(x, y, np.full(4000, 70), np.full(4000, 0.05))
    assert found.slope < 0.075
    assert found.deming == pytest.approx(0.1, abs=0.005)


def test_the_slope_over_questions_is_clustered_by_passage():
    generator = np.random.default_rng(3)
    x, groups = np.repeat([1400.0, 1500, 1600], 20), np.tile(np.arange(20) // 4, 3)
    y = (generator.random(60) < 0.5 + (x - 1500) / 1000).astype(float)
    found = question_slope(x, y, groups)
    design = np.column_stack([np.ones(60), x])
    bread = np.linalg.inv(design.T @ design)
    rest = y - design @ (bread @ design.T @ y)
    meat = sum(np.outer(s, s) for s in ((design * rest[:, None])[groups == g].sum(axis=0) for g in range(5)))
    assert found.se == pytest.approx(100 * np.sqrt((bread @ meat @ bread * 5 / 4)[1, 1]))
    assert found.ci[1] - found.slope == pytest.approx(stats.t.ppf(0.975, 4) * found.se)


def test_one_passage_has_a_slope_without_an_error():
    found = question_slope(np.array([1.0, 2, 3]), np.array([0.0, 1, 1]), np.zeros(3, int))
    assert (found.status, found.ci) == ("single_cluster", None)
    assert found.slope == pytest.approx(50)
    assert question_slope(np.array([1.0, 1]), np.array([0.0, 1]), np.arange(2)).status == "no_variation"


def test_scores_that_follow_skill_exactly_have_no_interval():
    assert question_slope(np.array([1.0, 2, 1, 2]), np.array([0.0, 1, 0, 1]), np.arange(4)).status == "exact"


def test_both_axes_are_fitted_again_on_each_resample():
    generator = np.random.default_rng(4)
    skill, accuracy = generator.normal(X, 20, (30, 4)), generator.normal(Y, 0.1, (30, 4))
    found = bootstrap_slope(lambda p: (skill[p].mean(axis=0), accuracy[p].mean(axis=0)), 30, draws=500, seed=1)
    point = skill_slope(skill.mean(axis=0), accuracy.mean(axis=0)).slope
    assert found.ci[0] < point < found.ci[1]
    assert found.draws == 500


def test_a_resample_without_a_slope_leaves_no_interval():
    found = bootstrap_slope(lambda p: ([1500, 1500 + 100 * (p != p[0]).any()], [0.5, 0.6]), 2, draws=50)
    assert (found.ci, found.status) == (None, "undefined_draws")
    assert 0 < found.undefined < 1
    assert bootstrap_slope(lambda p: ([1, 2], [1, 2]), 1).status == "single_cluster"
