"""Many comparisons: p values adjusted within their family. A p that is `None` stays `None` and does not count."""

from __future__ import annotations

from collections.abc import Sequence

from arena.analysis.arrays import numbers


def holm(ps: Sequence[float | None]) -> list[float | None]:
    """Holm's step-down adjustment (1979): the chance of any false finding in the family is held."""
    ranked = _ranked(ps)
    adjusted: list[float | None] = [None] * len(ps)
    worst = 0.0
    for rank, (p, at) in enumerate(ranked):
        worst = max(worst, p * (len(ranked) - rank))
        adjusted[at] = min(1.0, worst)
    return adjusted


def benjamini_hochberg(ps: Sequence[float | None]) -> list[float | None]:
    """Benjamini and Hochberg's step-up adjustment (1995): the share of false findings is held; for exploration."""
    ranked = _ranked(ps)
    adjusted: list[float | None] = [None] * len(ps)
    best = 1.0
    for rank, (p, at) in reversed(list(enumerate(ranked, 1))):
        best = min(best, p * len(ranked) / rank)
        adjusted[at] = best
    return adjusted


def _ranked(ps: Sequence[float | None]) -> list[tuple[float, int]]:
    numbers([p for p in ps if p is not None], "ps", 0, 1)
    return sorted((p, at) for at, p in enumerate(ps) if p is not None)
