"""The Elo scale: 400 points are odds of ten to one."""

from __future__ import annotations

from math import exp, log

POINTS = 400 / log(10)
"""Elo points in one unit of log odds, 173.7178."""

MIDDLE = 1500.0
"""The mean rating."""


def elo(logit: float) -> float:
    """A difference of log odds in Elo points."""
    return POINTS * logit


def expected(difference: float) -> float:
    """The chance of winning that an advantage in Elo points gives: 1/(1 + 10^(-d/400)).

    With an honest role worth this much, it is the accuracy of a judge of equals.
    """
    return 1 / (1 + exp(-difference / POINTS))


def rescaled(difference: float, base: float) -> float:
    """A difference on a scale where `base` points are odds of ten to one, in Elo points (Kenton et al. use 500)."""
    return difference * 400 / base
