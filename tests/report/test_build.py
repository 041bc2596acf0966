"""From a run folder to its report, and every run of which there is little to say."""

from __future__ import annotations

import json

import pytest

from arena.events import Usage
from arena.report import build


def test_a_usual_run_has_arms_differences_and_a_gap(runs):
    found = runs.usual()
    assert {arm.arm.name: arm.headline.accuracy for arm in found.arms} == {"debate": 0.75, "naive": 0.5, "expert": 1}
    assert {(each.a, each.b): each.headline.difference for each in found.comparisons} == {
        ("debate", "naive"): 0.25,
        ("debate", "expert"): -0.25,
    }
    assert [(each.arm, each.recovered.pgr) for each in found.pgr] == [("debate", 0.5)]
    assert found.notices == ()


def test_an_unfinished_run_says_so_first(runs):
    path = runs.write(runs.episode("debate", "q", 1, 1), planned={"debate": 400, "naive": 400})
    with (path / "events-0001.jsonl").open("a") as log:
        log.write("torn")
    header = json.loads((path / "run.json").read_text())
    header["arms"].append(runs.arm("naive"))
    (path / "run.json").write_text(json.dumps(header))
    notices = build(path).notices
    assert notices[0] == "unfinished: 1 of 800 episodes (debate 1 of 400, naive 0 of 400)"
    assert "cut off" in notices[1]


def test_training_episodes_do_not_count_as_finished(runs):
    found = runs.report(runs.episode("a", "q", 1), runs.episode("a", "t", 1, split="train"), planned={"a": 2})
    assert found.notices[0].startswith("unfinished: 1 of 2 episodes")
    assert found.arms[0].cost.train_episodes == 1


def test_a_finished_run_has_no_notice(runs):
    assert runs.report(runs.episode("a", "q", 1), planned={"a": 1}).notices == ()


def test_a_run_without_results_says_so_and_shows_its_arms_empty(runs):
    found = runs.report(arms=[runs.arm("debate"), runs.arm("naive")])
    assert found.notices == ("no results yet: no episode has been scored",)
    assert [(arm.arm.name, arm.headline.accuracy, arm.headline.status) for arm in found.arms] == [
        ("debate", None, "no_data"),
        ("naive", None, "no_data"),
    ]
    assert found.comparisons == found.pgr == ()


def test_a_run_folder_without_any_events_file_is_a_run_without_results(runs):
    (runs.path / "run.json").write_text('{"schema": 1}')
    assert build(runs.path).notices == ("no results yet: no episode has been scored",)


def test_an_arm_that_only_the_log_knows_is_reported(runs):
    found = runs.report(runs.episode("debate", "q", 1), arms=[])
    assert [arm.arm.name for arm in found.arms] == ["debate"]


def test_one_arm_alone_has_no_comparison(runs):
    found = runs.report(*(runs.episode("debate", f"q{n}", 1, 0) for n in range(12)))
    assert found.comparisons == found.pgr == ()
    assert found.arms[0].headline.accuracy == 0.5


def test_with_every_verdict_missing_there_is_no_headline(runs):
    found = runs.report(*(runs.episode("debate", f"q{n}", "refused", "refused", outcome="refused") for n in range(12)))
    (arm,) = found.arms
    assert (arm.headline.accuracy, arm.headline.ci, arm.headline.status) == (None, None, "too_many_missing")
    assert arm.missing.bounds == (0, 1)
    assert arm.failed == {"refused": 12}


def test_too_many_missing_in_one_arm_refuse_its_comparisons_and_gaps(runs):
    events = [runs.episode(name, f"q{n}", 1, 0) for name in ("debate", "naive", "expert") for n in range(12)]
    broken = [
        event.model_copy(update={"scores": runs.episode("naive", "q", "error", 1).scores})
        if event.arm == "naive"
        else event
        for event in events
    ]
    found = runs.report(*broken)
    by_pair = {(each.a, each.b): each.headline for each in found.comparisons}
    assert by_pair["debate", "naive"].status == "too_many_missing"
    assert by_pair["debate", "naive"].difference is None
    assert by_pair["debate", "expert"].difference == 0
    assert found.pgr[0].recovered.status == "too_many_missing"


def test_one_passage_has_estimates_without_inference(runs):
    found = runs.report(
        *(runs.episode(name, f"q{n}", n % 2, 1, group="p") for name in ("debate", "naive") for n in range(6))
    )
    assert found.arms[0].headline.status == "single_cluster"
    assert found.arms[0].flags == ("too_few_passages",)
    assert found.comparisons[0].headline.status == "single_cluster"


@pytest.mark.parametrize("passages,flags", [(4, ["too_few_passages"]), (5, ["few_passages"]), (10, [])])
def test_few_passages_are_flagged(runs, passages, flags):
    found = runs.report(*(runs.episode("debate", f"q{n}", 1, n % 2) for n in range(passages)))
    assert list(found.arms[0].flags) == flags


def test_mixed_data_sets_are_never_pooled(runs):
    found = runs.report(
        *(runs.episode("debate", f"q{n}", 1, 1, dataset="easy") for n in range(10)),
        *(runs.episode("debate", f"q{n}", 0, 0, dataset="hard", n=1) for n in range(10)),
    )
    assert [(arm.dataset, arm.headline.accuracy) for arm in found.arms] == [("easy", 1), ("hard", 0)]
    assert "mixed data sets (easy, hard)" in found.notices[0]


def test_iterations_are_stages_as_well_as_arms(runs):
    found = runs.report(
        *(runs.episode(f"amplification[{k}]", f"q{n}", 1, int(n < 3 * k)) for k in range(3) for n in range(10))
    )
    stages = [(each.family, each.iteration, each.result.headline.accuracy) for each in found.stages]
    assert stages == [("amplification", k, pytest.approx(0.5 + 0.15 * k)) for k in range(3)]


def test_a_run_is_simulated_only_if_every_seat_is(runs):
    sims = runs.arm("debate", alice="sim/advocate")
    real = runs.arm("naive", judge="openai/gpt")
    event = runs.episode("debate", "q", 1)
    assert runs.report(event, arms=[sims]).simulated
    assert not runs.report(event, arms=[sims, real], simulated=True).simulated
    assert [arm.arm.simulated for arm in runs.report(event, arms=[sims, real]).arms] == [True, False]


def test_a_question_in_two_passages_is_told(runs):
    found = runs.report(runs.episode("a", "q", 1, group="x"), runs.episode("a", "q", 1, group="y", n=1))
    assert "questions in more than one passage: 1;" in found.notices[0]


def test_the_number_of_options_is_what_the_header_or_the_log_says(runs):
    one = runs.report(runs.episode("a", "q", "refused"), dataset={"options": 4})
    assert one.arms[0].missing.chance.accuracy == 0.25
    other = runs.report(runs.episode("a", "q", "refused", posterior=(0.2, 0.3, 0.5)))
    assert other.arms[0].missing.chance.accuracy == pytest.approx(1 / 3)


def test_a_negative_seed_is_a_seed(runs):
    events = [runs.episode(arm, f"q{n}", n % 2, arm == "a" or n == 0) for arm in ("a", "naive") for n in range(18)]
    assert runs.report(*events, seed=-5).comparisons[0].headline.test == "sign_flip"


def test_what_was_declared_and_done_otherwise_is_a_departure(runs):
    events = [runs.episode(arm, f"q{n}", 1) for arm in ("debate", "naive") for n in range(3)]
    as_said = {"missing": "wrong", "cluster": "group", "alpha": 0.05, "n": 3, "primary": ["debate", "naive"]}
    assert runs.report(*events, analysis=as_said).departures == ()
    departures = runs.report(*events, analysis={**as_said, "missing": "drop", "n": 400}).departures
    assert departures == (
        "missing: declared 'drop', reported with 'wrong'",
        "n: declared 400 questions, 3 were scored",
    )


def test_a_primary_comparison_that_was_not_played_is_a_departure(runs):
    found = runs.report(runs.episode("debate", "q", 1), analysis={"primary": ["debate", "naive"]}).departures
    assert found == ("primary: declared debate − naive, of which not both arms were scored",)


def test_a_resumed_run_reports_as_an_undisturbed_one(runs):
    """Half of the episodes lie in a second file, one was scored twice, and the first file ends in a torn line."""
    from arena.events import dump

    events = [runs.episode(name, f"q{n}", n % 2, 1) for name in ("debate", "naive") for n in range(20)]
    whole = build(runs.write(*events, planned={"debate": 20, "naive": 20}))
    first, second = events[:21], events[20:]
    (runs.path / "events-0001.jsonl").write_text("".join(f"{dump(e)}\n" for e in first) + '{"type":"Sco')
    (runs.path / "events-0002.jsonl").write_text("".join(f"{dump(e)}\n" for e in second))
    resumed = build(runs.path)
    assert resumed.arms == whole.arms
    assert resumed.comparisons == whole.comparisons
    assert [notice.split(" ")[0] for notice in resumed.notices] == ["events-0001.jsonl:22:"]


def test_costs_include_every_episode_and_unknown_prices_stay_unknown(runs):
    usage = Usage(input=10, output=2)
    found = runs.report(
        runs.episode("a", "q", 1, calls=2, usage=usage, cost=0.5), runs.episode("a", "r", "error", outcome="error")
    )
    assert found.arms[0].cost.usd is None
    assert found.arms[0].cost.usd_known == 0.5
    assert found.arms[0].failed == {"error": 1}
