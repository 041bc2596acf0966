"""Performance gap recovered: (protocol - floor)/(ceiling - floor), with Fieller's interval.

The floor is the same judge without help, the ceiling the same judge with the passage (Burns et al. 2023). All three on
the questions that all three have. Values below 0 or above 1 are information and are not clipped. Fieller 1954.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np

from arena.analysis.accuracy import Interval
from arena.analysis.cluster import ZERO, codes, cr2, degrees
from arena.analysis.distributions import t_quantile
from arena.analysis.grouping import in_all
from arena.analysis.rows import Floats, Ints
from arena.analysis.scores import Scores


@dataclass(frozen=True)
class Recovered:
    """A gain over the floor as a share of the gap between floor and ceiling.

    `g` is Fieller's measure of how uncertain the gap is. `status` is `ok`, or why something is `None`:
    `no_data`, `unknown_values`, `undefined_gap_not_positive` (no value), and with a value but no interval
    `single_cluster`, `unbounded` (the gap cannot be told from 0) or `no_variance` (nothing varies around this very
    ratio).
    """

    n_questions: int
    n_groups: int
    gain: float | None = None
    gap: float | None = None
    pgr: float | None = None
    ci: Interval | None = None
    g: float | None = None
    status: str = "ok"


def recovered(protocol: Scores, floor: Scores, ceiling: Scores) -> Recovered:
    """The performance gap that `protocol` recovers, on the questions that all three share."""
    shared = in_all([protocol.question, floor.question, ceiling.question])
    if not len(shared):
        return Recovered(0, 0, status="no_data")
    gain = protocol.at(shared) - floor.at(shared)
    gap = ceiling.at(shared) - floor.at(shared)
    index, count = codes(protocol.group[np.searchsorted(protocol.question, shared)])
    n, d = float(gain.mean()), float(gap.mean())
    if np.isnan(n) or np.isnan(d):
        return Recovered(len(shared), count, status="unknown_values")
    if d <= ZERO:
        return Recovered(len(shared), count, n, d, status="undefined_gap_not_positive")
    if count == 1:
        return Recovered(len(shared), count, n, d, n / d, status="single_cluster")
    g, ci, status = _fieller(gain, gap, index)
    return Recovered(len(shared), count, n, d, n / d, ci, g, status)


def _fieller(gain: Floats, gap: Floats, index: Ints) -> tuple[float, Interval | None, str]:
    """Fieller's g, and the ratios ρ for which gain - ρ gap is within its t interval of 0."""
    n, d = float(gain.mean()), float(gap.mean())
    t2 = t_quantile(degrees(index)) ** 2
    x, y = gain - n, gap - d
    v_nn, v_nd, v_dd = cr2(x, x, index), cr2(x, y, index), cr2(y, y, index)
    g = t2 * v_dd / d**2
    if g >= 1:
        return g, None, "unbounded"
    a, b, c = d**2 - t2 * v_dd, n * d - t2 * v_nd, n**2 - t2 * v_nn
    root = sqrt(max(0.0, b**2 - a * c))
    if cr2(x - n / d * y, x - n / d * y, index) <= ZERO**2:
        return g, None, "no_variance"
    return g, ((b - root) / a, (b + root) / a), "ok"
