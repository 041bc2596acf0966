"""The agent score difference."""

from __future__ import annotations

from math import exp, inf, log, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arena.analysis.scoredifference import points, propensity, score_difference
from arena.errors import UsageError

beliefs = st.lists(st.floats(0, 1), min_size=1, max_size=12)


def debate(make, ps):
    return make.rows(*(make.episode(f"q{n}", make.score(0, float(p > 0.5), p)) for n, p in enumerate(ps)))


def consultancy(make, pairs):
    """For each question the belief in the right option after the honest and after the dishonest consultant."""
    return make.rows(
        *(make.episode(f"q{n}", make.score(0, 1, pair[side]), side=name)
          for n, pair in enumerate(pairs) for side, name in enumerate(("honest", "dishonest")))
    )  # fmt: skip


@given(beliefs)
def test_one_belief_for_both_makes_it_linear_in_the_mean_belief(make, ps):
    found = score_difference(debate(make, ps))
    assert found.difference.value == pytest.approx(4 * np.mean(ps) - 2)


@given(beliefs)
def test_with_the_rule_accuracy_it_is_twice_the_accuracy_less_one(make, ps):
    found = score_difference(debate(make, ps), "accuracy")
    assert found.difference.value == pytest.approx(2 * np.mean([(np.sign(p - 0.5) + 1) / 2 for p in ps]) - 1)


@pytest.mark.parametrize("mean, published", [(0.809, 1.235), (0.8275, 1.31), (0.855, 1.42)])
def test_published_differences_are_mean_beliefs(make, mean, published):
    """Sudhir et al. 2025, GSM8K: 1.235 without an advocate, 1.31 to 1.42 in debate."""
    found = score_difference(debate(make, [mean - 0.1, mean + 0.1]))
    assert found.difference.value == pytest.approx(published, abs=2e-3)


def test_the_published_expected_score_gives_the_spread_of_beliefs(make):
    """A mean belief of .809 and a score of -.238 without an advocate leave a standard deviation of .29."""
    low, weight = 0.809 - 0.29**2 / 0.191, 0.191**2 / (0.191**2 + 0.29**2)
    ps = [low] * round(1000 * weight) + [1.0] * round(1000 * (1 - weight))
    assert np.std(ps) == pytest.approx(0.29, abs=0.002)
    assert score_difference(debate(make, ps)).judge.value == pytest.approx(-0.238, abs=0.004)


def test_the_judge_s_expected_score_without_an_advocate_is_minus_the_two_answer_brier(make):
    ps = [0.9, 0.4, 0.7]
    found = score_difference(debate(make, ps))
    assert found.judge.value == pytest.approx(-2 * np.mean([(1 - p) ** 2 for p in ps]))


def test_a_consultant_s_two_transcripts_are_two_terms(make):
    found = score_difference(consultancy(make, [(0.9, 0.3), (0.6, 0.8)]))
    each = [-2 * 0.1**2 + 2 * 0.3**2, -2 * 0.4**2 + 2 * 0.8**2]
    assert found.difference.value == pytest.approx(np.mean(each))
    assert found.difference.se == pytest.approx(np.std(each, ddof=1) / sqrt(2))


def test_propensity_uses_the_log_score_whatever_the_rule(make):
    rows = consultancy(make, [(0.9, 0.3)])
    q = 1 / (1 + exp(-(log(0.9) - log(0.7)) / 0.5))
    for rule in ("brier", "accuracy", "log", "logodds"):
        assert score_difference(rows, rule, beta=0.5).propensity.value == pytest.approx(q)
    found = score_difference(rows, beta=0.5)
    assert found.judge.value == pytest.approx(q * -2 * 0.1**2 + (1 - q) * -2 * 0.7**2)
    assert found.agent.value == pytest.approx(q * -2 * 0.1**2 + (1 - q) * -2 * 0.3**2)


@pytest.mark.parametrize("gain, beta, expected", [(1, 0, 1), (-1, 0, 0), (0, 0, 0.5), (3, inf, 0.5), (1, 1, 0.7310586)])
def test_temperature_runs_from_the_better_one_to_a_coin(gain, beta, expected):
    assert propensity(np.array([gain], float), beta) == pytest.approx([expected])


def test_a_negative_temperature_is_refused(make):
    with pytest.raises(UsageError, match="below 0"):
        score_difference(debate(make, [0.5]), beta=-1)


def test_the_rules_are_these():
    p = np.array([0.8])
    assert points(p, "brier") == pytest.approx([-0.08])
    assert points(p, "log") == pytest.approx([log(0.8)])
    assert points(p, "logodds") == pytest.approx([log(4)])
    assert points(np.array([0.8, 0.5, 0.1]), "accuracy").tolist() == [1, 0.5, 0]


def test_brier_is_minus_the_sum_over_both_answers():
    for p in (0.0, 0.3, 1.0):
        assert points(np.array([p]), "brier") == pytest.approx([-((1 - p) ** 2 + (0 - (1 - p)) ** 2)])


def test_certainty_is_clipped_and_counted_for_logarithms_only(make):
    rows = debate(make, [1.0, 0.5])
    assert score_difference(rows, "log").n_clipped == 1
    assert score_difference(rows, "log").difference.value == pytest.approx((log(1 - 1e-4) - log(1e-4)) / 2)
    assert score_difference(rows, "brier").n_clipped == 0
    assert score_difference(rows, "brier").difference.value == pytest.approx(1)


def test_a_question_with_one_side_does_not_enter(make):
    rows = make.rows(
        make.episode("q", make.score(0, 1, 0.9), side="honest"),
        make.episode("q", make.score(0, 1, 0.9), side="dishonest"),
        make.episode("r", make.score(0, 1, 0.9), side="honest"),
        make.episode("s", "refused", side="dishonest"),
    )
    found = score_difference(rows)
    assert (found.n, found.n_one_sided, found.status) == (1, 1, "single_cluster")


def test_orders_are_averaged_inside_the_question(make):
    rows = make.rows(
        make.episode("q", make.score(0, 1, 0.9), make.score(1, 1, 0.5)), make.episode("r", make.score(0, 1, 0.6))
    )
    assert score_difference(rows).difference.value == pytest.approx((0.8 + 0.4) / 2)


def test_without_beliefs_there_is_nothing(make):
    found = score_difference(make.rows(make.episode("q", 1)))
    assert (found.n, found.difference.value, found.judge.value, found.status) == (0, None, None, "no_data")
