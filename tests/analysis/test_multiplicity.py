"""Adjusted p values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from arena.analysis import benjamini_hochberg, holm

PS = st.lists(st.floats(0, 1), max_size=8)


def test_holm_steps_down():
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


@given(PS)
def test_holm_rejects_what_its_step_down_test_rejects(ps):
    """At level a: go up the sorted p while p ≤ a/(m - i); reject until the first that is larger."""
    level, rejected = 0.05, set()
    for i, (p, at) in enumerate(sorted((p, at) for at, p in enumerate(ps))):
        if p * (len(ps) - i) > level:
            break
        rejected.add(at)
    assert {at for at, p in enumerate(holm(ps)) if p <= level} == rejected


@given(PS.filter(bool))
def test_benjamini_hochberg_is_that_of_scipy(ps):
    assert benjamini_hochberg(ps) == pytest.approx(list(stats.false_discovery_control(ps)))


def test_an_undefined_p_stays_undefined_and_does_not_count():
    assert holm([None, 0.02, None, 0.03]) == [None, 0.04, None, 0.04]
    assert benjamini_hochberg([None, 0.02]) == [None, 0.02]


def test_an_adjusted_p_is_at_most_one():
    assert holm([0.9, 0.8]) == [1, 1]
