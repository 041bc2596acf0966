"""Codes put together: which there are, where, and which of them two columns share.

Codes count up from 0, so that a table with a place for each does what sorting would do, in a fraction of the time; of
numbers that lie far apart the result is the same, by sorting.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import NamedTuple

import numpy as np

from arena.analysis.rows import Floats, Ints

_SPARSE = 16
"""Where the largest code is this many times the number of entries, sorting takes less room."""


class Distinct(NamedTuple):
    """The distinct codes in order, the place of each entry among them, and how many entries each of them has."""

    codes: Ints
    places: Ints
    sizes: Ints

    def means(self, values: Floats) -> Floats:
        """The mean of the values, shape (n,), of the entries with each code."""
        found: Floats = np.bincount(self.places, values, len(self.codes)) / self.sizes
        return found


def distinct(codes: Ints) -> Distinct:
    """Number the codes, shape (n,), anew."""
    if not _dense(codes):
        return Distinct(*np.unique(codes, return_inverse=True, return_counts=True))
    counts = np.bincount(codes)
    there = np.flatnonzero(counts)
    places = np.zeros(len(counts), np.int64)
    places[there] = np.arange(len(there))
    return Distinct(there, places[codes], counts[there])


def first_of(codes: Ints) -> tuple[Ints, Ints]:
    """The distinct codes in order, and the first entry of each."""
    if not _dense(codes):
        found, first = np.unique(codes, return_index=True)
        return found, first
    first = np.full(int(codes.max()) + 1, -1)
    first[codes[::-1]] = np.arange(len(codes))[::-1]
    found = np.flatnonzero(first >= 0)
    return found, first[found]


def shared(a: Ints, b: Ints) -> tuple[Ints, Ints, Ints]:
    """The codes that two columns share, each in order and without repeats, and their places in both."""
    if not len(b):
        none = np.zeros(0, np.int64)
        return none, none, none
    if np.array_equal(a, b):
        every = np.arange(len(a))
        return a, every, every
    at = np.minimum(np.searchsorted(b, a), len(b) - 1)
    both = np.flatnonzero(b[at] == a)
    return a[both], both, at[both]


def in_all(columns: Sequence[Ints]) -> Ints:
    """The codes that all columns have, each in order and without repeats."""
    if not columns:
        return np.zeros(0, np.int64)
    return reduce(lambda a, b: shared(a, b)[0], columns)


def _dense(codes: Ints) -> bool:
    return len(codes) > 0 and int(codes.min()) >= 0 and int(codes.max()) < _SPARSE * len(codes) + 64
