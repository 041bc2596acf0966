"""Intervals for several differences at once."""

from __future__ import annotations

import numpy as np
import pytest

from arena.analysis.bootstrap import MOST, condensed
from arena.analysis.cluster import mean_of
from arena.analysis.distributions import t_quantile
from arena.analysis.paired import Pairs, pairs
from arena.analysis.simultaneous import simultaneous


def differences(count, n=60, seed=1):
    generator = np.random.default_rng(seed)
    return [Pairs(generator.random(n), generator.random(n), np.arange(n) // 2) for _ in range(count)]


def test_for_one_difference_it_is_about_the_usual_interval():
    (one,) = differences(1, n=400)
    mean = mean_of(one.d, one.group)
    found = simultaneous([one])
    assert found.critical == pytest.approx(t_quantile(mean.df), rel=0.05)
    assert sum(found.intervals[0]) / 2 == pytest.approx(mean.mean)


def test_the_more_differences_the_wider():
    several = differences(10)
    assert simultaneous(several).critical > simultaneous(several[:2]).critical > simultaneous(several[:1]).critical


def test_of_differences_that_are_one_the_interval_is_that_of_one():
    (one,) = differences(1)
    assert simultaneous([one, one]).critical == simultaneous([one]).critical


def test_independent_differences_need_about_what_sidak_says():
    found = simultaneous(differences(8, n=1000))
    assert found.critical == pytest.approx(2.73, abs=0.12)


def test_a_difference_without_an_error_has_no_interval_and_disturbs_no_other():
    (one,) = differences(1)
    same = Pairs(one.a, one.a, one.group)
    found = simultaneous([same, one])
    assert found.intervals[0] is None
    assert found.intervals[1] == simultaneous([one]).intervals[0]


def test_one_passage_has_no_interval():
    (one,) = differences(1)
    alone = Pairs(one.a, one.b, np.zeros(60, int))
    assert (simultaneous([alone]).intervals, simultaneous([alone]).status) == ((None,), "single_cluster")


def test_without_differences_there_is_nothing():
    assert simultaneous([]).status == "no_data"


def test_the_same_seed_gives_the_same_interval_and_another_one_another():
    several = differences(3)
    assert simultaneous(several, seed=4) == simultaneous(several, seed=4)
    assert simultaneous(several, seed=4) != simultaneous(several, seed=5)


def test_very_many_passages_are_drawn_in_blocks_that_lose_nothing():
    sums = np.random.default_rng(0).random((MOST + 500, 3))
    blocks = condensed(sums)
    assert blocks.shape == (MOST, 3)
    assert blocks.sum(axis=0) == pytest.approx(sums.sum(axis=0))
    assert condensed(sums[:MOST]) is not None
    assert (condensed(sums[:MOST]) == sums[:MOST]).all()


def test_differences_that_never_vary_say_so(make):
    same = pairs(make.scores([1, 1, 1]), make.scores([0, 0, 0]))
    assert (simultaneous([same]).status, simultaneous([same]).intervals) == ("no_variance", (None,))
