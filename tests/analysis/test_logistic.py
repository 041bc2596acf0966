"""Logistic regression, against general optimisers and closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from arena.analysis.logistic import (
    Design,
    firth,
    information,
    maximum_likelihood,
    profile_interval,
    sandwich,
    sigmoid,
)


def made(seed, n=80, k=3):
    generator = np.random.default_rng(seed)
    x = np.column_stack([np.ones(n), generator.normal(size=(n, k - 1))])
    y = (generator.random(n) < sigmoid(x @ np.array([0.3, -0.7, 0.5][:k]))).astype(float)
    return Design(x, y, generator.integers(1, 4, n).astype(float))


def loss(beta, design, penalty=0.0):
    p = 1 / (1 + np.exp(-(design.x @ beta)))
    fit = (design.weight * (design.y * np.log(p) + (1 - design.y) * np.log1p(-p))).sum()
    inner = design.x.T @ np.diag(design.weight * p * (1 - p)) @ design.x
    return -fit - penalty * np.log(np.linalg.det(inner))


@given(st.integers(0, 1000))
@settings(max_examples=15, deadline=None)
def test_it_finds_what_a_general_optimiser_finds(seed):
    design = made(seed)
    for penalty, found in ((0.0, maximum_likelihood(design)), (0.5, firth(design))):
        best = optimize.minimize(loss, np.zeros(3), args=(design, penalty), method="BFGS").x
        assert found == pytest.approx(best, abs=1e-4)


def test_a_weight_of_two_is_two_rows():
    design = made(1)
    twice = Design(np.repeat(design.x, 2, axis=0), np.repeat(design.y, 2), np.repeat(design.weight, 2) / 2)
    assert maximum_likelihood(twice) == pytest.approx(maximum_likelihood(design))
    assert firth(twice) == pytest.approx(firth(design))


def test_a_share_counts_as_wins_and_losses():
    share = Design(np.ones((1, 1)), np.array([0.3]), np.array([10.0]))
    apart = Design(np.ones((2, 1)), np.array([1.0, 0.0]), np.array([3.0, 7.0]))
    assert maximum_likelihood(share) == pytest.approx([np.log(3 / 7)])
    assert maximum_likelihood(apart) == pytest.approx([np.log(3 / 7)])


@pytest.mark.parametrize("wins, n", [(8, 8), (0, 5), (3, 7)])
def test_firth_for_one_share_adds_half_a_win_and_half_a_loss(wins, n):
    found = firth(Design(np.ones((1, 1)), np.array([wins / n]), np.array([float(n)])))
    assert found == pytest.approx([np.log((wins + 0.5) / (n - wins + 0.5))])


def test_firth_does_not_depend_on_the_coding_of_the_columns():
    design = made(3)
    change = np.array([[1.0, 2, 0], [0, 1, -1], [1, 0, 3]])
    other = Design(design.x @ change, design.y, design.weight)
    assert change @ firth(other) == pytest.approx(firth(design))


def test_the_ends_of_the_profile_interval_lose_what_a_chi_square_allows():
    design = made(4, n=25)
    low, high = profile_interval(design, np.array([0.0, 1, 0]))
    top = -loss(firth(design), design, 0.5)
    for end in (low, high):
        held = optimize.minimize(lambda free: loss(np.array([free[0], end, free[1]]), design, 0.5), [0, 0])  # noqa: B023
        assert 2 * (top + held.fun) == pytest.approx(3.841459, abs=1e-4)
    assert low < firth(design)[1] < high


def test_the_profile_interval_of_a_contrast_is_that_of_the_parameter_it_becomes():
    design = made(5, n=30)
    change = np.array([[1.0, 0, 0], [0, 1, 1], [0, 0, 1]])
    other = Design(design.x @ change, design.y, design.weight)
    contrast = np.array([0.0, 1, 1])
    assert profile_interval(other, contrast) == pytest.approx(profile_interval(design, np.array([0.0, 1, 0])))


def test_the_profile_of_eight_wins_in_eight_has_a_finite_lower_end():
    design = Design(np.ones((1, 1)), np.array([1.0]), np.array([8.0]))
    low, high = profile_interval(design, np.ones(1))
    assert 0.5 < low < np.log(17) < high < 20


def test_the_sandwich_of_an_intercept_is_the_clustered_error_of_the_share():
    generator = np.random.default_rng(6)
    y, groups = (generator.random(40) < 0.6).astype(float), generator.integers(0, 8, 40)
    design = Design(np.ones((40, 1)), y, np.ones(40))
    p = y.mean()
    sums = np.array([(y - p)[groups == g].sum() for g in range(8)])
    expected = (sums**2).sum() / 40**2 * 8 / 7 / (p * (1 - p)) ** 2
    assert sandwich(design, maximum_likelihood(design), groups)[0, 0] == pytest.approx(expected)


def test_the_sandwich_is_the_product_of_its_parts():
    design, groups = made(7), np.arange(80) % 9
    beta = maximum_likelihood(design)
    scores = design.x * (design.weight * (design.y - sigmoid(design.x @ beta)))[:, None]
    meat = sum(np.outer(s, s) for s in (scores[groups == g].sum(axis=0) for g in range(9)))
    bread = np.linalg.inv(information(design, beta))
    assert sandwich(design, beta, groups) == pytest.approx(bread @ meat @ bread * 9 / 8)


def test_one_cluster_has_no_sandwich():
    design = made(8)
    assert sandwich(design, maximum_likelihood(design), np.zeros(80, int)) is None


def test_a_sigmoid_does_not_overflow():
    assert sigmoid(np.array([-1e5, 0, 1e5])).tolist() == [0, 0.5, 1]


def test_an_interval_that_reaches_to_where_no_row_says_anything_is_found_all_the_same():
    """All outcomes are one, and the covariate is nearly constant: far out the information is singular."""
    length = np.array([0.40096231, 0.05829864, 0.40335569, 0.31381545, 0.22456026, 0.43365318])
    lone, pairs = -0.013674936897, np.repeat(length, 2)
    place = np.tile([0.5, -0.5], 6)
    x = np.stack([np.ones(13), np.append(place, 0.5), np.append(pairs, lone)], axis=1)
    design = Design(x, np.ones(13), np.ones(13))
    low, high = profile_interval(design, np.array([0.0, 0, 1]))
    assert -100 < low < firth(design)[2] < high < 100
