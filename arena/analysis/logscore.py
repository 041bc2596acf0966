"""Logarithmic scores of the probability given to the right option, and what rounds of debate add to them.

Reporting probability 0 for the right option costs an infinity. Then the mean has no value; how often it happened is
reported, and the mean with probabilities clipped at `TINY` beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np

from arena.analysis.accuracy import Interval
from arena.analysis.arrays import Labels, Numbers, alike, labels, numbers
from arena.analysis.cluster import mean_of
from arena.analysis.forecasts import TINY

ROUND_PRICE = 0.05
"""Bits that a judge pays for each further round in the score of Michael et al. (2023)."""


@dataclass(frozen=True)
class LogScore:
    """The mean of -ln p in nats (lower is better), and in bits; CR2 error and t interval in nats.

    `n_zero` counts probabilities of 0: with any, `nats`, `bits`, `se` and `ci` are `None`. `clipped_nats` is the mean
    with probabilities raised to `TINY` at least, `n_clipped` how many were. `status` is `ok`, `infinite`,
    `single_cluster` or `no_data`.
    """

    n: int
    nats: float | None = None
    bits: float | None = None
    se: float | None = None
    ci: Interval | None = None
    n_zero: int = 0
    clipped_nats: float | None = None
    n_clipped: int = 0
    status: str = "ok"


@dataclass(frozen=True)
class Gain:
    """A mean in bits, with its CR2 error and t interval; `clipped` is the mean with probabilities clipped at `TINY`.

    `n_left_out` counts entries that cannot take part. `status` is as in `LogScore`.
    """

    n: int
    bits: float | None = None
    se: float | None = None
    ci: Interval | None = None
    clipped: float | None = None
    n_left_out: int = 0
    status: str = "ok"


def log_score(p: Numbers, groups: Labels) -> LogScore:
    """The log score of probabilities given to the right option, shape (n,), clustered by `groups`."""
    p = numbers(p, "p", 0, 1)
    groups = labels(groups, len(p))
    zero, low = int((p <= 0).sum()), int((p < TINY).sum())
    clipped = mean_of(-np.log(np.maximum(p, TINY)), groups)
    if zero:
        return LogScore(len(p), n_zero=zero, clipped_nats=clipped.mean, n_clipped=low, status="infinite")
    mean = mean_of(-np.log(p), groups)
    bits = None if mean.mean is None else mean.mean / log(2)
    return LogScore(len(p), mean.mean, bits, mean.se, mean.ci_t, 0, clipped.mean, low, mean.status)


def judge_score(p: Numbers, continued: Numbers, groups: Labels) -> Gain:
    """The mean of log₂ p - 0.05·t, t the number of times that the judge chose to go on, shape (n,) each.

    A coin toss at once scores -1; more is better (Michael et al. 2023).
    """
    p, price = numbers(p, "p", 0, 1), ROUND_PRICE * numbers(continued, "continued", 0)
    groups = labels(groups, len(p))
    alike(len(p), continued=price)
    clipped = mean_of(np.log2(np.maximum(p, TINY)) - price, groups)
    if (p <= 0).any():
        return Gain(len(p), clipped=clipped.mean, status="infinite")
    mean = mean_of(np.log2(p) - price, groups)
    return Gain(len(p), mean.mean, mean.se, mean.ci_t, clipped.mean, 0, mean.status)


def bits_per_round(first: Numbers, last: Numbers, rounds: Numbers, groups: Labels) -> Gain:
    """The mean of (log₂ p_T - log₂ p_0)/T: what each of T rounds told the judge, shape (n,) each.

    Verdicts with no round, or with a belief missing (NaN), are left out and counted.
    """
    first, last = numbers(first, "first", 0, 1, gaps=True), numbers(last, "last", 0, 1, gaps=True)
    rounds = numbers(rounds, "rounds", 0)
    alike(len(first), last=last, rounds=rounds)
    able = (rounds > 0) & ~np.isnan(first) & ~np.isnan(last)
    both, turns, group = np.stack([last, first])[:, able], rounds[able], labels(groups, len(first))[able]
    out = int((~able).sum())
    clipped = mean_of(np.diff(np.log2(np.maximum(both[::-1], TINY)), axis=0)[0] / turns, group)
    if (both <= 0).any():
        return Gain(clipped.n, clipped=clipped.mean, n_left_out=out, status="infinite")
    mean = mean_of(np.log2(both[0] / both[1]) / turns, group)
    return Gain(mean.n, mean.mean, mean.se, mean.ci_t, clipped.mean, out, mean.status)
