"""The accuracy of a perfect reader."""

from __future__ import annotations

import pytest

from arena.analysis import ceiling


def test_it_is_the_mean_of_the_largest_posterior_each_question_once(make):
    table = make.table(
        make.episode("q", 1, posterior=(0.9, 0.1)),
        make.episode("q", 1, posterior=(0.9, 0.1), n=1),
        make.episode("r", 1, posterior=(0.3, 0.7)),
    )
    found = ceiling(table.episodes)
    assert (found.value, found.n_questions) == (pytest.approx(0.8), 2)


def test_it_is_about_the_questions_that_all_arms_share(make):
    table = make.table(
        make.episode("q", 1, posterior=(0.9, 0.1)),
        make.episode("q", 1, posterior=(0.9, 0.1), arm="naive"),
        make.episode("r", 1, posterior=(0.5, 0.5)),
    )
    assert ceiling(table.episodes).value == pytest.approx(0.9)


def test_training_questions_do_not_count(make):
    table = make.table(
        make.episode("q", 1, posterior=(0.9, 0.1)), make.episode("t", 1, posterior=(0.5, 0.5), split="train")
    )
    assert ceiling(table.episodes).value == pytest.approx(0.9)


def test_it_is_unknown_where_one_question_has_no_posterior(make):
    found = ceiling(make.table(make.episode("q", 1, posterior=(0.9, 0.1)), make.episode("r", 1)).episodes)
    assert (found.value, found.status) == (None, "no_posterior")


def test_without_episodes_there_is_none(make):
    assert ceiling(make.table().episodes).status == "no_data"
