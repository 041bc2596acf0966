"""Two arms on the same questions, and each edge of the comparison."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from arena.analysis import paired

SCORES = st.lists(st.tuples(*[st.sampled_from([0.0, 0.5, 1.0])] * 2), min_size=2, max_size=25)


def test_it_is_a_paired_t_test_where_every_passage_is_one_question(make):
    generator = np.random.default_rng(3)
    a, b = generator.integers(0, 3, 40) / 2, generator.integers(0, 3, 40) / 2
    found = paired(make.scores(a), make.scores(b))
    reference = stats.ttest_rel(a, b)
    assert found.difference == pytest.approx(a.mean() - b.mean())
    assert (found.p, found.test) == (pytest.approx(reference.pvalue), "cr2_t")
    assert found.ci == pytest.approx(reference.confidence_interval())
    assert found.rho == pytest.approx(stats.pearsonr(a, b).statistic)
    assert found.se_unpaired == pytest.approx(np.sqrt(a.var(ddof=1) / 40 + b.var(ddof=1) / 40))


def test_below_twenty_passages_p_is_by_sign_flips(make):
    a = [1, 1, 1, 0.5, 1, 1, 0.5, 1]
    found = paired(make.scores(a), make.scores([0] * 8))
    assert found.test == "sign_flip"
    assert found.p == found.p_flip == pytest.approx(2 / 256)
    assert found.p_t is not None


@pytest.mark.parametrize("passages,test", [(19, "sign_flip"), (20, "cr2_t")])
def test_twenty_passages_are_enough_for_the_t(make, passages, test):
    groups = np.arange(60) % passages
    values = np.repeat([1.0, 0.0], [35, 25])
    assert paired(make.scores(values, groups), make.scores(np.zeros(60), groups)).test == test


def test_only_shared_questions_are_compared_and_the_others_counted(make):
    a = make.scores([1, 0, 1], questions=[1, 2, 3])
    b = make.scores([0, 0, 1, 1], questions=[2, 3, 4, 5])
    found = paired(a, b)
    assert (found.n_pairs, found.n_only_a, found.n_only_b) == (2, 1, 2)
    assert (found.accuracy_a, found.accuracy_b) == (0.5, 0)


def test_without_a_shared_question_nothing_is_said(make):
    found = paired(make.scores([1], questions=[1]), make.scores([1], questions=[2]))
    assert (found.difference, found.p, found.ci, found.status) == (None, None, None, "no_data")


def test_identical_verdicts_differ_by_nothing_and_bonett_price_says_how_surely(make):
    scores = make.scores([1, 0] * 10)
    found = paired(scores, scores)
    assert (found.difference, found.p, found.ci, found.status) == (0, 1, None, "identical")
    assert found.ci_bonett_price == pytest.approx((-0.126, 0.126), abs=0.0005)


def test_the_same_difference_everywhere_has_the_sign_test_and_bonett_price(make):
    found = paired(make.scores([1] * 12), make.scores([0] * 12))
    assert (found.difference, found.se, found.status) == (1, 0, "no_variance")
    assert (found.test, found.p) == ("mcnemar", pytest.approx(2 / 2**12))
    assert (found.ci_method, found.ci) == ("bonett_price", found.ci_bonett_price)
    assert found.p_t is None


def test_differences_that_cancel_within_every_passage_are_no_certainty(make):
    groups = np.repeat(np.arange(5), 2)
    found = paired(make.scores([1, 0] * 5, groups), make.scores([0, 1] * 5, groups))
    assert (found.difference, found.p, found.status) == (0, 1, "no_variance")
    assert found.ci[0] < 0 < found.ci[1]


def test_one_passage_has_a_sign_test_and_no_interval(make):
    groups = [0] * 8
    found = paired(make.scores([1] * 6 + [0, 0], groups), make.scores([0] * 8, groups))
    assert (found.status, found.ci, found.test) == ("single_cluster", None, "mcnemar")
    assert found.p == pytest.approx(0.03125)
    assert (found.p_flip, found.z_null) == (None, None)


def test_half_scores_have_a_sign_test_that_is_not_called_mcnemar_s(make):
    groups = [0] * 4
    found = paired(make.scores([1, 0.5, 1, 1], groups), make.scores([0, 0, 0.5, 1], groups))
    assert (found.test, found.p) == ("sign", pytest.approx(0.25))


def test_a_constant_score_has_no_correlation(make):
    assert paired(make.scores([1, 1, 1]), make.scores([0, 1, 0])).rho is None


def test_the_robust_z_has_the_null_variance(make):
    groups = np.repeat([0, 1, 2], [3, 2, 1])
    found = paired(make.scores([1, 1, 0, 1, 0, 1], groups), make.scores([0, 1, 0, 0, 1, 0], groups))
    sums = np.array([1, 0, 1])
    assert found.z_null == pytest.approx(sums.sum() / np.sqrt((sums**2).sum()))


@given(SCORES, st.integers(1, 6))
def test_b_against_a_mirrors_a_against_b(make, scores, count):
    a, b = (make.scores(side, np.arange(len(scores)) % count) for side in zip(*scores, strict=True))
    one, other = paired(a, b), paired(b, a)
    assert other.difference == pytest.approx(-one.difference)
    assert other.p == pytest.approx(one.p)
    assert (one.status, one.test) == (other.status, other.test)
    if one.ci is not None:
        assert other.ci == pytest.approx((-one.ci[1], -one.ci[0]))


@given(SCORES, st.integers(2, 6), st.integers(0, 99))
def test_names_of_questions_and_passages_do_not_matter(make, scores, count, seed):
    n = len(scores)
    generator = np.random.default_rng(seed)
    groups, order = np.arange(n) % count, generator.permutation(n)
    a, b = (np.array(side) for side in zip(*scores, strict=True))
    one = paired(make.scores(a, groups), make.scores(b, groups))
    other = paired(make.scores(a[order], groups[order] + 50), make.scores(b[order], groups[order] + 50))
    assert (other.difference, other.p, other.se) == pytest.approx((one.difference, one.p, one.se))
