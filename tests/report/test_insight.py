"""What a full report says beyond the minimum, and how it says that there is nothing to say."""

from __future__ import annotations

import json

import pytest

from arena.events import Score, Usage
from arena.report import build, to_json, to_text

JUDGE = "sim/judge"


def full(runs, *events, **head):
    return build(runs.write(*events, **head), full=True)


def of(report, name):
    return next(each for each in report.insights if each.arm == name)


def usual(runs, n=24, **fields):
    shares = {"debate": (1, 1, 1, 0), "naive": (1, 0, 0, 1)}
    return [
        runs.episode(name, f"q{i}", right[i % 4], right[i % 4], **fields)
        for name, right in shares.items()
        for i in range(n)
    ]


def test_a_short_report_has_none_of_it(runs):
    report = runs.usual()
    assert (report.insights, report.overviews) == (None, None)


def test_every_arm_has_its_insight_and_every_data_set_its_overview(runs):
    report = full(runs, *usual(runs))
    assert [each.arm for each in report.insights] == ["debate", "naive"]
    assert [each.dataset for each in report.overviews] == ["casefiles"]


def test_rounds_tell_the_judge_what_it_did_not_believe_unaided(runs):
    debate = [runs.episode("debate", f"q{n}", 1, rounds=2) for n in range(8)]
    naive = [runs.episode("naive", f"q{n}", 0.5) for n in range(8)]
    bits = of(full(runs, *debate, *naive), "debate").beliefs.bits
    assert bits.bits == pytest.approx(0.5849625 / 2)  # log2(.75 / .5), over two rounds


def test_without_a_naive_judge_nothing_is_known_of_rounds_and_gains(runs):
    found = of(full(runs, *(runs.episode("debate", f"q{n}", 1, rounds=2) for n in range(8))), "debate")
    assert found.beliefs.bits.status == found.gain.status == "no_baseline_of_this_judge"


def test_the_judge_pays_for_each_round_after_the_first(runs):
    once = of(full(runs, *(runs.episode("debate", f"q{n}", 0.5, rounds=1) for n in range(8))), "debate")
    assert once.beliefs.judge_score.bits == pytest.approx(-1)
    thrice = of(full(runs, *(runs.episode("debate", f"q{n}", 0.5, rounds=3) for n in range(8))), "debate")
    assert thrice.beliefs.judge_score.bits == pytest.approx(-1.1)


def test_a_term_that_never_varies_is_not_applicable(runs):
    biases = of(full(runs, *usual(runs)), "debate").biases
    assert {name: biases[name].status for name in ("length", "last", "family")} == dict.fromkeys(
        ("length", "last", "family"), "not_applicable"
    )
    assert biases["place"].status == "ok"


def test_longer_arguments_that_win_are_found_out(runs):
    events = []
    for n in range(80):
        longer = n // 10 % 2
        right = int(n % 10 > 1) if longer else int(n % 10 < 2)
        events.append(runs.episode("debate", f"q{n}", right, words=(200, 100) if longer else (100, 200)))
    length = of(full(runs, *events), "debate").biases["length"].terms["length"]
    assert length.estimate > 1
    assert length.p < 0.05


def test_the_last_word_is_a_term_where_somebody_had_it(runs):
    events = [runs.episode("debate", f"q{n}", (n // 2) % 3 > 0, last=n % 2) for n in range(40)]
    assert "last" in of(full(runs, *events), "debate").biases["last"].terms


def test_the_last_word_that_is_always_that_of_the_first_place_cannot_be_told_from_it(runs):
    events = [runs.episode("debate", f"q{n}", n % 3 > 0, key=0, last=0) for n in range(40)]
    joint = of(full(runs, *events), "debate").biases["joint"]
    assert joint.status == "not_identifiable"
    assert "last" in joint.unidentified


def test_a_shared_family_is_a_term_where_only_one_side_has_it(runs):
    arm = runs.arm("debate", judge="openai/gpt-9", alice="openai/gpt-8", bob="anthropic/claude-9")
    events = [
        runs.episode("debate", f"q{n}", (n // 2) % 3 > 0, argued={"alice": n % 2, "bob": 1 - n % 2}) for n in range(40)
    ]
    assert of(full(runs, *events, arms=[arm]), "debate").biases["family"].terms is not None


def test_a_cost_is_per_question_and_bought_accuracy_is_a_ratio(runs):
    priced = [
        *(runs.episode("debate", f"q{n}", n % 4 > 0, cost=0.03 + n % 2 / 100, usage=Usage(input=9)) for n in range(24)),
        *(runs.episode("naive", f"q{n}", n % 2, cost=0.01) for n in range(24)),
    ]
    report = full(runs, *priced)
    assert of(report, "debate").spending.usd == pytest.approx(0.035)
    assert of(report, "debate").gain.pgr == pytest.approx(0.25 / 0.025)
    (over,) = report.overviews
    assert [point.name for point in over.frontier] == ["naive", "debate"]
    assert over.cost_status == "ok"


@pytest.mark.parametrize("cost, status", [(None, "unknown_price"), (0.0, "nothing_spent")])
def test_without_prices_there_is_no_frontier(runs, cost, status):
    (over,) = full(runs, *usual(runs, cost=cost)).overviews
    assert (over.frontier, over.cost_status) == ((), status)


def cross(runs, n=40):
    """Two debaters of which alice's model wins more, and self-play of each."""
    made = []
    for i in range(n):
        alice = i % 2
        wins = (alice == 0) if i % 5 else (alice == 1)
        made.append(runs.episode("a", f"q{i}", int(wins), int(wins), argued={"alice": alice, "bob": 1 - alice}))
        for arm, k in (("b", 3), ("c", 4)):
            made.append(runs.episode(arm, f"q{i}", int(i % k > 0), argued={"alice": 0, "bob": 1}))
    arms = [
        runs.arm("a", "debate", JUDGE, alice="sim/advocate", bob="sim/advocate?skill=0.5"),
        runs.arm("b", "debate", JUDGE, alice="sim/advocate", bob="sim/advocate"),
        runs.arm("c", "debate", JUDGE, alice="sim/advocate?skill=0.5", bob="sim/advocate?skill=0.5"),
    ]
    return build(runs.write(*made, arms=arms))


def test_models_that_met_are_rated_in_the_shortest_report(runs):
    report = cross(runs)
    (over,) = report.overviews
    table = over.ratings[JUDGE].table
    assert [each.player for each in table] == ["sim/advocate", "sim/advocate?skill=0.5"]
    assert table[0].elo > 1500 > table[1].elo
    assert "Ratings of models that met" in to_text(report)


def test_accuracy_is_set_against_the_rating_of_the_model_on_both_sides(runs):
    (skill,) = cross(runs).overviews[0].skills
    assert (skill.measure, skill.arms, skill.slope.status) == ("elo", ("b", "c"), "two_points")
    assert skill.skill[0] > skill.skill[1]


def test_models_that_never_met_have_no_ratings(runs):
    (over,) = full(runs, *usual(runs)).overviews
    assert {found.status for found in over.ratings.values()} == {"no_data"}


def test_with_more_than_two_options_what_is_about_two_says_so(runs):
    found = of(full(runs, *usual(runs), dataset={"options": 3}), "debate")
    assert found.beliefs.calibration.status == "more_than_two_options"
    assert {each.status for each in found.biases.values()} == {"more_than_two_options"}
    assert {each.status for each in found.beliefs.score_differences.values()} == {"more_than_two_options"}


def test_a_run_without_results_has_a_full_report_too(runs):
    report = full(runs, arms=[runs.arm("debate"), runs.arm("naive")])
    assert of(report, "debate").beliefs.calibration.status == "no_belief"
    assert to_text(report, full=True)


@pytest.mark.parametrize("verdicts", [("refused", "refused"), (1, 1), (0, 1), ("error",), (0.5, 0.5)])
@pytest.mark.parametrize("groups", [1, 3])
def test_whatever_came_out_the_full_report_is_json_and_text(runs, verdicts, groups):
    played = [(arm, n) for arm in ("debate", "naive") for n in range(6)]
    events = [runs.episode(arm, f"q{n}", *verdicts, group=f"p{n % groups}") for arm, n in played]
    report = full(runs, *events)
    found = to_json(report)
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert to_text(report, full=True)


def test_a_full_report_in_json_has_it_under_the_names_of_the_results(runs):
    found = to_json(full(runs, *usual(runs)))
    assert found["insights"][0]["beliefs"]["calibration"]["brier"]["one_answer"] is not None
    assert found["overviews"][0]["simultaneous"]["critical"] > 2
    assert to_json(runs.usual())["insights"] is None


@pytest.mark.parametrize("section, title", [("calibration", "Calibration"), ("biases", "What moves the judge")])
def test_a_section_can_be_asked_for_alone(runs, section, title):
    text = to_text(full(runs, *usual(runs)), only=[section])
    assert title in text
    assert "\nAccuracy\n" not in text


def test_token_probabilities_are_a_forecaster_of_their_own(runs):
    events = [
        runs.episode("debate", f"q{n}", 1).model_copy(
            update={"scores": (Score(slot=0, correct=1, p_correct=0.9, stated="tokens"),)}
        )
        for n in range(8)
    ]
    report = full(runs, *events)
    found = of(report, "debate")
    assert found.beliefs.calibration.status == "no_belief"
    assert found.tokens.soft.rate == pytest.approx(0.9)
    assert "debate (tokens)" in to_text(report, full=True)


def test_the_bootstrap_is_a_second_opinion_on_accuracy_and_gap(runs):
    report = build(runs.usual(40) and runs.path, full=True)
    found = of(report, "debate")
    low, high = found.bootstrap.ci
    assert low < 0.75 < high
    assert found.bootstrap.draws == 10_000
    assert found.gap_bootstrap.ci is None or found.gap_bootstrap.ci[0] < 0.5 < found.gap_bootstrap.ci[1]
    assert of(report, "naive").gap_bootstrap is None
    assert "Second opinion" in to_text(report, full=True)
    assert "Second opinion" not in to_text(report)


def test_a_gap_that_some_draws_lack_has_no_bootstrap_interval_and_says_how_many(runs):
    shares = {"debate": (1, 0), "naive": (1, 0, 1, 0, 1, 0), "expert": (1, 1, 1, 0, 0, 1)}
    events = [runs.episode(arm, f"q{n}", right[n % len(right)]) for arm, right in shares.items() for n in range(12)]
    found = of(full(runs, *events), "debate").gap_bootstrap
    assert found.ci is None
    assert found.status == "undefined_draws"
    assert 0 < found.undefined < 0.5


@pytest.mark.parametrize(
    "dataset, share, mean",
    [("anthropic_evals?file=x", 0.25, 0.375), ("anthropic_evals?key=matching", 0.75, 0.625), ("casefiles", None, None)],
)
def test_answers_that_match_a_behaviour_are_measured_both_ways(runs, dataset, share, mean):
    """The judge gives .75 to the answer that the key names on three questions of four, and .25 on the fourth."""
    events = [runs.episode("naive", f"q{n}", float(n % 4 > 0)) for n in range(24)]
    report = full(runs, *events, dataset={"name": dataset, "options": 2})
    found = of(report, "naive").beliefs.matching
    if share is None:
        assert found is None
    else:
        assert (found.share_more_probable.accuracy, found.mean_probability.mean) == (share, mean)
        assert (found.n, found.chance, found.basis) == (24, 0.5, "probabilities")
        assert "two measures" in to_text(report, full=True)
        told = to_json(report)["insights"][0]["beliefs"]["matching"]
        assert told["share_more_probable"]["ci"] != told["mean_probability"]["ci_t"]
