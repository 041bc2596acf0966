"""The accuracy of an arm, its interval, and every edge at which it has none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from arena.analysis import accuracy
from arena.analysis.accuracy import wilson
from arena.analysis.scores import Scores


def textbook_wilson(successes, n):
    """Both roots of (p̂ - p)² = z² p(1 - p)/n."""
    z, share = stats.norm.ppf(0.975), successes / n
    return sorted(np.roots([1 + z**2 / n, -(2 * share + z**2 / n), share**2]))


@given(st.integers(2, 200), st.data())
def test_it_is_the_ordinary_wilson_interval_for_one_verdict_a_question_and_no_passages(n, data):
    right = data.draw(st.integers(1, n - 1))
    found = accuracy(Scores(np.arange(n), np.arange(n), np.repeat([1.0, 0.0], [right, n - right]), n))
    assert found.ci == pytest.approx(textbook_wilson(right, n), abs=1e-9)
    assert found.deff == pytest.approx(1)


def test_wilson_of_none_right_starts_at_zero_and_of_all_right_ends_at_one():
    assert wilson(0, 10)[0] == 0
    assert wilson(1, 10)[1] == 1


def test_the_steps_of_the_headline_interval_are_those_of_its_definition(make):
    values, groups = [1, 1, 1, 0, 0, 0.5, 1, 0.5, 0], [0, 0, 0, 1, 1, 2, 2, 3, 3]
    found = accuracy(Scores(np.arange(9), np.array(groups), np.array(values), 18))
    mean, spread = np.mean(values), np.var(values)
    deff = max(1, found.se**2 * 8 / spread)
    n_eff = 9 * mean * (1 - mean) / spread / deff * (stats.t.ppf(0.975, 8) / stats.t.ppf(0.975, found.df)) ** 2
    assert found.deff == pytest.approx(deff)
    assert found.deff > 1
    assert found.n_eff == pytest.approx(n_eff)
    assert found.ci == pytest.approx(textbook_wilson(mean * n_eff, n_eff))


def test_the_effective_n_is_at_most_the_number_of_verdicts(make):
    found = accuracy(Scores(np.arange(40), np.arange(40), np.tile([0.5, 0.5, 0.5, 1.0], 10), 80))
    assert found.n_eff == 80


def test_a_small_design_effect_does_not_shrink_the_interval(make):
    values = np.tile([1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 1.0], 3)
    balanced = accuracy(make.scores(values, np.repeat(np.arange(12), 2)))
    assert balanced.se**2 * 23 < values.var()
    assert balanced.deff == 1


def test_nothing_scored_is_no_accuracy_and_not_zero(make):
    found = accuracy(make.scores([]))
    assert (found.accuracy, found.ci, found.se, found.status) == (None, None, None, "no_data")


def test_one_passage_has_an_accuracy_without_error_or_interval(make):
    found = accuracy(make.scores([1, 0, 1], [4, 4, 4]))
    assert found.accuracy == pytest.approx(2 / 3)
    assert (found.ci, found.se, found.df, found.status) == (None, None, None, "single_cluster")
    assert found.ci_if_independent == pytest.approx(textbook_wilson(2, 3))


def test_one_question_has_no_interval_of_any_kind(make):
    found = accuracy(make.scores([1]))
    assert (found.accuracy, found.ci, found.ci_if_independent) == (1, None, None)


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_all_right_or_all_wrong_counts_one_unit_a_passage(make, value):
    found = accuracy(make.scores([value] * 30, np.arange(30) // 3))
    assert found.n_eff == 10
    assert found.ci == pytest.approx(textbook_wilson(10 * value, 10), abs=1e-9)


def test_every_question_right_in_one_order_only_counts_every_verdict():
    found = accuracy(Scores(np.arange(6), np.arange(6), np.full(6, 0.5), 12))
    assert found.se == 0
    assert found.n_eff == 12
    assert found.ci == pytest.approx(textbook_wilson(6, 12))


@given(st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), min_size=2, max_size=30), st.integers(2, 6))
def test_the_interval_holds_the_accuracy_lies_in_0_to_1_and_is_never_of_width_zero(values, count):
    groups = np.arange(len(values)) % count
    found = accuracy(Scores(np.arange(len(values)), groups, np.array(values), 2 * len(values)))
    low, high = found.ci
    assert 0 <= low <= found.accuracy + 1e-12
    assert found.accuracy - 1e-12 <= high <= 1
    assert high - low > 0.01


@given(st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=4, max_size=30), st.integers(0, 99))
def test_exchanging_right_and_wrong_mirrors_the_interval(values, seed):
    groups = np.random.default_rng(seed).integers(0, 3, len(values))
    groups[:2] = 0, 1
    one = accuracy(Scores(np.arange(len(values)), groups, np.array(values), len(values)))
    other = accuracy(Scores(np.arange(len(values)), groups, 1 - np.array(values), len(values)))
    assert other.ci == pytest.approx((1 - one.ci[1], 1 - one.ci[0]))


def test_the_interval_covers_about_as_often_as_it_says():
    """Passages with their own difficulty, 20 of them: at least 90 of 100 intervals hold the truth."""
    generator = np.random.default_rng(5)
    hits, draws, truth = 0, 400, 0.76
    for _ in range(draws):
        sizes = generator.integers(1, 9, 20)
        easy = generator.beta(truth * 4, (1 - truth) * 4, 20)
        groups = np.repeat(np.arange(20), sizes)
        right = (generator.random((len(groups), 2)) < easy[groups][:, None]).mean(axis=1)
        low, high = accuracy(Scores(np.arange(len(groups)), groups, right, 2 * len(groups))).ci
        hits += low <= truth <= high
    assert 0.90 <= hits / draws <= 0.99
