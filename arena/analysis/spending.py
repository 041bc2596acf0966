"""What a question costs: all calls that it caused, failures and both orders included, with errors by passage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from arena.analysis.accuracy import Interval
from arena.analysis.cluster import mean_of
from arena.analysis.grouping import distinct, first_of
from arena.analysis.rows import Table
from arena.analysis.scores import Scores


@dataclass(frozen=True)
class Spending:
    """The mean cost of a test question in US dollars, its CR2 error and t interval, and the mean tokens of each kind.

    `status` is `ok`, `single_cluster`, `no_data`, or `unknown_price` where an episode's price is not known: then there
    are tokens and no money.
    """

    n: int
    n_groups: int
    usd: float | None = None
    se: float | None = None
    ci: Interval | None = None
    tokens: Mapping[str, float] | None = None
    status: str = "ok"


def question_costs(table: Table, arm: str, dataset: str | None = None) -> Scores:
    """The cost of each test question in US dollars, as `score`; NaN where a price is unknown."""
    return _per_question(table, arm, dataset, "cost")


def spending(table: Table, arm: str, dataset: str | None = None) -> Spending:
    """What a test question of one arm costs."""
    costs = question_costs(table, arm, dataset)
    n, groups = len(costs.score), len(distinct(costs.group).codes)
    if not n:
        return Spending(0, 0, status="no_data")
    kinds = ("input", "output", "cache_read", "cache_write")
    tokens = {kind: float(_per_question(table, arm, dataset, kind).score.mean()) for kind in kinds}
    if np.isnan(costs.score).any():
        return Spending(n, groups, tokens=tokens, status="unknown_price")
    mean = mean_of(costs.score, costs.group)
    return Spending(n, groups, mean.mean, mean.se, mean.ci_t, tokens, mean.status)


def _per_question(table: Table, arm: str, dataset: str | None, what: str) -> Scores:
    episodes = table.episodes_of(arm, dataset)
    test = episodes.where(episodes.test)
    questions, index, _ = distinct(test.question)
    sums = np.asarray(np.bincount(index, getattr(test, what), len(questions)), np.float64)
    known, first = first_of(table.rows.question)
    group = table.rows.group[first][np.searchsorted(known, questions)]
    return Scores(questions, group, sums, len(test))
