"""The whole analysis rehearsed on simulated runs: the power of a plan, the width of its intervals, and its truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from arena.analysis.accuracy import Interval, accuracy, wilson
from arena.analysis.cluster import icc
from arena.analysis.generative import Judging
from arena.analysis.paired import paired, pairs
from arena.analysis.pgr import recovered
from arena.analysis.power import ALPHA
from arena.analysis.rows import Table
from arena.analysis.scores import Scores, question_scores
from arena.analysis.simulate import MARK, Plan, simulate

FLOOR, CEILING = "naive", "expert"


@dataclass(frozen=True)
class Rehearsal:
    """What `trials` simulated runs of a plan came to, comparing A with B.

    `power` is the share with a significant difference, `ci` Wilson's interval of it. `width` and `width_accuracy` are
    the mean widths of the intervals of the difference and of A's accuracy. `covered` is the share of the intervals of
    the difference that held the truth. `sd` and `icc` describe the differences. `unbounded` is the share of runs in
    which the performance gap recovered by A had no interval or no value. All are `None` without trials.
    """

    trials: int
    truth: float
    power: float | None = None
    ci: Interval | None = None
    width: float | None = None
    width_accuracy: float | None = None
    covered: float | None = None
    sd: float | None = None
    icc: float | None = None
    unbounded: float | None = None


@dataclass(frozen=True)
class _Trial:
    significant: bool
    width: float
    width_accuracy: float
    covered: float
    sd: float
    icc: float
    unbounded: bool


def rehearse(
    model: Judging, plan: Plan, a: str = "debate", b: str = "naive", *, trials: int = 200, seed: int = 0
) -> Rehearsal:
    """Run `plan` in simulation and compare arm `a` with arm `b`, `trials` times."""
    truth = model.accuracy(a) - model.accuracy(b)
    arms = tuple(dict.fromkeys((a, b, FLOOR, CEILING)))
    seeds = np.random.SeedSequence(seed).generate_state(trials).tolist() if trials else []
    found = [_tried(simulate(model, plan, arms, seed=int(each)).table, a, b, truth) for each in seeds]
    if not found:
        return Rehearsal(0, truth)
    share = float(np.mean([each.significant for each in found]))
    means = [
        _mean([getattr(each, name) for each in found])
        for name in ("width", "width_accuracy", "covered", "sd", "icc", "unbounded")
    ]
    return Rehearsal(trials, truth, share, wilson(share, trials), *means)


def _tried(table: Table, a: str, b: str, truth: float) -> _Trial:
    scores = {arm: _scores(table, arm) for arm in (a, b, FLOOR, CEILING)}
    found, both = paired(scores[a], scores[b]), pairs(scores[a], scores[b])
    one = accuracy(scores[a]).ci
    correlated = icc(both.d, both.group)
    return _Trial(
        significant=found.p is not None and found.p < ALPHA,
        width=np.nan if found.ci is None else found.ci[1] - found.ci[0],
        width_accuracy=np.nan if one is None else one[1] - one[0],
        covered=np.nan if found.ci is None else float(found.ci[0] <= truth <= found.ci[1]),
        sd=float(both.d.std(ddof=1)) if len(both.d) > 1 else np.nan,
        icc=np.nan if correlated is None else correlated,
        unbounded=recovered(scores[a], scores[FLOOR], scores[CEILING]).ci is None,
    )


def _scores(table: Table, arm: str) -> Scores:
    return question_scores(table.rows_of(MARK + arm, table.datasets[0]))


def _mean(values: list[float]) -> float | None:
    """The mean of what is defined."""
    known = [value for value in values if not np.isnan(value)]
    return float(np.mean(known)) if known else None
