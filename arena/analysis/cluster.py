"""Means of questions that come in passages: the CR2 error and its degrees of freedom.

For a plain mean both have a closed form. With f the share of questions in a cluster and E the sum of its residuals,
SE² = (1/n²) Σ E²/(1 - f), and df = 1/(Σ f² + Σ over pairs c ≠ d of g_c g_d), g = f²/(1 - f) (Bell and McCaffrey 2002;
Pustejovsky and Tipton 2018).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from arena.analysis.arrays import Labels, Numbers, labels, numbers
from arena.analysis.distributions import t_quantile
from arena.analysis.grouping import distinct
from arena.analysis.rows import Floats, Ints

ZERO = 1e-12
"""Errors up to this are rounding of an exact zero: question scores are simple fractions."""


@dataclass(frozen=True)
class Mean:
    """A clustered mean. `se`, `df` and `ci_t` are `None` where fewer than two clusters say nothing about spread."""

    n: int
    n_groups: int
    mean: float | None
    se: float | None = None
    df: float | None = None
    ci_t: tuple[float, float] | None = None
    status: str = "ok"


def mean_of(values: Numbers, groups: Labels) -> Mean:
    """The mean of `values`, shape (n,), clustered by `groups`, shape (n,).

    Status `no_data` without values, `unknown_values` where one is NaN, `single_cluster` with one group, and
    `no_variance` where the error is 0 up to rounding: it is exactly 0 then, and there is no interval of width 0.
    """
    values, groups = _taken(values, groups)
    n = len(values)
    if n == 0:
        return Mean(0, 0, None, status="no_data")
    index, count = codes(groups)
    if np.isnan(values).any():
        return Mean(n, count, None, status="unknown_values")
    mean = float(values.mean())
    if count == 1:
        return Mean(n, 1, mean, status="single_cluster")
    se = rooted(cr2(values - mean, values - mean, index))
    df = degrees(index)
    if se == 0:
        return Mean(n, count, mean, se, df, None, "no_variance")
    half = t_quantile(df) * se
    return Mean(n, count, mean, se, df, (mean - half, mean + half))


def _taken(values: Numbers, groups: Labels) -> tuple[Floats, Ints]:
    """Both as arrays; what comes from within, which is most of it, is not looked at again."""
    if isinstance(values, np.ndarray) and isinstance(groups, np.ndarray) and groups.dtype == np.int64:
        return values, groups
    given = numbers(values, "values", gaps=True)
    return given, labels(groups, len(given))


def codes(groups: Ints) -> tuple[Ints, int]:
    """The groups renumbered from 0, and how many there are."""
    found = distinct(groups)
    return found.places.astype(np.int64), len(found.codes)


def cr2(x: Floats, y: Floats, index: Ints) -> float:
    """The CR2 covariance of two means from their residuals, shape (n,); needs two clusters, numbered from 0."""
    n = len(index)
    share = np.bincount(index) / n
    return float((np.bincount(index, x) * np.bincount(index, y) / (1 - share)).sum()) / n**2


def degrees(index: Ints) -> float:
    """Bell-McCaffrey degrees of freedom of a mean; G - 1 for G clusters of one size. Needs two clusters."""
    f = np.bincount(index) / len(index)
    g = f**2 / (1 - f)
    return float(1 / ((f**2).sum() + g.sum() ** 2 - (g**2).sum()))


def rooted(variance: float) -> float:
    """The error that belongs to a variance, with rounding noise taken for the zero that it is."""
    se = float(np.sqrt(max(0.0, variance)))
    return 0.0 if se <= ZERO else se


def icc(values: Numbers, groups: Labels) -> float | None:
    """The intraclass correlation by analysis of variance; `None` where every group is a single one, or all is equal."""
    values, groups = _taken(values, groups)
    index, count = codes(groups)
    n, sizes = len(values), np.bincount(index)
    if count < 2 or count == n:  # noqa: PLR2004 - two groups
        return None
    means = np.bincount(index, values) / sizes
    between = float((sizes * (means - values.mean()) ** 2).sum()) / (count - 1)
    within = float(((values - means[index]) ** 2).sum()) / (n - count)
    size = (n - float((sizes**2).sum()) / n) / (count - 1)
    total = between + (size - 1) * within
    return (between - within) / total if total > ZERO else None
