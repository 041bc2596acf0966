"""Terms that move the judge."""

from __future__ import annotations

from math import exp, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from arena.analysis.biases import EVEN, halves, judge_biases, length_ratio


def odds(p):
    return log(p / (1 - p))


def made(seed, n=400, **slopes):
    """Verdicts that follow the model, five to a passage."""
    generator = np.random.default_rng(seed)
    terms = {
        "place": halves(generator.random(n) < 0.5),
        "last": halves(generator.random(n) < 0.5),
        "length": generator.normal(0, 1, n),
    }
    logit = 0.8 + sum(slopes.get(name, 0) * x for name, x in terms.items())
    correct = (generator.random(n) < 1 / (1 + np.exp(-logit))).astype(float)
    return correct, np.arange(n) // 5, terms


def test_a_doubling_is_one():
    assert length_ratio(np.array([200, 100, 50, 0]), np.array([100, 100, 100, 9]))[:3].tolist() == [1, 0, -1]
    assert np.isnan(length_ratio(np.array([0, 5]), np.array([9, 0]))).all()


def test_place_alone_is_the_difference_of_log_odds_of_the_two_places():
    correct = np.array([1, 1, 1, 0, 1, 0, 0, 0], float)
    place = halves(np.array([1, 1, 1, 1, 0, 0, 0, 0], bool))
    found = judge_biases(correct, np.arange(8), {"place": place})
    assert found.terms["place"].estimate == pytest.approx(odds(0.75) - odds(0.25))
    assert found.neutral_accuracy == pytest.approx(0.5)


def test_length_neutral_accuracy_is_that_at_equal_lengths():
    """Longer by four on average and worth half a log odds each: neutral accuracy is lower than accuracy."""
    generator = np.random.default_rng(1)
    length = generator.normal(2, 1, 4000)
    correct = (generator.random(4000) < 1 / (1 + np.exp(-(0.2 + 0.5 * length)))).astype(float)
    found = judge_biases(correct, np.arange(4000), {"length": length})
    assert found.neutral_accuracy == pytest.approx(1 / (1 + exp(-0.2)), abs=0.04)
    assert correct.mean() > 0.7
    assert found.neutral_ci[0] < found.neutral_accuracy < found.neutral_ci[1]


def test_all_terms_are_found_together():
    correct, groups, terms = made(2, n=6000, place=0.6, last=-0.4, length=0.3)
    found = judge_biases(correct, groups, terms)
    for name, truth in (("place", 0.6), ("last", -0.4), ("length", 0.3)):
        term = found.terms[name]
        assert term.ci[0] < truth < term.ci[1]
        assert term.estimate == pytest.approx(truth, abs=4 * term.se)
    assert found.neutral_accuracy == pytest.approx(1 / (1 + exp(-0.8)), abs=0.03)
    assert EVEN not in found.terms


def test_errors_are_clustered_and_p_has_one_degree_of_freedom_less_than_passages():
    correct, groups, terms = made(3, n=60, place=0.5)
    term = judge_biases(correct, groups, terms).terms["place"]
    assert term.p == pytest.approx(2 * stats.t.sf(abs(term.estimate / term.se), 11))
    assert term.ci[1] - term.estimate == pytest.approx(stats.t.ppf(0.975, 11) * term.se)
    doubled = judge_biases(
        np.tile(correct, 2), np.tile(groups, 2), {name: np.tile(x, 2) for name, x in terms.items()}
    ).terms["place"]
    assert (doubled.estimate, doubled.se) == pytest.approx((term.estimate, term.se))


def test_p_values_are_adjusted_over_the_terms_and_not_the_intercept():
    found = judge_biases(*made(4, place=0.5)).terms
    ps = sorted(term.p for term in found.values())
    adjusted = sorted(term.p_holm for term in found.values())
    assert adjusted[0] == pytest.approx(min(1, 3 * ps[0]))


@given(st.integers(0, 200))
@settings(max_examples=20, deadline=None)
def test_who_is_called_first_is_a_matter_of_sign(seed):
    correct, groups, terms = made(seed, n=100)
    one = judge_biases(correct, groups, terms)
    two = judge_biases(correct, groups, terms | {"place": -terms["place"]})
    assert two.terms["place"].estimate == pytest.approx(-one.terms["place"].estimate)
    assert two.neutral_accuracy == pytest.approx(one.neutral_accuracy)


def test_a_second_speaker_who_always_has_the_last_word_is_not_identifiable():
    place = halves(np.arange(20) % 2 == 0)
    found = judge_biases((np.arange(20) % 3 > 0).astype(float), np.arange(20), {"place": place, "last": -place})
    assert (found.status, found.unidentified, found.terms) == ("not_identifiable", ("place", "last"), None)
    assert found.neutral_accuracy is None
    assert "who opens" in found.suggestion


def test_one_order_only_cannot_tell_place_from_accuracy():
    found = judge_biases(np.array([1.0, 0, 1, 0]), np.arange(4), {"place": np.full(4, 0.5)})
    assert found.unidentified == (EVEN, "place")
    assert "both orders" in found.suggestion


def test_simultaneous_turns_have_no_last_word():
    found = judge_biases(np.array([1.0, 0, 1, 0]), np.arange(4), {"last": np.zeros(4)})
    assert (found.unidentified, found.status) == (("last",), "not_identifiable")


def test_perfect_prediction_is_separated_and_firth_answers():
    place = halves(np.arange(12) % 2 == 0)
    found = judge_biases((place > 0).astype(float), np.arange(12), {"place": place})
    term = found.terms["place"]
    assert (found.status, term.se, term.p) == ("separated", None, None)
    assert term.estimate == pytest.approx(2 * log(6.5 / 0.5))
    assert 0 < term.ci[0] < term.estimate < term.ci[1] < 50
    assert found.neutral_accuracy == pytest.approx(0.5)


def test_verdicts_and_terms_that_are_missing_are_left_out():
    correct, groups, terms = made(5, n=50)
    correct[:3] = np.nan
    terms["length"][5] = np.nan
    assert judge_biases(correct, groups, terms).n == 46


def test_one_passage_has_no_errors():
    correct, _, terms = made(6, n=60)
    found = judge_biases(correct, np.zeros(60, int), terms)
    assert found.status == "single_cluster"
    assert found.terms["place"].ci is None
    assert found.neutral_ci is None
    assert found.neutral_accuracy is not None


def test_no_verdicts_have_no_biases():
    assert judge_biases(np.array([np.nan]), np.array([0]), {"place": np.array([0.5])}).status == "no_data"


def test_a_term_whose_error_is_0_has_no_interval_of_width_0():
    """Every question has the same answer in both orders: the place adds exactly nothing."""
    correct, groups = np.repeat([1.0, 1.0, 0.0, 1.0, 0.0], 2), np.repeat(np.arange(5), 2)
    place = judge_biases(correct, groups, {"place": np.tile([0.5, -0.5], 5)}).terms["place"]
    assert (place.ci, place.p) == (None, None)
    assert place.estimate == pytest.approx(0)
