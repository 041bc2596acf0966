"""Intervals that may be looked at after every question: confidence sequences, each valid at all times at once.

An interval for a fixed number of questions that is looked at while a run goes on misses the truth far more often than
it says. The sequences here do not, whenever somebody looks and whenever they stop. Each is the set of means that a bet
against them has not yet ruined: a bet is a fair game where the mean is true, so it multiplies its stake by 1/alpha at
any time with probability alpha at most (Ville's inequality).

Scores lie in [0, 1]. Units are what is independent, or comes in random order: passages, or questions without passages.

Beta-binomial: Robbins 1970; Howard et al. 2021. Betting: Waudby-Smith & Ramdas 2024, and 2020 without replacement.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf, isfinite, log

import numpy as np
import numpy.typing as npt
from scipy.special import betaln, gammaln, logsumexp, xlog1py, xlogy

from arena.analysis.accuracy import Interval
from arena.analysis.arrays import Numbers, alike, numbers
from arena.errors import UsageError

ALPHA = 0.05
BETS = 20
"""How many sizes of a bet are mixed."""

_STEPS = 24
_TINY = 1e-9

Floats = npt.NDArray[np.float64]


def beta_binomial(total: float, n: int, alpha: float = ALPHA) -> Interval:
    """The mean of the population that `n` independent scores with this sum are drawn from; [0, 1] for none."""
    _alpha(alpha)
    if not 0 <= total <= n:
        raise UsageError(f"{n} scores from 0 to 1 cannot have the sum {total:g}")
    if n == 0:
        return 0.0, 1.0

    def grown(mean: float) -> float:
        lost = float(xlogy(total, mean) + xlog1py(n - total, -mean))
        return float(betaln(1 + total, 1 + n - total)) - lost

    return _around(total / n, grown, -log(alpha))


def betting(totals: Numbers, sizes: Numbers, largest: float | None = None, alpha: float = ALPHA) -> Interval:
    """The question-weighted mean of a population of units, of which these were seen; independence between units only.

    `totals` and `sizes`, shape (units,), are the sum of the scores and the number of questions of each unit in the
    order in which they were done. `largest` is the largest size that a unit may have, declared before any is seen.
    Where it is not, each bet takes the largest one seen so far, its own unit included, and the interval holds only
    where the size of a unit tells nothing of its scores.
    """
    _alpha(alpha)
    found, counts = _units(totals, sizes, largest)
    if len(found) == 0:
        return 0.0, 1.0
    bound = np.maximum.accumulate(counts) if largest is None else np.full(len(counts), float(largest))
    pairs, times = np.unique(np.stack([found / bound, counts / bound]), axis=1, return_counts=True)
    stakes = np.arange(1, BETS + 1)[:, None] / (BETS + 1)

    def grown(mean: float) -> float:
        excess = pairs[0] - mean * pairs[1]
        up, down = np.log1p(stakes * excess / mean), np.log1p(-stakes * excess / (1 - mean))
        return _mixed(up @ times, down @ times)

    return _around(float(found.sum() / counts.sum()), grown, -log(alpha))


def betting_difference(sums: Numbers, sizes: Numbers, largest: float | None = None, alpha: float = ALPHA) -> Interval:
    """The question-weighted mean of differences of scores; `sums`, shape (units,), holds their sum in each unit.

    As `betting`, of which it is (d + 1)/2.
    """
    d, counts = numbers(sums, "sums"), numbers(sizes, "sizes", 1)
    alike(len(d), sizes=counts)
    return differences(betting((d + counts) / 2, counts, largest, alpha))


def final_questions(right: int, done: int, n: int, alpha: float = ALPHA) -> Interval:
    """The share that will be right of a list of `n` questions of which `done` are, in a uniformly random order."""
    _alpha(alpha)
    if not 0 <= right <= done <= n or n < 1:
        raise UsageError(f"{right} right of {done} done of a list of {n} cannot be: each is at most the next")
    ends = np.arange(right, n - done + right + 1)
    ways = _choose(ends, right) + _choose(n - ends, done - right)
    kept = ends[ways - logsumexp(ways) + log(n + 1) > log(alpha)]
    return float(kept[0] / n), float(kept[-1] / n)


def final_units(
    totals: Numbers, sizes: Numbers, units: int, n: int, largest: float | None = None, alpha: float = ALPHA
) -> Interval:
    """The score that a list of `n` questions will have, in `units` whole passages that come in a random order.

    `totals` and `sizes` are those of the passages that are done. `largest` is the largest size that a passage may have;
    where it is not declared, what is left bounds the size of the next one. The end of a list that is done is its score.
    """
    _alpha(alpha)
    found, counts = _units(totals, sizes, largest)
    total, done = float(found.sum()), float(counts.sum())
    if len(found) > units or done > n or n < units:
        raise UsageError(f"{len(found)} passages with {done:g} questions cannot be part of {units} with {n}")
    low, high = total / n, (total + n - done) / n
    if len(found) == 0 or len(found) >= units:
        return low, high
    ends = _around(total / done, lambda mean: drawn(found, counts, units, n, mean, largest), -log(alpha))
    return max(low, ends[0]), min(high, ends[1])


def drawn(found: Floats, counts: Floats, units: int, n: int, mean: float, largest: float | None = None) -> float:
    """The logarithm of what bets against `mean` as the score of a whole list have grown to; see `final_units`.

    Where it is the score, the mean of what they have grown to is 1 over all orders of the passages.
    """
    left = units - np.arange(len(found))
    unseen = n - (np.cumsum(counts) - counts) - left + 1
    bound = unseen if largest is None else np.full(len(found), float(largest))
    stakes = np.arange(1, BETS + 1)[:, None] / (BETS + 1)
    gains = found - mean * counts
    drift = (np.cumsum(gains) - gains) / left
    below, above = mean * bound - drift, (1 - mean) * bound + drift
    if min(below.min(), above.min()) < 0:
        return inf
    won = gains + drift
    up = np.log1p(np.maximum(stakes * won / np.maximum(below, _TINY), _TINY - 1)).sum(axis=1)
    down = np.log1p(np.maximum(-stakes * won / np.maximum(above, _TINY), _TINY - 1)).sum(axis=1)
    return _mixed(up, down)


def differences(interval: Interval) -> Interval:
    """An interval of (d + 1) / 2 as one of d."""
    return 2 * interval[0] - 1, 2 * interval[1] - 1


def _units(totals: Numbers, sizes: Numbers, largest: float | None) -> tuple[Floats, Floats]:
    """Sums and sizes of units; raises `UsageError` where these cannot be sums of scores from 0 to 1."""
    found, counts = numbers(totals, "totals", 0), numbers(sizes, "sizes", 1)
    alike(len(found), sizes=counts)
    if (found > counts + _TINY).any():
        raise UsageError("a unit's total is above its size; scores lie between 0 and 1")
    if largest is not None and len(counts) and counts.max() > largest:
        raise UsageError(f"a unit has {counts.max():g} questions, and `largest` allows no more than {largest:g}")
    return found, counts


def _alpha(alpha: float) -> None:
    if not 0 < alpha < 1:
        raise UsageError(f"`alpha` is {alpha:g}; it has to be between 0 and 1")


def _choose(n: npt.NDArray[np.int64], k: int) -> Floats:
    """The logarithm of the number of ways to choose k of n."""
    ways: Floats = gammaln(n + 1.0) - gammaln(k + 1.0) - gammaln(n - k + 1.0)
    return ways


def _mixed(up: Floats, down: Floats) -> float:
    """The logarithm of the mean over all bets, half of them up and half of them down."""
    return float(logsumexp(np.concatenate([up, down]))) - log(2 * BETS)


def _around(centre: float, grown: Callable[[float], float], limit: float) -> Interval:
    """The means around the best one against which no bet has grown beyond the limit."""
    inside = min(max(centre, _TINY), 1 - _TINY)
    return _edge(inside, 0.0, grown, limit), _edge(inside, 1.0, grown, limit)


def _edge(inside: float, outside: float, grown: Callable[[float], float], limit: float) -> float:
    end = abs(outside - _TINY)
    at_end = grown(end)
    if isfinite(at_end) and at_end < limit:
        return outside
    for _ in range(_STEPS):
        middle = (inside + end) / 2
        if grown(middle) < limit:
            inside = middle
        else:
            end = middle
    return end
