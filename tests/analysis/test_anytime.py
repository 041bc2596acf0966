"""More that may be looked at at any time.

The figures were computed with mpmath: Lambert's W by root finding, the beta function to 40 digits.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from scipy import stats

from arena.analysis.anytime import FEWEST, anytime_mcnemar, asymptotic, boundary
from arena.errors import UsageError


@pytest.mark.parametrize(
    "count, planned, width",
    [
        (30, 30, 0.5541350034684164),
        (30, 100, 0.5822382609134691),
        (100, 100, 0.3035122413028551),
        (400, 100, 0.1565483859496584),
        (50, 75, 0.4311600774419279),
    ],
)
def test_the_boundary_is_that_of_the_formula(count, planned, width):
    assert boundary(count, planned) == pytest.approx(width, rel=1e-12)


def test_it_is_wider_than_a_fixed_interval_and_narrowest_for_its_size_near_the_plan():
    fixed = stats.norm.ppf(0.975) / sqrt(100)
    assert boundary(100, 100) > fixed
    assert boundary(100, 100) < min(boundary(100, 10), boundary(100, 1000))


def test_the_interval_is_about_the_question_weighted_mean_and_the_spread_of_passages():
    values, groups = np.tile([1.0, 0.0, 0.5, 1.0], 20), np.repeat(np.arange(40), 2)
    found = asymptotic(values, groups, planned=40)
    spread = np.std([-0.125, 0.125] * 20, ddof=1)
    assert found.mean == pytest.approx(0.625)
    assert found.se == pytest.approx(spread / sqrt(40))
    assert found.ci == pytest.approx((0.625 - spread * boundary(40, 40), 0.625 + spread * boundary(40, 40)))


def test_too_few_passages_have_a_mean_and_no_interval():
    found = asymptotic([1, 0] * (FEWEST - 1), [f"p{i}" for i in range(FEWEST - 1)] * 2, planned=50)
    assert (found.status, found.ci, found.mean) == ("too_few_passages", None, 0.5)
    assert asymptotic([], [], planned=50).status == "no_data"


def test_what_never_varies_has_no_interval_of_width_zero():
    found = asymptotic(np.ones(40), np.arange(40), planned=40)
    assert (found.status, found.ci) == ("no_variance", None)


def test_a_plan_of_no_passages_is_refused():
    with pytest.raises(UsageError, match="at least 1"):
        asymptotic([1.0], [0], planned=0)


@pytest.mark.parametrize("b, c, e", [(18, 4, 24.929739368183306), (0, 0, 1.0), (1, 0, 1.0), (6, 0, 9.142857142857142)])
def test_the_bet_stands_at_the_closed_form(b, c, e):
    assert anytime_mcnemar([1] * b + [-1] * c).e == pytest.approx(e, rel=1e-10)


def test_p_is_that_of_the_highest_the_bet_ever_stood():
    found = anytime_mcnemar([1, 1, 1, 1, 1, 1, 0, -1, -1, -1, -1])
    assert found.e_most == pytest.approx(9.142857142857142)
    assert found.p == pytest.approx(1 / found.e_most)
    assert found.e < 1
    assert (found.positive, found.negative) == (6, 4)


def test_without_a_difference_nothing_is_found():
    assert anytime_mcnemar([]).p == 1
    assert anytime_mcnemar([0, 0]).p == 1


def test_a_long_run_of_wins_overflows_nothing():
    found = anytime_mcnemar([1] * 5000)
    assert np.isfinite(found.e)
    assert found.p == 0


def test_a_fair_coin_is_called_unfair_in_at_most_five_percent_of_runs_at_any_time():
    chance = np.random.default_rng(3)
    wrong = sum(anytime_mcnemar(chance.choice([-1.0, 1.0], 300)).p <= 0.05 for _ in range(400))
    assert wrong <= 20 + 2 * sqrt(20)
