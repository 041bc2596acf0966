"""Several runs in one report: what may be compared, and why the rest may not."""

from __future__ import annotations

import json

import pytest

from arena.errors import UsageError
from arena.report import build_joined, to_json, to_text
from arena.report.join import join
from tests.report.conftest import Runs, arm, episode

DATA = {"name": "casefiles", "options": 2, "hash": "a1"}


def described(name="debate", protocol="", judge="sim/judge", settings=None, prompts=None, **seats):
    made = arm(name, protocol, judge, **seats)
    return made | {"settings": {"rounds": 3} | (settings or {}), "prompt_hashes": prompts or {"argue": "1"}}


@pytest.fixture
def two(tmp_path):
    """Write two runs of twelve questions that differ as told; returns their folders."""

    def write(first=None, second=None, one=None, other=None, shift=0, group=""):
        folders, usual = [], [described()]
        for name, arms, head in (("r1", first or usual, one), ("r2", second or usual, other)):
            (tmp_path / name).mkdir()
            events = [
                episode(each["name"], f"q{n}", int((n + shift * (name == "r2")) % 3 > 0), 1, **_of(group, name, n))
                for each in arms
                for n in range(12)
            ]
            planned = {each["name"]: 12 for each in arms}
            runs = Runs(tmp_path / name)
            values = {"run": name, "seed": 3, "dataset": DATA, "planned": planned, "arms": arms, **(head or {})}
            folders.append(runs.write(*events, **values))
        return folders

    return write


def _of(group, run, n):
    return {"group": f"{group}{run}{n}"} if group else {}


def refusal(folders, *factors):
    with pytest.raises(UsageError) as raised:
        build_joined(folders, factors)
    return str(raised.value)


def judged(by):
    return [described(judge=by)]


def test_runs_that_differ_in_one_thing_are_compared_on_their_shared_questions(two):
    report = build_joined(two(judged("x/a"), judged("x/b"), shift=1))
    (found,) = report.comparisons
    assert (found.a, found.b, found.family) == ("debate · r2", "debate · r1", "exploratory")
    assert (found.headline.n_pairs, found.headline.n_only_a, found.headline.n_only_b) == (12, 0, 0)
    assert report.notices[0].startswith("2 runs joined (r1, r2); between them differs: judge.model.")


def test_a_run_made_from_another_with_nothing_changed_but_its_judge_gives_exactly_zero(two):
    (found,) = build_joined(two(judged("x/a"), judged("x/b"))).comparisons
    assert (found.headline.difference, found.headline.status) == (0, "identical")


def test_the_joined_report_is_json_and_text(two):
    report = build_joined(two(judged("x/a"), judged("x/b"), shift=1), full=True)
    assert json.loads(json.dumps(to_json(report), allow_nan=False))["run"] == "r1 + r2"
    assert "debate · r2" in to_text(report, full=True)


def test_each_run_keeps_its_own_baselines(two):
    arms = [[described("debate", judge=by), described("naive", judge=by), described("expert", judge=by)] for by in "ab"]
    report = build_joined(two(*arms, shift=1))
    pairs = {(each.a, each.b) for each in report.comparisons if each.family == "confirmatory"}
    assert pairs == {("debate · r1", "naive · r1"), ("debate · r2", "naive · r2")}
    assert {(gap.arm, gap.floor, gap.ceiling) for gap in report.pgr} == {
        (f"debate · {run}", f"naive · {run}", f"expert · {run}") for run in ("r1", "r2")
    }
    assert ("naive · r2", "naive · r1") in {(each.a, each.b) for each in report.comparisons}


def test_protocols_of_different_runs_are_compared_before_one_judge(two):
    report = build_joined(two([described("debate")], [described("consultancy")]))
    assert [(each.a, each.b) for each in report.comparisons] == [("consultancy", "debate")]


def test_protocols_before_different_judges_are_not(two):
    folders = two([described("debate", judge="x/a")], [described("consultancy", judge="x/b")])
    assert "have nothing to compare" in refusal(folders)


def test_different_data_are_refused(two):
    said = refusal(two(other={"dataset": {**DATA, "hash": "b2"}}))
    assert "can't be compared: they have not the same data (r1: a1, r2: b2)" in said


def test_data_that_nobody_can_tell_are_refused(two):
    assert "not told" in refusal(two(other={"dataset": {"options": 2}}))


def test_different_seeds_are_refused(two):
    assert "have not the same seed (r1: 3, r2: 4)" in refusal(two(judged("x/a"), judged("x/b"), other={"seed": 4}))


def test_an_unfinished_run_is_refused(two):
    said = refusal(two(judged("x/a"), judged("x/b"), other={"planned": {"debate": 20}}))
    assert "r2 is unfinished (8 planned episodes are not there)" in said
    assert "arena run --resume r2" in said


def test_a_run_of_which_nobody_knows_the_plan_is_refused(two):
    assert "plans no number" in refusal(two(judged("x/a"), judged("x/b"), other={"planned": {}}))


def test_two_things_at_once_are_refused_and_named(two):
    folders = two([described(judge="x/a")], [described(judge="x/b", settings={"rounds": 1})])
    said = refusal(folders)
    assert "differ in judge.model (x/a / x/b), rounds (3 / 1)" in said
    assert "--factor judge.model --factor rounds" in said


def test_two_things_at_once_can_be_declared(two):
    folders = two([described(judge="x/a")], [described(judge="x/b", settings={"rounds": 1})])
    assert len(build_joined(folders, ["judge.model", "rounds"]).comparisons) == 1


def test_only_what_is_declared_may_differ(two):
    assert "only rounds may" in refusal(two(judged("x/a"), judged("x/b")), "rounds")


def test_a_run_declares_what_it_changed_of_another(two):
    folders = two(judged("x/a"), judged("x/b"), other={"factor": "rounds=1"})
    assert "only rounds may" in refusal(folders)


@pytest.mark.parametrize("factor", ["judge.model=x/b", ["judge.model"], {"judge.model": "x/b"}])
def test_what_a_run_changed_may_be_written_in_several_ways(two, factor):
    assert len(build_joined(two(judged("x/a"), judged("x/b"), other={"factor": factor})).comparisons) == 1


def test_other_prompts_are_a_difference(two):
    report = build_joined(two(second=[described(prompts={"argue": "2"})]))
    assert "between them differs: prompts." in report.notices[0]


def test_both_debaters_with_another_model_are_one_difference(two):
    folders = two([described(alice="x/a", bob="x/a")], [described(alice="x/b", bob="x/b")])
    assert "between them differs: debater.model." in build_joined(folders).notices[0]


def test_runs_that_differ_in_nothing_are_refused(two):
    assert "their arms differ in nothing" in refusal(two())


def test_a_run_is_not_compared_with_itself(two):
    folder, _ = two()
    assert "named twice" in refusal([folder, folder])


def test_questions_in_other_passages_are_refused(two):
    assert "different passages" in refusal(two(judged("x/a"), judged("x/b"), group="p"))


def test_runs_of_one_name_are_told_apart_by_their_folders(two):
    joined = join(two(judged("x/a"), judged("x/b"), other={"run": "r1"}))
    assert len({arm.name for arm in joined.head.arms}) == 2


def test_one_run_is_reported_as_ever(two):
    folder, _ = two()
    assert build_joined([folder]).run == "r1"


def test_a_damaged_line_is_told_with_its_run(two):
    folders = two(judged("x/a"), judged("x/b"))
    with (folders[1] / "events-0001.jsonl").open("a") as log:
        log.write("torn")
    assert "r2: events-0001.jsonl:13" in build_joined(folders).notices[1]
