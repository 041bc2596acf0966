"""A difference under each treatment of missing verdicts, and whether the treatments agree on what it says."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from arena.analysis.accuracy import Interval
from arena.analysis.exact import sign_test
from arena.analysis.paired import Paired, paired, pairs
from arena.analysis.scores import Scores, Ways

ALPHA = 0.05


@dataclass(frozen=True)
class Treated:
    """A minus B with missing verdicts `wrong`, dropped, and scored as a guess; `bounds` are A:0, B:1 and A:1, B:0.

    `p_rates` tests whether the two arms miss verdicts at the same rate: the sign test on the share missing of each
    shared question. `flag` is `red` where the treatments differ in sign or in significance; no one line can then sum
    the comparison up.
    """

    wrong: Paired
    drop: Paired
    chance: Paired
    bounds: Interval | None
    p_rates: float | None
    flag: str | None


def treated(a: Ways, b: Ways, *, seed: int = 0) -> Treated:
    """Compare two arms, three ways; `seed` is for sign flips that have to be drawn."""
    wrong = paired(a.wrong, b.wrong, seed=seed)
    whole = a.drop is a.wrong and b.drop is b.wrong
    drop = wrong if whole else paired(a.drop, b.drop, seed=seed)
    chance = wrong if whole else paired(a.chance, b.chance, seed=seed)
    low, high = _difference(a.wrong, b.right), _difference(a.right, b.wrong)
    bounds = None if low is None or high is None else (low, high)
    shares = pairs(a.share, b.share).d
    rates = sign_test(shares).p if len(shares) else None
    return Treated(wrong, drop, chance, bounds, rates, "red" if _disagree((wrong, drop, chance)) else None)


def _difference(a: Scores, b: Scores) -> float | None:
    both = pairs(a, b)
    return float(both.d.mean()) if len(both.d) else None


def _disagree(ways: tuple[Paired, ...]) -> bool:
    signs = {np.sign(way.difference) for way in ways if way.difference}
    significant = {way.p is not None and way.p < ALPHA for way in ways if way.difference is not None}
    return len(signs) > 1 or len(significant) > 1
