"""Several datasets at once: rows of different datasets are never pooled, their estimates may be averaged.

The macro mean gives every dataset the same say. Cochran's Q (1954) asks whether the datasets differ by more than their
errors. Recovered gaps are summed before they are divided; a mean of ratios would be ruled by the smallest gap.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy.special import chdtrc

from arena.analysis.accuracy import Interval
from arena.analysis.distributions import t_quantile, t_tails
from arena.analysis.paired import Paired
from arena.analysis.pgr import Recovered


@dataclass(frozen=True)
class Macro:
    """The mean of the differences of K datasets, with its error, Student interval and p.

    The degrees of freedom are Satterthwaite's, from those of the datasets. `q` is Cochran's statistic of heterogeneity,
    `p_q` its p with K - 1 degrees of freedom; both are `None` for one dataset. `left_out` names datasets without a
    difference or without an error. `status` is `ok` or `no_data`.
    """

    n_datasets: int
    difference: float | None = None
    se: float | None = None
    df: float | None = None
    ci: Interval | None = None
    p: float | None = None
    q: float | None = None
    p_q: float | None = None
    left_out: tuple[str, ...] = ()
    status: str = "ok"


@dataclass(frozen=True)
class RecoveredAcross:
    """The summed gains over the summed gaps, and each dataset's own in `each`.

    `status` is `ok`, `undefined_gap_not_positive`, or `no_data`. Datasets without a gain and a gap take no part.
    """

    pgr: float | None
    each: Mapping[str, float | None]
    status: str = "ok"


def macro(comparisons: Mapping[str, Paired]) -> Macro:
    """The mean difference over datasets, given as name → `paired` of the same two arms there."""
    able = {name: found for name, found in comparisons.items() if found.difference is not None and found.se}
    out = tuple(name for name in comparisons if name not in able)
    if not able:
        return Macro(0, left_out=out, status="no_data")
    d = np.array([found.difference for found in able.values()], np.float64)
    v = np.array([found.se for found in able.values()], np.float64) ** 2
    df = float(v.sum() ** 2 / (v**2 / np.array([found.df for found in able.values()], np.float64)).sum())
    mean, se = float(d.mean()), sqrt(float(v.sum())) / len(d)
    half = t_quantile(df) * se
    q = float(((d - (d / v).sum() / (1 / v).sum()) ** 2 / v).sum()) if len(d) > 1 else None
    p_q = None if q is None else float(chdtrc(len(d) - 1, q))
    return Macro(len(d), mean, se, df, (mean - half, mean + half), t_tails(mean / se, df), q, p_q, out)


def recovered_across(found: Mapping[str, Recovered]) -> RecoveredAcross:
    """The gap recovered over datasets, given as name → `recovered` of the same three arms there."""
    each = {name: one.pgr for name, one in found.items()}
    parts = [(one.gain, one.gap) for one in found.values() if one.gain is not None and one.gap is not None]
    if not parts:
        return RecoveredAcross(None, each, "no_data")
    gain, gap = (sum(side) for side in zip(*parts, strict=True))
    if gap <= 0:
        return RecoveredAcross(None, each, "undefined_gap_not_positive")
    return RecoveredAcross(gain / gap, each)
