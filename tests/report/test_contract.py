"""`arena report --json` is a contract."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from arena.events import Score, Spend, Usage
from arena.report import build, to_json, to_text

TOP = (
    "run created seed simulated options datasets notices declared departures stopping "
    "arms comparisons pgr stages rounds people audits ceiling insights overviews ceilings"
)
ARM = (
    "arm protocol dataset n_questions n_groups n_rows accuracy ci status flags se df ci_t deff icc n_eff "
    "ci_if_independent missing order sides brier brier_ci brier_status n_beliefs mean_p_correct mcb dsc unc "
    "corp_status tokens cost episodes planned failed_episodes simulated seats"
)
COMPARISON = (
    "a b dataset primary difference ci ci_method p test family p_holm p_bh mde p_t p_sign_flip z_null signs "
    "ci_bonett_price se df rho se_unpaired n_pairs n_only_a n_only_b n_groups accuracy_a accuracy_b "
    "missing status flags"
)
PGR = "arm floor ceiling dataset n_questions n_groups gain gap pgr ci g status"
MISSING = "n rate by_outcome by_slot wrong drop chance wrong_ci drop_ci chance_ci bounds flag"


def test_its_keys_are_these(runs):
    found = to_json(runs.usual())
    assert list(found) == TOP.split()
    assert {tuple(arm) for arm in found["arms"]} == {tuple(ARM.split())}
    assert {tuple(each) for each in found["comparisons"]} == {tuple(COMPARISON.split())}
    assert {tuple(each) for each in found["pgr"]} == {tuple(PGR.split())}
    assert {tuple(arm["missing"]) for arm in found["arms"]} == {tuple(MISSING.split())}


def test_its_page_names_every_key(runs):
    page = (Path(__file__).parents[2] / "docs" / "report.md").read_text(encoding="utf-8")
    described = set(re.findall(r"\w+", page))
    found = to_json(runs.usual())
    full = to_json(build(runs.path, full=True))
    arm = found["arms"][0]
    order = {key.removeprefix("position_bias") or "position_bias" for key in arm["order"]}
    for part in (found, arm, order, found["comparisons"][0], full["insights"][0], full["overviews"][0]):
        assert set(part) - described == set()


def test_its_page_names_what_is_told_of_sides(runs):
    page = (Path(__file__).parents[2] / "docs" / "report.md").read_text(encoding="utf-8")
    told = [runs.episode("a", f"q{n}", 1, side=side) for n in range(3) for side in ("honest", "dishonest")]
    (arm,) = to_json(runs.report(*told))["arms"]
    assert set(arm["sides"]) - set(re.findall(r"\w+", page)) == set()


def test_it_says_what_each_seat_bought(runs):
    spend = {"judge": Spend(calls=2, reused=1, usage=Usage(input=9, output=3, cache_read=4), cost=0.25, blind=2)}
    (arm,) = to_json(runs.report(runs.episode("a", "q", 1, cost=0.5, spend=spend)))["arms"]
    assert (arm["cost"]["usd"], arm["cost"]["episode_mean"], arm["cost"]["episode_most"]) == (0.5, 0.5, 0.5)
    assert arm["cost"]["seats"]["judge"] == {
        "calls": 2,
        "reused": 1,
        "tokens": {"input": 9, "output": 3, "cache_read": 4, "cache_write": 0},
        "usd": 0.25,
        "usd_known": 0.25,
        "blind": 2,
    }


def test_an_undefined_number_is_null_and_everything_is_json(runs):
    empty = to_json(runs.report(arms=[runs.arm("debate")]))
    assert empty["arms"][0]["accuracy"] is None
    assert empty["arms"][0]["cost"]["usd"] is None
    assert empty["ceiling"] == {"accuracy": None, "n_questions": 0, "status": "no_data"}
    for report in (empty, to_json(runs.usual())):
        assert json.loads(json.dumps(report, allow_nan=False)) == report


def test_a_headline_that_is_refused_is_null_and_the_treatments_are_there(runs):
    (arm,) = to_json(runs.report(*(runs.episode("a", f"q{n}", "refused", 1) for n in range(10))))["arms"]
    assert (arm["accuracy"], arm["ci"], arm["status"]) == (None, None, "too_many_missing")
    assert (arm["missing"]["wrong"], arm["missing"]["drop"], arm["missing"]["chance"]) == (0.5, 1, 0.75)
    assert arm["missing"]["by_outcome"] == {"refused": 10}
    assert arm["missing"]["by_slot"] == {"0": 1, "1": 0}


def test_the_parts_of_the_brier_score_add_up(runs):
    arm = to_json(runs.usual())["arms"][0]
    assert arm["mcb"] - arm["dsc"] + arm["unc"] == pytest.approx(arm["brier"])


def test_what_could_have_been_detected_stands_beside_a_difference(runs):
    for each in to_json(runs.usual())["comparisons"]:
        assert each["mde"] > 2 * each["se"]
    same = [runs.episode(name, f"q{n}", n % 2) for name in ("a", "naive") for n in range(20)]
    (identical,) = to_json(runs.report(*same))["comparisons"]
    assert identical["mde"] is None


@pytest.mark.parametrize(
    "planned, status, done", [({"a": 3}, "as_planned", 3), ({"a": 4}, "unfinished", 3), (None, "unknown", 3)]
)
def test_it_says_whether_a_look_can_have_ended_the_run(runs, planned, status, done):
    head = {"planned": planned, "analysis": {"stopping": "fixed n"}}
    found = to_json(runs.report(*(runs.episode("a", f"q{n}", 1) for n in range(3)), **head))["stopping"]
    assert (found["status"], found["done"], found["declared"]) == (status, done, "fixed n")


def test_the_numbers_of_an_arm_stand_under_their_names(runs):
    arm = to_json(runs.usual())["arms"][0]
    assert (arm["arm"], arm["accuracy"], arm["n_questions"], arm["n_groups"], arm["n_rows"]) == (
        "debate",
        0.75,
        24,
        24,
        48,
    )
    assert arm["ci"][0] < 0.75 < arm["ci"][1]
    assert (arm["order"]["position_bias"], arm["order"]["consistency"]) == (0, 1)
    assert (arm["order"]["both_right"], arm["order"]["both_wrong"]) == (18, 6)
    assert arm["sides"] is None
    assert arm["brier"] == 0.75 * 0.25**2 + 0.25 * 0.75**2
    assert arm["simulated"] is True
    assert arm["seats"] == {"judge": {"role": "judge", "model": "sim/judge?skill=0.7", "served": []}}


def test_the_numbers_of_a_comparison_stand_under_their_names(runs):
    found = to_json(runs.usual())["comparisons"][0]
    assert (found["a"], found["b"], found["difference"], found["n_pairs"]) == ("debate", "naive", 0.25, 24)
    assert found["missing"]["drop"] == 0.25
    assert found["p"] == found["p_holm"] == found["p_t"]


def test_both_adjustments_stand_under_their_names(runs):
    right = {"debate": 11, "consultancy": 9, "self_play": 8, "naive": 3}
    events = [runs.episode(arm, f"q{n}", int(n < k), int(n < k)) for arm, k in right.items() for n in range(12)]
    one, two, three = (
        each for each in to_json(runs.report(*events))["comparisons"] if each["family"] == "confirmatory"
    )
    assert one["p"] < two["p"] < three["p"]
    assert two["p_holm"] == max(2 * two["p"], 3 * one["p"])
    assert two["p_bh"] == min(two["p"] * 3 / 2, three["p"])
    assert two["p_holm"] != two["p_bh"]


def test_sides_of_a_single_advocate(runs):
    sides = [("honest", 1, 0), ("dishonest", 0, 1)]
    events = [
        runs.episode("consultancy", f"q{i}", value, value, n=n, side=side)
        for side, value, n in sides
        for i in range(10)
    ]
    (arm,) = to_json(runs.report(*events))["arms"]
    assert arm["accuracy"] == 0.5
    assert (arm["sides"]["honest"], arm["sides"]["dishonest"], arm["sides"]["win_rate"]) == (1, 0, 1)


def test_a_run_of_several_data_sets_has_a_ceiling_for_each_and_none_for_all(runs):
    events = [runs.episode("a", "q", 1, dataset=name, posterior=(p, 1 - p)) for name, p in (("x", 0.9), ("y", 0.7))]
    events = [event.model_copy(update={"episode": str(n)}) for n, event in enumerate(events)]
    found = to_json(runs.report(*events))
    assert found["ceiling"]["status"] == "mixed_datasets"
    assert [(each["dataset"], each["accuracy"]) for each in found["ceilings"]] == [("x", 0.9), ("y", 0.7)]


def test_stages_carry_accuracy_by_iteration(runs):
    found = to_json(runs.report(*(runs.episode(f"amp[{k}]", f"q{n}", 1, k) for k in (0, 1) for n in range(10))))
    assert [(each["family"], each["iteration"], each["accuracy"]) for each in found["stages"]] == [
        ("amp", 0, 0.5),
        ("amp", 1, 1),
    ]


def by_tokens(runs):
    """Two arms on the same questions, one whose judge put its belief in words and one that gave token probabilities."""
    events = []
    for n in range(24):
        words = Score(slot=0, correct=1, p_correct=0.8)
        tokens = Score(slot=0, correct=1, p_correct=0.9, stated="tokens", outside=0.25)
        events += [runs.episode("debate", f"q{n}").model_copy(update={"scores": (words,)})]
        events += [runs.episode("naive", f"q{n}").model_copy(update={"scores": (tokens,)})]
    return runs.report(*events)


def test_beliefs_in_words_and_token_probabilities_share_no_column(runs):
    words, tokens = to_json(by_tokens(runs))["arms"]
    assert (words["brier"], words["n_beliefs"], words["tokens"]["brier"]) == (pytest.approx(0.04), 24, None)
    assert (tokens["brier"], tokens["n_beliefs"], tokens["brier_status"]) == (None, 0, "no_data")
    found = tokens["tokens"]
    assert (found["brier"], found["n_beliefs"], found["outside"]) == (pytest.approx(0.01), 24, 0.25)
    assert (words["accuracy"], tokens["accuracy"]) == (1.0, 1.0)


def test_an_arm_that_has_both_keeps_them_apart(runs):
    """As where two runs were brought together."""
    scores = (
        Score(slot=0, correct=1, p_correct=0.8),
        Score(slot=1, correct=0, p_correct=0.3, stated="tokens", outside=0.5),
        Score(slot=1, outcome="refused", stated="tokens"),
    )
    events = [runs.episode("debate", f"q{n}").model_copy(update={"scores": scores}) for n in range(6)]
    (arm,) = to_json(runs.report(*events))["arms"]
    assert (arm["brier"], arm["n_beliefs"]) == (pytest.approx(0.04), 6)
    assert (arm["tokens"]["brier"], arm["tokens"]["n_beliefs"]) == (pytest.approx(0.49), 6)
    assert arm["tokens"]["outside"] == 0.5
    assert arm["n_rows"] == 18


def test_a_report_in_the_terminal_has_a_table_for_each(runs):
    text = to_text(by_tokens(runs))
    words, tokens = text.index("Beliefs\n"), text.index("Beliefs from token probabilities")
    assert "25.0 %" in text[tokens:]
    assert "25.0 %" not in text[words:tokens]
    assert "token probabilities" not in to_text(runs.usual())
