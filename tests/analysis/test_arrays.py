"""What a caller hands over as plain sequences."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from arena.analysis import (
    Judged,
    Match,
    Plan,
    Spread,
    accuracy,
    benjamini_hochberg,
    beta_binomial,
    betting,
    betting_difference,
    bits_per_round,
    bonett_price,
    bootstrap_mean,
    calibrate_forecasts,
    classified,
    components,
    design_effect,
    detectable,
    final_questions,
    final_units,
    forecasts_of,
    from_records,
    frontier,
    holm,
    judge_biases,
    judge_score,
    log_score,
    matches,
    matching,
    needed,
    needed_discordant,
    open_roles,
    preset,
    question_scores,
    question_slope,
    read,
    score_difference,
    scores_of,
    shift,
    skill_slope,
    trend,
    votes,
    wilson,
)
from arena.analysis.arrays import alike, labels, numbers
from arena.errors import DataError, UsageError

NAN, INF = float("nan"), float("inf")

REFUSED = {
    "text": (lambda: log_score(["high"], [0]), "`p` has to be a sequence of numbers"),
    "a probability above one": (lambda: log_score([1.2], [0]), "`p` has the value 1.2"),
    "a probability that is not known": (lambda: judge_score([NAN], [0], [0]), "not known"),
    "a table": (lambda: bootstrap_mean([[1.0, 2.0]], [0]), "one dimension"),
    "too few groups": (lambda: bootstrap_mean([1.0, 2.0], [0]), "one label for each of 2 values"),
    "lengths that differ": (lambda: skill_slope([1.0, 2.0], [0.5]), "`accuracy` has 1 values where 2 are needed"),
    "errors of other points": (lambda: skill_slope([1.0, 2.0], [0.5, 0.6], [0.1]), "`skill_se` has 1 values"),
    "an infinite skill": (lambda: question_slope([INF, 0.0], [1.0, 0.0], [0, 1]), "has to be finite"),
    "rounds below none": (lambda: bits_per_round([0.5], [0.5], [-1], [0]), "`rounds` has the value -1"),
    "a mass below none": (lambda: matching([Judged(-0.1, [0.5])]), "0 or more"),
    "nothing beside the matching option": (lambda: matching([Judged(0.5, [])]), "nothing beside it"),
    "shifts of different items": (lambda: shift([0.5], [0.5, 0.6]), "`against` has 2 values"),
    "a match against oneself": (lambda: matches([Match("a", "a", 1.0)]), "against itself"),
    "an outcome above one": (lambda: matches([Match("a", "b", 2.0)]), "`outcome` has the value 2"),
    "a weight below none": (lambda: matches([Match("a", "b", 1.0, 0, -1.0)]), "`weight`"),
    "honesty of five": (lambda: matches([Match("a", "b", 1.0, 5)]), "1, 0 or -1"),
    "a p above one": (lambda: holm([2.0, 0.1]), "`ps` has the value 2"),
    "a p below none": (lambda: benjamini_hochberg([-1.0]), "`ps` has the value -1"),
    "an effect that is not known": (lambda: needed(NAN, Spread(0.1)), "`effect`"),
    "a power of one": (lambda: needed(0.1, Spread(0.1), power=1), "0 < alpha < power < 1"),
    "a power below the level": (lambda: detectable(10, Spread(0.1), power=0.01), "0 < alpha < power < 1"),
    "a variance below none": (lambda: Spread(-0.1), "0 or more"),
    "repeats of none": (lambda: Spread(0.1, repeats=(0, 1)), "1 or more"),
    "more pairs than all": (lambda: needed_discordant(0.9, 0.5), "more than all"),
    "arms of different questions": (lambda: components([[1, 0]], [[1], [0]]), "`b` has 2 values"),
    "a question without an answer": (lambda: components([[], [1]], [[1], [1]]), "question 1 has no answer"),
    "a design effect of no passage": (lambda: design_effect([], 0.1), "there are none"),
    "a cost that is not known": (lambda: frontier({"a": (NAN, 0.5)}), "`a` has a value that is not known"),
    "a temperature below none": (lambda: score_difference(from_records([]).rows, beta=-1), "`beta` is -1"),
    "a rule that is none": (lambda: score_difference(from_records([]).rows, "points"), "Known: brier"),
    "a treatment that is none": (lambda: question_scores(from_records([]).rows, "ignore"), "'ignore'"),
    "a share of no units": (lambda: wilson(0.5, 0), "more than none"),
    "an accuracy of costs": (lambda: accuracy(scores_of([2.0, 3.0])), "from 0 to 1"),
    "an interval of nothing": (lambda: bonett_price([]), "there is none"),
    "draws of none": (lambda: bootstrap_mean([1.0, 0.0], [0, 1], draws=0), "0 draws"),
    "a majority of two": (lambda: votes(preset("khan_llm"), "debate", 2), "odd"),
    "passages below none": (lambda: Plan(-1), "cannot be drawn"),
    "a run that is not there": (lambda: read(Path("no such run")), "no such folder"),
    "a record that is none": (lambda: from_records(["verdict"]), "record 1 is 'verdict'"),
    "one class": (lambda: classified([[-0.1]], [0]), "nothing to choose"),
    "a score above one": (lambda: judge_biases([2.0], [0], {"length": [1.0]}), "`correct` has the value 2"),
    "a term of another length": (lambda: judge_biases([1.0], [0], {"length": [1.0, 2.0]}), "`length` has 2 values"),
    "an order that is none": (lambda: forecasts_of([0.5], [3]), "`swap` has the value 3"),
    "a log probability above none": (lambda: classified([[0.1, -1.0]], [0]), "at most 0"),
    "an answer that is no class": (lambda: classified([[-0.1, -1.0]], [2]), "from 0 to 1"),
    "a model of no size": (lambda: trend([0, 1], [0.5, 0.6]), "above 0"),
    "a sum above the number": (lambda: beta_binomial(3, 2), "cannot have the sum 3"),
    "a total above its size": (lambda: betting([3], [2]), "above its size"),
    "a unit larger than the largest": (lambda: betting([3], [4], 3), "no more than 3"),
    "an alpha of none": (lambda: betting_difference([1], [2], alpha=0), "`alpha` is 0"),
    "more right than done": (lambda: final_questions(3, 2, 5), "3 right of 2 done"),
    "more passages than there are": (lambda: final_units([1, 1], [1, 1], 1, 5), "cannot be part of 1"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_is_refused_in_words(case):
    call, told = REFUSED[case]
    with pytest.raises((UsageError, DataError)) as caught:
        call()
    assert told in str(caught.value)


def test_lists_and_names_do_as_well_as_arrays_and_numbers():
    lists = judge_biases([1, 0, 1, 1, 0, None], list("aabbcc"), {"length": [1, 2, 0, -1, 0.5, 1]})
    arrays = judge_biases(
        np.array([1.0, 0, 1, 1, 0, NAN]), np.array([0, 0, 1, 1, 2, 2]), {"length": np.array([1, 2, 0, -1, 0.5, 1])}
    )
    assert lists == arrays
    assert open_roles([True, False], [1, 0], ["q", "r"], ["p", "p"]).after_wrong.accuracy == 0


def test_forecasts_without_an_order_are_calibrated_but_for_what_needs_it():
    found = calibrate_forecasts(forecasts_of([0.9, 0.6, 0.3]))
    assert found.brier.one_answer == pytest.approx((0.01 + 0.16 + 0.49) / 3)
    assert (found.corp.status, found.recalibration.status) == ("unknown_order", "unknown_order")


def test_a_gap_is_kept_where_one_may_be():
    assert np.isnan(numbers([1, None], "x", gaps=True)).tolist() == [False, True]


def test_integers_stay_as_they_are_and_other_labels_are_numbered():
    assert labels([7, 7, 3], 3).tolist() == [7, 7, 3]
    assert labels(["b", "a", "b"], 3).tolist() == [1, 0, 1]
    assert labels([None, "a"], 2).tolist() == [0, 1]


def test_sequences_of_one_length_pass():
    assert alike(2, x=np.zeros(2)) is None
