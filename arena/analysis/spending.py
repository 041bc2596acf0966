"""What a question costs: all calls that it caused, failures and both orders included, with errors by passage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from arena.analysis.accuracy import Interval
from arena.analysis.cluster import mean_of
from arena.analysis.cost import KINDS
from arena.analysis.grouping import Distinct, distinct, first_of
from arena.analysis.rows import Episodes, Floats, Ints, Table
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


class _Played(NamedTuple):
    """The test episodes of an arm, their questions, and the passage of each question."""

    episodes: Episodes
    questions: Distinct
    group: Ints

    def sums(self, what: str) -> Floats:
        """The sum of a column over the episodes of each question."""
        _, places, sizes = self.questions
        return np.asarray(np.bincount(places, getattr(self.episodes, what), len(sizes)), np.float64)


def question_costs(table: Table, arm: str, dataset: str | None = None) -> Scores:
    """The cost of each test question in US dollars, as `score`; NaN where a price is unknown."""
    played = _played(table, arm, dataset)
    return Scores(played.questions.codes, played.group, played.sums("cost"), len(played.episodes))


def spending(table: Table, arm: str, dataset: str | None = None) -> Spending:
    """What a test question of one arm costs."""
    played = _played(table, arm, dataset)
    costs = played.sums("cost")
    n, groups = len(costs), len(distinct(played.group).codes)
    if not n:
        return Spending(0, 0, status="no_data")
    tokens = {kind: float(played.sums(kind).mean()) for kind in KINDS}
    if np.isnan(costs).any():
        return Spending(n, groups, tokens=tokens, status="unknown_price")
    mean = mean_of(costs, played.group)
    return Spending(n, groups, mean.mean, mean.se, mean.ci_t, tokens, mean.status)


def _played(table: Table, arm: str, dataset: str | None) -> _Played:
    episodes = table.episodes_of(arm, dataset)
    test = episodes.where(episodes.test)
    questions = distinct(test.question)
    known, first = first_of(table.rows.question)
    return _Played(test, questions, table.rows.group[first][np.searchsorted(known, questions.codes)])
