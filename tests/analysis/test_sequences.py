"""Confidence sequences: what they give for known data, and that looking at every step does not break them."""

import random
from itertools import permutations
from math import exp

import numpy as np
import pytest

from arena.analysis import sequences as seq


def rounded(interval, digits=2):
    return tuple(round(end, digits) for end in interval)


def test_the_beta_binomial_sequence_of_thirty_right_of_forty():
    assert rounded(seq.beta_binomial(30, 40), 3) == (0.512, 0.914)


def test_nothing_seen_excludes_nothing():
    assert seq.beta_binomial(0, 0) == (0.0, 1.0)
    assert seq.betting([], []) == (0.0, 1.0)
    assert seq.final_units([], [], 5, 10) == (0.0, 1.0)


@pytest.mark.parametrize("right, end", [(0, 0), (12, 1)], ids=["all wrong", "all right"])
def test_an_end_that_was_always_hit_stays_in(right, end):
    assert seq.beta_binomial(right, 12)[end] == end
    assert seq.betting([right / 12] * 12, [1] * 12)[end] == end


DISCORDANT = [1.0] * 50 + [0.0] * 20 + [0.5] * 130
"""Differences of 200 questions as (d + 1) / 2: 25 % for one arm, 10 % for the other, the rest ties."""


def test_betting_on_differences_adapts_to_ties_where_the_beta_binomial_does_not():
    assert rounded(seq.differences(seq.betting(DISCORDANT, [1] * 200))) == (0.02, 0.28)
    assert rounded(seq.differences(seq.beta_binomial(sum(DISCORDANT), 200))) == (-0.08, 0.37)


def test_betting_does_not_depend_on_the_order_of_units_of_one_size():
    assert seq.betting(DISCORDANT, [1] * 200) == pytest.approx(seq.betting(DISCORDANT[::-1], [1] * 200))


def test_a_declared_largest_passage_widens_the_interval():
    low, high = seq.betting([3.0] * 20, [4] * 20)
    wide_low, wide_high = seq.betting([3.0] * 20, [4] * 20, largest=16)
    assert wide_low < low < 0.75 < high < wide_high


def test_passages_whose_questions_agree_say_less_than_their_questions_would():
    together = seq.betting([4.0, 0.0] * 10, [4] * 20)
    apart = seq.betting([1.0, 0.0] * 40, [1] * 80)
    assert together[0] < apart[0]
    assert together[1] > apart[1]


def test_a_list_that_is_done_ends_at_its_score():
    assert seq.final_questions(30, 40, 40) == (0.75, 0.75)
    assert seq.final_units([1, 0, 1, 1] * 10, [1] * 40, 40, 40) == (0.75, 0.75)


def test_what_is_left_of_a_list_bounds_where_it_can_end():
    low, high = seq.final_units([1.0] * 9, [1] * 9, 10, 10)
    assert low >= 0.9
    assert high == 1.0


def test_where_a_list_ends_is_known_better_than_the_population():
    low, high = seq.final_questions(30, 40, 50)
    wide = seq.beta_binomial(30, 40)
    assert wide[0] < low < 0.75 < high < wide[1]


def test_whole_passages_are_bet_on_more_carefully_than_single_questions():
    passages = seq.final_units([4.0, 2.0] * 10, [4] * 20, 50, 200)
    questions = seq.final_questions(60, 80, 200)
    assert passages[0] < questions[0]
    assert passages[1] > questions[1]


@pytest.mark.parametrize("seen", [1, 2, 3])
@pytest.mark.parametrize("largest", [None, 4])
def test_a_bet_against_the_score_of_a_list_is_fair_over_all_orders_of_its_passages(seen, largest):
    units = [(3.0, 4), (0.0, 1), (1.5, 2), (1.0, 1)]
    n, truth = 8, 5.5 / 8
    wealth = []
    for order in permutations(units):
        totals, sizes = np.array(order[:seen]).T
        wealth.append(exp(seq.drawn(totals, sizes, len(units), n, truth, largest)))
    assert sum(wealth) / len(wealth) == pytest.approx(1.0)


def test_a_smaller_alpha_gives_a_wider_interval():
    assert seq.beta_binomial(30, 40, 0.01)[0] < seq.beta_binomial(30, 40, 0.05)[0]


def misses(truth, intervals):
    """Whether any of the intervals of one run excludes the truth."""
    return any(not low <= truth <= high for low, high in intervals)


def test_a_list_looked_at_after_every_question_is_rarely_missed():
    """A fixed interval that is looked at as often would miss in a third of such runs."""
    chance, missed = random.Random(1), 0
    for _ in range(100):
        scores = [float(chance.random() < 0.7) for _ in range(60)]
        truth = sum(scores) / 60
        missed += misses(truth, (seq.final_questions(round(sum(scores[:n])), n, 60) for n in range(1, 61)))
    assert missed <= 10


def test_a_population_looked_at_after_every_passage_is_rarely_missed():
    chance, missed = random.Random(2), 0
    for _ in range(40):
        totals = [4.0 * (chance.random() < 0.6) for _ in range(40)]
        missed += misses(0.6, (seq.betting(totals[:n], [4] * n) for n in range(5, 41, 5)))
    assert missed <= 5


def test_the_end_of_a_list_of_passages_is_rarely_missed():
    chance, missed = random.Random(3), 0
    for _ in range(40):
        units = [(size * (chance.random() < 0.6), size) for size in chance.choices((1, 2, 4), k=30)]
        totals, sizes = [float(total) for total, _ in units], [size for _, size in units]
        n = sum(sizes)
        looks = (seq.final_units(totals[:k], sizes[:k], 30, n) for k in range(1, 31, 3))
        missed += misses(sum(totals) / n, looks)
    assert missed <= 4


def test_passages_whose_size_tells_of_their_scores_are_rarely_missed_where_the_largest_is_declared():
    """Short passages all right, long ones all wrong: the question-weighted mean is .1."""
    chance, missed = random.Random(4), 0
    for _ in range(40):
        sizes = [chance.choice((1, 9)) for _ in range(40)]
        totals = [float(size == 1) for size in sizes]
        missed += misses(0.1, (seq.betting(totals[:n], sizes[:n], 9) for n in range(1, 41, 3)))
    assert missed <= 4
