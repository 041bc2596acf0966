"""Whether something about options or speeches tells which one is right, without anybody reading them.

A feature gives each option of a question a number. Its AUC is the chance that the right option has a higher one than
a wrong one of the same question, ties counted as a half; .5 says nothing. Nothing is trained, so nothing overfits.

The test is of whole groups: where the key has no part in a feature, the sum of a group's scores is as likely above as
below .5, and the signs may be flipped. Of all features that are tested at once none is flagged, in a share of 1 - level
of clean sets at the least (Holm 1979). That audits are needed: TruthfulQA's right answers can be told by length and
negation at an AUC of about .7.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from arena.analysis.cluster import Mean, codes, mean_of
from arena.analysis.distributions import t_tails
from arena.analysis.multiplicity import holm
from arena.analysis.rows import Floats, Ints

LEVEL = 0.05
DRAWS = 9999
MOST_FLIPPED = 2000
"""With more groups than this their means are near normal, and no signs are drawn."""

_WORD = re.compile(r"\w+(?:['’]\w+)?")
_NOT = re.compile(r"n['’]t$|^(?:no|not|none|never|neither|nor|nobody|nothing|nowhere|without|cannot)$")


@dataclass(frozen=True)
class Leak:
    """What one feature says of the key. `ci` is of the AUC, 95 % for this feature alone; `p` is adjusted by Holm.

    `n` counts the questions, `groups` the clusters. `flagged` says that p is at most the level. Where no question has
    the feature, all is `None` and `status` says why.
    """

    feature: str
    n: int
    groups: int
    auc: float | None
    ci: tuple[float, float] | None
    p: float | None
    flagged: bool
    status: str = "ok"


def placed(values: Sequence[float], right: int) -> float:
    """The share of the other options that the right one exceeds, ties counted as a half."""
    own, others = values[right], [value for i, value in enumerate(values) if i != right]
    return sum(0.5 * ((own > value) + (own >= value)) for value in others) / len(others)


def leaks(
    scores: Mapping[str, Sequence[float | None]],
    groups: Sequence[str],
    level: float = LEVEL,
    draws: int = DRAWS,
    seed: int = 0,
) -> tuple[Leak, ...]:
    """Test features at once. `scores` has one value of `placed` a question, `None` where it has not the feature.

    `groups` names the group of each question. Seeded, so that the same data gives the same p.
    """
    index = np.unique(np.asarray(groups, dtype=object).astype(str), return_inverse=True)[1].astype(np.int64)
    tested = {name: _tested(np.array(found, dtype=np.float64), index, draws, seed) for name, found in scores.items()}
    adjusted = holm([p for _, p in tested.values()])
    return tuple(
        Leak(name, mean.n, mean.n_groups, mean.mean, mean.ci_t, p, p is not None and p <= level, mean.status)
        for (name, (mean, _)), p in zip(tested.items(), adjusted, strict=True)
    )


def _tested(values: Floats, groups: Ints, draws: int, seed: int) -> tuple[Mean, float | None]:
    known = ~np.isnan(values)
    mean = mean_of(values[known], groups[known])
    if mean.n == 0:
        return mean, None
    index, count = codes(groups[known])
    sums: Floats = np.bincount(index, weights=values[known] - 0.5, minlength=count).astype(np.float64)
    return mean, _flipped(sums, draws, seed)


def _flipped(sums: Floats, draws: int, seed: int) -> float:
    """The two-sided p of a total under flips of the signs of its parts: drawn, or normal where there are many."""
    total = abs(float(sums.sum()))
    spread = float(np.sqrt((sums**2).sum()))
    if spread == 0:
        return 1.0
    if len(sums) > MOST_FLIPPED:
        return t_tails(total / spread, len(sums) - 1)
    chance = np.random.default_rng(seed)
    signs = chance.integers(0, 2, size=(draws, len(sums)), dtype=np.int8) * 2 - 1
    extreme = int((np.abs(signs @ sums) >= total - 1e-9).sum())
    return (extreme + 1) / (draws + 1)


def words(text: str) -> list[str]:
    """The words of a text, in small letters."""
    return _WORD.findall(text.casefold())


def negations(text: str) -> int:
    """How many words of a text deny something."""
    return sum(bool(_NOT.search(word)) for word in words(text))


def overlap(text: str, known: frozenset[str]) -> float:
    """The share of the words of a text that are among those `known`; 0 where it has none."""
    found = words(text)
    return sum(word in known for word in found) / len(found) if found else 0.0
