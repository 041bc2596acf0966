"""The generative model: its expectations, the published presets, and what is drawn from it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from arena.analysis import accuracy, orders, paired, question_scores
from arena.analysis.biases import halves, judge_biases
from arena.analysis.cluster import mean_of
from arena.analysis.elo import elo, expected
from arena.analysis.generative import Judging, Targets, expectation, solved, votes
from arena.analysis.power import Spread, detectable, needed
from arena.analysis.presets import PRESETS, preset
from arena.analysis.rehearsal import rehearse
from arena.analysis.simulate import MARK, Plan, simulate
from arena.analysis.winrates import consultant_wins
from arena.errors import UsageError

PUBLISHED = {
    "khan_llm": (2.0, -0.067, 0.963, 2.178, 1.368, 2.025),
    "khan_human": (0.75, 0.612, 3.748, 1.705, 0.668, 3.0),
    "michael_human": (0.75, 0.303, 3.133, 1.222, 0.741, 3.371),
    "michael_ai": (0.75, 0.303, 4.006, -0.650, 0.421, 3.371),
}


def by_integral(model, arm, honest=True):
    """The expected accuracy by adaptive integration, the long way."""
    centre, sd = model.centre(arm, honest=honest), model.spread(arm)

    def weighted(x):
        return stats.norm.pdf(x, centre, sd) / (1 + np.exp(-model.k * x))

    return integrate.quad(weighted, centre - 12 * sd, centre + 12 * sd)[0]


@pytest.mark.parametrize("name", PUBLISHED)
def test_presets_have_the_published_parameters(name):
    m = preset(name)
    assert (m.k, m.mu, m.h, m.pi, m.psi, m.expert) == pytest.approx(PUBLISHED[name], abs=5.1e-4)
    assert m.sigma == (0.5, 0.9, 0.7, 0.7)
    assert (m.gamma, m.length, m.delta) == (0, 0, 0)


def test_every_preset_is_named():
    assert set(PRESETS) == set(PUBLISHED)
    with pytest.raises(UsageError, match="khan_llm"):
        preset("kahn_llm")


@pytest.mark.parametrize("name", PUBLISHED)
def test_quadrature_agrees_with_adaptive_integration(name):
    m = preset(name)
    for arm in ("naive", "expert", "debate"):
        assert m.accuracy(arm) == pytest.approx(by_integral(m, arm), abs=1e-4)
    for honest in (True, False):
        assert m.accuracy("consultancy", honest=honest) == pytest.approx(
            by_integral(m, "consultancy", honest), abs=1e-4
        )


def test_the_published_accuracies_are_met():
    m = preset("khan_llm")
    found = [m.accuracy(arm) for arm in ("naive", "debate", "expert", "consultancy")]
    assert found == pytest.approx([0.48, 0.756, 0.925, 0.54])
    wins = (m.accuracy("consultancy", honest=True) + 1 - m.accuracy("consultancy", honest=False)) / 2
    assert wins == pytest.approx(0.91)
    m = preset("michael_human")
    assert [m.accuracy("consultancy", honest=side) for side in (True, False)] == pytest.approx([0.88, 0.60])
    m = preset("michael_ai")
    assert [m.accuracy("consultancy", honest=side) for side in (True, False)] == pytest.approx([0.74, 0.87])
    assert m.accuracy("debate") == pytest.approx(0.78)


def test_the_gap_that_debate_recovers_follows():
    assert preset("khan_llm").recovered == pytest.approx(0.62, abs=0.005)


@given(*[st.floats(0.1, 0.9)] * 5, st.floats(0.3, 3))
@settings(max_examples=30, deadline=None)
def test_whatever_can_be_met_is_met(naive, honest, dishonest, expert, debate, k):
    targets = Targets(naive, debate, honest, dishonest, expert)
    try:
        m = solved(targets, k)
    except ValueError:
        return
    assert [m.accuracy("naive"), m.accuracy("debate"), m.accuracy("expert")] == pytest.approx([naive, debate, expert])
    assert m.accuracy("consultancy", honest=True) == pytest.approx(honest)
    assert m.accuracy("consultancy", honest=False) == pytest.approx(dishonest)


def test_targets_out_of_reach_are_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        solved(Targets.from_wins(naive=0.5, debate=0.8, consultancy=0.7, wins=0.9, expert=0.9), 1)
    with pytest.raises(ValueError, match="advantage E"):
        solved(Targets(0.5, 0.8, 0.9, 0.4), 1)
    with pytest.raises(ValueError, match="no parameters"):
        solved(Targets(0.5, 0.8, 0.3, 0.3, 0.9), 3)


@pytest.mark.parametrize("k, expected_share", [(0.5, 0.977), (0.75, 0.967), (1, 0.957), (2, 0.929)])
def test_five_human_votes_on_a_transcript_each(k, expected_share):
    """Khan et al. 2024, figure 27: .88 becomes .95 to .98."""
    m = solved(Targets.from_wins(naive=0.60, debate=0.88, consultancy=0.78, wins=0.66, expert=None), k, expert=3.0)
    assert votes(m, "debate", 1, same_transcript=False) == pytest.approx(0.88)
    assert votes(m, "debate", 5, same_transcript=False) == pytest.approx(expected_share, abs=6e-4)


@pytest.mark.parametrize("k", [1.0, 1.5, 2.0, 3.0])
def test_votes_help_debate_and_hurt_consultancy(k):
    m = solved(Targets.from_wins(naive=0.48, debate=0.80, consultancy=0.54, wins=0.91, expert=0.925), k)
    both = [votes(m, "consultancy", 9, honest=honest) for honest in (True, False)]
    assert 0.01 < votes(m, "debate", 9) - 0.80 < 0.10
    assert -0.045 < np.mean(both) - 0.54 < 0


def test_a_majority_is_that_of_a_binomial():
    m = Judging(1.0, 0.4, 0, 0, 0, 0, sigma=(0, 0, 0, 0))
    p = 1 / (1 + np.exp(-0.4))
    assert votes(m, "naive", 5) == pytest.approx(stats.binom.sf(2, 5, p))


def test_better_debaters_help_just_where_the_truth_gains_by_skill():
    m = preset("khan_llm")
    for h1, sign in ((0.6, 1), (0.0, 0), (-0.3, -1)):
        change = replace(m, h1=h1).accuracy("debate", skill=(1, 1)) - m.accuracy("debate")
        assert np.sign(round(change, 9)) == sign
    dearer = replace(m, pi1=0.5)
    assert dearer.accuracy("consultancy", honest=False, skill=(1, 1)) < m.accuracy("consultancy", honest=False)


def test_self_play_without_heterogeneity_is_the_elo_of_honesty():
    m = Judging(1.0, 0.0, 0.8, 0, 1.0, 0, sigma=(0, 0, 0, 0))
    assert m.accuracy("debate") == pytest.approx(expected(elo(0.8)))


def test_expectations_of_polynomials_are_exact():
    assert expectation(lambda x: x**2, 3.0, 2.0) == pytest.approx(13)


def test_what_is_drawn_is_marked_as_simulated():
    table = simulate(preset("khan_llm"), Plan(3), name="khan_llm").table
    assert all(name.startswith(MARK) for name in (*table.arms, *table.datasets))
    assert table.arms == ("sim/naive", "sim/expert", "sim/consultancy", "sim/debate")
    assert np.isnan(table.episodes.cost).all()


@pytest.mark.parametrize("name", PUBLISHED)
def test_means_of_what_is_drawn_are_the_expected_accuracies(name):
    m = preset(name)
    table = simulate(m, Plan(800), seed=3).table
    for arm in ("naive", "expert", "consultancy", "debate"):
        found = accuracy(question_scores(table.rows_of(MARK + arm, "sim/model")))
        assert found.n == 4000
        assert found.accuracy == pytest.approx(m.accuracy(arm), abs=4 * found.se)
    sides = consultant_wins(table.rows_of("sim/consultancy", "sim/model"))
    assert sides.honest.accuracy == pytest.approx(m.accuracy("consultancy", honest=True), abs=0.03)


def test_a_plan_is_drawn_as_planned():
    plan = Plan(groups=4, per_group=3, repeats=2)
    table = simulate(preset("khan_llm"), plan, ("debate", "consultancy")).table
    debate, consultancy = (table.rows_of(arm, "sim/model") for arm in table.arms)
    assert (len(debate), len(consultancy)) == (4 * 3 * 2 * 2, 4 * 3 * 2 * 2 * 2)
    assert len(np.unique(debate.group)) == 4
    assert np.bincount(debate.slot).tolist() == [24, 24]
    assert np.bincount(consultancy.side).tolist() == [48, 48]
    assert np.unique(table.rows.episode).tolist() == list(range(len(table.episodes)))
    one = simulate(preset("khan_llm"), replace(plan, both_orders=False), ("debate",)).table
    assert len(one.rows) == 24


def test_both_orders_are_of_one_transcript():
    """With a sharp judge the two orders agree, for they share e; two debates of a question need not."""
    m = replace(preset("khan_llm"), k=1e4, psi=0.0, mu=0.0, sigma=(0, 0, 0, 1.0))
    table = simulate(m, Plan(200, repeats=2), ("debate",)).table
    rows = table.rows
    by_episode = rows.correct[np.argsort(rows.episode, kind="stable")].reshape(-1, 2)
    assert (by_episode[:, 0] == by_episode[:, 1]).all()
    by_debate = by_episode[:, 0].reshape(-1, 2)
    assert (by_debate[:, 0] == by_debate[:, 1]).mean() == pytest.approx(0.5, abs=0.06)


def test_the_same_seed_draws_the_same_verdicts():
    one, two, three = (simulate(preset("khan_llm"), Plan(5), seed=seed).table.rows.p_correct for seed in (1, 1, 2))
    assert (one == two).all()
    assert not (one == three).all()


def test_arms_share_their_questions():
    table = simulate(preset("khan_llm"), Plan(300), seed=1).table
    debate, naive = (question_scores(table.rows_of(arm, "sim/model")) for arm in ("sim/debate", "sim/naive"))
    assert paired(debate, naive).rho > 0.1


def test_biases_that_were_put_in_are_found():
    m = Judging(1.0, 0.5, 0, 0, 0, 0, sigma=(0, 0, 0, 0), gamma=0.8, length=0.6, delta=-0.5)
    draw = simulate(m, Plan(1200), ("debate",), seed=2)
    rows = draw.table.rows
    found = judge_biases(
        rows.correct, rows.group, {"place": halves(rows.slot == 0), "length": draw.length, "last": draw.last}
    )
    for name, truth in (("place", 0.8), ("length", 0.6), ("last", -0.5)):
        assert found.terms[name].estimate == pytest.approx(truth, abs=4 * found.terms[name].se)
    assert found.neutral_accuracy == pytest.approx(1 / (1 + np.exp(-0.5)), abs=0.02)
    scores = question_scores(rows)
    bias = orders(rows, mean_of(scores.score, scores.group)).bias
    assert bias.ci[0] > 0.05


def test_guesses_and_refusals_are_as_told():
    m = replace(preset("khan_llm"), guesses=0.4, refusals=0.2)
    table = simulate(m, Plan(600), ("expert",), seed=4).table
    assert table.rows.missing.mean() == pytest.approx(0.2, abs=0.02)
    judged = accuracy(question_scores(table.rows, "drop")).accuracy
    assert judged == pytest.approx(m.accuracy("expert"), abs=0.02)
    assert m.accuracy("expert") == pytest.approx(0.2 + 0.6 * 0.925)
    assert set(np.unique(table.episodes.outcome)) == {0, 1}


def test_beliefs_are_stretched_by_zeta():
    plain, sure = (simulate(replace(preset("khan_llm"), zeta=z), Plan(20), seed=5).table.rows.p_correct for z in (1, 2))
    assert np.log(sure / (1 - sure)) == pytest.approx(2 * np.log(plain / (1 - plain)), rel=1e-6)


def test_an_unknown_arm_is_refused_in_words():
    with pytest.raises(UsageError, match="debate"):
        simulate(preset("khan_llm"), Plan(1), ("debat",))


@pytest.mark.parametrize(
    "plan, naive, consultancy",
    [
        (Plan(80, both_orders=False), 0.58, 0.43),
        (Plan(80), 0.46, 0.36),
        (Plan(80, repeats=3), 0.34, 0.27),
    ],
)
def test_differences_spread_as_the_planning_table_says(plan, naive, consultancy):
    for other, sd in (("naive", naive), ("consultancy", consultancy)):
        assert rehearse(preset("khan_llm"), plan, b=other, trials=20).sd == pytest.approx(sd, abs=0.018)


@pytest.mark.parametrize(
    "n, detected",
    [
        (1216, (0.25, 0.17, 0.12, 0.09)),
        (830, (0.21, 0.14, 0.10, 0.07)),
        (538, (0.17, 0.12, 0.08, 0.06)),
        (680, (0.19, 0.13, 0.09, 0.07)),
        (505, (0.16, 0.11, 0.08, 0.06)),
        (323, (0.13, 0.09, 0.06, 0.05)),
    ],
)
def test_the_planning_table_is_one_variance_a_row(n, detected):
    """What 5 points need fixes the variance, and with it what 47, 100, 200 and 400 questions detect."""
    spread = Spread(n * (0.05 / (1.959964 + 0.841621)) ** 2)
    assert needed(0.05, spread) in (n, n + 1)
    assert [detectable(q, spread) for q in (47, 100, 200, 400)] == pytest.approx(list(detected), abs=0.0055)


def test_a_rehearsal_covers_the_truth_and_has_the_power_of_the_formula():
    m = preset("khan_llm")
    found = rehearse(m, Plan(20), b="consultancy", trials=300, seed=1)
    assert found.covered == pytest.approx(0.95, abs=0.035)
    assert found.truth == pytest.approx(0.756 - 0.54)
    assert found.power > 0.99
    assert 0 < found.width_accuracy < 0.3
    spread = Spread(found.sd**2, deff=1 + 4 * found.icc)
    assert found.width == pytest.approx(2 * 2.09 * (spread.variance / 100) ** 0.5, rel=0.05)


def test_a_null_effect_is_found_in_a_twentieth_of_runs():
    m = Judging(2.0, 0.5, 0, 0, 0, 0)
    found = rehearse(m, Plan(24), "debate", "debate", trials=10)
    assert (found.power, found.truth) == (0, 0)
    null = rehearse(replace(m, sigma=(0.5, 0.9, 0, 0)), Plan(24), "debate", "naive", trials=400, seed=2)
    assert null.truth == pytest.approx(0)
    assert null.power == pytest.approx(0.05, abs=0.03)


def test_a_small_gap_and_few_passages_are_often_unbounded():
    m = replace(preset("khan_llm"), expert=0.3)
    assert rehearse(m, Plan(10), trials=60).unbounded > 0.3
    assert rehearse(preset("khan_llm"), Plan(40), trials=20).unbounded == 0


def test_no_trials_tell_only_the_truth():
    found = rehearse(preset("khan_llm"), Plan(2), trials=0)
    assert (found.power, found.width) == (None, None)


def test_a_consultant_gains_by_its_own_skill():
    m = replace(preset("khan_llm"), h1=0.4, pi1=0.3)
    for honest, skill, sign in ((True, (0.5, 9.0), 1), (False, (9.0, 0.5), -1)):
        expected_centre = m.mu + sign * (m.pi + 0.3 * 0.5) + (m.h + 0.4 * 0.5) / 2
        assert m.centre("consultancy", honest=honest, skill=skill) == pytest.approx(expected_centre)


def test_what_is_drawn_follows_the_skill_of_debaters_and_judge():
    m = replace(preset("khan_llm"), h1=0.6, a=0.3, b=0.8)
    table = simulate(m, Plan(800), ("debate",), skill=(0.7, -0.2), seed=6).table
    found = accuracy(question_scores(table.rows))
    assert found.accuracy == pytest.approx(m.accuracy("debate", skill=(0.7, -0.2)), abs=4 * found.se)
    better = simulate(m, Plan(800), ("naive",), judge=0.5, seed=6).table
    found = accuracy(question_scores(better.rows))
    assert found.accuracy == pytest.approx(replace(m, mu=m.mu + 0.4).accuracy("naive"), abs=4 * found.se)


def test_questions_of_a_passage_have_something_in_common():
    m = Judging(2.0, 0.0, 0, 0, 0, 0, sigma=(1.0, 0, 0, 0))
    assert accuracy(question_scores(simulate(m, Plan(300), ("naive",)).table.rows)).icc > 0.3
    apart = replace(m, sigma=(0, 1.0, 0, 0))
    assert abs(accuracy(question_scores(simulate(apart, Plan(300), ("naive",)).table.rows)).icc) < 0.06


def test_an_edge_over_the_liar_is_a_matter_of_the_difference():
    m = replace(preset("khan_llm"), a=0.5)
    even = m.centre("debate")
    assert m.centre("debate", skill=(1, 1)) == even
    assert m.centre("debate", skill=(1, -1)) == pytest.approx(even + 1)
    assert m.centre("debate", skill=(0, 1)) == pytest.approx(even - 0.5)
