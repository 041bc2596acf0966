"""Which arms are compared with which."""

from __future__ import annotations

import pytest


def pairs(report):
    return [(each.a, each.b, each.family) for each in report.comparisons]


def events(runs, *names, n=12):
    return [runs.episode(name, f"q{i}", 1, (i + len(name)) % 2) for name in names for i in range(n)]


def test_arms_are_held_against_the_baselines_and_then_against_each_other(runs):
    found = runs.report(*events(runs, "debate", "consultancy", "naive", "expert"))
    assert pairs(found) == [
        ("debate", "naive", "confirmatory"),
        ("consultancy", "naive", "confirmatory"),
        ("debate", "expert", "exploratory"),
        ("consultancy", "expert", "exploratory"),
        ("debate", "consultancy", "exploratory"),
    ]


def test_each_judge_has_its_own_baselines(runs):
    names = ("debate(x)", "debate(y)", "naive(x)", "naive(y)", "expert(x)", "expert(y)")
    arms = [runs.arm(name, name.split("(")[0], judge=f"sim/{name[-2]}") for name in names]
    found = runs.report(*events(runs, *names), arms=arms)
    assert [(each.arm, each.floor, each.ceiling) for each in found.pgr] == [
        ("debate(x)", "naive(x)", "expert(x)"),
        ("debate(y)", "naive(y)", "expert(y)"),
    ]
    assert ("debate(x)", "naive(y)", "confirmatory") not in pairs(found)


def test_an_only_baseline_serves_every_judge(runs):
    arms = [runs.arm("debate", judge="sim/x"), runs.arm("naive", judge="sim/y"), runs.arm("expert", judge="sim/y")]
    found = runs.report(*events(runs, "debate", "naive", "expert"), arms=arms)
    assert [(each.floor, each.ceiling) for each in found.pgr] == [("naive", "expert")]


def test_an_arm_whose_judge_has_no_baseline_has_no_gap_and_a_reason(runs):
    names = ("debate", "naive(x)", "naive(y)", "expert(x)")
    judges = ("z", "x", "y", "x")
    arms = [runs.arm(name, name.split("(")[0], judge=f"sim/{judge}") for name, judge in zip(names, judges, strict=True)]
    found = runs.report(*events(runs, *names), arms=arms)
    assert found.pgr[0].recovered.status == "no_baseline_of_this_judge"
    assert (found.pgr[0].floor, found.pgr[0].recovered.pgr) == (None, None)


def test_without_both_baselines_there_is_no_gap(runs):
    assert runs.report(*events(runs, "debate", "naive")).pgr == ()


def test_p_is_adjusted_within_its_family(runs):
    found = runs.report(*events(runs, "debate", "amplification", "consultancy", "naive"))
    confirmatory = [each for each in found.comparisons if each.family == "confirmatory"]
    smallest = min(each.headline.p for each in confirmatory)
    assert min(each.p_holm for each in confirmatory) == pytest.approx(min(1, 3 * smallest))


def test_each_judge_is_a_family_of_its_own(runs):
    names = ("debate(x)", "debate(y)", "naive(x)", "naive(y)")
    arms = [runs.arm(name, name.split("(")[0], judge=f"sim/{name[-2]}") for name in names]
    low = [runs.episode(name, f"q{i}", 0, 0) for name in names[2:] for i in range(12)]
    found = runs.report(*events(runs, *names[:2]), *low, arms=arms)
    assert [each.p_holm == each.headline.p for each in found.comparisons if each.family == "confirmatory"] == [True] * 2


def test_the_declared_comparison_is_marked(runs):
    found = runs.report(*events(runs, "debate", "consultancy", "naive"), analysis={"primary": ["debate", "naive"]})
    assert [(each.a, each.b) for each in found.comparisons if each.primary] == [("debate", "naive")]


def test_an_arm_without_results_is_not_compared(runs):
    arms = [runs.arm("debate"), runs.arm("naive")]
    assert runs.report(*events(runs, "debate"), arms=arms).comparisons == ()
