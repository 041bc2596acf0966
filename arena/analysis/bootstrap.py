"""The cluster bootstrap: a second opinion, never the headline (its intervals are too short with few passages)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from arena.analysis.accuracy import Interval
from arena.analysis.arrays import Labels, Numbers, alike, labels, numbers
from arena.analysis.cluster import ZERO, codes
from arena.analysis.distributions import LEVEL
from arena.analysis.rows import Floats
from arena.errors import UsageError

DRAWS = 10_000
MOST = 2_000
"""Above this number of passages, so many blocks of passages are drawn instead: as valid, and as quick."""

_BATCH = 500


@dataclass(frozen=True)
class Bootstrap:
    """A percentile interval from `draws` resamples of passages, made with `seed`.

    `undefined` is the share of resamples without a value (a gap that is not positive); if there is any, no interval is
    given. `status` is `ok`, `no_data`, `single_cluster` or `undefined_draws`.
    """

    ci: Interval | None
    draws: int
    seed: int
    undefined: float = 0.0
    status: str = "ok"


def bootstrap_mean(values: Numbers, groups: Labels, *, draws: int = DRAWS, seed: int = 0) -> Bootstrap:
    """The interval of a mean: passages drawn with replacement, each question weighted alike."""
    return bootstrap_ratio(values, np.ones(len(values)), groups, draws=draws, seed=seed)


def bootstrap_ratio(top: Numbers, bottom: Numbers, groups: Labels, *, draws: int = DRAWS, seed: int = 0) -> Bootstrap:
    """The interval of Σ top/Σ bottom, shape (n,) each, clustered by `groups`."""
    if draws < 1:
        raise UsageError(f"{draws} draws give no interval; 10,000 give one that can be printed")
    top, bottom = numbers(top, "top"), numbers(bottom, "bottom")
    alike(len(top), bottom=bottom)
    index, count = codes(labels(groups, len(top)))
    if not len(top):
        return Bootstrap(None, 0, seed, status="no_data")
    if count == 1:
        return Bootstrap(None, 0, seed, status="single_cluster")
    sums = np.stack([np.bincount(index, top), np.bincount(index, bottom)], axis=1).astype(np.float64)
    sums = condensed(sums, seed=seed)
    n, d = resampled(sums, draws, seed).T
    if (undefined := float((d <= ZERO).mean())) > 0:
        return Bootstrap(None, draws, seed, undefined, "undefined_draws")
    low, high = np.quantile(n / d, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Bootstrap((float(low), float(high)), draws, seed)


def condensed(sums: Floats, *, seed: int = 0) -> Floats:
    """Sums by passage, shape (G, k), as sums by random blocks of passages where there are more than `MOST`."""
    if len(sums) <= MOST:
        return sums
    block = np.random.default_rng(seed).permutation(np.arange(len(sums)) % MOST)
    found = np.zeros((MOST, sums.shape[1]))
    np.add.at(found, block, sums)
    return found


def resampled(sums: Floats, draws: int, seed: int) -> Floats:
    """The totals of so many resamples of passages with these sums, shape (G, k): shape (draws, k)."""
    times = _times(len(sums), draws, seed)
    parts = [times[at : at + _BATCH].astype(np.float64) @ sums for at in range(0, draws, _BATCH)]
    return np.concatenate(parts) if parts else np.zeros((0, sums.shape[1]))


@lru_cache(maxsize=1)
def _times(count: int, draws: int, seed: int) -> npt.NDArray[np.uint16]:
    """How often each passage comes in each resample, shape (draws, count): the same for all estimates of a report."""
    generator = np.random.default_rng(seed)
    found = np.zeros((draws, count), np.uint16)
    for at in range(0, draws, _BATCH):
        part = found[at : at + _BATCH]
        picked = generator.integers(0, count, part.shape) + np.arange(len(part))[:, None] * count
        part[:] = np.bincount(picked.ravel(), minlength=part.size).reshape(part.shape)
    return found
