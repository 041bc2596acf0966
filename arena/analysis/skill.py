"""Judge accuracy against debater skill: whether the judge does better when both debaters get better.

Points are configurations of debaters, not debates. Skill and accuracy have to come from different questions, else the
same verdicts feed both axes and noise fakes a slope (Khan et al. 2024 use cross-play for the one, self-play for the
other).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from arena.analysis.accuracy import Interval
from arena.analysis.arrays import Labels, Numbers, alike, labels, numbers
from arena.analysis.bootstrap import DRAWS, Bootstrap
from arena.analysis.cluster import codes
from arena.analysis.distributions import LEVEL, t_quantile, t_tails
from arena.analysis.rows import Floats, Ints

PER = 100.0
"""Slopes are per so many points of skill."""

_LINE = 2


@dataclass(frozen=True)
class Slope:
    """The change of accuracy per `PER` points of skill, over `n` configurations (or question scores).

    `reliability` is λ = Var(x)/(Var(x) + mean SE²), Var the sample variance: the slope is the true one times about λ.
    `deming` allows for error on both axes. `status` is `ok`, `no_data`, `no_variation` (of skill), `two_points` (a
    slope without an interval), `single_cluster`, or `exact` (no residual: no interval of width 0).
    """

    n: int
    slope: float | None = None
    se: float | None = None
    ci: Interval | None = None
    p: float | None = None
    intercept: float | None = None
    reliability: float | None = None
    deming: float | None = None
    status: str = "ok"


def skill_slope(
    skill: Numbers, accuracy: Numbers, skill_se: Numbers | None = None, accuracy_se: Numbers | None = None
) -> Slope:
    """Least squares of accuracy on skill over configurations, shape (M,) each, with t intervals of M - 2 degrees."""
    x, y = numbers(skill, "skill"), numbers(accuracy, "accuracy")
    alike(len(x), accuracy=y)
    if not _varies(x):
        return Slope(len(x), status="no_variation" if len(x) else "no_data")
    slope, intercept = line(x, y)
    noise = _noise(skill_se, "skill_se", len(x))
    reliability = None if noise is None else float(x.var(ddof=1)) / (float(x.var(ddof=1)) + noise)
    error = _noise(accuracy_se, "accuracy_se", len(x))
    both = None if noise is None or error is None else deming(x, y, noise, error)
    extras = (intercept, reliability, None if both is None else PER * both)
    if len(x) == _LINE:
        return Slope(_LINE, PER * slope, None, None, None, *extras, "two_points")
    rest = y - intercept - slope * x
    df = len(x) - _LINE
    se = sqrt(float(rest @ rest) / df / float(((x - x.mean()) ** 2).sum()))
    if PER * se <= _exact(y):
        return Slope(len(x), PER * slope, None, None, None, *extras, "exact")
    return _tested(len(x), slope, se, df, extras)


def question_slope(skill: Numbers, scores: Numbers, groups: Labels) -> Slope:
    """Least squares of question scores on the skill behind them, shape (n,) each, with CR1 errors by passage.

    It speaks of these debaters, not of debaters. The t interval has G - 1 degrees of freedom.
    """
    skill, scores = numbers(skill, "skill"), numbers(scores, "scores")
    alike(len(skill), scores=scores)
    index, count = codes(labels(groups, len(skill)))
    if not _varies(skill):
        return Slope(len(skill), status="no_variation" if len(skill) else "no_data")
    slope, intercept = line(skill, scores)
    extras = (intercept, None, None)
    if count == 1:
        return Slope(len(skill), PER * slope, None, None, None, *extras, "single_cluster")
    centred = skill - skill.mean()
    sums = np.bincount(index, centred * (scores - intercept - slope * skill))
    se = sqrt(float(sums @ sums) * count / (count - 1)) / float(centred @ centred)
    if PER * se <= _exact(scores):
        return Slope(len(skill), PER * slope, None, None, None, *extras, "exact")
    return _tested(len(skill), slope, se, count - 1, extras)


def line(x: Floats, y: Floats) -> tuple[float, float]:
    """Slope and intercept of least squares, per point of `x`."""
    centred = x - x.mean()
    slope = float(centred @ y) / float(centred @ centred)
    return slope, float(y.mean()) - slope * float(x.mean())


def deming(x: Floats, y: Floats, x_noise: float, y_noise: float) -> float | None:
    """The slope with error on both axes, of which the variances are given; `None` where it is not determined."""
    xx, yy = float(x.var(ddof=1)), float(y.var(ddof=1))
    xy = float(np.cov(x, y)[0, 1])
    if x_noise <= 0 or xy == 0:
        return None if xy == 0 else xy / xx
    ratio = y_noise / x_noise
    return (yy - ratio * xx + sqrt((yy - ratio * xx) ** 2 + 4 * ratio * xy**2)) / (2 * xy)


def bootstrap_slope(
    fit: Callable[[Ints], tuple[Sequence[float], Sequence[float]]], passages: int, *, draws: int = DRAWS, seed: int = 0
) -> Bootstrap:
    """The interval of the slope when skill and accuracy are both fitted again on each resample of passages.

    `fit` takes the passages drawn, shape (passages,), numbers from 0, and returns skill and accuracy by configuration.
    """
    if passages <= 1:
        return Bootstrap(None, 0, seed, status="single_cluster" if passages else "no_data")
    generator = np.random.default_rng(seed)
    found = []
    for _ in range(draws):
        x, y = (np.asarray(v, np.float64) for v in fit(generator.integers(0, passages, passages)))
        if _varies(x):
            found.append(PER * line(x, y)[0])
    if len(found) < draws:
        return Bootstrap(None, draws, seed, 1 - len(found) / draws, "undefined_draws")
    low, high = np.quantile(found, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Bootstrap((float(low), float(high)), draws, seed)


Extras = tuple[float | None, float | None, float | None]


def _tested(n: int, slope: float, se: float, df: int, extras: Extras) -> Slope:
    value, error = PER * slope, PER * se
    half = t_quantile(df) * error
    return Slope(n, value, error, (value - half, value + half), t_tails(value / error, df), *extras)


def _noise(errors: Numbers | None, name: str, count: int) -> float | None:
    """The mean squared error; `None` where no errors are given."""
    if errors is None:
        return None
    given = numbers(errors, name, 0)
    alike(count, **{name: given})
    return float(np.square(given).mean())


def _varies(x: Floats) -> bool:
    return len(x) > 1 and float(np.ptp(x)) > 1e-12 * max(1.0, float(np.abs(x).max()))


def _exact(y: Floats) -> float:
    return 1e-12 * max(1.0, float(np.abs(y).max(initial=0)))
