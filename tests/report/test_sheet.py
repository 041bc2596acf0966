"""The table for a spreadsheet."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arena.report import load, to_csv
from arena.report.rows import COLUMNS
from arena.report.sheet import FORMULA, _safe


def read(run):
    return list(csv.DictReader(io.StringIO(to_csv(load(run)))))


def test_it_has_a_row_a_verdict(runs):
    rows = read(runs.write(runs.episode("debate", "q", 1, 0), runs.episode("naive", "q", 1, "refused")))
    assert [(row["arm"], row["swap"], row["judge_correct"], row["outcome"]) for row in rows] == [
        ("debate", "0", "1.0", "ok"),
        ("debate", "1", "0.0", "ok"),
        ("naive", "0", "1.0", "ok"),
        ("naive", "1", "", "refused"),
    ]


def test_a_run_without_verdicts_is_a_head(runs):
    assert to_csv(load(runs.write(arms=[runs.arm("debate")]))) == ",".join(COLUMNS) + "\r\n"


@pytest.mark.parametrize("hostile", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\u202e=1"])
def test_a_text_is_never_a_formula(runs, hostile):
    event = runs.episode(hostile, hostile, 1, dataset=hostile, group=hostile)
    (row,) = read(runs.write(event, run=hostile))
    for cell in row.values():
        assert not cell.lstrip().startswith(FORMULA)


@given(st.text())
def test_no_text_at_all_begins_as_a_formula(text):
    assert not _safe(text).lstrip().startswith(FORMULA)


def test_a_comma_and_a_quotation_mark_in_a_name_break_no_row(runs):
    (row,) = read(runs.write(runs.episode('debate(rounds=2,"x")', "q", 1)))
    assert row["arm"] == 'debate(rounds=2,"x")'
