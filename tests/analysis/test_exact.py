"""Tests that need no large sample, against their definitions."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from arena.analysis.exact import bonett_price, sign_flip, sign_test
from arena.errors import UsageError

HALVES = st.lists(st.sampled_from([-1.0, -0.5, 0.0, 0.5, 1.0]), min_size=1, max_size=9)


@given(HALVES)
def test_flipping_signs_enumerates_every_flip(sums):
    target = abs(sum(sums))
    flips = [abs(sum(s * v for s, v in zip(signs, sums, strict=True))) for signs in product((1, -1), repeat=len(sums))]
    assert sign_flip(np.array(sums)) == pytest.approx(np.mean([flip >= target for flip in flips]))


def test_rounding_does_not_lose_a_tie():
    """Ten tenths add up to less than 1 one after the other; the flip that only repeats the observed sum must count."""
    assert sign_flip(np.full(10, 0.1)) == 2 / 1024


def test_six_discordant_questions_in_one_passage_are_no_evidence_beyond_it():
    assert sign_flip(np.array([6.0])) == 1
    assert sign_test(np.ones(6)).p == pytest.approx(0.03125)


def test_beyond_sixteen_passages_flips_are_drawn_from_the_seed():
    sums = np.array([1.0] * 14 + [-1.0] * 4)
    exact = 2 * stats.binom.cdf(4, 18, 0.5)
    assert sign_flip(sums, seed=1) == pytest.approx(exact, abs=0.008)
    assert sign_flip(sums, seed=1) == sign_flip(sums, seed=1)
    assert sign_flip(sums, seed=1) != sign_flip(sums, seed=2)


def test_a_drawn_p_is_never_zero():
    assert sign_flip(np.ones(60), draws=999) == 1 / 1000


@given(st.integers(0, 12), st.integers(0, 12), st.integers(0, 5))
def test_the_sign_test_is_the_binomial_test_of_the_untied(positive, negative, ties):
    found = sign_test(np.repeat([1.0, -0.5, 0.0], [positive, negative, ties]))
    assert (found.positive, found.negative) == (positive, negative)
    wanted = stats.binomtest(positive, positive + negative).pvalue if positive + negative else 1
    assert found.p == pytest.approx(wanted)


@given(st.integers(0, 12), st.integers(0, 12))
def test_the_mid_p_counts_half_of_what_was_seen(b, c):
    n, few = b + c, min(b, c)
    point = stats.binom.pmf(few, n, 0.5)
    wanted = 1 - point if b == c else 2 * stats.binom.cdf(few, n, 0.5) - point
    found = sign_test(np.repeat([1.0, -1.0], [b, c])).mid_p
    assert found == pytest.approx(1 if n == 0 else wanted)


def test_without_a_difference_p_is_one():
    assert sign_test(np.zeros(5)).p == 1


def test_bonett_price_of_twenty_identical_pairs_is_not_of_width_zero():
    assert bonett_price(np.zeros(20)) == pytest.approx((-0.126, 0.126), abs=0.0005)


def test_bonett_price_of_counts_is_that_of_the_formula():
    b, c, n = 7, 2, 30
    p, q = (b + 1) / (n + 2), (c + 1) / (n + 2)
    half = stats.norm.ppf(0.975) * np.sqrt((p + q - (p - q) ** 2) / (n + 2))
    found = bonett_price(np.repeat([1.0, -1.0, 0.0], [b, c, n - b - c]))
    assert found == pytest.approx((p - q - half, p - q + half))


@given(HALVES)
def test_bonett_price_mirrors_and_is_never_of_width_zero(values):
    low, high = bonett_price(np.array(values))
    assert bonett_price(-np.array(values)) == pytest.approx((-high, -low))
    assert low < high


def test_bonett_price_is_not_cut_where_all_pairs_differ():
    assert bonett_price(np.ones(12)) == pytest.approx((0.587333, 1.126953), abs=1e-6)


def test_differences_that_no_scores_can_have_are_refused():
    with pytest.raises(UsageError, match="from -1 to 1"):
        bonett_price([0.5, -3.0])


def test_bonett_price_of_halves_covers_the_half():
    low, high = bonett_price(np.full(40, 0.5))
    assert low < 0.5 < high
