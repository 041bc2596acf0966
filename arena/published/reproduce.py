"""Figures that a paper printed, computed from its own data, beside what this arena makes of the same verdicts.

Michael et al. 2023 count a debate as right where the judge gave the right answer more than one half, take every debate
for an independent one, and print proportions. Here the same rooms are also taken as questions in stories: an even
belief is half right, repeats of a question are averaged, and intervals are clustered by story.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log2, sqrt

import numpy as np

from arena.analysis.accuracy import Accuracy, Interval, accuracy
from arena.analysis.cluster import codes
from arena.analysis.distributions import LEVEL, Z
from arena.analysis.forecasts import Forecasts
from arena.analysis.logscore import Gain, judge_score
from arena.analysis.reliability import Reliability, reliability
from arena.analysis.rows import Floats, Ints
from arena.analysis.scores import Scores
from arena.published.michael2023 import ARMS
from arena.published.rooms import Room

PRINTED = {
    "human debate": (0.844, 154),
    "human consultancy": (0.740, 96),
    "AI debate": (0.782, 87),
    "AI consultancy": (0.803, 76),
}
"""The paper's accuracies, and the number of rooms of each."""

DRAWS = 10_000
EVEN = 0.5


@dataclass(frozen=True)
class Arm:
    """One arm of the paper. `paper` counts rooms by the paper's rule; `ours` averages within questions.

    `rooms_ci` is the interval of the paper's accuracy when its rooms are clustered by story. `bits` is the mean of
    log₂ of the probability of the right answer; `reward` takes 0.05 a turn off it.
    """

    name: str
    n: int
    questions: int
    stories: int
    paper: float
    rooms_ci: Interval | None
    ours: Accuracy
    turns: float
    bits: float
    reward: Gain
    calibration: Reliability


@dataclass(frozen=True)
class Difference:
    """The accuracy of arm A minus that of arm B over rooms, by the paper's rule.

    `ci_iid` and `p_iid` take rooms for independent (no p where all agree); `ci` draws whole stories with replacement,
    `draws` times from `seed`.
    """

    a: str
    b: str
    difference: float
    ci_iid: Interval
    p_iid: float | None
    ci: Interval
    draws: int
    seed: int


@dataclass(frozen=True)
class Reproduced:
    """The paper's table from its data, and its headline difference."""

    arms: tuple[Arm, ...]
    differences: tuple[Difference, ...]


def reproduce(rooms: Sequence[Room], *, seed: int = 0) -> Reproduced:
    """The figures of Michael et al. 2023 from the rooms that they count."""
    arms = {name: [room for room in rooms if room.arm == name] for name in ARMS.values()}
    names = [name for name, found in arms.items() if found]
    pairs = [("human debate", "human consultancy"), ("AI debate", "AI consultancy")]
    return Reproduced(
        tuple(_arm(name, arms[name]) for name in names),
        tuple(_difference(a, arms[a], b, arms[b], seed) for a, b in pairs if arms[a] and arms[b]),
    )


def _arm(name: str, rooms: list[Room]) -> Arm:
    p, right, stories = _beliefs(rooms), _right(rooms), _stories(rooms)
    turns = np.array([room.turns for room in rooms])
    own = Scores(np.arange(len(rooms)), stories, right, len(rooms))
    slots = np.array([room.key.option for room in rooms])
    return Arm(
        name=name,
        n=len(rooms),
        questions=len({room.question.id for room in rooms}),
        stories=len(np.unique(stories)),
        paper=float(right.mean()),
        rooms_ci=accuracy(own).ci,
        ours=accuracy(_by_question(rooms)),
        turns=float(turns.mean()),
        bits=float(np.mean([log2(one) for one in p])),
        reward=judge_score(p, turns, stories),
        calibration=reliability(Forecasts(p, slots, stories)),
    )


def _beliefs(rooms: Sequence[Room]) -> Floats:
    """What each judge gave the right answer at the end."""
    return np.array([belief[room.key.option] for room in rooms if (belief := room.final[0].belief)], np.float64)


def _right(rooms: Sequence[Room]) -> Floats:
    """The paper's rule: more than one half on the right answer."""
    return (_beliefs(rooms) > EVEN).astype(np.float64)


def _stories(rooms: Sequence[Room]) -> Ints:
    return codes(np.array([int(room.question.group) for room in rooms]))[0]


def _by_question(rooms: Sequence[Room]) -> Scores:
    """One score a question: its rooms averaged within the side argued and the place of the right answer, then those."""
    p = _beliefs(rooms)
    value = np.where(p > EVEN, 1.0, np.where(p == EVEN, EVEN, 0.0))
    found: dict[str, dict[tuple[str, int], list[float]]] = {}
    for room, score in zip(rooms, value, strict=True):
        found.setdefault(room.question.id, {}).setdefault((room.side or "", room.key.option), []).append(float(score))
    groups = {room.question.id: int(room.question.group) for room in rooms}
    index = codes(np.array([groups[question] for question in found]))[0]
    return Scores(np.arange(len(found)), index, np.array([_averaged(cells) for cells in found.values()]), len(rooms))


def _averaged(cells: dict[tuple[str, int], list[float]]) -> float:
    sides: dict[str, list[float]] = {}
    for (side, _), scores in cells.items():
        sides.setdefault(side, []).append(float(np.mean(scores)))
    return float(np.mean([np.mean(scores) for scores in sides.values()]))


def _difference(a: str, first: list[Room], b: str, second: list[Room], seed: int) -> Difference:
    x, y = _right(first), _right(second)
    gap = float(x.mean() - y.mean())
    pooled = float(np.concatenate([x, y]).mean())
    error = sqrt(pooled * (1 - pooled) * (1 / len(x) + 1 / len(y)))
    p = _two_sided(gap / error) if error else None
    half = Z * sqrt(float(x.mean() * (1 - x.mean())) / len(x) + float(y.mean() * (1 - y.mean())) / len(y))
    return Difference(a, b, gap, (gap - half, gap + half), p, _drawn(first, second, seed), DRAWS, seed)


def _two_sided(z: float) -> float:
    from scipy.special import ndtr  # noqa: PLC0415  # as elsewhere: only who needs it pays for it

    return float(2 * ndtr(-abs(z)))


def _drawn(first: list[Room], second: list[Room], seed: int) -> Interval:
    """The percentile interval over stories drawn with replacement, both arms from the same draw."""
    index, count = codes(np.array([int(room.question.group) for room in (*first, *second)]))
    split = len(first)
    parts = [(index[:split], _right(first)), (index[split:], _right(second))]
    sums = [(np.bincount(at, right, count), np.bincount(at, minlength=count)) for at, right in parts]
    weights = np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), DRAWS)
    rates = [(weights @ right) / np.maximum(weights @ total, 1) for right, total in sums]
    low, high = np.quantile(rates[0] - rates[1], [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)
