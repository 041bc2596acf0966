"""The episodes behind a number of a report."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from arena.analysis.rows import Flags, Floats, Ints, Rows
from arena.analysis.scores import question_scores
from arena.errors import unknown
from arena.report.model import Comparison, Report


def _first_and_second(rows: Rows) -> Flags:
    """Rows of episodes that were judged right in one order and not in the other."""
    judged = ~rows.missing
    count = int(rows.episode.max(initial=-1)) + 1
    low, high = np.full(count, np.inf), np.full(count, -np.inf)
    np.minimum.at(low, rows.episode[judged], rows.correct[judged])
    np.maximum.at(high, rows.episode[judged], rows.correct[judged])
    found: Flags = (low < high)[rows.episode]
    return found


KINDS: dict[str, Callable[[Rows], Flags]] = {
    "all": lambda rows: np.ones(len(rows), bool),
    "right": lambda rows: rows.correct == 1,
    "wrong": lambda rows: rows.correct < 1,
    "missing": lambda rows: rows.missing,
    "flipped": _first_and_second,
    "honest": lambda rows: rows.side == 0,
    "dishonest": lambda rows: rows.side == 1,
}
"""Which verdicts of an arm: an episode with one of them is behind the number."""


def behind(report: Report, arm: str, dataset: str | None = None, only: str = "all") -> tuple[str, ...]:
    """The names of the test episodes behind a number of an arm, in the order of the log.

    `dataset` may be left out where there is one. Raises `UsageError` for an unknown kind, see `KINDS`.
    """
    if only not in KINDS:
        raise unknown("kind of episode", only, KINDS)
    table = report.table
    rows = _rows(report, arm, dataset)
    chosen = np.unique(rows.episode[KINDS[only](rows)])
    return tuple(table.names.episodes[code] for code in chosen.tolist())


def behind_difference(report: Report, comparison: Comparison, only: str = "all") -> tuple[str, ...]:
    """The episodes of both arms on the questions that they share.

    `only` may be `apart` (questions whose scores differ), `a` or `b` (those where A, or B, did better). Raises
    `UsageError` for another word.
    """
    tests: dict[str, Callable[[Floats], Flags]] = {
        "all": lambda d: np.ones(len(d), bool),
        "apart": lambda d: d != 0,
        "a": lambda d: d > 0,
        "b": lambda d: d < 0,
    }
    if only not in tests:
        raise unknown("kind of question", only, tests)
    parts = [_rows(report, arm, comparison.dataset) for arm in (comparison.a, comparison.b)]
    (questions, a), (other, b) = (_means(rows) for rows in parts)
    shared, at, there = np.intersect1d(questions, other, assume_unique=True, return_indices=True)
    wanted = shared[tests[only](a[at] - b[there])]
    codes = np.concatenate([rows.episode[np.isin(rows.question, wanted)] for rows in parts])
    return tuple(report.table.names.episodes[code] for code in np.unique(codes).tolist())


def _rows(report: Report, arm: str, dataset: str | None) -> Rows:
    only = report.datasets[0] if report.datasets else ""
    return report.table.rows_of(arm, only if dataset is None else dataset)


def _means(rows: Rows) -> tuple[Ints, Floats]:
    """The score of each question, missing verdicts as wrong."""
    found = question_scores(rows)
    return found.question, np.round(found.score, 9)
