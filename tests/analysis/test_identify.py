"""What data cannot tell."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arena.analysis.identify import _has_maximum, _is_separable, components, separated, unidentified


def removable(x, names):
    """Each column whose removal keeps the rank, one at a time."""
    rank = np.linalg.matrix_rank(x)
    return tuple(n for at, n in enumerate(names) if np.linalg.matrix_rank(np.delete(x, at, axis=1)) == rank)


@given(st.integers(0, 500))
def test_it_names_the_columns_whose_removal_keeps_the_rank(seed):
    generator = np.random.default_rng(seed)
    x = generator.integers(-1, 2, (6, 4)).astype(float)
    assert unidentified(x, "abcd") == removable(x, "abcd")


def test_two_columns_that_are_one_are_both_named():
    x = np.array([[1.0, 1, 1], [1, -1, -1], [1, 1, 1]])
    assert unidentified(x, ("even", "position", "honesty")) == ("position", "honesty")


def test_a_column_of_nothing_is_named_alone():
    assert unidentified(np.array([[1.0, 0], [1, 0]]), ("one", "none")) == ("none",)


def test_fewer_rows_than_columns_cannot_identify_them():
    assert unidentified(np.array([[1.0, 2]]), ("a", "b")) == ("a", "b")


def test_small_units_are_no_reason_for_doubt():
    x = np.column_stack([np.ones(5), 1e-9 * np.arange(5)])
    assert unidentified(x, ("a", "b")) == ()


@given(st.integers(0, 500))
@settings(max_examples=60, deadline=None)
def test_a_maximum_that_is_found_agrees_with_the_linear_programme(seed):
    generator = np.random.default_rng(seed)
    n = int(generator.integers(4, 30))
    x = np.column_stack([np.ones(n), generator.integers(-2, 3, (n, 2)) / 2])
    y = generator.choice([0.0, 1.0, 1.0, 0.5], n)
    if not unidentified(x, "abc"):
        assert not (_has_maximum(x, y) and _is_separable(x, y))


def test_overlapping_data_have_a_maximum_that_is_found():
    x = np.column_stack([np.ones(6), np.arange(6)])
    assert _has_maximum(x, np.array([0.0, 1, 0, 1, 0, 1]))
    assert not _has_maximum(x, np.array([0.0, 0, 0, 1, 1, 1]))


def test_players_who_never_met_are_apart():
    assert components(np.array([0, 2, 4]), np.array([1, 3, 2]), 5).tolist() == [0, 0, 1, 1, 1]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=12))
def test_components_are_those_of_a_walk(pairs):
    a, b = np.array(pairs, int).reshape(-1, 2).T
    label = components(a, b, 10)
    near = {n: {n} for n in range(10)}
    for x, y in pairs * 10:
        near[x] = near[y] = near[x] | near[y]
        for each in near[x]:
            near[each] = near[x]
    assert all((label[x] == label[y]) == (y in near[x]) for x in range(10) for y in range(10))


@pytest.mark.parametrize(
    "x, y, expected",
    [
        ([1, 2, 3, 4], [0, 0, 1, 1], True),
        ([1, 2, 3, 4], [0, 1, 0, 1], False),
        ([1, 2, 2, 3], [0, 0, 1, 1], True),
        ([1, 2, 3], [1, 1, 1], True),
        ([1, 2, 3], [0, 0.5, 1], True),
        ([1, 2, 3], [0.5, 0.5, 1], False),
        ([1, 2, 3], [0.5, 0.4, 0.6], False),
    ],
)
def test_a_threshold_that_is_never_wrong_separates(x, y, expected):
    design = np.column_stack([np.ones(len(x)), x])
    assert separated(design, np.array(y, float)) is expected


@given(st.integers(0, 300))
@settings(max_examples=40, deadline=None)
def test_separation_is_when_some_direction_is_never_wrong(seed):
    """With two columns, every direction that could matter lies between two rows' normals: all are tried."""
    generator = np.random.default_rng(seed)
    x = generator.integers(-2, 3, (5, 2)).astype(float)
    y = generator.integers(0, 2, 5).astype(float)
    if np.linalg.matrix_rank(x) < 2:
        return
    signed = x * np.where(y > 0, 1, -1)[:, None]
    normals = np.concatenate([signed @ turn for turn in ([[0, 1], [-1, 0]], [[0, -1], [1, 0]])])
    margins = np.concatenate([normals, signed.sum(axis=0)[None]]) @ signed.T
    expected = bool(((margins >= -1e-9).all(axis=1) & (margins > 1e-9).any(axis=1)).any())
    assert separated(x, y) is expected


@given(st.integers(0, 200), st.booleans())
@settings(max_examples=15, deadline=None)
def test_many_rows_are_separable_only_where_no_row_stands_across(seed, across):
    """More rows than the programme takes at once; on a line, wins lie above losses but for one at most."""
    generator = np.random.default_rng(seed)
    line = generator.permutation(np.linspace(-2, 2, 1_501))
    y = (line > generator.uniform(-1.5, 1.5)).astype(float)
    if across:
        y[np.argmax(line)] = 0.0
    assert _is_separable(np.column_stack([np.ones(len(line)), line]), y) is not across


def test_many_rows_in_several_columns_are_separable_as_few_are():
    generator = np.random.default_rng(0)
    x = np.column_stack([np.ones(3_000), generator.normal(size=(3_000, 3))])
    y = (x @ np.array([0.3, 1.0, -2.0, 0.5]) > 0).astype(float)
    assert _is_separable(x, y)
    y[np.argmax(x @ np.array([0.3, 1.0, -2.0, 0.5]))] = 0.0
    assert not _is_separable(x, y)
