"""How the judge's log odds would have to be bent to be calibrated: logit P(A is right) = a + b·logit p_A.

b below 1 is over-confidence, a away from 0 a preference for a place.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from arena.analysis.accuracy import Interval
from arena.analysis.cluster import codes, rooted
from arena.analysis.distributions import t_quantile
from arena.analysis.forecasts import TINY, Forecasts
from arena.analysis.identify import separated
from arena.analysis.logistic import Design, maximum_likelihood, sandwich


@dataclass(frozen=True)
class Recalibration:
    """Intercept a and slope b, with passage-clustered errors and t intervals of G - 1 degrees of freedom.

    Beliefs within `TINY` of 0 and 1 are clipped to it, and `n_clipped` counts them. `status` is `ok`, or why something
    is `None`: `no_data`, `unknown_order` (see `corp`), `no_variation` (all forecasts equal), `separated`, or, with
    values, `single_cluster`. An error of 0 has no interval.
    """

    n: int
    intercept: float | None = None
    slope: float | None = None
    se: tuple[float, float] | None = None
    ci_intercept: Interval | None = None
    ci_slope: Interval | None = None
    n_clipped: int = 0
    status: str = "ok"


def recalibrate(data: Forecasts) -> Recalibration:
    """Fit the logistic recalibration of `data`."""
    if not len(data):
        return Recalibration(0, status="no_data")
    if not data.placed:
        return Recalibration(len(data), status="unknown_order")
    p = np.clip(data.first, TINY, 1 - TINY)
    clipped = int((p != data.first).sum())
    logit = np.log(p / (1 - p))
    x = np.stack([np.ones(len(p)), logit], axis=1)
    if np.ptp(logit) == 0:
        return Recalibration(len(data), n_clipped=clipped, status="no_variation")
    if separated(x, data.first_right):
        return Recalibration(len(data), n_clipped=clipped, status="separated")
    design = Design(x, data.first_right, np.ones(len(p)))
    beta = maximum_likelihood(design)
    a, b = float(beta[0]), float(beta[1])
    cov = sandwich(design, beta, data.group)
    if cov is None:
        return Recalibration(len(data), a, b, n_clipped=clipped, status="single_cluster")
    t = t_quantile(codes(data.group)[1] - 1)
    se = rooted(cov[0, 0]), rooted(cov[1, 1])
    ends = [(v - t * error, v + t * error) if error else None for v, error in zip((a, b), se, strict=True)]
    return Recalibration(len(data), a, b, se, ends[0], ends[1], clipped)
