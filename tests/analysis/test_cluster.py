"""The closed forms of CR2 and of its degrees of freedom equal the matrix forms they come from."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from arena.analysis.cluster import cr2, degrees, icc, mean_of

SIZES = st.lists(st.integers(1, 5), min_size=2, max_size=6)


def power(matrix, exponent):
    values, vectors = np.linalg.eigh(matrix)
    return vectors @ np.diag(values**exponent) @ vectors.T


def matrix_form(values, groups):
    """CR2 and Satterthwaite degrees of freedom for a regression on a constant, by Bell and McCaffrey's definition."""
    n = len(values)
    leftover = np.eye(n) - np.ones((n, n)) / n
    residuals = leftover @ values
    meat, loads = 0.0, []
    for group in np.unique(groups):
        at = np.flatnonzero(groups == group)
        adjusted = power(leftover[np.ix_(at, at)], -0.5)
        meat += float(np.ones(len(at)) @ adjusted @ residuals[at]) ** 2
        loads.append(leftover[:, at] @ adjusted @ np.ones(len(at)) / n)
    products = np.array(loads) @ np.array(loads).T
    return meat / n**2, np.trace(products) ** 2 / (products**2).sum()


@given(SIZES, st.integers(0, 999))
def test_cr2_and_its_degrees_of_freedom_equal_the_matrix_form(sizes, seed):
    groups = np.repeat(np.arange(len(sizes)), sizes)
    values = np.random.default_rng(seed).random(len(groups))
    variance, df = matrix_form(values, groups)
    residuals = values - values.mean()
    assert cr2(residuals, residuals, groups) == pytest.approx(variance)
    assert degrees(groups) == pytest.approx(df)


def test_passages_of_10_2_2_2_questions_leave_1_8_degrees_of_freedom():
    assert degrees(np.repeat([0, 1, 2, 3], [10, 2, 2, 2])) == pytest.approx(1.8, abs=0.05)


@given(st.integers(2, 30), st.integers(1, 4))
def test_passages_of_one_size_leave_one_degree_of_freedom_less_than_passages(count, size):
    assert degrees(np.repeat(np.arange(count), size)) == pytest.approx(count - 1)


def test_single_questions_have_the_ordinary_standard_error():
    values = np.array([1, 0, 1, 1, 0.5])
    mean = mean_of(values, np.arange(5))
    assert mean.se == pytest.approx(values.std(ddof=1) / np.sqrt(5))
    assert mean.ci_t == pytest.approx(stats.t.interval(0.95, 4, values.mean(), mean.se))


def test_no_values_have_no_mean():
    assert mean_of(np.array([]), np.array([], int)).status == "no_data"


def test_one_passage_has_a_mean_and_no_error():
    mean = mean_of(np.array([1.0, 0.0]), np.array([7, 7]))
    assert (mean.mean, mean.se, mean.df, mean.ci_t, mean.status) == (0.5, None, None, None, "single_cluster")


def test_equal_values_have_an_error_of_exactly_zero():
    assert mean_of(np.full(30, 1 / 3), np.arange(30) // 4).se == 0


@given(SIZES, st.integers(0, 999))
def test_names_and_order_of_the_passages_do_not_matter(sizes, seed):
    generator = np.random.default_rng(seed)
    groups = np.repeat(np.arange(len(sizes)), sizes)
    values = generator.random(len(groups))
    order = generator.permutation(len(groups))
    renamed = generator.permutation(1000)[groups]
    assert mean_of(values[order], renamed[order]).se == pytest.approx(mean_of(values, groups).se)


def test_icc_is_that_of_a_one_way_analysis_of_variance():
    groups = np.array([0, 0, 0, 1, 1, 2, 2, 2])
    values = np.array([1, 1, 0, 0, 0, 1, 1, 1.0])
    parts = [values[groups == g] for g in range(3)]
    between = sum(len(p) * (p.mean() - values.mean()) ** 2 for p in parts) / 2
    within = sum(((p - p.mean()) ** 2).sum() for p in parts) / 5
    size = (8 - (9 + 4 + 9) / 8) / 2
    assert icc(values, groups) == pytest.approx((between - within) / (between + (size - 1) * within))


@pytest.mark.parametrize("groups", [[0, 1, 2], [0, 0, 0]])
def test_icc_is_undefined_where_passages_are_single_questions_or_only_one(groups):
    assert icc(np.array([1.0, 0.0, 1.0]), np.array(groups)) is None


def test_icc_is_undefined_where_nothing_varies():
    assert icc(np.ones(4), np.array([0, 0, 1, 1])) is None
