"""Calibration error: how far the confidence of the judge is from its share of hits, by bins of confidence.

Bins of 10 % (Michael et al. 2023), or of equal mass. The plain error is never negative and so is above 0 for a perfect
judge too; what such a judge would show is found by drawing its hits from its own confidences (consistency resampling),
and the debiased square takes the expected noise away (Bröcker 2012; Ferro and Fricker 2012; Kumar et al. 2019).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np

from arena.analysis.forecasts import Forecasts
from arena.analysis.rows import Floats, Ints

BINS = 5
DRAWS = 1_000
_BATCH = 100
_FINEST = 2_000


@dataclass(frozen=True)
class Bin:
    """Rows of similar confidence: how many, their mean confidence, and their share of hits."""

    n: int
    confidence: float
    accuracy: float


@dataclass(frozen=True)
class NullError:
    """What a perfect judge with these confidences would show: the mean error and its 95 % point, over `draws`."""

    mean: float
    point95: float
    draws: int
    seed: int


@dataclass(frozen=True)
class Reliability:
    """Expected calibration error in fixed bins and in bins of equal mass, and its debiased square.

    `debiased_square` may be negative, and `debiased` is the root of what is positive in it; both are `None` where no
    bin holds two rows. A bin of one row, whose variance is unknown, adds nothing to them. `status` is `ok` or
    `no_data`.
    """

    n: int
    ece: float | None = None
    bins: tuple[Bin, ...] = ()
    ece_equal_mass: float | None = None
    bins_equal_mass: tuple[Bin, ...] = ()
    debiased_square: float | None = None
    debiased: float | None = None
    null: NullError | None = None
    status: str = "ok"


def reliability(data: Forecasts, *, draws: int = DRAWS, seed: int = 0) -> Reliability:
    """The calibration error of `data`; `seed` is for the draws of a perfect judge."""
    if not len(data):
        return Reliability(0, status="no_data")
    fixed, equal = fixed_bins(data.confidence), equal_bins(data.confidence)
    square = _debiased(data, fixed)
    return Reliability(
        n=len(data),
        ece=_error(data.confidence, data.hit, fixed),
        bins=_bins(data, fixed),
        ece_equal_mass=_error(data.confidence, data.hit, equal),
        bins_equal_mass=_bins(data, equal),
        debiased_square=square,
        debiased=None if square is None else sqrt(max(0.0, square)),
        null=null_error(data.confidence, draws=draws, seed=seed),
    )


def fixed_bins(confidence: Floats) -> Ints:
    """The bins [.5, .6), … [.9, 1] of confidences, shape (n,); .6 and .7 go up."""
    return np.minimum(np.floor(10 * (confidence - 0.5) + 1e-9), BINS - 1).astype(np.int64)


def equal_bins(confidence: Floats, bins: int = BINS) -> Ints:
    """Bins between the quantiles of confidences, shape (n,); equal confidences share a bin, so there may be fewer."""
    edges = np.unique(np.quantile(confidence, np.arange(1, bins) / bins))
    return np.searchsorted(edges, confidence, side="right").astype(np.int64)


def null_error(confidence: Floats, *, draws: int = DRAWS, seed: int = 0) -> NullError:
    """The error in fixed bins of a judge whose hits are drawn from its confidences, shape (n,), n ≥ 1."""
    generator = np.random.default_rng(seed)
    levels, counts = _levels(confidence)
    member = (fixed_bins(levels)[:, None] == np.arange(BINS)).astype(np.float64)
    parts = []
    for start in range(0, draws, _BATCH):
        drawn = generator.binomial(counts, levels, (min(_BATCH, draws - start), len(levels)))
        hits = np.where(levels > 0.5, drawn, counts / 2)  # noqa: PLR2004 - even odds are half a hit
        parts.append(np.abs((hits - levels * counts) @ member).sum(axis=1) / len(confidence))
    errors = np.concatenate(parts)
    return NullError(float(errors.mean()), float(np.quantile(errors, 0.95)), draws, seed)


def _levels(confidence: Floats) -> tuple[Floats, Ints]:
    """The distinct confidences and how often each occurs; of very many, those that agree to three digits are one."""
    levels, counts = np.unique(confidence, return_counts=True)
    if len(levels) > _FINEST:
        _, index, counts = np.unique(np.round(confidence, 3), return_inverse=True, return_counts=True)
        levels = np.bincount(index, confidence) / counts
    return levels, counts


def _error(confidence: Floats, hit: Floats, index: Ints) -> float:
    return float(np.abs(np.bincount(index, hit - confidence)).sum() / len(hit))


def _bins(data: Forecasts, index: Ints) -> tuple[Bin, ...]:
    masks = [index == each for each in np.unique(index)]
    return tuple(Bin(int(m.sum()), float(data.confidence[m].mean()), float(data.hit[m].mean())) for m in masks)


def _debiased(data: Forecasts, index: Ints) -> float | None:
    total, used = 0.0, False
    for each in np.unique(index):
        hit, confidence = data.hit[index == each], data.confidence[index == each]
        n = len(hit)
        if n > 1:
            used = True
            total += n / len(data) * (float(hit.mean() - confidence.mean()) ** 2 - float(hit.var(ddof=1)) / n)
    return total if used else None
