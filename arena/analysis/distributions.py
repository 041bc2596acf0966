"""Quantiles and tail probabilities: the one place that calls scipy.

`scipy.special` is used and not `scipy.stats`, whose import alone takes longer than a report of a thousand episodes.
"""

from __future__ import annotations

from scipy import special

LEVEL = 0.95
"""The level of every interval."""

Z = float(special.ndtri((1 + LEVEL) / 2))
"""The two-sided normal quantile, 1.959964."""


def t_quantile(df: float) -> float:
    """The two-sided Student quantile at `LEVEL`; `df` is positive and need not be whole."""
    return float(special.stdtrit(df, (1 + LEVEL) / 2))


def t_tails(t: float, df: float) -> float:
    """The probability of a Student variable at least as far from 0 as `t`."""
    return float(2 * special.stdtr(df, -abs(t)))


def fair_tosses_at_most(heads: int, tosses: int) -> float:
    """The probability of at most `heads` heads in `tosses` tosses of a fair coin."""
    return float(special.bdtr(heads, tosses, 0.5))
