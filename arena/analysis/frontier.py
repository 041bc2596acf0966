"""Accuracy against cost: who is dominated, what a mixture beats, and who is best at which price of accuracy.

A toss between two protocols is itself a protocol, so points under the chord of two others are beaten by it, and the
frontier is the upper concave hull from the cheapest protocol to the most accurate. Accuracy per dollar is no measure:
guessing has the best. Instead: the gain over the naive judge per extra cost, with Fieller's interval, and the net
benefit, accuracy - λ·cost, of which the hull holds the best for every price λ (Stinnett and Mullahy 1998).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf

import numpy as np

from arena.analysis.arrays import number, numbers
from arena.analysis.bootstrap import DRAWS, condensed, resampled
from arena.analysis.cluster import codes
from arena.analysis.grouping import in_all
from arena.analysis.pgr import Recovered, recovered
from arena.analysis.rows import Floats
from arena.analysis.scores import Scores


@dataclass(frozen=True)
class Point:
    """One protocol. `dominated_by` names one that costs no more and scores no less, and is better in one of the two.

    On the hull, `icer` is the extra cost per extra accuracy against the next cheaper protocol there (`None` for the
    first), and the protocol has the highest net benefit for prices λ within `best_for` (accuracy per unit of cost).
    """

    name: str
    cost: float
    accuracy: float
    dominated_by: str | None
    on_hull: bool
    icer: float | None = None
    best_for: tuple[float, float] | None = None


@dataclass(frozen=True)
class Shares:
    """How often each protocol was on the hull, and best at each price, among `draws` resamples of passages.

    Where several are best, each gets its part. `status` is `ok`, `no_data` (no shared question) or `single_cluster`.
    """

    on_hull: Mapping[str, float]
    best: Mapping[float, Mapping[str, float]]
    draws: int
    seed: int
    status: str = "ok"


def frontier(points: Mapping[str, tuple[float, float]]) -> tuple[Point, ...]:
    """The protocols, given as name → (cost, accuracy), cheapest first."""
    for name, point in points.items():
        numbers(point, name)
    order = sorted(points, key=lambda name: (points[name][0], -points[name][1], name))
    values = np.array([points[name] for name in order], np.float64).reshape(-1, 2)
    hull = [int(at) for at in np.flatnonzero(on_hull(values[:, 0], values[:, 1]))]
    found = []
    for at, name in enumerate(order):
        cost, accuracy = (float(v) for v in values[at])
        icer, best = _place(values, hull, at) if at in hull else (None, None)
        found.append(Point(name, cost, accuracy, _dominator(points, name), at in hull, icer, best))
    return tuple(found)


def on_hull(cost: Floats, accuracy: Floats) -> Floats:
    """Which points, shape (n,) each, are corners of the upper concave hull, from the cheapest to the most accurate.

    Points on a chord are no corners; of points that coincide, all are.
    """
    order = np.lexsort((-accuracy, cost))
    corners: list[tuple[float, float]] = []
    for c, a in zip(cost[order].tolist(), accuracy[order].tolist(), strict=True):
        if corners and a <= corners[-1][1]:
            continue
        while len(corners) > 1 and _under(corners[-2], corners[-1], (c, a)):
            corners.pop()
        corners.append((c, a))
    chosen = set(corners)
    pairs = zip(cost.tolist(), accuracy.tolist(), strict=True)
    return np.array([pair in chosen for pair in pairs], np.float64)


def gain_per_cost(accuracy: Scores, cost: Scores, naive_accuracy: Scores, naive_cost: Scores) -> Recovered:
    """(accuracy - naive accuracy)/(cost - naive cost) on the questions that all share, with Fieller's interval.

    The ratio is `pgr` of the result, in accuracy per unit of cost; it is undefined where nothing extra is spent.
    """
    every = (accuracy, cost, naive_accuracy, naive_cost)
    shared = in_all([each.question for each in every])
    group = accuracy.group[np.searchsorted(accuracy.question, shared)]
    gain = accuracy.at(shared) - naive_accuracy.at(shared)
    extra = cost.at(shared) - naive_cost.at(shared)
    parts = [Scores(shared, group, values, len(shared)) for values in (gain, np.zeros(len(shared)), extra)]
    return recovered(*parts)


def net_benefit(accuracy: Scores, cost: Scores, price: float) -> Scores:
    """Each question's accuracy - λ·cost, λ the `price` in accuracy per unit of cost; `paired` compares two."""
    number(price, "price")
    shared = in_all([accuracy.question, cost.question])
    group = accuracy.group[np.searchsorted(accuracy.question, shared)]
    return Scores(shared, group, accuracy.at(shared) - price * cost.at(shared), accuracy.rows)


def frontier_shares(
    arms: Mapping[str, tuple[Scores, Scores]],
    prices: tuple[float, ...] = (),
    *,
    draws: int = DRAWS,
    seed: int = 0,
) -> Shares:
    """How sure the frontier is: `arms` maps a name to its accuracies and costs by question; passages are redrawn."""
    questions = [scores.question for pair in arms.values() for scores in pair]
    shared = in_all(questions)
    if not len(shared):
        return Shares({}, {}, 0, seed, "no_data")
    first = next(iter(arms.values()))[0]
    index, count = codes(first.group[np.searchsorted(first.question, shared)])
    if count == 1:
        return Shares({}, {}, 0, seed, "single_cluster")
    columns = [np.bincount(index, each.at(shared)) for pair in arms.values() for each in pair]
    sums = np.stack([*columns, np.bincount(index).astype(np.float64)], axis=1)
    sums = condensed(sums, seed=seed)
    totals = resampled(sums, draws, seed)
    means = totals[:, :-1] / totals[:, -1:]
    accuracy, cost = means[:, ::2], means[:, 1::2]
    hull = np.sum([on_hull(c, a) for c, a in zip(cost, accuracy, strict=True)], axis=0)
    best = [_winners(accuracy - price * cost) for price in prices]
    names = list(arms)
    shares = {p: dict(zip(names, (row / draws).tolist(), strict=True)) for p, row in zip(prices, best, strict=True)}
    return Shares(dict(zip(names, (hull / draws).tolist(), strict=True)), shares, draws, seed)


def _winners(benefit: Floats) -> Floats:
    top = np.isclose(benefit, benefit.max(axis=1, keepdims=True), rtol=0, atol=1e-12)
    found: Floats = (top / top.sum(axis=1, keepdims=True)).sum(axis=0)
    return found


def _under(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> bool:
    """Whether b lies on or under the chord from a to c."""
    return (b[1] - a[1]) * (c[0] - a[0]) <= (c[1] - a[1]) * (b[0] - a[0])


def _place(values: Floats, hull: list[int], at: int) -> tuple[float | None, tuple[float, float]]:
    """The ICER against the next cheaper corner, and the prices at which this corner is best."""
    corners = np.unique(values[hull], axis=0)
    place = int(np.flatnonzero((corners == values[at]).all(axis=1))[0])
    steps = np.diff(corners, axis=0)
    prices = [inf, *(float(gain / cost) for cost, gain in steps), 0.0]
    icer = float(steps[place - 1][0] / steps[place - 1][1]) if place else None
    return icer, (prices[place + 1], prices[place])


def _dominator(points: Mapping[str, tuple[float, float]], name: str) -> str | None:
    cost, accuracy = points[name]
    better = (other for other, (c, a) in points.items() if c <= cost and a >= accuracy and (c < cost or a > accuracy))
    return min(better, key=lambda other: (-points[other][1], points[other][0], other), default=None)
