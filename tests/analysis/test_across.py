"""Several datasets at once."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from arena.analysis import macro, paired, recovered, recovered_across, scores_of


def comparison(seed, n):
    chance = np.random.default_rng(seed)
    a, b = (scores_of(chance.integers(0, 3, n) / 2, [f"p{i // 2}" for i in range(n)]) for _ in range(2))
    return paired(a, b)


@pytest.fixture(scope="module")
def three():
    return {"x": comparison(1, 20), "y": comparison(2, 30), "z": comparison(3, 16)}


def test_every_dataset_has_the_same_say(three):
    found = macro(three)
    assert found.difference == pytest.approx(np.mean([one.difference for one in three.values()]))
    assert found.se == pytest.approx(np.sqrt(sum(one.se**2 for one in three.values())) / 3)


def test_its_interval_is_students_with_satterthwaites_degrees(three):
    found = macro(three)
    v = [one.se**2 for one in three.values()]
    df = sum(v) ** 2 / sum(x**2 / one.df for x, one in zip(v, three.values(), strict=True))
    assert found.df == pytest.approx(df)
    low, high = stats.t.interval(0.95, df, found.difference, found.se)
    assert found.ci == pytest.approx((low, high))
    assert found.p == pytest.approx(2 * stats.t.sf(abs(found.difference) / found.se, df))


def test_cochrans_q_weighs_by_precision(three):
    d, w = zip(*((one.difference, 1 / one.se**2) for one in three.values()), strict=True)
    q = sum(wi * (x - np.average(d, weights=w)) ** 2 for x, wi in zip(d, w, strict=True))
    found = macro(three)
    assert found.q == pytest.approx(q)
    assert found.p_q == pytest.approx(stats.chi2.sf(q, 2))


def test_one_dataset_is_itself_and_has_no_heterogeneity(three):
    found = macro({"x": three["x"]})
    assert found.ci == pytest.approx(three["x"].ci)
    assert (found.q, found.p_q) == (None, None)


def test_a_dataset_without_an_error_is_left_out_and_named(three):
    alone = paired(scores_of([1, 0], ["p", "p"]), scores_of([0, 0], ["p", "p"]))
    found = macro(three | {"single": alone})
    assert (found.n_datasets, found.left_out) == (3, ("single",))
    assert macro({"single": alone}).status == "no_data"
    assert macro({}).status == "no_data"


def gap(*values):
    return recovered(*(scores_of(each) for each in values))


def test_gaps_are_summed_and_ratios_never_averaged():
    wide = gap([0.5, 0.5], [0.0, 0.0], [1.0, 1.0])
    narrow = gap([1.0, 0.5], [0.5, 0.5], [0.6, 0.5])
    found = recovered_across({"wide": wide, "narrow": narrow})
    assert found.pgr == pytest.approx((0.5 + 0.25) / (1 + 0.05))
    assert found.each == {"wide": pytest.approx(0.5), "narrow": pytest.approx(5.0)}


def test_a_summed_gap_that_is_not_positive_recovers_nothing():
    found = recovered_across({"x": gap([1.0, 0.0], [1.0, 1.0], [0.0, 0.0])})
    assert (found.pgr, found.status) == (None, "undefined_gap_not_positive")
    assert recovered_across({}).status == "no_data"
