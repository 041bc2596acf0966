"""Results that no run made: records and plain arrays."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import arena
from arena.analysis import accuracy, from_records, orders, paired, question_scores, read, scores_of
from arena.errors import UsageError

SAMPLES = sorted(path.parent for path in Path("transcripts/samples").glob("*/run.json"))


def verdict(question="q", swap=0, correct=1.0, **more):
    return {"question_id": question, "swap": swap, "judge_correct": correct, **more}


@pytest.mark.parametrize("run", SAMPLES, ids=lambda run: run.name)
def test_what_load_gave_comes_back_in_with_nothing_lost(run):
    here, there = read(run).table, from_records(arena.load(run))
    assert (there.arms, there.datasets) == (here.arms, here.datasets)
    for arm in here.arms:
        one, two = here.rows_of(arm), there.rows_of(arm)
        for field in fields(one):
            if field.name not in ("question", "group", "episode", "outside"):
                np.testing.assert_array_equal(getattr(one, field.name), getattr(two, field.name), field.name)
        assert accuracy(question_scores(two)) == accuracy(question_scores(one))
        assert orders(two).consistency == orders(one).consistency


def test_a_record_needs_a_question_and_nothing_else():
    table = from_records([{"question_id": 7}, {"question_id": 8, "verdict": "A", "swap": 0}])
    assert table.rows.missing.tolist() == [True, False]
    assert accuracy(question_scores(table.rows_of("all"))).n_groups == 2


@pytest.mark.parametrize(
    "record, correct",
    [
        ({"verdict": "A", "swap": 0}, 1),
        ({"verdict": "A", "swap": 1}, 0),
        ({"verdict": "B", "swap": 1}, 1),
        ({"verdict": "tie"}, 0.5),
        ({"p_correct": 0.5}, 0.5),
        ({"p_correct": 0.9}, None),
        ({"judge_correct": float("nan"), "swap": 0}, None),
        ({"verdict": "A", "swap": 0, "outcome": "refused"}, None),
        ({"judge_correct": "1"}, 1),
    ],
)
def test_being_right_is_read_off_the_verdict_where_it_is_not_said(record, correct):
    [found] = from_records([{"question_id": "q", **record}]).rows.correct
    assert np.isnan(found) if correct is None else found == correct


def test_rows_without_an_order_tell_nothing_of_orders():
    rows = from_records([verdict("q", None), verdict("r", None, 0.0)]).rows
    assert accuracy(question_scores(rows)).accuracy == 0.5
    assert orders(rows).standardised.status == "no_data"


def test_two_orders_of_a_question_are_one_transcript_unless_told_otherwise():
    same = from_records([verdict(swap=0), verdict(swap=1)])
    told = from_records([verdict(swap=0, transcript_id="x"), verdict(swap=1, transcript_id="y")])
    assert orders(same.rows).consistency.n_pairs == 1
    assert orders(told.rows).consistency.n_pairs == 0


def test_questions_of_two_datasets_are_never_one_and_one_has_to_be_chosen():
    table = from_records([verdict(dataset="a"), verdict(dataset="b", correct=0.0)])
    assert accuracy(question_scores(table.rows_of("all", "b"))).accuracy == 0
    with pytest.raises(UsageError, match="a, b"):
        table.rows_of("all")


@pytest.mark.parametrize(
    "record, told",
    [
        ({"swap": 0}, "record 2: it has no `question_id`; its columns are swap"),
        ({"question_id": "q", "judge_correct": 2}, "record 2: `judge_correct` is 2; it has to be from 0 to 1"),
        ({"question_id": "q", "p_correct": "x"}, "`p_correct` is 'x'"),
        ({"question_id": "q", "swap": 0.5}, "`swap` is 0.5; it has to be a whole number"),
        ({"question_id": "q", "side": "left"}, "`side` is 'left'; it has to be honest or dishonest"),
        ({"question_id": "q", "outcome": "lost"}, "`outcome` is 'lost'"),
        ({"question_id": "q", "verdict": "yes", "swap": 0}, "`verdict` is 'yes'"),
        ({"question_id": "q", "verdict": "A"}, "it takes `swap` or `judge_correct`"),
        ({"question_id": "q", "cost_usd": -1}, "record 2: `cost_usd` is -1; it has to be from 0"),
    ],
)
def test_what_no_verdict_can_be_is_named_with_its_record_and_column(record, told):
    with pytest.raises(UsageError) as caught:
        from_records([verdict(), record])
    assert told in str(caught.value)


def test_plain_arrays_make_scores_that_are_matched_by_label():
    a = scores_of([1, 0, 0.5], ["p", "p", "r"], ["x", "y", "z"])
    b = scores_of([0.5, 1], ["r", "p"], ["z", "x"])
    found = paired(a, b)
    assert (found.n_pairs, found.n_only_a, found.difference, found.n_groups) == (2, 1, 0.0, 2)


def test_without_labels_the_place_in_the_array_is_the_question_and_its_passage():
    found = paired(scores_of([1, 1, 0]), scores_of([0, 1, 0]))
    assert (found.n_pairs, found.n_groups, found.difference) == (3, 3, pytest.approx(1 / 3))


@pytest.mark.parametrize(
    "arguments, told",
    [
        (([1, 0], ["p"]), "2 scores have 2 questions and 1 passages"),
        (([1, float("nan")],), "not known"),
        (([1, 0], None, ["x", "x"]), "comes twice"),
    ],
)
def test_arrays_that_are_no_scores_are_refused(arguments, told):
    with pytest.raises(UsageError, match=told):
        scores_of(*arguments)


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 1), st.sampled_from([0, 0.5, 1, None])), max_size=20),
    st.randoms(),
)
def test_the_order_of_records_and_the_names_of_things_change_no_accuracy(made, chance):
    records = [verdict(f"q{q}", swap, y, passage_id=f"p{q % 3}") for q, swap, y in made]
    other = [r | {"question_id": f"other {r['question_id']}", "passage_id": r["passage_id"][::-1]} for r in records]
    chance.shuffle(other)
    one, two = (accuracy(question_scores(from_records(each).rows)) for each in (records, other))
    assert (one.n, one.n_groups, one.n_rows, one.status) == (two.n, two.n_groups, two.n_rows, two.status)
    assert one.accuracy == (None if two.accuracy is None else pytest.approx(two.accuracy))
    assert one.ci == (None if two.ci is None else pytest.approx(two.ci))
