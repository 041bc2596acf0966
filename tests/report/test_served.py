"""Which models answered, as their providers named them, and whether that changed while a run lasted."""

import pytest

from arena.events import Spend
from arena.report import build, to_json, to_text

SPEC = "openai/gpt-9@http://127.0.0.1:9/v1?effort=low"


def served(runs, *names, judge=SPEC, arm="debate", **more):
    """A run of an episode for each name (or names), at 1000 seconds, 1060 and so on."""
    return [
        runs.episode(arm, f"q{i}", 1, t=1000.0 + 60 * i, spend={"judge": Spend(models=tuple(name.split()))}, **more)
        for i, name in enumerate(names)
    ]


def report(runs, *names, judge=SPEC):
    return runs.report(*served(runs, *names), arms=[runs.arm("debate", judge=judge)])


def line(report, start="Models of"):
    return next(line for line in to_text(report, 200).splitlines() if line.startswith(start))


def test_a_model_that_answers_under_another_name_is_told_by_both(runs):
    assert line(report(runs, "gpt-9-2026-10-01")) == f"Models of debate: judge {SPEC} (answered as gpt-9-2026-10-01)"


def test_one_that_answers_as_what_it_was_asked_for_needs_no_word(runs):
    found = report(runs, "gpt-9", "gpt-9")
    assert line(found) == f"Models of debate: judge {SPEC}"
    assert found.notices == ()


def test_one_of_which_the_log_does_not_tell_has_none_either(runs):
    found = report(runs, "", "")
    assert line(found) == f"Models of debate: judge {SPEC}"
    assert to_json(found)["arms"][0]["seats"]["judge"]["served"] == []


def test_a_model_that_changed_while_the_run_lasted_is_a_notice_with_its_times(runs):
    found = report(runs, "gpt-9-a", "gpt-9-a", "gpt-9-b")
    (notice,) = found.notices
    assert notice == (
        f"{SPEC} answered as more than one model: gpt-9-a from 1970-01-01 00:16:40 UTC to 1970-01-01 00:17:40 UTC; "
        "gpt-9-b from 1970-01-01 00:18:40 UTC to 1970-01-01 00:18:40 UTC"
    )
    assert to_text(found, 200).splitlines()[1].startswith(f"! {SPEC} answered as more than one model")


def test_a_change_from_one_arm_to_the_next_is_a_change_too(runs):
    events = served(runs, "gpt-9-a") + served(runs, "gpt-9-b", arm="naive")
    found = runs.report(*events, arms=[runs.arm("debate", judge=SPEC), runs.arm("naive", judge=SPEC)])
    assert ["more than one model" in notice for notice in found.notices] == [True]


def test_two_models_that_were_asked_for_are_no_change(runs):
    events = served(runs, "gpt-9") + served(runs, "gpt-8", arm="naive")
    found = runs.report(*events, arms=[runs.arm("debate", judge=SPEC), runs.arm("naive", judge="openai/gpt-8")])
    assert found.notices == ()


def test_programs_read_what_was_served(runs):
    found = to_json(report(runs, "gpt-9-a", "gpt-9-a gpt-9-b"))["arms"][0]["seats"]["judge"]["served"]
    assert found == [
        {"model": "gpt-9-a", "episodes": 2, "first": 1000.0, "last": 1060.0},
        {"model": "gpt-9-b", "episodes": 1, "first": 1060.0, "last": 1060.0},
    ]


def test_a_shadow_judge_answers_as_the_judge(runs):
    spend = {"judge": Spend(models=("gpt-9-a",)), "judge (shadow)": Spend(models=("gpt-9-b",))}
    found = runs.report(runs.episode("debate", "q", 1, spend=spend), arms=[runs.arm("debate", judge=SPEC)])
    assert ["more than one model" in notice for notice in found.notices] == [True]


@pytest.mark.parametrize("t", [1e300, float("-1e18")])
def test_a_time_that_is_none_is_still_a_number(runs, t):
    events = [runs.episode("debate", f"q{i}", 1, t=t, spend={"judge": Spend(models=(f"m{i}",))}) for i in (0, 1)]
    (notice,) = runs.report(*events, arms=[runs.arm("debate", judge=SPEC)]).notices
    assert "m0 from " in notice


def test_names_are_hostile_text_and_there_may_be_many_of_them(runs):
    found = report(runs, *(f"\x1b[31m{i}" + "x" * 500 for i in range(9)))
    text = to_text(found, 200)
    assert "\x1b" not in text
    assert max(map(len, found.notices)) < 1200
    assert "…" in line(found)


def test_a_run_tells_what_answered(tmp_path):
    from arena.fake.options import Options
    from arena.fake.server import in_a_thread
    from arena.plan import Experiment, resolve
    from arena.runner import play

    with in_a_thread(Options()) as fake:
        judge = f"openai/fake-gpt-6-luna@{fake.url}"
        play(resolve(Experiment(protocol=("naive",), baselines=False, limit=2, judge=judge)), tmp_path / "r")
    (found,) = to_json(build(tmp_path / "r"))["arms"][0]["seats"]["judge"]["served"]
    assert (found["model"], found["episodes"]) == ("fake-gpt-6-luna", 2)
    assert found["first"] <= found["last"]
