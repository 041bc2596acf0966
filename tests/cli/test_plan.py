"""`arena plan`: how large a run has to be."""

import json

import pytest


def planned(arena, *words):
    done = arena("plan", "--trials", "0", *words)
    assert done.exit_code == 0, done.stderr
    return done.stdout


def test_without_a_word_it_plans_for_five_points_between_debate_and_naive(arena):
    shown = planned(arena)
    assert "To detect 5.0 points between debate and naive in 80% of runs" in shown
    assert "both orders × 3" in shown
    assert max(map(len, shown.splitlines())) <= 88


def test_the_smaller_the_effect_the_more_questions(arena):
    sizes = [json.loads(planned(arena, "--effect", e, "--json"))["designs"][1]["n"] for e in ("0.1", "0.05")]
    assert sizes[1] > 3 * sizes[0]


def test_it_says_what_a_given_number_of_questions_detects(arena):
    assert "200 detect" in planned(arena, "--limit", "200")
    found = json.loads(planned(arena, "--limit", "200", "--json"))
    assert found["designs"][1]["detectable_at_limit"] == pytest.approx(0.1, abs=0.01)


def test_it_simulates_the_analysis_at_the_size_that_it_names(arena):
    found = json.loads(arena("plan", "--trials", "20", "--effect", "0.2", "--json").stdout)
    assert all(0.4 < each["simulated_power"]["power"] <= 1 for each in found["designs"])


def test_simulated_models_cost_nothing_and_calls_are_counted(arena):
    found = json.loads(planned(arena, "--json"))
    both = found["designs"][1]
    assert (found["simulated"], both["usd_low"], both["usd_high"]) == (True, 0, 0)
    assert both["calls"] == pytest.approx(10 * both["n"])


def test_chosen_models_have_a_price_and_take_time(arena, monkeypatch):
    monkeypatch.setenv("ANTHROPIC_API_KEY", "nobodys-key")
    judge = "anthropic/claude-haiku-4-5"
    found = json.loads(planned(arena, "--judge", judge, "--seconds", "3.6", "--concurrency", "1", "--json"))
    both = found["designs"][1]
    assert 0 < both["usd_low"] <= both["usd_high"]
    assert both["hours"] == pytest.approx(both["calls"] / 1000)


def test_the_variance_may_come_from_a_pilot(arena, one_run):
    arena("run", "--limit", "12", "--repeats", "2", "--out", "transcripts/pilot")
    found = json.loads(planned(arena, "--pilot", "pilot", "--json"))
    assert found["source"] == "pilot pilot"
    assert {(each["orders"], each["repeats"]) for each in found["designs"]} == {(1, 1), (2, 1), (2, 2), (2, 3)}


@pytest.mark.parametrize(
    "words, said",
    [
        (("--effect", "5"), "five points are 0.05"),
        (("--effect", "0"), "five points are 0.05"),
        (("--power", "1"), "no share between 0 and 1"),
        (("--power", "0.04"), "larger than --alpha"),
        (("--per-passage", "0"), "at least 1"),
        (("--limit", "1"), "at least 2"),
        (("--preset", "khan_lm"), "Did you mean khan_llm"),
        (("--a", "debat"), "Did you mean debate"),
        (("--a", "naive"), "no different from itself"),
        (("--pilot", "one", "--preset", "khan_llm"), "Give one of them"),
        (("--pilot", "one", "--a", "debates"), "Did you mean debate"),
        (("--pilot", "nowhere"), "nowhere"),
    ],
)
def test_what_cannot_be_planned_is_refused_in_words(arena, one_run, words, said):
    done = arena("plan", "--trials", "0", *words)
    assert done.exit_code == 2
    assert said in done.stderr
    assert done.stdout == ""


def test_a_pilot_that_never_differs_is_no_pilot(arena, one_run):
    arena("run", "--limit", "2", "--protocol", "expert", "--no-baselines", "--out", "transcripts/same")
    done = arena("plan", "--pilot", "same", "--a", "expert", "--b", "naive")
    assert done.exit_code == 2
