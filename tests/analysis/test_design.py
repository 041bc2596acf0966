"""How large a run has to be: by formula, by simulation, from a model and from a pilot."""

from __future__ import annotations

import numpy as np
import pytest

from arena.analysis.design import (
    Design,
    Trials,
    Variance,
    of_model,
    of_pilot,
    own_repeats,
    power_in_model,
    power_in_pilot,
    reach,
    sized,
)
from arena.analysis.presets import preset

KHAN = preset("khan_llm")


@pytest.mark.parametrize(
    "design, against_naive, against_consultancy",
    [(Design(both_orders=False), 0.58, 0.43), (Design(), 0.46, 0.36), (Design(repeats=3), 0.34, 0.27)],
)
def test_the_spread_of_the_preset_is_the_published_one(design, against_naive, against_consultancy):
    """As docs/statistics.md has it, to two digits and the noise of the draw."""
    assert of_model(KHAN, design, "debate", "naive").sd == pytest.approx(against_naive, abs=0.015)
    assert of_model(KHAN, design, "debate", "consultancy").sd == pytest.approx(against_consultancy, abs=0.01)


def test_a_size_is_a_whole_number_of_passages():
    size = sized(Variance(Design(), 0.46, 0.05), 0.05, per_passage=5)
    assert size.n == 5 * size.passages
    assert size.deff == pytest.approx(1.2)


def test_a_size_detects_what_it_was_made_for_and_little_more():
    variance = Variance(Design(), 0.46, 0.05)
    size = sized(variance, 0.05, per_passage=5)
    assert 0.049 < reach(variance, size.n, per_passage=5) <= 0.05


def test_independent_questions_need_what_miller_says():
    """Var 1/9 and three points: 969 (Miller 2024)."""
    assert sized(Variance(Design(), 1 / 3, None), 0.03).n == pytest.approx(969, abs=3)


def test_too_few_passages_detect_nothing():
    assert reach(Variance(Design(), 0.4, None), 5, per_passage=5) is None


def test_the_analysis_itself_has_the_power_that_the_formula_promises():
    size = sized(of_model(KHAN, Design(), "debate", "naive"), 0.1, per_passage=5)
    found = power_in_model(KHAN, size, 0.1, ("debate", "naive"), per_passage=5, trials=Trials(150, seed=3))
    assert found.ci[0] < 0.8 < found.ci[1]


def test_an_effect_of_nothing_is_found_as_often_as_the_level_says():
    size = sized(of_model(KHAN, Design(), "debate", "naive"), 0.2, per_passage=5)
    found = power_in_model(KHAN, size, 0.0, ("debate", "naive"), per_passage=5, trials=Trials(200, seed=1))
    assert found.power < 0.1


def pilot(make, repeats=1, questions=40, seed=0):
    """Debate right with .8, naive with .5, each transcript and order by itself; four questions a passage."""
    chance = np.random.default_rng(seed)
    events = []
    for arm, p in (("debate", 0.8), ("naive", 0.5)):
        for q in range(questions):
            for k in range(repeats):
                right = (chance.random(2) < p).astype(float)
                name = f"{arm}~{q}~{k}"
                events.append(make.episode(f"q{q}", *right, arm=arm, group=f"p{q // 4}", repeat=k, episode=name))
    return make.table(*events)


def test_a_pilot_tells_the_variance_of_its_own_design(make):
    one, both = of_pilot(pilot(make), "set", "debate", "naive")
    assert (one.design, both.design) == (Design(both_orders=False), Design())
    assert one.sd > both.sd


def test_two_transcripts_a_question_tell_what_more_would_bring(make):
    found = of_pilot(pilot(make, repeats=2, questions=400), "set", "debate", "naive")
    designs = {one.design: one.sd**2 for one in found}
    noise = (0.8 * 0.2 + 0.5 * 0.5) / 2  # both orders of one transcript
    assert designs[Design()] == pytest.approx(noise, rel=0.15)
    assert designs[Design(repeats=2)] == pytest.approx(noise / 2, rel=0.15)
    assert designs[Design(both_orders=False)] == pytest.approx(2 * noise, rel=0.15)


def test_a_question_with_a_missing_verdict_tells_nothing_of_repeats(make):
    events = [
        make.episode("q", 1, "refused" if k else 0, arm=arm, repeat=k, episode=f"{arm}{k}")
        for arm in ("debate", "naive")
        for k in range(2)
    ]
    more = [make.episode(f"r{n}", n % 2, 1, arm=arm, n=n) for arm in ("debate", "naive") for n in range(4)]
    found = of_pilot(make.table(*events, *more), "set", "debate", "naive")
    assert Design(repeats=3) not in {one.design for one in found}


def test_one_question_in_common_is_no_pilot(make):
    table = make.table(make.episode("q", 1, arm="debate"), make.episode("q", 0, arm="naive"))
    assert of_pilot(table, "set", "debate", "naive") == ()


def test_a_pilot_redrawn_has_the_power_that_the_formula_promises(make):
    table = pilot(make, questions=200)
    variance = next(one for one in of_pilot(table, "set", "debate", "naive") if one.design == Design())
    size = sized(variance, 0.15, per_passage=4)
    found = power_in_pilot(table, "set", size, 0.15, ("debate", "naive"), trials=Trials(150))
    assert found.ci[0] < 0.8 < found.ci[1]


def test_a_pilot_knows_how_many_transcripts_it_has(make):
    assert own_repeats(pilot(make, repeats=3, questions=2), "set", ("debate", "naive")) == 3
