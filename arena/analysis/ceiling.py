"""The exact ceiling: the accuracy of a perfect reader of the passages, where the data set knows it.

A reader that computes the posterior and picks its largest entry is right with just that probability, so the mean over
questions of the largest posterior is its expected accuracy: an exact number, without an interval.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from arena.analysis.grouping import distinct, first_of
from arena.analysis.rows import Episodes


@dataclass(frozen=True)
class Ceiling:
    """`status` is `ok`, `no_data`, or `no_posterior` where a question has none, and then there is no value."""

    n_questions: int
    value: float | None
    status: str = "ok"


def ceiling(episodes: Episodes) -> Ceiling:
    """The expected accuracy of a perfect reader on the test questions that every arm among `episodes` was scored on.

    Where the arms share no question, on all of them.
    """
    test = episodes.where(episodes.test)
    if not len(test):
        return Ceiling(0, None, "no_data")
    _, first = first_of(test.question)
    reader = test.reader[first]
    arms = int(test.arm.max()) + 1
    played = distinct(test.question * arms + test.arm).codes // arms
    counts = distinct(played).sizes
    shared = counts == len(distinct(test.arm).codes)
    reader = reader[shared] if shared.any() else reader
    if np.isnan(reader).any():
        return Ceiling(len(reader), None, "no_posterior")
    return Ceiling(len(reader), float(reader.mean()))
