"""The cluster bootstrap."""

from __future__ import annotations

import numpy as np
import pytest

from arena.analysis.bootstrap import bootstrap_mean, bootstrap_ratio


def test_it_is_near_the_normal_interval_where_passages_are_many():
    values = np.random.default_rng(0).random(300)
    low, high = bootstrap_mean(values, np.arange(300), draws=4000, seed=1).ci
    half = 1.96 * values.std() / np.sqrt(300)
    assert (low, high) == pytest.approx((values.mean() - half, values.mean() + half), abs=0.004)


def test_it_draws_passages_and_not_questions():
    values, groups = np.repeat([0.0, 1.0, 1.0, 0.0], 50), np.repeat([0, 1, 2, 3], 50)
    low, high = bootstrap_mean(values, groups, draws=2000).ci
    assert (low, high) == (0, 1)


def test_the_seed_decides_it():
    values = np.random.default_rng(0).random(20)
    draws = [bootstrap_mean(values, np.arange(20), draws=500, seed=seed).ci for seed in (1, 1, 2)]
    assert draws[0] == draws[1] != draws[2]


def test_a_ratio_whose_bottom_may_vanish_has_no_interval():
    found = bootstrap_ratio(np.array([1.0, 0, 1]), np.array([1.0, -1, 0]), np.arange(3), draws=500)
    assert (found.ci, found.status) == (None, "undefined_draws")
    assert 0 < found.undefined < 1


@pytest.mark.parametrize("n,status", [(0, "no_data"), (1, "single_cluster")])
def test_fewer_than_two_passages_have_no_interval(n, status):
    assert bootstrap_mean(np.ones(n), np.arange(n)).status == status
