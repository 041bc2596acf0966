"""The judge's beliefs as forecasts, one a verdict: how sure, and whether right."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from arena.analysis.rows import Floats, Ints, Rows

TINY = 1e-4
"""A probability is clipped to this far from 0 and 1 where a logarithm is taken of it."""

_DIGITS = 12
"""Beliefs that agree to so many digits are one: 1 - .95 and .05 differ in the last bit only."""


@dataclass(frozen=True, eq=False)
class Forecasts:
    """Beliefs about questions with two options, shape (n,) each.

    `p` is the probability given to the right option, `slot` the place where that option stood (0 = first), `group` the
    passage.
    """

    p: Floats
    slot: Ints
    group: Ints

    def __len__(self) -> int:
        return len(self.p)

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


def forecasts(rows: Rows) -> Forecasts:
    """The beliefs that `rows` state; rows without one are left out. For questions with two options.

    Raises `ValueError` where some are in words and others token probabilities: those are forecasts of two kinds.
    """
    if rows.mixed:
        raise ValueError("beliefs in words and token probabilities are different forecasts; take Rows.stated first")
    stated = rows.where(~np.isnan(rows.p_correct))
    return Forecasts(stated.p_correct, stated.slot, stated.group)
