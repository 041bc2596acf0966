"""Intervals that hold for all of several differences at once: the max-t cluster bootstrap (Romano and Wolf 2005).

Passages are drawn again; in each draw every difference is compared with its estimate in units of its own error in that
draw, and the largest of these is kept. Its 95 % point takes the place of the Student quantile for all differences.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from arena.analysis.accuracy import Interval
from arena.analysis.bootstrap import DRAWS, condensed, resampled
from arena.analysis.cluster import ZERO, mean_of
from arena.analysis.distributions import LEVEL
from arena.analysis.grouping import distinct
from arena.analysis.paired import Pairs
from arena.analysis.rows import Floats

_WHY = ("no_variance", "single_cluster", "unknown_values")


@dataclass(frozen=True)
class Simultaneous:
    """One interval a difference, in their order; `None` for those without an error, which take no part.

    `critical` is the point of the largest t. Where none has one, `status` says why: `no_variance`,
    `single_cluster`, `unknown_values` or `no_data`; else it is `ok`.
    """

    intervals: tuple[Interval | None, ...]
    critical: float | None = None
    draws: int = 0
    seed: int = 0
    status: str = "ok"


def simultaneous(differences: Sequence[Pairs], *, draws: int = DRAWS, seed: int = 0) -> Simultaneous:
    """Intervals for all `differences` at once, from `draws` resamples of their passages."""
    means = [mean_of(each.d, each.group) for each in differences]
    able = [at for at, mean in enumerate(means) if mean.se]
    none: list[Interval | None] = [None] * len(differences)
    if not able:
        said = {mean.status for mean in means}
        return Simultaneous(tuple(none), seed=seed, status=next((why for why in _WHY if why in said), "no_data"))
    top = _largest([differences[at] for at in able], draws, seed)
    critical = float(np.quantile(top, LEVEL))
    for at in able:
        value, se = means[at].mean, means[at].se
        if value is not None and se is not None:
            none[at] = (value - critical * se, value + critical * se)
    return Simultaneous(tuple(none), critical, draws, seed)


def _largest(differences: Sequence[Pairs], draws: int, seed: int) -> Floats:
    """The largest |t| of each draw, shape (draws,)."""
    groups = distinct(np.concatenate([each.group for each in differences])).codes
    columns = []
    for each in differences:
        index = np.searchsorted(groups, each.group)
        n = np.bincount(index, minlength=len(groups)).astype(np.float64)
        columns.append(np.stack([n, np.bincount(index, each.d, len(groups))], axis=1))
    sums = condensed(np.concatenate(columns, axis=1), seed=seed)
    n, d = sums[:, ::2], sums[:, 1::2]
    parts = np.concatenate([n, d, d * d, n * d, n * n], axis=1)
    centre = d.sum(axis=0) / n.sum(axis=0)
    return _t(resampled(parts, draws, seed), centre)


def _t(totals: Floats, centre: Floats) -> Floats:
    n, d, dd, nd, nn = np.split(totals, 5, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = d / n
        error = np.sqrt(np.maximum(dd - 2 * mean * nd + mean**2 * nn, 0)) / n
        t = np.abs(mean - centre) / error
    t[~(error > ZERO)] = 0.0
    top: Floats = t.max(axis=1)
    return top
