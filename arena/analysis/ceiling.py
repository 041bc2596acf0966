"""The exact ceiling: the accuracy of a perfect reader of the passages, where the data set knows it.

A reader that computes the posterior and picks its largest entry is right with just that probability, so the mean over
questions of the largest posterior is its expected accuracy: an exact number, without an interval.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

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
    questions, first = np.unique(test.question, return_index=True)
    reader = test.reader[first]
    played = np.unique(np.stack([test.question, test.arm]), axis=1)[0]
    counts = np.bincount(np.searchsorted(questions, played))
    shared = counts == len(np.unique(test.arm))
    reader = reader[shared] if shared.any() else reader
    if np.isnan(reader).any():
        return Ceiling(len(reader), None, "no_posterior")
    return Ceiling(len(reader), float(reader.mean()))
