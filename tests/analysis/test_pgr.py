"""The performance gap recovered, and Fieller's set found by search."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, stats

from arena.analysis import recovered
from arena.analysis.cluster import mean_of


def distance(ratio, gain, gap, groups):
    """How far gain - ratio · gap lies beyond its own t interval around 0; negative where the ratio is in the set."""
    mean = mean_of(gain - ratio * gap, groups)
    return abs(mean.mean) - stats.t.ppf(0.975, mean.df) * mean.se


def made(make, seed, n=60, count=20, floor=0.4, middle=0.6, ceiling=0.85):
    generator = np.random.default_rng(seed)
    groups = np.sort(generator.integers(0, count, n))
    luck = generator.random(n)[:, None] * 0.6 + generator.random((n, 3)) * 0.4
    values = (luck < [middle, floor, ceiling]).astype(float)
    return [make.scores(column, groups) for column in values.T]


@given(st.integers(0, 30))
def test_the_ends_of_the_interval_are_where_the_t_test_of_the_ratio_turns(make, seed):
    protocol, floor, ceiling = made(make, seed)
    gain, gap = protocol.score - floor.score, ceiling.score - floor.score
    found = recovered(protocol, floor, ceiling)
    assert found.pgr == pytest.approx(gain.mean() / gap.mean())
    low = optimize.brentq(distance, found.pgr - 50, found.pgr, args=(gain, gap, protocol.group))
    high = optimize.brentq(distance, found.pgr, found.pgr + 50, args=(gain, gap, protocol.group))
    assert found.ci == pytest.approx((low, high), abs=1e-6)


def test_the_published_numbers_give_the_published_share(make):
    """Khan et al. 2024, GPT-4-Turbo: naive 48, debate 75.6, expert 92.5 give 62 %."""
    protocol, floor, ceiling = (make.scores(np.arange(1000) < share) for share in (756, 480, 925))
    assert recovered(protocol, floor, ceiling).pgr == pytest.approx(0.62, abs=0.005)


def test_it_is_not_clipped(make):
    floor, ceiling = make.scores([0, 0, 0, 1]), make.scores([1, 1, 0, 1])
    assert recovered(make.scores([1, 1, 1, 1]), floor, ceiling).pgr == pytest.approx(1.5)
    assert recovered(make.scores([0, 0, 0, 0]), floor, ceiling).pgr == pytest.approx(-0.5)


@pytest.mark.parametrize("ceiling", [[0, 1, 0, 1], [0, 1, 0, 0]])
def test_without_a_positive_gap_it_is_undefined(make, ceiling):
    found = recovered(make.scores([1, 1, 1, 1]), make.scores([0, 1, 0, 1]), make.scores(ceiling))
    assert (found.pgr, found.ci, found.status) == (None, None, "undefined_gap_not_positive")


def test_a_gap_that_cannot_be_told_from_zero_is_unbounded(make):
    found = recovered(make.scores([1, 0, 0, 0, 0, 0]), make.scores([0] * 6), make.scores([1, 1, 0, 0, 0, 0]))
    assert 1 <= found.g < 3
    assert (found.pgr, found.ci, found.status) == (0.5, None, "unbounded")


def test_one_passage_has_a_value_and_no_interval(make):
    found = recovered(*(make.scores(v, [0, 0, 0]) for v in ([1, 0, 1], [0, 0, 1], [1, 1, 1])))
    assert (found.pgr, found.ci, found.status) == (0.5, None, "single_cluster")


def test_a_protocol_that_answers_as_the_ceiling_does_has_no_interval_of_width_zero(make):
    floor, ceiling = make.scores([0] * 10 + [1] * 10), make.scores([1] * 19 + [0])
    found = recovered(ceiling, floor, ceiling)
    assert (found.pgr, found.ci, found.status) == (1, None, "no_variance")


def test_it_is_about_the_questions_that_all_three_share(make):
    protocol = make.scores([1, 1, 0], questions=[1, 2, 3])
    floor = make.scores([0, 0, 0], questions=[2, 3, 4])
    ceiling = make.scores([1, 1, 1], questions=[2, 3, 5])
    found = recovered(protocol, floor, ceiling)
    assert (found.n_questions, found.gain, found.gap) == (2, 0.5, 1)


def test_without_shared_questions_there_is_nothing(make):
    one, two = make.scores([1], questions=[1]), make.scores([1], questions=[2])
    assert recovered(one, two, two).status == "no_data"
