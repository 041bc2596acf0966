"""Both orders of the options: balance, the order-standardised accuracy, position bias, consistency.

The order of a verdict is the slot in which the right option was shown. All of it is about questions with two options,
where a slot says which of two orders was seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from arena.analysis.accuracy import Interval
from arena.analysis.cluster import Mean, mean_of
from arena.analysis.distributions import t_tails
from arena.analysis.exact import Signs, bonett_price, sign_test
from arena.analysis.grouping import distinct, shared
from arena.analysis.rows import Rows
from arena.analysis.scores import Scores, question_scores, score_where

FIRST, SECOND = 0, 1
TWO = 2


@dataclass(frozen=True)
class Standardised:
    """The mean of the means at each level of a factor (order or side), each level over the questions that have it.

    Equal to the accuracy in balanced data. `matters` says that the two differ by more than one standard error.
    `status` is `ok`, `one_level` (then there is no value), `single_cluster` (then no error) or `no_data`.
    """

    n_both: int
    n_only: tuple[int, int]
    levels: tuple[float | None, float | None]
    value: float | None = None
    se: float | None = None
    ci: Interval | None = None
    matters: bool = False
    status: str = "ok"


@dataclass(frozen=True)
class PositionBias:
    """P(choose the first option) - ½: `paired` on questions judged in both orders, else `between_questions`.

    `signs` counts questions scored higher with the right option first, and second. `status` is `ok`,
    `single_cluster`, `one_level`, `more_than_two_options`, `no_data`, or `no_variance` where the error is 0: then p is
    that of the sign test, and the interval half of Bonett and Price's.
    """

    n: int
    bias: float | None = None
    ci: Interval | None = None
    p: float | None = None
    signs: Signs | None = None
    method: str = "paired"
    status: str = "ok"


@dataclass(frozen=True)
class Consistency:
    """Verdicts on one transcript in both orders: the share with the same answer, and what the pairs answered.

    `tied` counts pairs in which a tie was declared; two ties are the same answer.
    """

    n_pairs: int
    share: float | None = None
    both_right: int = 0
    both_wrong: int = 0
    always_first: int = 0
    always_second: int = 0
    tied: int = 0
    status: str = "ok"


@dataclass(frozen=True)
class Orders:
    """All that the two orders tell about one arm."""

    standardised: Standardised
    bias: PositionBias
    consistency: Consistency


def orders(rows: Rows, overall: Mean | None = None, options: int = 2) -> Orders:
    """What the orders of `rows` tell; `overall` is the headline's mean, computed where it is not given.

    Bias and consistency leave missing verdicts out: a refusal in one order shows no preference for a place.
    """
    if options > TWO:
        none = "more_than_two_options"
        return Orders(
            Standardised(0, (0, 0), (None, None), status=none),
            PositionBias(0, status=none),
            Consistency(0, status=none),
        )
    first, second = rows.slot == FIRST, rows.slot == SECOND
    filled = np.where(rows.missing, 0.0, rows.correct)
    parts = [score_where(rows, mask, filled) for mask in (first, second)]
    judged = parts
    if rows.missing.any():
        judged = [score_where(rows, mask & ~rows.missing, filled) for mask in (first, second)]
    overall = headline(rows) if overall is None else overall
    return Orders(standardised(parts, overall), _bias(judged), _consistency(rows))


def headline(rows: Rows) -> Mean:
    """The mean question score of `rows`, missing verdicts as wrong."""
    scores = question_scores(rows)
    return mean_of(scores.score, scores.group)


def standardised(parts: Sequence[Scores], overall: Mean) -> Standardised:
    """The mean of two level means, compared with the `overall` mean that ignores the levels."""
    one, two = parts
    both = len(shared(one.question, two.question)[0])
    only = (len(one.question) - both, len(two.question) - both)
    levels = (_mean(one), _mean(two))
    if levels[0] is None or levels[1] is None:
        return Standardised(both, only, levels, status="no_data" if levels == (None, None) else "one_level")
    mean = combination(parts, (0.5, 0.5))
    shift = abs((mean.mean or 0.0) - (overall.mean or 0.0))
    matters = shift > max(overall.se or 0.0, 1e-9)
    return Standardised(both, only, levels, mean.mean, mean.se, mean.ci_t, matters, mean.status)


def combination(parts: Sequence[Scores], weights: Sequence[float]) -> Mean:
    """A weighted sum of the means of several sets of question scores, none empty, with its CR2 error.

    The error is that of the influence values: each question adds its weighted residual in every set that has it.
    """
    questions = distinct(np.concatenate([part.question for part in parts])).codes
    influence, groups = np.zeros(len(questions)), np.zeros(len(questions), np.int64)
    value = 0.0
    for part, weight in zip(parts, weights, strict=True):
        at, mean = np.searchsorted(questions, part.question), float(part.score.mean())
        influence[at] += weight * (part.score - mean) * len(questions) / len(part.question)
        groups[at] = part.group
        value += weight * mean
    return mean_of(influence + value, groups)


def _mean(scores: Scores) -> float | None:
    return float(scores.score.mean()) if len(scores.score) else None


def _bias(parts: Sequence[Scores]) -> PositionBias:
    one, two = parts
    _, at, there = shared(one.question, two.question)
    if len(at):
        first, second = one.score[at], two.score[there]
        difference = first - second
        binary = bool(np.isin(first, (0, 1)).all() and np.isin(second, (0, 1)).all())
        found = _tested(mean_of(difference / 2, one.group[at]), "paired", sign_test(difference, binary=binary))
        if found.status != "no_variance":
            return found
        low, high = bonett_price(difference)
        return replace(found, ci=(low / 2, high / 2))
    if len(one.score) and len(two.score):
        return _tested(combination(parts, (0.5, -0.5)), "between_questions", None)
    return PositionBias(0, status="one_level" if len(one.score) or len(two.score) else "no_data")


def _tested(mean: Mean, method: str, signs: Signs | None) -> PositionBias:
    if mean.se is None or mean.df is None or mean.mean is None:
        return PositionBias(mean.n, mean.mean, signs=signs, method=method, status=mean.status)
    if mean.se == 0:
        return PositionBias(mean.n, mean.mean, None, signs.p if signs else None, signs, method, "no_variance")
    p = t_tails(mean.mean / mean.se, mean.df)
    return PositionBias(mean.n, mean.mean, mean.ci_t, p, signs, method)


def _consistency(rows: Rows) -> Consistency:
    """Pair the verdicts of each episode; of several in one order the mean is taken."""
    judged = rows.where(~rows.missing & np.isin(rows.slot, (FIRST, SECOND)))
    episodes, index, _ = distinct(judged.episode)
    cells = index * TWO + judged.slot
    counts = np.bincount(cells, minlength=TWO * len(episodes)).reshape(-1, TWO)
    sums = np.bincount(cells, judged.correct, TWO * len(episodes)).reshape(-1, TWO)
    paired = counts.min(axis=1, initial=1) > 0
    if not paired.any():
        return Consistency(0, status="no_pair_of_orders")
    first, second = (sums[paired] / counts[paired]).T
    whole = np.isin(first, (0, 1)) & np.isin(second, (0, 1))
    kinds = [(1, 1), (0, 0), (1, 0), (0, 1)]
    right, wrong, one, two = (int((whole & (first == a) & (second == b)).sum()) for a, b in kinds)
    tied = int((~whole).sum())
    return Consistency(len(first), float((first == second).mean()), right, wrong, one, two, tied)
