"""Beliefs: the choice that goes with them, ties declared, and their mean."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arena.beliefs import Belief

weights = st.lists(st.floats(0.01, 1), min_size=2, max_size=5)


def scaled(numbers):
    return [number / math.fsum(numbers) for number in numbers]


def test_the_choice_is_the_most_probable_option():
    assert Belief.of([0.2, 0.7, 0.1]) == Belief((0.2, 0.7, 0.1), 1)


@pytest.mark.parametrize("tied", [(0.5, 0.5), (0.4, 0.2, 0.4), (0.1 + 0.2, 0.3, 0.4 - 0.3 + 0.3 - 0.1)])
def test_a_shared_maximum_is_a_declared_tie_and_no_choice(tied):
    """The second maximum may differ in its last bit."""
    assert Belief.of(tied).choice is None


def test_a_tie_below_the_maximum_is_no_tie():
    assert Belief.of([0.25, 0.5, 0.25]).choice == 1


def test_the_mean_of_opposite_beliefs_is_a_tie_whatever_each_chose():
    assert Belief.mean([Belief((0.9, 0.1), 0), Belief((0.1, 0.9), 1)]) == Belief((0.5, 0.5), None)


def test_the_mean_of_one_belief_has_its_probabilities():
    assert Belief.mean([Belief((0.3, 0.7), 1)]) == Belief((0.3, 0.7), 1)


def test_beliefs_over_different_options_have_no_mean():
    with pytest.raises(ValueError):
        Belief.mean([Belief((0.5, 0.5), None), Belief((0.2, 0.3, 0.5), 2)])


@given(st.lists(weights.filter(lambda numbers: len(numbers) == 2).map(scaled), min_size=1, max_size=6))
def test_a_mean_sums_to_one_and_does_not_depend_on_the_order(probabilities):
    beliefs = [Belief.of(numbers) for numbers in probabilities]
    mean = Belief.mean(beliefs)
    assert math.isclose(math.fsum(mean.probabilities), 1)
    assert mean == Belief.mean(beliefs[::-1])


@given(weights.map(scaled))
def test_the_choice_is_never_less_probable_than_another_option(probabilities):
    belief = Belief.of(probabilities)
    assert belief.choice is None or belief.probabilities[belief.choice] == max(probabilities)
