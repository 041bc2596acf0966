"""Scored episodes become columns."""

from __future__ import annotations

import math

import numpy as np
import pytest

from arena.events import Spend, Usage


def test_one_verdict_is_one_row(make):
    rows = make.rows(make.episode("q", make.score(0, 1, 0.8), make.score(1, 0, 0.3)))
    assert rows.slot.tolist() == [0, 1]
    assert rows.correct.tolist() == [1, 0]
    assert rows.p_correct.tolist() == [0.8, 0.3]


def test_a_missing_verdict_is_a_row_without_a_value(make):
    rows = make.rows(make.episode("q", 1, "refused"))
    assert rows.missing.tolist() == [False, True]
    assert math.isnan(rows.p_correct[1])


def test_a_failed_episode_without_scores_still_leaves_a_missing_row(make):
    rows = make.rows(make.episode("q", outcome="timeout"))
    assert rows.missing.tolist() == [True]
    assert rows.slot.tolist() == [-1]


def test_a_verdict_that_is_ok_without_being_right_or_wrong_counts_as_an_error(make):
    from arena.errors import OUTCOMES

    rows = make.rows(make.episode("q", make.score(0, None)))
    assert OUTCOMES[rows.outcome[0]] == "error"
    assert rows.missing.all()


def test_what_a_refused_verdict_claims_to_have_scored_is_not_believed(make):
    from arena.events import Score

    rows = make.rows(make.episode("q", Score(slot=0, outcome="refused", correct=1, p_correct=0.9)))
    assert rows.missing.all()
    assert np.isnan(rows.p_correct).all()


def test_training_episodes_have_no_rows_but_are_episodes(make):
    table = make.table(make.episode("q", 1), make.episode("r", 0, split="train"))
    assert len(table.rows) == 1
    assert table.episodes.test.tolist() == [True, False]


def test_an_episode_that_is_scored_again_counts_as_it_was_scored_last(make):
    table = make.table(make.episode("q", "error", "error"), make.episode("r", 1), make.episode("q", 1, 0))
    assert len(table.episodes) == 2
    assert sorted(table.rows.correct.tolist()) == [0, 1, 1]


def test_the_same_question_id_in_two_datasets_is_two_questions(make):
    table = make.table(make.episode("q", 1, dataset="x"), make.episode("q", 0, dataset="y", n=1))
    assert len(set(table.rows.question.tolist())) == 2
    assert table.rows_of("debate", "x").correct.tolist() == [1]


def test_a_question_in_two_passages_stays_in_the_first_and_is_counted(make):
    table = make.table(make.episode("q", 1, group="a"), make.episode("q", 1, group="b", n=1))
    assert len(set(table.rows.group.tolist())) == 1
    assert table.regrouped == 1


def test_arms_are_kept_apart(make):
    table = make.table(make.episode("q", 1), make.episode("q", 0, arm="naive"))
    assert table.rows_of("naive", "set").correct.tolist() == [0]
    assert len(table.rows_of("expert", "set")) == 0


@pytest.mark.parametrize(
    "broken",
    [
        {"scores": (("correct", 1.5),)},
        {"scores": (("p_correct", -0.1),)},
        {"scores": (("correct", float("nan")),)},
        {"scores": (("slot", -1),)},
        {"scores": (("slot", 10**9),)},
        {"posterior": (1.2, 0.0)},
        {"cost": float("inf")},
        {"cost": -1.0},
        {"calls": -1},
        {"calls": 10**18},
        {"dealing": 2**70},
        {"spend": {"judge": Spend(calls=-1)}},
        {"spend": {"judge": Spend(reused=10**18)}},
        {"spend": {"judge": Spend(cost=-0.5)}},
        {"spend": {"judge": Spend(usage=Usage(output=-1))}},
    ],
)
def test_a_number_that_cannot_be_is_refused_whole(make, broken):
    from arena.analysis.collector import Collector

    event = make.episode("q", 1)
    update = dict(broken)
    if "scores" in update:
        update["scores"] = (event.scores[0].model_copy(update=dict(update["scores"])),)
    collector = Collector()
    with pytest.raises(ValueError):
        collector.add(event.model_copy(update=update))
    assert len(collector.table().episodes) == len(collector.table().spends) == 0


def test_an_empty_table_has_no_rows(make):
    table = make.table()
    assert len(table.rows) == len(table.episodes) == 0
