"""The table for a spreadsheet."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from arena.report import to_csv
from arena.report.sheet import FORMULA, _safe


def read(report):
    return list(csv.DictReader(io.StringIO(to_csv(report))))


def test_it_has_a_row_an_arm(runs):
    rows = read(runs.usual())
    assert [(row["arm"], float(row["accuracy"]), row["n_questions"]) for row in rows] == [
        ("debate", 0.75, "24"),
        ("naive", 0.5, "24"),
        ("expert", 1, "24"),
    ]
    assert {row["simulated"] for row in rows} == {"yes"}


def test_an_undefined_number_is_an_empty_cell(runs):
    (row,) = read(runs.report(arms=[runs.arm("debate")]))
    assert (row["accuracy"], row["ci_low"], row["usd"], row["status"]) == ("", "", "", "no_data")


@pytest.mark.parametrize("hostile", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\u202e=1"])
def test_a_text_is_never_a_formula(runs, hostile):
    (row,) = read(runs.report(runs.episode(hostile, "q", 1, dataset=hostile), run=hostile))
    for cell in (row["arm"], row["dataset"], row["run"]):
        assert not cell.lstrip().startswith(FORMULA)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text())
def test_no_text_at_all_begins_as_a_formula(text):
    assert not str(_safe(text)).lstrip().startswith(FORMULA)


def test_a_negative_number_stays_a_number(runs):
    (row,) = read(runs.report(*(runs.episode("a", f"q{n}", 0, 1) for n in range(10))))
    assert float(row["position_bias"]) == -0.5


def test_a_comma_and_a_quotation_mark_in_a_name_break_no_row(runs):
    (row,) = read(runs.report(runs.episode('debate(rounds=2,"x")', "q", 1)))
    assert row["arm"] == 'debate(rounds=2,"x")'
