"""The score of a question: repeats within (side, slot), then slots within the side, then sides."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arena.analysis import every_way, question_scores
from arena.analysis.collector import collect


def brute(events, fill):
    """The nested mean, written as the definition reads; `None` drops a missing verdict."""
    sides = {}
    for event in events:
        for found in event.scores:
            value = found.correct if found.correct is not None else fill
            if value is not None:
                cell = sides.setdefault(event.question, {}).setdefault(event.side, {}).setdefault(found.slot, [])
                cell.append(value)

    def mean(values):
        return sum(values) / len(values)

    return {q: mean([mean([mean(c) for c in slots.values()]) for slots in of.values()]) for q, of in sides.items()}


def test_it_weighs_both_orders_alike_whatever_their_repeats(make):
    rows = make.rows(make.episode("q", 1, 0), make.episode("q", make.score(0, 1), n=1))
    assert question_scores(rows).score.tolist() == [0.5]


def test_it_weighs_both_sides_alike_whatever_their_verdicts(make):
    rows = make.rows(make.episode("q", 1, 1, side="honest"), make.episode("q", make.score(0, 0), side="dishonest", n=1))
    assert question_scores(rows).score.tolist() == [0.5]


def test_every_question_counts_once(make):
    rows = make.rows(make.episode("q", 1, 1), make.episode("q", 1, 1, n=1), make.episode("r", 0))
    assert question_scores(rows).score.tolist() == [1, 0]


@pytest.mark.parametrize("rule,score", [("wrong", 0.5), ("chance", 0.75), ("right", 1.0), ("drop", 1.0)])
def test_a_missing_verdict_is_treated_as_told(make, rule, score):
    rows = make.rows(make.episode("q", 1, "refused"))
    assert question_scores(rows, rule).score.tolist() == [score]


def test_a_guess_among_four_options_is_right_in_a_quarter(make):
    assert question_scores(make.rows(make.episode("q", "refused")), "chance", 4).score.tolist() == [0.25]


def test_a_question_with_no_verdict_left_leaves_the_denominator(make):
    scores = question_scores(make.rows(make.episode("q", "refused", "refused"), make.episode("r", 1, 0)), "drop")
    assert scores.score.tolist() == [0.5]
    assert scores.rows == 2


def test_nothing_has_no_scores(make):
    assert len(question_scores(make.rows()).score) == 0


def test_without_missing_verdicts_all_ways_are_one(make):
    ways = every_way(make.rows(make.episode("q", 1, 0)))
    assert ways.wrong is ways.drop is ways.chance is ways.right
    assert ways.share.score.tolist() == [0]


def test_the_share_missing_is_that_of_the_question_s_verdicts(make):
    ways = every_way(make.rows(make.episode("q", 1, "timeout"), make.episode("r", 1, 1)))
    assert ways.share.score.tolist() == [0.5, 0]


VERDICTS = st.sampled_from([0.0, 0.5, 1.0, "refused"])
PLAYED = st.lists(
    st.tuples(st.sampled_from("abcd"), st.sampled_from([None, "honest", "dishonest"]), st.lists(VERDICTS, max_size=3)),
    min_size=1,
    max_size=15,
)


@given(PLAYED, st.randoms(use_true_random=False))
def test_it_is_the_nested_mean_in_whatever_order_the_rows_come(make, played, chance):
    events = [make.episode(q, *verdicts, side=side, n=n) for n, (q, side, verdicts) in enumerate(played) if verdicts]
    shuffled = chance.sample(events, len(events))
    for rule, fill in (("wrong", 0), ("chance", 0.5), ("drop", None)):
        wanted = sorted(brute(events, fill).values())
        assert np.allclose(sorted(question_scores(collect(shuffled).rows, rule).score), wanted)
