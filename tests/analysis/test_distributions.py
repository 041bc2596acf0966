"""Quantiles and tails, against scipy.stats."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from arena.analysis.distributions import Z, fair_tosses_at_most, t_quantile, t_tails


def test_z_is_the_two_sided_95_percent_quantile():
    assert pytest.approx(1.959964, abs=1e-6) == Z


@given(st.floats(0.5, 500), st.floats(-8, 8))
def test_students_t_takes_degrees_of_freedom_that_are_not_whole(df, t):
    assert t_quantile(df) == pytest.approx(stats.t.ppf(0.975, df), rel=1e-6)
    assert t_tails(t, df) == pytest.approx(2 * stats.t.sf(abs(t), df), rel=1e-6)


@given(st.integers(0, 60), st.data())
def test_tosses_of_a_fair_coin(n, data):
    heads = data.draw(st.integers(0, n))
    assert fair_tosses_at_most(heads, n) == pytest.approx(stats.binom.cdf(heads, n, 0.5))
