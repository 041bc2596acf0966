"""Codes are put together as sorting would, whatever lies between them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from arena.analysis.grouping import distinct, first_of, in_all, shared

CODES = st.lists(st.integers(0, 12) | st.sampled_from([-3, 10**9, 10**12]), max_size=30).map(
    lambda found: np.array(found, np.int64)
)
SORTED = st.lists(st.integers(0, 30), unique=True, max_size=20).map(lambda found: np.array(sorted(found), np.int64))


@given(CODES)
def test_distinct_codes_are_those_that_sorting_finds(codes):
    found = distinct(codes)
    names, places, sizes = np.unique(codes, return_inverse=True, return_counts=True)
    assert found.codes.tolist() == names.tolist()
    assert found.places.tolist() == places.tolist()
    assert found.sizes.tolist() == sizes.tolist()


@given(CODES)
def test_the_first_entry_of_each_is_the_first(codes):
    names, first = np.unique(codes, return_index=True)
    assert [each.tolist() for each in first_of(codes)] == [names.tolist(), first.tolist()]


@given(CODES.filter(len))
def test_means_are_by_code(codes):
    values = np.arange(len(codes), dtype=float)
    found = distinct(codes)
    assert found.means(values).tolist() == [values[codes == code].mean() for code in found.codes]


@given(SORTED, SORTED)
def test_what_two_columns_share_is_found_in_both(a, b):
    both, at, there = shared(a, b)
    assert both.tolist() == sorted({*a.tolist()} & {*b.tolist()})
    assert a[at].tolist() == b[there].tolist() == both.tolist()


@given(SORTED)
def test_two_columns_with_the_same_codes_share_them_all(a):
    both, at, there = shared(a, a.copy())
    assert both.tolist() == a.tolist()
    assert at.tolist() == there.tolist() == [*range(len(a))]


@given(st.lists(SORTED, max_size=4))
def test_what_all_columns_have_is_what_each_has(columns):
    wanted = sorted(set.intersection(*({*column.tolist()} for column in columns))) if columns else []
    assert in_all(columns).tolist() == wanted
