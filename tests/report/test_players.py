"""Who met whom: matches between the models that argued."""

from __future__ import annotations

import pytest

from arena.analysis.reading import read
from arena.report.header import header
from arena.report.players import family, matches_of


def met(runs, *events, alice="x/strong", bob="x/weak"):
    folder = runs.write(*events, arms=[runs.arm("debate", alice=alice, bob=bob)])
    return matches_of(header(folder).arms, read(folder).table, "casefiles")


def argued(runs, question, *verdicts, alice=0, key=0, **more):
    return runs.episode("debate", question, *verdicts, argued={"alice": alice, "bob": 1 - alice}, key=key, **more)


def test_the_one_whose_option_was_chosen_wins(runs):
    found = met(runs, argued(runs, "q", 1), argued(runs, "r", 0))
    assert found.players == ("x/strong", "x/weak")
    assert found.first.tolist() == [0, 0]
    assert found.outcome.tolist() == [1, 0]


def test_who_argued_for_the_right_option_is_the_honest_one(runs):
    found = met(runs, argued(runs, "q", 1, alice=1))
    assert found.first.tolist() == [1]
    assert found.honest.tolist() == [1]


def test_in_the_other_order_the_dishonest_one_stands_first(runs):
    found = met(runs, argued(runs, "q", 1, 1))
    assert found.first.tolist() == [0, 1]
    assert found.outcome.tolist() == [1, 0]
    assert found.honest.tolist() == [1, -1]


def test_a_question_weighs_one_however_often_it_was_judged(runs):
    found = met(runs, argued(runs, "q", 1, 1), argued(runs, "q", 1, 1, n=1), argued(runs, "r", 1))
    assert found.weight.tolist() == [0.25] * 4 + [1]


def test_a_missing_verdict_has_no_winner(runs):
    found = met(runs, argued(runs, "q", "refused", 1))
    assert found.outcome.tolist() == [0]
    assert found.weight.tolist() == [1]


def test_a_model_that_meets_itself_has_no_match(runs):
    assert len(met(runs, argued(runs, "q", 1), bob="x/strong").first) == 0


def test_an_old_log_has_no_matches(runs):
    assert len(met(runs, runs.episode("debate", "q", 1)).first) == 0


@pytest.mark.parametrize(
    "spec, name",
    [
        ("anthropic/claude-fable-9", "claude"),
        ("openai/gpt-7-mini", "gpt"),
        ("openai/o3", "gpt"),
        ("openai/meta-llama/Llama-4@http://127.0.0.1:8000/v1", "llama"),
        ("sim/judge", None),
        ("human", None),
        ("", None),
    ],
)
def test_the_family_of_a_model_is_the_first_word_of_its_name(spec, name):
    assert family(spec) == name
