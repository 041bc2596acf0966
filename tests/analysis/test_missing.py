"""Missing verdicts are counted by outcome and treated three ways."""

from __future__ import annotations

import pytest

from arena.analysis import every_way, missing
from arena.analysis.missing import flag


def of(rows, options=2):
    return missing(rows, every_way(rows, options))


def test_each_kind_of_failure_is_counted_under_its_own_name(make):
    found = of(make.rows(make.episode("q", "refused", "unparsed"), make.episode("r", "refused", 1)))
    assert found.by_outcome == {"refused": 2, "unparsed": 1}
    assert found.n == 3
    assert found.rate == 0.75
    assert found.by_slot == {0: 1.0, 1: 0.5}


def test_the_three_treatments_and_the_bounds(make):
    found = of(make.rows(make.episode("q", 1, "refused"), make.episode("r", 1, 0)))
    assert found.wrong.accuracy == 0.5
    assert found.drop.accuracy == 0.75
    assert found.chance.accuracy == 0.625
    assert found.bounds == (0.5, 0.75)


def test_dropping_leaves_fewer_verdicts_and_questions(make):
    found = of(make.rows(make.episode("q", "error", "error"), make.episode("r", 1, 0)))
    assert (found.drop.n, found.drop.n_rows) == (1, 2)
    assert (found.wrong.n, found.wrong.n_rows) == (2, 4)


def test_with_every_verdict_missing_dropping_leaves_nothing(make):
    found = of(make.rows(make.episode("q", "refused", "refused")))
    assert found.drop.status == "no_data"
    assert found.bounds == (0, 1)


def test_without_verdicts_there_is_no_rate(make):
    found = of(make.rows())
    assert (found.rate, found.bounds, found.flag) == (None, None, None)


@pytest.mark.parametrize(
    "rate,wanted",
    [
        (None, None),
        (0, None),
        (0.05, None),
        (0.051, "amber"),
        (0.2, "amber"),
        (0.201, "no_headline"),
        (1, "no_headline"),
    ],
)
def test_over_five_percent_is_amber_and_over_twenty_has_no_headline(rate, wanted):
    assert flag(rate) == wanted
