"""A difference under each treatment of missing verdicts."""

from __future__ import annotations

import pytest

from arena.analysis import every_way, treated


def of(make, a, b):
    sides = []
    for arm, verdicts in (("a", a), ("b", b)):
        sides.append([make.episode(f"q{n}", *pair, arm=arm) for n, pair in enumerate(verdicts)])
    table = make.table(*sides[0], *sides[1])
    return treated(*(every_way(table.rows_of(arm, "set")) for arm in "ab"))


def test_without_missing_verdicts_the_treatments_agree(make):
    found = of(make, [(1, 1), (0, 1)], [(0, 0), (0, 1)])
    assert found.wrong is found.drop is found.chance
    assert found.bounds == (found.wrong.difference, found.wrong.difference)
    assert found.flag is None


def test_each_treatment_has_its_own_difference(make):
    found = of(make, [(1, "refused"), (1, 1)], [(0, 0), (1, 0)])
    assert found.wrong.difference == pytest.approx(0.75 - 0.25)
    assert found.drop.difference == pytest.approx(1 - 0.25)
    assert found.chance.difference == pytest.approx(0.875 - 0.25)


def test_the_bounds_take_every_missing_verdict_for_one_side_and_for_the_other(make):
    found = of(make, [(1, "refused"), (1, 1)], [("timeout", 0), (1, 0)])
    assert found.bounds == pytest.approx((0.75 - 0.5, 1.0 - 0.25))


def test_it_tests_whether_the_arms_miss_verdicts_alike(make):
    found = of(make, [("refused", 1)] * 6, [(1, 1)] * 6)
    assert found.p_rates == pytest.approx(2 / 2**6)


def test_treatments_that_disagree_in_sign_are_red(make):
    found = of(make, [(1, "refused")] * 8, [(1, 1)] * 4 + [(1, 0)] * 4)
    assert found.wrong.difference < 0 < found.drop.difference
    assert found.flag == "red"


def test_treatments_that_disagree_in_significance_are_red(make):
    found = of(make, [(1, "refused")] * 8, [(1, 1)] * 8)
    assert found.wrong.p < 0.05 <= found.drop.p
    assert found.flag == "red"


def test_arms_without_a_shared_question_have_no_bounds(make):
    table = make.table(make.episode("q", 1, arm="a"), make.episode("r", 1, arm="b"))
    found = treated(*(every_way(table.rows_of(arm, "set")) for arm in "ab"))
    assert (found.bounds, found.p_rates, found.flag) == (None, None, None)
