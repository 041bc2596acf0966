"""How large a run has to be: questions, passages, orders and repeats for a difference and a power.

The variance of a question's difference comes from the generative model or from a pilot run, for each design apart. The
number of questions follows by formula (Miller 2024, with a design effect for passages and Student quantiles); the
analysis itself, run on simulated or redrawn data of that size, says whether the formula is to be trusted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import ceil, sqrt

import numpy as np

from arena.analysis.cluster import codes, icc
from arena.analysis.generative import Judging
from arena.analysis.paired import Pairs, paired, pairs
from arena.analysis.power import ALPHA, POWER, Simulated, Spread, components, detectable, needed, simulated_power
from arena.analysis.rows import Rows, Table
from arena.analysis.scores import Scores, question_scores
from arena.analysis.simulate import MARK, Plan, simulate

WIDE = 3_000
"""Passages that are drawn from a model to see how its differences vary."""


@dataclass(frozen=True)
class Trials:
    """How often a run is simulated, from which seed, and at which level its test is held."""

    count: int = 200
    seed: int = 0
    alpha: float = ALPHA

    def power(self, trial: Callable[[int], float | None]) -> Simulated:
        """The share of trials, each of which takes a seed and gives a p, that are significant."""
        return simulated_power(trial, self.count, alpha=self.alpha, seed=self.seed)


@dataclass(frozen=True)
class Design:
    """How a question is played: both orders of the options or one drawn at random, and so many transcripts."""

    both_orders: bool = True
    repeats: int = 1


@dataclass(frozen=True)
class Variance:
    """What the differences of a design vary by: their standard deviation and their correlation within passages.

    `icc` is `None` where no passage has two questions; then there is no design effect to be seen.
    """

    design: Design
    sd: float
    icc: float | None

    def spread(self, per_passage: float) -> Spread:
        """The same for passages of so many questions each."""
        return Spread(self.sd**2, deff=1 + (per_passage - 1) * max(0.0, self.icc or 0.0))


@dataclass(frozen=True)
class Sized:
    """How many questions a design needs, in whole passages; `n` and `passages` are `None` for an effect of 0."""

    variance: Variance
    deff: float
    n: int | None
    passages: int | None


def sized(
    variance: Variance, effect: float, *, per_passage: int = 1, power: float = POWER, alpha: float = ALPHA
) -> Sized:
    """The size that detects `effect` with this power."""
    spread = variance.spread(per_passage)
    n = needed(effect, spread, power=power, alpha=alpha, per_passage=per_passage)
    passages = None if n is None else max(2, ceil(n / per_passage))
    return Sized(variance, spread.deff, None if passages is None else passages * per_passage, passages)


def reach(
    variance: Variance, n: int, *, per_passage: int = 1, power: float = POWER, alpha: float = ALPHA
) -> float | None:
    """The smallest difference that `n` questions detect; `None` where they are too few passages for any."""
    found = detectable(n, variance.spread(per_passage), power=power, alpha=alpha, per_passage=per_passage)
    return found if np.isfinite(found) else None


def of_model(model: Judging, design: Design, a: str, b: str, *, per_passage: int = 5, seed: int = 0) -> Variance:
    """How the differences of two arms vary in the generative model."""
    plan = Plan(WIDE, max(2, per_passage), design.repeats, both_orders=design.both_orders)
    both = _drawn(model, plan, a, b, seed)
    return Variance(design, float(both.d.std(ddof=1)), icc(both.d, both.group))


def of_pilot(table: Table, dataset: str, a: str, b: str, repeats: Sequence[int] = (1, 2, 3)) -> tuple[Variance, ...]:
    """How the differences of two arms vary in a pilot: for one order, for both, and for more transcripts a question.

    More than the pilot's own number of transcripts can be told only where it has two of a question in each arm, all
    with a verdict.
    """
    arms = [table.rows_of(arm, dataset) for arm in (a, b)]
    both = pairs(*(question_scores(rows) for rows in arms))
    if len(both.d) < len((a, b)):
        return ()
    correlated = icc(both.d, both.group)
    found = []
    orders = [_by_repeats([rows.where(rows.slot == slot) for rows in arms]) for slot in (0, 1)]
    if all(1 in order for order in orders):
        found.append(Variance(Design(both_orders=False), sqrt((orders[0][1] + orders[1][1]) / 2), correlated))
    variances = _by_repeats(arms, repeats)
    found += [Variance(Design(repeats=k), sqrt(variance), correlated) for k, variance in variances.items()]
    return tuple(found)


def own_repeats(table: Table, dataset: str, arms: Sequence[str]) -> int:
    """The most transcripts that a question has in any of the arms."""
    return max(int(table.rows_of(arm, dataset).repeat.max(initial=0)) + 1 for arm in arms)


def _by_repeats(arms: Sequence[Rows], repeats: Sequence[int] = (1,)) -> dict[int, float]:
    """The variance of the differences for so many transcripts a question; empty below two shared questions.

    Where nothing tells what a further transcript would change, that of the pilot's own number of them alone.
    """
    parts = components(*_answers(arms))
    if parts.omega2 is not None and parts.sigma2 is not None:
        return {k: parts.omega2 + sum(parts.sigma2) / k for k in repeats}
    d = pairs(*(question_scores(rows) for rows in arms)).d
    own = max((int(rows.repeat.max(initial=0)) + 1 for rows in arms), default=1)
    return {own: float(d.var(ddof=1))} if len(d) > 1 else {}


def power_in_model(
    model: Judging, size: Sized, effect: float, arms: tuple[str, str], *, per_passage: int, trials: Trials
) -> Simulated:
    """The power of the analysis on runs of this size, drawn from the model with its difference shifted to `effect`."""
    a, b = arms
    design = size.variance.design
    plan = Plan(size.passages or 2, per_passage, design.repeats, both_orders=design.both_orders)
    shift = model.accuracy(a) - model.accuracy(b) - effect
    return trials.power(lambda each: _p(_drawn(model, plan, a, b, each), shift))


def power_in_pilot(
    table: Table, dataset: str, size: Sized, effect: float, arms: tuple[str, str], *, trials: Trials
) -> Simulated:
    """The power of the analysis on so many passages, redrawn from the pilot with its mean difference at `effect`."""
    both = pairs(*(question_scores(table.rows_of(arm, dataset)) for arm in arms))
    shift = float(both.d.mean()) - effect
    redraw = _redrawing(both, size.passages or 2)
    return trials.power(lambda each: _p(redraw(each), shift))


def _redrawing(both: Pairs, passages: int) -> Callable[[int], Pairs]:
    index, count = codes(both.group)
    members = [np.flatnonzero(index == each) for each in range(count)]

    def redraw(seed: int) -> Pairs:
        picked = np.random.default_rng(seed).integers(0, count, passages)
        at = np.concatenate([members[each] for each in picked])
        group = np.repeat(np.arange(passages), [len(members[each]) for each in picked])
        return replace(both, a=both.a[at], b=both.b[at], group=group)

    return redraw


def _drawn(model: Judging, plan: Plan, a: str, b: str, seed: int) -> Pairs:
    table = simulate(model, plan, (a, b), seed=seed).table
    return pairs(*(question_scores(table.rows_of(MARK + arm, table.datasets[0])) for arm in (a, b)))


def _p(both: Pairs, shift: float) -> float | None:
    at = np.arange(len(both.d))
    return paired(Scores(at, both.group, both.a - shift, len(at)), Scores(at, both.group, both.b, len(at))).p


def _answers(arms: Sequence[Rows]) -> tuple[list[list[float]], list[list[float]]]:
    """By shared question, the score of each transcript, its orders and sides averaged; none where one is missing."""
    by_arm = [_transcripts(rows) for rows in arms]
    shared = [question for question in by_arm[0] if question in by_arm[1]]
    first, second = ([answers[question] for question in shared] for answers in by_arm)
    return first, second


def _transcripts(rows: Rows) -> dict[int, list[float]]:
    gone = np.unique(rows.question[rows.missing])
    whole = rows.where(~np.isin(rows.question, gone))
    if not len(whole):
        return {}
    times = int(whole.repeat.max()) + 1
    scores = question_scores(replace(whole, question=whole.question * times + whole.repeat))
    found: dict[int, list[float]] = {}
    for code, score in zip((scores.question // times).tolist(), scores.score.tolist(), strict=True):
        found.setdefault(code, []).append(score)
    return found
