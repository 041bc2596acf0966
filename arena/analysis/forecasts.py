"""The judge's beliefs as forecasts, one a verdict: how sure, and whether right."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from arena.analysis.arrays import Labels, Numbers, alike, labels, numbers
from arena.analysis.rows import UNKNOWN_SLOT, Floats, Ints, Rows

TINY = 1e-4
"""A probability is clipped to this far from 0 and 1 where a logarithm is taken of it."""

_DIGITS = 12
"""Beliefs that agree to so many digits are one: 1 - .95 and .05 differ in the last bit only."""


@dataclass(frozen=True, eq=False)
class Forecasts:
    """Beliefs about questions with two options, shape (n,) each.

    `p` is the probability given to the right option, `slot` the place where that option stood (0 = first, -1 unknown),
    `group` the passage.
    """

    p: Floats
    slot: Ints
    group: Ints

    def __len__(self) -> int:
        return len(self.p)

    @property
    def placed(self) -> bool:
        """Whether it is known of all of them where the right option stood."""
        return bool(np.isin(self.slot, (0, 1)).all())

    @cached_property
    def confidence(self) -> Floats:
        """The probability of the option that it holds more probable, from ½ to 1."""
        return np.asarray(np.round(np.maximum(self.p, 1 - self.p), _DIGITS), np.float64)

    @property
    def hit(self) -> Floats:
        """1 where that option is the right one, 0 where it is not, ½ where both are held equally probable."""
        sides = np.where(self.p > 0.5, 1.0, 0.0)  # noqa: PLR2004 - even odds
        hit: Floats = np.where(self.p == 0.5, 0.5, sides)  # noqa: PLR2004
        return hit

    @cached_property
    def first(self) -> Floats:
        """The probability of the option that stood first."""
        return np.asarray(np.round(np.where(self.slot == 0, self.p, 1 - self.p), _DIGITS), np.float64)

    @cached_property
    def first_right(self) -> Floats:
        """1 where the option that stood first is the right one."""
        return np.where(self.slot == 0, 1.0, 0.0)


def forecasts_of(p: Numbers, swap: Labels | None = None, passages: Labels | None = None) -> Forecasts:
    """Forecasts from plain arrays, shape (n,) each, for `calibrate_forecasts`.

    `p` is the probability given to the right option, `swap` the place where it was shown, 0 or 1 (without it nothing
    can be told of the forecast "the first is right"); without `passages` each forecast is a cluster of its own.
    """
    stated = numbers(p, "p", 0, 1)
    count = len(stated)
    slots = np.full(count, UNKNOWN_SLOT) if swap is None else numbers(swap, "swap", 0, 1).astype(np.int64)
    alike(count, swap=slots)
    return Forecasts(stated, slots, labels(np.arange(count) if passages is None else passages, count, "passages"))


def forecasts(rows: Rows) -> Forecasts:
    """The beliefs that `rows` state; rows without one are left out. For questions with two options.

    Raises `ValueError` where some are in words and others token probabilities: those are forecasts of two kinds.
    """
    if rows.mixed:
        raise ValueError("beliefs in words and token probabilities are different forecasts; take Rows.stated first")
    stated = rows.where(~np.isnan(rows.p_correct))
    return Forecasts(stated.p_correct, stated.slot, stated.group)
