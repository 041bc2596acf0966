"""The Brier score taken apart without bins: miscalibration, discrimination, uncertainty.

Forecasts that the first option is right are recalibrated by the best rising step function (isotonic regression by
pooling adjacent violators, equal forecasts pooled first). Then Brier = MCB - DSC + UNC: what recalibration gains, what
the recalibrated forecast is better than the base rate, and the base rate's own score (Dimitriadis, Gneiting and Jordan
2021). A preference for a place counts as miscalibration.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np

from arena.analysis.forecasts import Forecasts
from arena.analysis.rows import Floats, Ints


@dataclass(frozen=True)
class Corp:
    """Miscalibration, discrimination, uncertainty, each at least 0.

    `status` is `ok`, `no_data`, or `unknown_order`: it is not known of every forecast where the right option stood.

    `steps` are the pooled levels of the reliability curve: the lowest and the highest forecast, the share in which the
    first option was right, and the number of rows.
    """

    n: int
    mcb: float | None = None
    dsc: float | None = None
    unc: float | None = None
    steps: tuple[tuple[float, float, float, int], ...] = ()
    status: str = "ok"


def corp(data: Forecasts) -> Corp:
    """Take the Brier score of `data` apart."""
    if not len(data):
        return Corp(0, status="no_data")
    if not data.placed:
        return Corp(len(data), status="unknown_order")
    p, y = data.first, data.first_right
    levels, inverse, counts = np.unique(p, return_inverse=True, return_counts=True)
    fitted = isotonic(np.bincount(inverse, y) / counts, counts.astype(np.float64))
    score, best = float(((p - y) ** 2).mean()), float(((fitted[inverse] - y) ** 2).mean())
    base = float(y.mean() * (1 - y.mean()))
    return Corp(len(data), max(0.0, score - best), max(0.0, base - best), base, _steps(levels, fitted, counts))


def isotonic(values: Floats, weights: Floats) -> Floats:
    """The rising sequence nearest to `values`, shape (n,), in weighted least squares, by pooling adjacent violators.

    What does not rise from one to the next is pooled whatever else is, so such stretches are at once.
    """
    firsts = np.flatnonzero(np.diff(values, prepend=-inf) > 0)
    heavy = np.add.reduceat(weights, firsts)
    level = np.add.reduceat(values * weights, firsts) / heavy
    means: list[float] = [-inf]
    masses: list[float] = [0.0]
    starts: list[int] = []
    for first, value, weight in zip(firsts.tolist(), level.tolist(), heavy.tolist(), strict=True):
        mean, mass, start = value, weight, first
        while means[-1] >= mean:
            before, heft, start = means.pop(), masses.pop(), starts.pop()
            mean, mass = (before * heft + mean * mass) / (heft + mass), heft + mass
        means.append(mean)
        masses.append(mass)
        starts.append(start)
    return np.repeat(means[1:], np.diff([*starts, len(values)]))


def _steps(levels: Floats, fitted: Floats, counts: Ints) -> tuple[tuple[float, float, float, int], ...]:
    heights, start, sizes = np.unique(fitted, return_index=True, return_counts=True)
    return tuple(
        (float(levels[at]), float(levels[at + size - 1]), float(height), int(counts[at : at + size].sum()))
        for height, at, size in zip(heights, start, sizes, strict=True)
    )
