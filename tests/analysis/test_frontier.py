"""Cost: per question, the frontier, and its uncertainty."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arena.analysis import Scores, paired
from arena.analysis.frontier import frontier, frontier_shares, gain_per_cost, net_benefit, on_hull
from arena.analysis.spending import question_costs, spending
from arena.events import Usage

coordinates = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=1, max_size=8)

ARMS = {"naive": (1.0, 0.5), "consultancy": (3.0, 0.52), "debate": (4.0, 0.75), "expert": (10.0, 0.9), "lost": (5, 0.6)}


def test_points_under_a_chord_are_beaten_by_a_coin():
    found = {point.name: point for point in frontier(ARMS)}
    assert {name for name, point in found.items() if point.on_hull} == {"naive", "debate", "expert"}
    assert {name: point.dominated_by for name, point in found.items() if point.dominated_by} == {"lost": "debate"}


def test_each_step_of_the_hull_has_its_price():
    found = {point.name: point for point in frontier(ARMS)}
    assert found["naive"].icer is None
    assert found["debate"].icer == pytest.approx(3 / 0.25)
    assert found["expert"].icer == pytest.approx(6 / 0.15)
    assert found["naive"].best_for == (pytest.approx(0.25 / 3), inf)
    assert found["debate"].best_for == pytest.approx((0.15 / 6, 0.25 / 3))
    assert found["expert"].best_for == pytest.approx((0, 0.15 / 6))


@given(coordinates)
def test_the_hull_holds_the_best_at_every_price(points):
    cost, accuracy = np.array(points, float).T
    hull = on_hull(cost, accuracy) > 0
    for price in (*np.linspace(0, 9, 60), 1e-6, 1e6):
        benefit = accuracy - price * cost
        assert benefit[hull].max() == pytest.approx(benefit.max())


@given(coordinates)
def test_every_corner_is_best_at_some_price_and_by_itself(points):
    named = {str(at): point for at, point in enumerate(points)}
    for point in frontier(named):
        if point.on_hull:
            low, high = point.best_for
            price = low + 1 if high == inf else (low + high) / 2
            benefits = {other: a - price * c for other, (c, a) in named.items() if (c, a) != named[point.name]}
            assert all(point.accuracy - price * point.cost > benefit - 1e-9 for benefit in benefits.values())
            assert point.dominated_by is None


@given(coordinates)
def test_dominated_is_by_somebody_no_dearer_and_no_worse(points):
    named = {str(at): point for at, point in enumerate(points)}
    for point in frontier(named):
        better = [
            (c, a)
            for c, a in points
            if c <= point.cost and a >= point.accuracy and (c, a) != (point.cost, point.accuracy)
        ]
        assert (point.dominated_by is None) is (not better)


def test_one_protocol_is_best_at_every_price():
    (only,) = frontier({"naive": (1.0, 0.5)})
    assert (only.on_hull, only.best_for, only.icer) == (True, (0, inf), None)
    assert frontier({}) == ()


def test_gain_per_cost_is_against_the_naive_judge_and_not_per_dollar(make):
    generator = np.random.default_rng(1)
    accuracy, naive = make.scores(generator.random(60) < 0.8), make.scores(generator.random(60) < 0.5)
    cost, cheap = make.scores(generator.normal(5, 0.5, 60)), make.scores(np.ones(60))
    found = gain_per_cost(accuracy, cost, naive, cheap)
    expected = (accuracy.score - naive.score).mean() / (cost.score - 1).mean()
    assert found.pgr == pytest.approx(expected)
    assert found.ci[0] < expected < found.ci[1]
    assert gain_per_cost(accuracy, cheap, naive, cheap).status == "undefined_gap_not_positive"


def test_net_benefit_is_linear_in_the_price(make):
    a, b = make.scores([1, 1, 0, 1]), make.scores([0, 1, 0, 0])
    dear, cheap = make.scores([4, 5, 4, 3]), make.scores([1, 1, 2, 1])
    found = paired(net_benefit(a, dear, 0.1), net_benefit(b, cheap, 0.1))
    assert found.difference == pytest.approx(0.5 - 0.1 * 2.75)


def test_net_benefit_is_of_the_questions_that_have_both(make):
    found = net_benefit(make.scores([1, 0], questions=[1, 2]), make.scores([2, 2], questions=[2, 3]), 0.25)
    assert (found.question.tolist(), found.score.tolist()) == ([2], [-0.5])


def test_a_clear_frontier_is_found_in_every_resample(make):
    arms = {
        "naive": (make.scores([0, 0, 0, 0, 1] * 4), make.scores([1.0] * 20)),
        "debate": (make.scores([1] * 20), make.scores([2.0] * 20)),
        "waste": (make.scores([0, 0, 0, 0, 1] * 4), make.scores([3.0] * 20)),
    }
    found = frontier_shares(arms, (0.0, 10.0), draws=200, seed=1)
    assert found.on_hull == {"naive": 1.0, "debate": pytest.approx(1, abs=0.05), "waste": 0.0}
    assert found.best[10.0]["naive"] == 1
    assert found.best[0.0]["debate"] == pytest.approx(1, abs=0.05)
    assert frontier_shares(arms, (0.0,), draws=200, seed=1).best == {0.0: found.best[0.0]}


def test_who_is_equal_shares_the_first_place(make):
    same = make.scores([1, 0, 1]), make.scores([1.0, 1, 1])
    found = frontier_shares({"a": same, "b": same}, (0.5,), draws=50)
    assert found.best[0.5] == {"a": 0.5, "b": 0.5}
    assert found.on_hull == {"a": 1, "b": 1}


def test_passages_and_not_questions_are_drawn(make):
    """Two passages, one all right and one all wrong: the accuracy of a resample is 0, ½ or 1."""
    groups = [0] * 5 + [1] * 5
    arms = {
        "a": (make.scores([1] * 5 + [0] * 5, groups), make.scores([1.0] * 10, groups)),
        "b": (make.scores([0.25] * 10, groups), make.scores([1.0] * 10, groups)),
    }
    found = frontier_shares(arms, (0.0,), draws=4000, seed=2)
    assert found.best[0.0]["a"] == pytest.approx(0.75, abs=0.03)


def test_one_passage_or_no_shared_question_has_no_shares(make):
    one = (make.scores([1, 0], [0, 0]), make.scores([1, 1], [0, 0]))
    assert frontier_shares({"a": one}).status == "single_cluster"
    other = (make.scores([1], questions=[7]), make.scores([1], questions=[7]))
    assert frontier_shares({"a": one, "b": other}).status == "no_data"
    assert frontier_shares({}).status == "no_data"


def priced(make, *costs, **fields):
    return [
        make.episode(f"q{n}", 1, cost=cost, usage=Usage(input=100, output=10), calls=1, n=n, **fields)
        for n, cost in enumerate(costs)
    ]


def test_a_question_costs_all_that_its_episodes_cost(make):
    again = make.episode("q0", "error", cost=0.5, n=9, usage=Usage(input=50))
    table = make.table(*priced(make, 1.0, 2.0, 3.0), again)
    assert question_costs(table, "debate", "set").score.tolist() == [1.5, 2, 3]
    found = spending(table, "debate", "set")
    assert found.usd == pytest.approx(6.5 / 3)
    assert found.se == pytest.approx(np.std([1.5, 2, 3], ddof=1) / 3**0.5)
    assert found.tokens["input"] == pytest.approx(350 / 3)


def test_training_is_no_question_s_cost(make):
    mixed = make.table(*priced(make, 1.0, 1.0), make.episode("t", 1, cost=50.0, split="train", n=5))
    assert spending(mixed, "debate", "set").usd == 1


def test_an_unknown_price_leaves_tokens_and_no_money(make):
    found = spending(make.table(*priced(make, 1.0, None)), "debate", "set")
    assert (found.usd, found.ci, found.status) == (None, None, "unknown_price")
    assert found.tokens["output"] == 10


def test_one_passage_or_none_has_no_error(make):
    assert spending(make.table(*priced(make, 1.0)), "debate", "set").status == "single_cluster"
    assert spending(make.table(), "debate", "set").status == "no_data"


def test_costs_are_scores_of_questions(make):
    assert isinstance(question_costs(make.table(), "debate", "set"), Scores)
