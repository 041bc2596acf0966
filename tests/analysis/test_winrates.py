"""Win rates and their identities."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arena.analysis import accuracy, question_scores
from arena.analysis.winrates import consultant_wins, debater_wins, from_sides, open_roles, soft_rate, split_by_side

shares = st.floats(0, 1)
verdicts = st.lists(st.tuples(*[st.sampled_from([0, 0.5, 1])] * 4), min_size=1, max_size=8)


def consultancy(make, cases):
    """Four verdicts a question: honest in both orders, dishonest in both orders."""
    return make.rows(
        *(make.episode(f"q{n}", *case[:2], side="honest") for n, case in enumerate(cases)),
        *(make.episode(f"q{n}", *case[2:], side="dishonest") for n, case in enumerate(cases)),
    )


@given(verdicts)
def test_accuracy_and_win_rate_give_back_the_two_sides(make, cases):
    rows = consultancy(make, cases)
    found, overall = consultant_wins(rows), accuracy(question_scores(rows)).accuracy
    honest, dishonest = split_by_side(overall, found.rate)
    assert honest == pytest.approx(found.honest.accuracy)
    assert dishonest == pytest.approx(1 - found.dishonest.accuracy)


@given(shares, shares)
def test_sides_and_rates_are_each_other_s_inverse(honest, dishonest):
    assert split_by_side(*from_sides((honest, dishonest))) == pytest.approx((honest, dishonest))


def test_a_consultant_whom_the_judge_always_believes_wins_always(make):
    found = consultant_wins(consultancy(make, [(1, 1, 0, 0)] * 3))
    assert (found.rate, found.honest.accuracy, found.dishonest.accuracy) == (1, 1, 1)


def test_sides_weigh_alike_however_often_each_was_drawn(make):
    rows = make.rows(
        *(make.episode(f"q{n}", 1, side="honest") for n in range(9)), make.episode("r", 1, side="dishonest")
    )
    found = consultant_wins(rows)
    assert (found.rate, found.honest.accuracy, found.dishonest.accuracy) == (0.5, 1, 0)


def test_a_refusal_counts_for_the_advocate_of_a_wrong_option(make):
    rows = make.rows(make.episode("q", "refused", side="dishonest"), make.episode("q", "refused", side="honest"))
    found = consultant_wins(rows)
    assert (found.honest.accuracy, found.dishonest.accuracy) == (0, 1)


def test_the_error_of_balanced_sides_is_that_of_the_question_s_mean(make):
    cases = [(1, 1, 0, 0), (1, 0, 1, 1), (0, 0, 0, 1), (1, 1, 1, 0)]
    each = [np.mean([*case[:2], 1 - case[2], 1 - case[3]]) for case in cases]
    found = consultant_wins(consultancy(make, cases))
    assert found.se == pytest.approx(np.std(each, ddof=1) / 2)


def test_one_side_alone_has_no_rate(make):
    found = consultant_wins(make.rows(make.episode("q", 1, side="honest")))
    assert (found.rate, found.status, found.honest.accuracy) == (None, "one_side", 1)
    assert consultant_wins(make.rows()).status == "no_data"


def test_a_debater_is_rated_on_both_assignments(make):
    found = debater_wins(make.scores([1, 1, 0, 1]), make.scores([0, 0, 1, 0]))
    assert found.rate == 0.5
    assert found.honest.n == 4


def test_the_soft_rate_is_the_mean_belief_each_question_once(make):
    rows = make.rows(
        make.episode("q", make.score(0, 1, 0.9), make.score(1, 1, 0.7)), make.episode("r", make.score(0, 0, 0.2))
    )
    found = soft_rate(rows)
    assert (found.n, found.rate) == (2, pytest.approx(0.5))
    assert soft_rate(make.rows()).rate is None


def test_open_roles_are_told_apart_by_the_choice():
    chose = np.array([True, True, False, False])
    found = open_roles(chose, np.array([1.0, 0, 1, np.nan]), np.arange(4), np.arange(4))
    assert found.right_choices.accuracy == 0.5
    assert (found.after_right.accuracy, found.after_wrong.accuracy) == (0.5, 0.5)
    assert found.win_rate.accuracy == 0.5


def test_an_advocate_wins_where_the_judge_is_wrong_after_a_wrong_choice():
    found = open_roles(np.array([False] * 3), np.array([0.0, 0, 1]), np.arange(3), np.arange(3))
    assert found.win_rate.accuracy == pytest.approx(2 / 3)
    assert found.after_wrong.accuracy == pytest.approx(1 / 3)
    assert found.after_right.status == "no_data"
