"""More that may be looked at at any time: a sequence for any clustered mean, and McNemar's test.

The asymptotic sequence needs many passages and no bound on the values (Waudby-Smith et al. 2024); where they lie in
[0, 1] and passages are few, `sequences.betting` holds exactly. McNemar's is a fair bet on a coin: with b and c
discordant questions so far it has grown to E = 2^(b+c)·B(1+b, 1+c), and it ever reaches 1/α with probability α at most.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt

import numpy as np
from scipy.special import betaln, lambertw

from arena.analysis.accuracy import Interval
from arena.analysis.arrays import Labels, Numbers, labels, numbers
from arena.analysis.cluster import ZERO, codes
from arena.analysis.sequences import ALPHA
from arena.errors import UsageError

FEWEST = 30
"""Passages below which the asymptotic sequence is not to be trusted, and not given."""

_MOST = 700.0
"""Bets that have grown beyond e^700 stand at that: what a float holds."""


@dataclass(frozen=True)
class Asymptotic:
    """A mean, question-weighted, and its interval at any time.

    `se` is the standard deviation of the passages' influence values over the root of their number.
    `status` is `ok`, `no_data`, `too_few_passages` (below `FEWEST`), or `no_variance` (no interval of width 0).
    """

    n: int
    n_groups: int
    mean: float | None
    ci: Interval | None = None
    se: float | None = None
    status: str = "ok"


@dataclass(frozen=True)
class AnytimeSigns:
    """Discordant differences so far; `e` is what the bet stands at, `e_most` the most it stood at, `p` 1 over that."""

    positive: int
    negative: int
    e: float
    e_most: float
    p: float


def asymptotic(values: Numbers, groups: Labels, *, planned: float, alpha: float = ALPHA) -> Asymptotic:
    """The mean of `values`, shape (n,), by passage, with an interval that is narrowest near `planned` passages."""
    x = numbers(values, "values")
    index, count = codes(labels(groups, len(x)))
    if not planned >= 1:
        raise UsageError(f"`planned` is {planned}; it is the number of passages that the run is to have, at least 1")
    if count < FEWEST:
        return Asymptotic(
            len(x), count, float(x.mean()) if count else None, status="too_few_passages" if count else "no_data"
        )
    mean = float(x.mean())
    influence = np.bincount(index, x - mean) * count / len(x)
    spread = float(influence.std(ddof=1))
    if spread <= ZERO:
        return Asymptotic(len(x), count, mean, se=0.0, status="no_variance")
    width = spread * boundary(count, planned, alpha)
    return Asymptotic(len(x), count, mean, (mean - width, mean + width), spread / sqrt(count))


def boundary(count: int, planned: float, alpha: float = ALPHA) -> float:
    """Half the width of the asymptotic sequence after `count` units whose standard deviation is 1."""
    rho2 = (-float(lambertw(-(alpha**2) / np.e, -1).real) - 1) / planned
    grown = count * rho2 + 1
    return sqrt(2 * grown / (count**2 * rho2) * log(sqrt(grown) / alpha))


def anytime_mcnemar(differences: Numbers) -> AnytimeSigns:
    """McNemar's test of `differences`, shape (n,), in the order in which the questions were done; ties do not count.

    It takes the questions for independent. Over independent datasets the values of `e` may be multiplied.
    """
    d = numbers(differences, "differences")
    b, c = np.cumsum(d > ZERO), np.cumsum(d < -ZERO)
    grown = np.concatenate([[0.0], (b + c) * log(2) + betaln(1.0 + b, 1.0 + c)])
    most = float(grown.max())
    positive, negative = (int(each[-1]) if len(d) else 0 for each in (b, c))
    e, e_most = (exp(min(each, _MOST)) for each in (float(grown[-1]), most))
    return AnytimeSigns(positive, negative, e, e_most, min(1.0, exp(-most)))
