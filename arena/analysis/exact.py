"""Tests and intervals that need no large sample: sign test, McNemar, sign-flip, Bonett-Price."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np

from arena.analysis.arrays import Numbers, numbers
from arena.analysis.cluster import ZERO
from arena.analysis.distributions import Z, fair_tosses_at_most
from arena.errors import UsageError

ENUMERATED = 16
"""Up to this number of passages all sign flips are enumerated."""

DRAWS = 20_000
"""Sign flips drawn where there are more passages than that."""

_BATCH = 2_000


@dataclass(frozen=True)
class Signs:
    """How many differences are positive and negative, and the exact p of so uneven a split; ties do not count.

    Where all scores are 0 or 1 this is McNemar's exact test. `mid_p` is the less conservative mid-p value. The test
    takes the questions for independent.
    """

    positive: int
    negative: int
    p: float
    mid_p: float
    test: str


def sign_test(differences: Numbers, *, binary: bool = False) -> Signs:
    """The exact sign test of `differences`, shape (n,); `binary` says that it may be called McNemar's."""
    differences = numbers(differences, "differences")
    b, c = int((differences > ZERO).sum()), int((differences < -ZERO).sum())
    return Signs(b, c, _two_sided(b, c), _mid_p(b, c), "mcnemar" if binary else "sign")


def _two_sided(b: int, c: int) -> float:
    return min(1.0, 2 * fair_tosses_at_most(min(b, c), b + c))


def _mid_p(b: int, c: int) -> float:
    if b + c == 0:
        return 1.0
    few, n = min(b, c), b + c
    point = fair_tosses_at_most(few, n) - (fair_tosses_at_most(few - 1, n) if few else 0.0)
    return 1 - point if b == c else _two_sided(b, c) - point


def sign_flip(sums: Numbers, *, draws: int = DRAWS, seed: int = 0) -> float:
    """The p of the sum of passage sums, shape (G,), against flipping the sign of each.

    All flips are enumerated for up to `ENUMERATED` passages; beyond, `draws` flips are drawn from `seed` and
    p = (1 + hits)/(1 + draws). Valid when the two labels are exchangeable within a passage.
    """
    sums = numbers(sums, "sums")
    target = abs(float(sums.sum())) - ZERO * max(1.0, float(np.abs(sums).sum()))
    if len(sums) <= ENUMERATED:
        totals = np.zeros(1)
        for each in sums:
            totals = np.concatenate([totals + each, totals - each])
        return float((np.abs(totals) >= target).mean())
    generator = np.random.default_rng(seed)
    hits = 0
    for start in range(0, draws, _BATCH):
        flips = generator.integers(0, 2, (min(_BATCH, draws - start), len(sums)), np.int8) * 2.0 - 1
        hits += int((np.abs(flips @ sums) >= target).sum())
    return (1 + hits) / (1 + draws)


def bonett_price(differences: Numbers) -> tuple[float, float]:
    """Bonett and Price's (2012) interval for a paired difference, shape (n,), n ≥ 1, questions taken for independent.

    It never has width zero, and is not cut at ±1, which it can pass where all differ. For 0/1 scores it is theirs; for
    scores between, the counts of discordant pairs are replaced by the sums of the positive and of the negative
    differences, which can only widen it. Raises `UsageError` for a difference that scores from 0 to 1 cannot have.
    """
    differences = numbers(differences, "differences", -1 - ZERO, 1 + ZERO)
    n = len(differences)
    if not n:
        raise UsageError("an interval of a difference needs a question at least; there is none")
    b = (float(differences[differences > 0].sum()) + 1) / (n + 2)
    c = (float(-differences[differences < 0].sum()) + 1) / (n + 2)
    half = Z * sqrt((b + c - (b - c) ** 2) / (n + 2))
    return b - c - half, b - c + half
