"""What the two orders of the options tell about an arm."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arena.analysis import orders, question_scores
from arena.analysis.cluster import mean_of
from arena.analysis.exact import bonett_price
from arena.analysis.orders import combination


def of(rows, options=2):
    scores = question_scores(rows)
    return orders(rows, mean_of(scores.score, scores.group), options)


def test_it_counts_the_questions_seen_in_both_orders_and_in_one(make):
    rows = make.rows(
        make.episode("q", 1, 0),
        make.episode("r", make.score(0, 1)),
        make.episode("s", make.score(1, 1)),
        make.episode("t", make.score(1, 0)),
    )
    found = of(rows).standardised
    assert (found.n_both, found.n_only) == (1, (1, 2))
    assert found.levels == (1, pytest.approx(1 / 3))
    assert found.value == pytest.approx(2 / 3)


@given(st.lists(st.tuples(st.sampled_from([0.0, 0.5, 1.0]), st.sampled_from([0.0, 1.0])), min_size=2, max_size=12))
def test_in_balanced_data_the_standardised_accuracy_and_error_are_the_headline_s(make, pairs):
    rows = make.rows(*(make.episode(f"q{n}", *pair, group=f"g{n % 3}") for n, pair in enumerate(pairs)))
    scores = question_scores(rows)
    mean = mean_of(scores.score, scores.group)
    found = of(rows).standardised
    assert found.value == pytest.approx(mean.mean)
    assert found.se == pytest.approx(mean.se, abs=1e-9)
    assert not found.matters


def test_its_error_is_that_of_the_influence_values(make):
    first, second = [1, 0, 1, 1], {0: 0.0, 3: 1.0}
    rows = make.rows(
        *(make.episode(f"a{n}", make.score(0, value)) for n, value in enumerate(first)),
        *(make.episode(f"a{n}", make.score(1, value), n=1) for n, value in second.items()),
    )
    influence = np.array([(value - 0.75) * (4 / 4) / 2 for value in first])
    influence[[0, 3]] += np.array([0 - 0.5, 1 - 0.5]) * (4 / 2) / 2
    assert of(rows).standardised.se == pytest.approx(influence.std() / np.sqrt(3))


def test_an_imbalance_that_moves_the_accuracy_by_more_than_its_error_matters(make):
    easy = [make.episode(f"e{n}", make.score(0, 1)) for n in range(30)]
    hard = [make.episode(f"h{n}", make.score(1, 0)) for n in range(3)]
    found = of(make.rows(*easy, *hard)).standardised
    assert found.value == 0.5
    assert found.matters


def test_one_order_alone_cannot_be_standardised(make):
    found = of(make.rows(make.episode("q", 1), make.episode("r", 0)))
    assert (found.standardised.value, found.standardised.status) == (None, "one_level")
    assert (found.bias.bias, found.bias.status) == (None, "one_level")
    assert (found.consistency.share, found.consistency.status) == (None, "no_pair_of_orders")


def test_no_rows_tell_nothing(make):
    found = of(make.rows())
    assert {found.standardised.status, found.bias.status} == {"no_data"}


def test_position_bias_is_the_excess_of_choosing_the_first_option(make):
    """Six questions answered with the first option in both orders, four with one answer: P(first) = .8."""
    rows = make.rows(*(make.episode(f"a{n}", 1, 0) for n in range(6)), *(make.episode(f"b{n}", 1, 1) for n in range(4)))
    found = of(rows).bias
    halves = np.repeat([0.5, 0], [6, 4])
    assert found.bias == pytest.approx(0.3)
    assert found.method == "paired"
    assert (found.ci[1] - found.ci[0]) / 2 == pytest.approx(2.262157 * halves.std(ddof=1) / np.sqrt(10))
    assert (found.signs.positive, found.signs.negative, found.signs.test) == (6, 0, "mcnemar")
    assert found.signs.p == pytest.approx(2 / 64)


def test_a_refusal_in_one_order_is_no_preference_for_a_place(make):
    found = of(make.rows(make.episode("q", 1, "refused"), make.episode("r", 1, 1), make.episode("s", 0, 0)))
    assert found.bias.n == 2
    assert found.bias.bias == 0


def test_a_bias_that_no_question_departs_from_has_the_interval_of_bonett_and_price(make):
    found = of(make.rows(*(make.episode(f"q{n}", 1, 0) for n in range(8)))).bias
    assert (found.bias, found.status) == (0.5, "no_variance")
    assert found.ci == pytest.approx(np.array(bonett_price(np.ones(8))) / 2)
    assert found.p == pytest.approx(2 / 256)


def test_without_a_question_in_both_orders_the_bias_is_between_questions(make):
    one = [make.episode(f"a{n}", make.score(0, value)) for n, value in enumerate([1, 1, 0])]
    two = [make.episode(f"b{n}", make.score(1, value)) for n, value in enumerate([0, 1, 0])]
    found = of(make.rows(*one, *two)).bias
    assert found.method == "between_questions"
    assert found.bias == pytest.approx((2 / 3 - 1 / 3) / 2)
    assert found.signs is None


def test_one_passage_has_a_bias_and_no_interval(make):
    found = of(make.rows(make.episode("q", 1, 0, group="g"), make.episode("r", 1, 1, group="g"))).bias
    assert (found.bias, found.ci, found.status) == (0.25, None, "single_cluster")


def test_it_counts_what_pairs_of_orders_answered(make):
    verdicts = [(1, 1), (1, 1), (1, 1), (0, 0), (1, 0), (1, 0), (0, 1), (0.5, 0.5), (0.5, 1), (1, "refused")]
    found = of(make.rows(*(make.episode(f"q{n}", *pair) for n, pair in enumerate(verdicts)))).consistency
    assert (found.both_right, found.both_wrong, found.always_first, found.always_second) == (3, 1, 2, 1)
    assert (found.tied, found.n_pairs) == (2, 9)
    assert found.share == pytest.approx(5 / 9)


def test_orders_of_different_transcripts_are_no_pair(make):
    rows = make.rows(make.episode("q", make.score(0, 1)), make.episode("q", make.score(1, 1), n=1))
    assert of(rows).consistency.n_pairs == 0
    assert of(rows).bias.n == 1


def test_with_more_than_two_options_a_slot_says_no_order(make):
    found = of(make.rows(make.episode("q", 1, 0)), options=3)
    statuses = {found.standardised.status, found.bias.status, found.consistency.status}
    assert statuses == {"more_than_two_options"}


def test_a_combination_of_one_set_is_its_mean(make):
    scores = make.scores([1, 0, 0.5, 1], [0, 0, 1, 2])
    assert combination([scores], [1.0]) == mean_of(scores.score, scores.group)
