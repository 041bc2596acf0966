"""Trends over models of growing size, and the measures of the inverse scaling prize's classification tasks."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, log

import numpy as np
import numpy.typing as npt

from arena.analysis.arrays import Numbers, alike, numbers
from arena.analysis.paired import correlation
from arena.analysis.rows import Floats, Ints
from arena.analysis.skill import Slope, line, skill_slope
from arena.errors import UsageError


@dataclass(frozen=True)
class Classified:
    """Means over items: loss in nats, accuracy (ties shared), log odds of the answer, mass on the classes.

    `total_probability` far below 1 says that the classes are not what the model wanted to say. `status` is `ok`,
    `no_data`, or `infinite` where a class has probability 0: then loss or log odds have no mean.
    """

    n: int
    loss: float | None = None
    accuracy: float | None = None
    log_odds: float | None = None
    total_probability: float | None = None
    status: str = "ok"


@dataclass(frozen=True)
class Trend:
    """A measure over sizes: slope per tenfold with a t interval, Spearman's correlation, and the shape.

    `shape` is `u` or `inverted_u` only where a quadratic beats the line by AICc and turns within the sizes seen;
    `line` otherwise. `delta_aicc` is the line's AICc minus the quadratic's. Below 6 sizes both are `None`.
    """

    slope: Slope
    spearman: float | None
    delta_aicc: float | None
    shape: str | None


def classified(logprobs: npt.ArrayLike, answers: npt.ArrayLike) -> Classified:
    """Measure log probabilities of the classes, shape (n, classes), against the right ones, shape (n,)."""
    logprobs, answers = np.asarray(logprobs, np.float64), np.asarray(answers, np.int64)
    n = len(answers)
    if not n:
        return Classified(0, status="no_data")
    _check(logprobs, answers)
    total = np.logaddexp.reduce(logprobs, axis=1)
    right = logprobs[np.arange(n), answers]
    others = np.logaddexp.reduce(np.where(np.eye(logprobs.shape[1])[answers] > 0, -np.inf, logprobs), axis=1)
    top = logprobs == logprobs.max(axis=1, keepdims=True)
    hit = top[np.arange(n), answers] / top.sum(axis=1)
    columns = (total - right, hit, right - others, np.exp(total))
    with np.errstate(invalid="ignore"):
        loss, accuracy, log_odds, mass = (_finite(float(values.mean())) for values in columns)
    return Classified(n, loss, accuracy, log_odds, mass, "infinite" if None in (loss, log_odds) else "ok")


def _finite(value: float) -> float | None:
    return value if isfinite(value) else None


def _check(logprobs: Floats, answers: Ints) -> None:
    if logprobs.ndim != 2 or len(logprobs) != len(answers):  # noqa: PLR2004 - items by classes
        raise UsageError(
            f"{len(answers)} answers need as many rows of log probabilities; their shape is {logprobs.shape}"
        )
    if logprobs.shape[1] < 2:  # noqa: PLR2004 - a choice
        raise UsageError("with one class there is nothing to choose from")
    if np.isnan(logprobs).any() or (logprobs > 0).any():
        raise UsageError("a log probability is at most 0, and known; leave an item out where one is not")
    if ((answers < 0) | (answers >= logprobs.shape[1])).any():
        raise UsageError(f"an answer is the place of a class, from 0 to {logprobs.shape[1] - 1}")


def trend(parameters: Numbers, values: Numbers) -> Trend:
    """The trend of `values` over models with so many `parameters`, shape (M,) each."""
    sizes, y = numbers(parameters, "parameters"), numbers(values, "values")
    alike(len(sizes), values=y)
    if (sizes <= 0).any():
        raise UsageError("a number of parameters is above 0")
    x = np.log10(sizes)
    slope = skill_slope((100 * x).tolist(), y.tolist())
    spearman = correlation(ranks(x), ranks(y)) if len(x) > 1 else None
    return Trend(slope, spearman, *_shape(x, y))


def ranks(values: Floats) -> Floats:
    """Ranks from 1, shape (n,), ties sharing their mean."""
    _, index, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    found: Floats = (ends - (counts - 1) / 2)[index]
    return found


def aicc(residuals: Floats, coefficients: int) -> float:
    """Akaike's criterion for small samples; `coefficients` does not count the variance."""
    n, k = len(residuals), coefficients + 1
    rest = max(float(residuals @ residuals) / n, 1e-300)
    return n * log(rest) + 2 * k + 2 * k * (k + 1) / (n - k - 1)


_FEWEST = 6
"""Sizes for which the AICc of a quadratic exists."""


def _shape(x: Floats, y: Floats) -> tuple[float | None, str | None]:
    if len(x) < _FEWEST or len(np.unique(x)) <= 2:  # noqa: PLR2004 - two sizes make no curve
        return None, None
    slope, level = line(x, y)
    centred = x - x.mean()
    curve = np.polyfit(centred, y, 2)
    rest = y - np.polyval(curve, centred)
    gain = aicc(y - level - slope * x, 2) - aicc(rest, 3)
    turn = -curve[1] / (2 * curve[0]) if curve[0] else np.inf
    inside = centred.min() < turn < centred.max()
    return gain, ("u" if curve[0] > 0 else "inverted_u") if gain > 0 and inside else "line"
