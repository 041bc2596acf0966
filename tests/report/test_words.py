"""Numbers and statuses as a reader sees them."""

from __future__ import annotations

import pytest

from arena.report import words


def test_an_estimate_stands_with_its_interval():
    assert words.estimate(0.842, (0.79, 0.8901)) == "0.842 [0.790, 0.890]"
    assert words.estimate(0.12, (-0.02, 0.26), sign=True) == "+0.120 [-0.020, +0.260]"


def test_an_undefined_number_is_a_dash_and_not_zero():
    assert words.number(None) == words.p_value(None) == words.percent(None) == "–"
    assert words.estimate(None, None) == "–"
    assert words.estimate(0.5, None) == "0.500"


def test_there_is_no_minus_zero():
    assert words.number(-0.0001) == "0.000"


@pytest.mark.parametrize("p,shown", [(0.0004, "<0.001"), (0.0005, "0.001"), (0.032, "0.032"), (1, "1.000")])
def test_a_small_p_is_not_zero(p, shown):
    assert words.p_value(p) == shown


def test_an_unknown_price_is_not_free():
    assert words.dollars(None, 0) == "unknown"
    assert words.dollars(None, 1.5) == "≥ 1.50"
    assert words.dollars(0.0, 0.0) == "0.00"


def test_notes_say_the_status_and_the_flags_once():
    assert words.notes("ok", ()) == ""
    assert words.notes("single_cluster", ("too_few_passages",)) == (
        "one passage: no inference beyond it; too few passages for inference"
    )
    assert words.notes("too_many_missing", ("no_headline",)) == words.STATUS["too_many_missing"]
