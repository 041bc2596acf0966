"""Power: the published examples, and simulation against the formulas."""

from __future__ import annotations

from math import inf, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from arena.analysis import paired
from arena.analysis.power import (
    Spread,
    best_repeats,
    components,
    design_effect,
    detectable,
    detectable_by,
    differences_spread,
    needed,
    needed_discordant,
    simulated_power,
)

NINTH, SIXTH = 1 / 9, (1 / 6, 1 / 6)


def test_three_points_need_969_questions():
    """Miller 2024."""
    assert needed(0.03, Spread(NINTH)) == 969


@pytest.mark.parametrize("repeats, expected", [(1, 3876), (10, 1260)])
def test_more_answers_a_question_need_fewer_questions(repeats, expected):
    assert needed(0.03, Spread(NINTH, SIXTH, (repeats, repeats))) == expected


@pytest.mark.parametrize("repeats, expected", [(1, 0.133), (10, 0.0757)])
def test_198_questions_detect_this(repeats, expected):
    assert detectable(198, Spread(NINTH, SIXTH, (repeats, repeats))) == pytest.approx(expected, abs=5e-4)


def test_a_second_answer_removes_a_third_where_noise_is_twice_the_signal():
    one, two = (Spread(1.0, (2.0, 0), (k, 1)).variance for k in (1, 2))
    assert two / one == pytest.approx(2 / 3)


def test_single_verdicts_that_disagree_in_a_quarter_and_a_tenth_need_120():
    """Connor 1987."""
    assert needed_discordant(0.25, 0.10) == 120
    assert needed_discordant(0.10, 0.25) == 120
    assert needed_discordant(0.2, 0.2) is None


def test_a_design_effect_multiplies_questions():
    assert needed(0.03, Spread(NINTH, deff=2)) == 1938


@given(st.floats(0.01, 0.5), st.floats(0.01, 1), st.floats(0.5, 0.99), st.sampled_from([0, 1, 5]))
def test_what_is_needed_detects_the_effect_and_one_less_does_not(effect, omega2, power, per_passage):
    spread = Spread(omega2)
    n = needed(effect, spread, power=power, per_passage=per_passage)
    assert detectable(n, spread, power=power, per_passage=per_passage) <= effect * (1 + 1e-8)
    if n > 1:
        assert detectable(n - 1, spread, power=power, per_passage=per_passage) > effect * (1 - 1e-8)


def test_few_passages_need_more():
    spread = Spread(0.2)
    assert needed(0.2, spread, per_passage=5) > needed(0.2, spread)
    reach = stats.t.ppf(0.975, 9) + stats.t.ppf(0.8, 9)
    assert detectable(50, spread, per_passage=5) == pytest.approx(reach * sqrt(0.2 / 50))


def test_nothing_is_detected_by_nobody_or_by_one_passage():
    assert detectable(0, Spread(0.1)) == inf
    assert detectable(5, Spread(0.1), per_passage=5) == inf
    assert needed(0, Spread(0.1)) is None


def test_a_comparison_says_what_it_could_have_detected(make):
    generator = np.random.default_rng(1)
    groups = np.repeat(np.arange(12), 4)
    a, b = (make.scores(generator.integers(0, 2, 48), groups) for _ in range(2))
    found = paired(a, b)
    reach = stats.t.ppf(0.975, 11) + stats.t.ppf(0.8, 11)
    assert detectable_by(found) == pytest.approx(reach * found.se)
    assert detectable_by(paired(a, a)) is None
    assert detectable_by(paired(make.scores([1, 0], [0, 0]), make.scores([0, 0], [0, 0]))) is None


def test_the_formula_agrees_with_simulation():
    n, effect = 60, 0.37

    def trial(seed):
        d = np.random.default_rng(seed).normal(effect, 1, n)
        return float(stats.ttest_1samp(d, 0).pvalue)

    power = 0.8
    assert detectable(n, Spread(1.0), power=power) == pytest.approx(effect, abs=0.01)
    found = simulated_power(trial, 600, seed=3)
    assert found.ci[0] < power < found.ci[1]


def test_a_trial_without_p_is_not_significant():
    found = simulated_power(lambda seed: None if seed % 2 else 0.01, 200)
    assert 0 < found.undefined < 200
    assert found.power == 1 - found.undefined / 200
    assert simulated_power(lambda _: 0.01, 0).power is None


def test_the_same_seed_runs_the_same_trials():
    seen = []
    simulated_power(lambda seed: seen.append(seed) or 1.0, 3, seed=1)
    simulated_power(lambda seed: seen.append(seed) or 1.0, 3, seed=1)
    assert seen[:3] == seen[3:]
    assert len(set(seen)) == 3


def test_a_pilot_tells_its_components_apart():
    generator = np.random.default_rng(5)
    n, k = 4000, 3
    worth_a, worth_b = generator.normal(0.3, 0.5, n), generator.normal(0, 0.2, n)
    a = (worth_a[:, None] + generator.normal(0, 0.7, (n, k))).tolist()
    b = (worth_b[:, None] + generator.normal(0, 0.4, (n, 2))).tolist()
    found = components(a, b)
    assert found.sigma2 == pytest.approx((0.49, 0.16), abs=0.02)
    assert found.omega2 == pytest.approx(0.29, abs=0.03)
    assert found.variance == pytest.approx(0.29 + 0.49 / 3 + 0.08, abs=0.03)


def test_a_negative_component_is_floored_and_told():
    found = components([[0, 1], [1, 0], [0, 1]], [[0, 0], [0, 0], [0, 0]])
    assert found.omega2 == 0
    assert found.omega2_raw == pytest.approx(-0.25)


def test_one_answer_a_question_cannot_be_told_apart():
    found = components([[0], [1], [1]], [[0], [0], [1]])
    assert (found.omega2, found.sigma2, found.status) == (None, None, "one_answer")
    assert found.variance == pytest.approx(np.var([0, 1, 0], ddof=1))
    assert components([[1, 0]], [[1, 0]]).status == "no_data"


def test_the_design_effect_of_equal_passages_is_the_usual_one():
    assert design_effect([5] * 10, 0.1) == pytest.approx(1.4)
    assert design_effect([1, 1, 1], 0.9) == 1
    assert design_effect([10, 2], 0.5) == pytest.approx(1 + (104 / 12 - 1) / 2)


def test_the_best_number_of_repeats_costs_least_for_a_precision():
    best = best_repeats(0.5, 0.1, 8.0, 1.0)
    cost = {k: (8 + k) * (0.1 + 0.5 / k) for k in np.linspace(1, 20, 1901)}
    assert best == pytest.approx(min(cost, key=cost.get), abs=0.01)
    assert best_repeats(0.5, 0, 1, 1) is None


def test_a_design_repeated_as_it_was_has_its_variance():
    assert differences_spread(np.array([1.0, 0, -1, 0]), 1.5).variance == pytest.approx(1.0)
