"""Lines taken in by the many give the very table that they give one by one; what is odd is left alone."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arena.analysis.collector import Collector
from arena.analysis.rows import Columns
from arena.events import Score, Scored, Spend, Usage, dump

NAMES = st.sampled_from(["a", "b", "c", "ü"])
COUNTS = st.integers(0, 900)
SHARES = st.sampled_from([None, 0.0, 0.25, 0.5, 1, 1.0])
OUTCOMES = st.sampled_from(["ok", "ok", "refused", "timeout"])
USAGES = st.builds(Usage, input=COUNTS, output=COUNTS, cache_read=COUNTS)
COSTS = st.sampled_from([None, 0.0, 0.125, 3.5])
MODELS = st.lists(st.sampled_from(["m1", "m2"]), max_size=2, unique=True).map(tuple)
SCORES = st.builds(
    Score,
    slot=st.integers(0, 3),
    outcome=OUTCOMES,
    correct=SHARES,
    p_correct=SHARES,
    chosen=st.sampled_from([None, 0, 1]),
    stated=st.sampled_from(["verbalised", "tokens"]),
    outside=SHARES,
)
EVENTS = st.builds(
    Scored,
    episode=st.sampled_from(["e1", "e2", "e3", "e4"]),
    t=st.floats(0, 2e9),
    arm=NAMES,
    question=NAMES,
    group=NAMES,
    dataset=st.sampled_from(["d1", "d2"]),
    dealing=st.integers(-2, 2),
    repeat=st.integers(0, 2),
    split=st.sampled_from(["test", "test", "train"]),
    outcome=OUTCOMES,
    key=st.integers(0, 2),
    side=st.sampled_from([None, "honest", "dishonest"]),
    scores=st.lists(SCORES, max_size=3).map(tuple),
    posterior=st.sampled_from([None, (), (0.25, 0.75)]),
    calls=COUNTS,
    usage=USAGES,
    cost=COSTS,
    spend=st.dictionaries(
        NAMES,
        st.builds(Spend, calls=COUNTS, reused=COUNTS, usage=USAGES, cost=COSTS, blind=COUNTS, models=MODELS),
        max_size=2,
    ),
    quotes=st.dictionaries(NAMES, COUNTS, max_size=1),
    argued=st.dictionaries(NAMES, st.integers(0, 2), max_size=3),
    words=st.lists(COUNTS, max_size=3).map(tuple),
    last=st.sampled_from([None, 0, 1]),
    rounds=COUNTS,
    transcript=st.sampled_from(["", "00ff00ff00ff00ff", "ff" * 8, "7f" * 8, "80" * 8, "0a" * 16]),
)


def same(one, other):
    """Whether two tables hold the same, not-a-numbers included."""
    for field in fields(one):
        a, b = getattr(one, field.name), getattr(other, field.name)
        if isinstance(a, Columns):
            for column in fields(a):
                np.testing.assert_array_equal(getattr(a, column.name), getattr(b, column.name), err_msg=column.name)
                assert getattr(a, column.name).dtype == getattr(b, column.name).dtype, column.name
        elif field.name == "names":
            assert (*a.questions, *a.groups, *a.episodes) == (*b.questions, *b.groups, *b.episodes)
        else:
            assert a == b, field.name
    return True


@given(st.lists(st.lists(EVENTS, min_size=1, max_size=5), max_size=3), st.booleans())
def test_many_lines_give_the_table_that_one_event_after_the_other_gives(batches, joined):
    by_line, by_event = Collector(), Collector()
    for collector in (by_line, by_event) if joined else ():
        collector.begin({"a": "a · r2"}, "r2/")
    for batch in batches:
        assert by_line.add_lines([dump(event).encode() for event in batch])
        for event in batch:
            by_event.add(event)
    assert same(by_line.table(), by_event.table())


@given(st.lists(st.lists(EVENTS, max_size=5), min_size=1, max_size=4))
def test_collectors_that_are_joined_give_the_table_of_one_that_took_in_all(parts):
    whole, joined = Collector(), Collector()
    for part in parts:
        other = Collector()
        for event in part:
            whole.add(event)
            other.add(event)
        joined.join(deepcopy(other))
    assert same(joined.table(), whole.table())


PLAIN = {"type": "Scored", "episode": "e", "arm": "a", "question": "q", "group": "g", "dataset": "d", "key": 0}
PLAIN |= {"scores": [{"slot": 0, "correct": 1.0, "p_correct": 0.5}], "calls": 2, "usage": {"input": 3}, "cost": 0.5}

ODD = [
    {"unheard_of": 1},
    {"type": "Ended"},
    {"at": "3"},
    {"t": "1"},
    {"episode": 7},
    {"group": None},
    {"key": -1},
    {"key": 1.0},
    {"key": True},
    {"split": "dev"},
    {"side": "left"},
    {"side": ["honest"]},
    {"outcome": "lost"},
    {"calls": -1},
    {"calls": "2"},
    {"calls": 1 << 50},
    {"calls": 1 << 80},
    {"cost": -0.5},
    {"cost": float("inf")},
    {"cost": float("nan")},
    {"usage": {"input": -3}},
    {"usage": {"tokens": 3}},
    {"usage": [3]},
    {"dealing": 1 << 50},
    {"repeat": "0"},
    {"posterior": [2.0]},
    {"posterior": [None]},
    {"posterior": "none"},
    {"words": [-1]},
    {"words": "ab"},
    {"last": "0"},
    {"rounds": 0.5},
    {"transcript": "no hash"},
    {"transcript": "00 0000 0000 000"},
    {"transcript": 5},
    {"argued": {"alice": "0"}},
    {"argued": ["alice"]},
    {"quotes": {"exact": "1"}},
    {"spend": {"judge": {"calls": -1}}},
    {"spend": {"judge": {"cost": -1.0}}},
    {"spend": {"judge": {"price": 1.0}}},
    {"spend": {"judge": 1.0}},
    {"scores": {}},
    {"scores": [[]]},
    {"scores": [{"correct": 1.0}]},
    {"scores": [{"slot": -1}]},
    {"scores": [{"slot": 1 << 12}]},
    {"scores": [{"slot": 0, "correct": 7}]},
    {"scores": [{"slot": 0, "p_correct": "1"}]},
    {"scores": [{"slot": 0, "chosen": -1}]},
    {"scores": [{"slot": 0, "outcome": "lost"}]},
    {"scores": [{"slot": 0, "stated": "aloud"}]},
    {"scores": [{"slot": 0, "outside": 1.5}]},
    {"scores": [{"slot": 0, "mood": "good"}]},
]


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_a_line_that_is_out_of_the_ordinary_is_left_to_be_read_as_an_event(odd):
    collector = Collector()
    lines = [json.dumps(PLAIN).encode(), json.dumps(PLAIN | odd).encode()]
    assert not collector.add_lines(lines)
    assert same(collector.table(), Collector().table())


def test_a_plain_line_is_not_out_of_the_ordinary():
    assert Collector().add_lines([json.dumps(PLAIN).encode()])


@pytest.mark.parametrize("damage", [b"", b"{", b'{"type":"Scored"}', b"\xff\xfe", b"[]", b"null"])
def test_damage_is_left_to_be_named(damage):
    assert not Collector().add_lines([json.dumps(PLAIN).encode(), damage])
