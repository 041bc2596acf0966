"""The accuracy of one arm, with the cluster-adjusted Wilson interval.

Wilson (1927) with the effective number of questions, in the manner of Korn and Graubard (1998). It reduces to the
ordinary Wilson interval for one binary verdict a question and no clustering.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np

from arena.analysis.cluster import ZERO, Mean, icc, mean_of
from arena.analysis.distributions import Z, t_quantile
from arena.analysis.rows import Floats
from arena.analysis.scores import Scores
from arena.errors import UsageError

FEW_PASSAGES = 10
"""Below this number of passages an interval is printed with a warning."""

TOO_FEW_PASSAGES = 5
"""Below this number of passages only estimates are printed."""

Interval = tuple[float, float]


@dataclass(frozen=True)
class Accuracy:
    """A mean of question scores: `ci` is cluster-adjusted Wilson, `se` and `df` are CR2 and Bell-McCaffrey.

    `status` is `ok`, `no_data`, `unknown_values` (a score is NaN) or `single_cluster`; with the last,
    `ci_if_independent` is the interval that would hold if the questions of the one passage had nothing in common, and
    is to be shown only with those words.
    """

    n: int
    n_groups: int
    n_rows: int
    accuracy: float | None
    ci: Interval | None = None
    se: float | None = None
    df: float | None = None
    ci_t: Interval | None = None
    deff: float | None = None
    icc: float | None = None
    n_eff: float | None = None
    ci_if_independent: Interval | None = None
    status: str = "ok"


def accuracy(scores: Scores) -> Accuracy:
    """The accuracy over all questions of `scores`, clustered by their group.

    Raises `UsageError` for scores outside 0 to 1: of costs and net benefits `mean_of` gives the mean.
    """
    if (
        len(scores.score)
        and not -ZERO
        <= float(np.nan_to_num(scores.score).min())
        <= float(np.nan_to_num(scores.score).max())
        <= 1 + ZERO
    ):
        raise UsageError("an accuracy is of scores from 0 to 1; of anything else take `mean_of`")
    mean = mean_of(scores.score, scores.group)
    if mean.mean is None:
        return Accuracy(mean.n, mean.n_groups, scores.rows, None, status=mean.status)
    if mean.se is None:
        return _one_passage(scores, mean.mean)
    deff = _design_effect(scores.score, mean)
    n_eff = _effective(scores, mean, deff)
    return Accuracy(
        mean.n,
        mean.n_groups,
        scores.rows,
        mean.mean,
        wilson(mean.mean, n_eff),
        mean.se,
        mean.df,
        mean.ci_t,
        deff,
        icc(scores.score, scores.group),
        n_eff,
    )


def wilson(p: float, n: float) -> Interval:
    """Wilson's interval for a share `p` of `n` units; `n` is positive and need not be whole."""
    if not (n > 0 and -ZERO <= p <= 1 + ZERO):
        raise UsageError(
            f"a share of {p:g} of {n:g} units has no interval; it has to be from 0 to 1, of more than none"
        )
    centre = (p + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z * sqrt(max(0.0, p * (1 - p)) / n + Z**2 / (4 * n**2)) / (1 + Z**2 / n)
    return 0.0 if p <= 0 else centre - half, 1.0 if p >= 1 else centre + half


def _one_passage(scores: Scores, value: float) -> Accuracy:
    alone = Scores(scores.question, np.arange(len(scores.question)), scores.score, scores.rows)
    ci = accuracy(alone).ci if len(scores.question) > 1 else None
    n = len(scores.question)
    return Accuracy(n, 1, scores.rows, value, ci_if_independent=ci, status="single_cluster")


def _design_effect(values: Floats, mean: Mean) -> float | None:
    """How many times the variance exceeds that of independent questions, at least 1; `None` without any spread."""
    spread = float(values.var())
    if mean.se is None or mean.se == 0 or spread <= ZERO:
        return None
    return max(1.0, mean.se**2 * (mean.n - 1) / spread)


def _effective(scores: Scores, mean: Mean, deff: float | None) -> float:
    p, rows = mean.mean or 0.0, float(scores.rows)
    if p * (1 - p) <= ZERO:
        return float(mean.n_groups)
    if deff is None or mean.df is None:
        return rows
    binary = mean.n * p * (1 - p) / float(scores.score.var())
    return min(rows, binary / deff * (t_quantile(mean.n - 1) / t_quantile(mean.df)) ** 2)
