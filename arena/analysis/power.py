"""How many questions an effect needs, and what a design can detect (Miller 2024).

A score is s = x + ε: x what the question is worth to the arm, ε what the next sample of the same answer would change.
With ω² = Var(x_A - x_B) and σ² the variance of ε, the paired difference of K_A and K_B answers a question has variance
deff·(ω² + σ²_A/K_A + σ²_B/K_B)/n. Which of two orders was shown is no resampling: run both, and K multiplies inside
each. More passages beat more questions a passage, and those beat more repeats, once there are two answers a question.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, inf, sqrt

import numpy as np
from scipy.special import ndtri, stdtrit

from arena.analysis.accuracy import Interval, wilson
from arena.analysis.arrays import alike, number, numbers
from arena.analysis.paired import Paired
from arena.analysis.rows import Floats, Ints
from arena.errors import UsageError

POWER = 0.8
ALPHA = 0.05
_ROUNDS = 100
_TWO = 2


@dataclass(frozen=True)
class Spread:
    """What a paired difference varies by: `omega2` between questions, `sigma2` within, `repeats` answers averaged.

    `deff` is the design effect of passages. For answers that are not resampled, put all variance in `omega2`.
    """

    omega2: float
    sigma2: tuple[float, float] = (0.0, 0.0)
    repeats: tuple[float, float] = (1.0, 1.0)
    deff: float = 1.0

    def __post_init__(self) -> None:
        numbers([self.omega2, *self.sigma2, self.deff], "a variance or design effect", 0)
        numbers(self.repeats, "repeats", 1)

    @property
    def variance(self) -> float:
        """The variance of one question's difference, times the design effect."""
        noise = sum(s / k for s, k in zip(self.sigma2, self.repeats, strict=True))
        return self.deff * (self.omega2 + noise)


@dataclass(frozen=True)
class Components:
    """The variance between and within questions, estimated from a pilot.

    `omega2` is floored at 0, `omega2_raw` is not. `status` is `ok`; `one_answer` where no question has two answers in
    each arm, and then only `variance`, that of the difference itself, is known; or `no_data` below two questions.
    """

    n: int
    omega2: float | None = None
    omega2_raw: float | None = None
    sigma2: tuple[float, float] | None = None
    variance: float | None = None
    status: str = "ok"


@dataclass(frozen=True)
class Simulated:
    """The share of simulated trials that were significant, with Wilson's interval; `undefined` had no p."""

    power: float | None
    ci: Interval | None
    trials: int
    undefined: int


def detectable(
    n: float, spread: Spread, *, power: float = POWER, alpha: float = ALPHA, per_passage: float = 0
) -> float:
    """The smallest difference that `n` questions detect with this power.

    With `per_passage` questions in each passage, Student quantiles of G - 1 degrees of freedom take the normal's place;
    infinite where that leaves no degree of freedom.
    """
    if n <= 0:
        return inf
    reach = _reach(power, alpha, _freedom(n, per_passage))
    return inf if reach == inf else reach * sqrt(spread.variance / n)


def needed(
    effect: float, spread: Spread, *, power: float = POWER, alpha: float = ALPHA, per_passage: float = 0
) -> int | None:
    """The number of questions, rounded up, that detect `effect` with this power; `None` for an effect of 0.

    `per_passage` is as in `detectable`.
    """
    number(effect, "effect")
    number(per_passage, "per_passage", 0)
    if effect == 0:
        return None
    n = max(1, _rounded(spread.variance * (_reach(power, alpha, inf) / effect) ** 2))
    if not per_passage:
        return n
    low, high = n, max(n, ceil(2 * per_passage))
    while detectable(high, spread, power=power, alpha=alpha, per_passage=per_passage) > abs(effect):
        low, high = high, 2 * high
    while low < high:
        middle = (low + high) // 2
        enough = detectable(middle, spread, power=power, alpha=alpha, per_passage=per_passage) <= abs(effect)
        low, high = (low, middle) if enough else (middle + 1, high)
    return high


def detectable_by(comparison: Paired, *, power: float = POWER, alpha: float = ALPHA) -> float | None:
    """The smallest difference that a comparison as it was run could have detected; `None` where it has no error."""
    if not comparison.se or comparison.df is None:
        return None
    return _reach(power, alpha, comparison.df) * comparison.se


def needed_discordant(b: float, c: float, *, power: float = POWER, alpha: float = ALPHA) -> int | None:
    """The number of single binary verdicts in pairs of which shares `b` and `c` are discordant (Connor 1987).

    `None` where the two are equal.
    """
    _chances(power, alpha)
    if number(b, "b", 0, 1) + number(c, "c", 0, 1) > 1:
        raise UsageError(f"shares of {b:g} and {c:g} of the pairs are more than all of them")
    if b == c:
        return None
    difference, z_alpha, z_beta = b - c, float(ndtri(1 - alpha / 2)), float(ndtri(power))
    top = z_alpha * sqrt(b + c) + z_beta * sqrt(b + c - difference**2)
    return _rounded((top / difference) ** 2)


def components(a: Sequence[Sequence[float]], b: Sequence[Sequence[float]]) -> Components:
    """The components of the difference from the answers of two arms to the same questions.

    Each holds one sequence a question of the scores of its answers, all within one order and none missing. The variance
    within is the mean of the variances of the questions that have two answers.
    """
    alike(len(a), b=np.zeros(len(b)))
    for place, answers in enumerate([*a, *b]):
        if not len(numbers(answers, "answers")):
            raise UsageError(f"question {place % len(a) + 1} has no answer in one of the arms; leave it out of both")
    if len(a) < _TWO:
        return Components(len(a), status="no_data")
    d = np.array([np.mean(x) - np.mean(y) for x, y in zip(a, b, strict=True)])
    variance = float(d.var(ddof=1))
    within = [[float(np.var(each, ddof=1)) for each in arm if len(each) >= _TWO] for arm in (a, b)]
    if not (within[0] and within[1]):
        return Components(len(d), variance=variance, status="one_answer")
    sigma2 = float(np.mean(within[0])), float(np.mean(within[1]))
    share = [float(np.mean([1 / len(each) for each in arm])) for arm in (a, b)]
    raw = variance - sigma2[0] * share[0] - sigma2[1] * share[1]
    return Components(len(d), max(0.0, raw), raw, sigma2, variance)


def design_effect(sizes: Sequence[float] | Ints, icc: float) -> float:
    """1 + (m - 1)·ICC with m = Σ n_c²/n, for passages of these sizes."""
    n = numbers(sizes, "sizes", 1)
    if not len(n):
        raise UsageError("a design effect needs the sizes of passages; there are none")
    number(icc, "icc", -1, 1)
    return 1 + (float((n**2).sum() / n.sum()) - 1) * icc


def best_repeats(sigma2: float, omega2: float, cost_question: float, cost_answer: float) -> float | None:
    """The number of answers a question that buys most precision: √(σ²/ω² · c_q/c_a); `None` where ω² or c_a is 0."""
    numbers([sigma2, omega2, cost_question, cost_answer], "a variance or cost", 0)
    if omega2 <= 0 or cost_answer <= 0:
        return None
    return sqrt(sigma2 / omega2 * cost_question / cost_answer)


def simulated_power(
    trial: Callable[[int], float | None], trials: int, *, alpha: float = ALPHA, seed: int = 0
) -> Simulated:
    """The power of any analysis: `trial` takes a seed and returns the p of made-up data, or `None` without one.

    A trial without a p is not significant.
    """
    seeds = np.random.SeedSequence(seed).generate_state(trials).tolist() if trials else []
    ps = [trial(int(each)) for each in seeds]
    if not ps:
        return Simulated(None, None, 0, 0)
    share = sum(p is not None and p < alpha for p in ps) / trials
    return Simulated(share, wilson(share, trials), trials, ps.count(None))


def differences_spread(d: Floats, deff: float) -> Spread:
    """The spread of a design that is repeated as it was: its differences `d`, shape (n,), as they came out."""
    return Spread(float(d.var(ddof=1)), deff=deff)


def _reach(power: float, alpha: float, df: float) -> float:
    """By how many errors a true difference has to stand off."""
    _chances(power, alpha)
    if df <= 0:
        return inf
    if df == inf:
        return float(ndtri(1 - alpha / 2) + ndtri(power))
    return float(stdtrit(df, 1 - alpha / 2) + stdtrit(df, power))


def _chances(power: float, alpha: float) -> None:
    if not 0 < alpha < power < 1:
        raise UsageError(f"a power of {power:g} at a level of {alpha:g} cannot be; 0 < alpha < power < 1 is needed")


def _freedom(n: float, per_passage: float) -> float:
    return n / per_passage - 1 if per_passage else inf


def _rounded(n: float) -> int:
    """Up to the next whole number, unless only rounding noise stands over the last one."""
    return ceil(n - 1e-9 * n)
