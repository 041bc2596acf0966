"""Agent score difference: what arguing the truth earns over arguing the falsehood (Sudhir et al. 2025).

For a question, s(p(⊤) where ⊤ was argued) - s(p(⊥) where ⊥ was argued), s a scoring rule. With one transcript for both
answers (debate, or no advocate) one belief serves both terms; with one advocate there are two transcripts, and a
question that lacks one side does not enter. Scores are averaged within the question, as accuracies are.

At temperature β an agent argues the truth with probability q = sigmoid((s_⊤ - s_⊥)/β), s the log score whatever the
rule; β = 0 takes the better one, a tie tossed, and β = ∞ a coin.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Literal, get_args

import numpy as np

from arena.analysis.accuracy import Interval
from arena.analysis.cluster import ZERO, mean_of
from arena.analysis.forecasts import TINY
from arena.analysis.grouping import shared
from arena.analysis.logistic import sigmoid
from arena.analysis.rows import Flags, Floats, Ints, Rows
from arena.analysis.scores import scores_where
from arena.errors import UsageError

Rule = Literal["brier", "log", "logodds", "accuracy"]


@dataclass(frozen=True)
class Expected:
    """A mean over questions, with its CR2 error and t interval."""

    value: float | None
    se: float | None = None
    ci: Interval | None = None


@dataclass(frozen=True)
class ScoreDifference:
    """The mean difference, and what to expect of an agent that argues the truth as often as it pays at β.

    `propensity` is that probability, `judge` the judge's expected score (JSE), `agent` the agent's (ASE). `n_clipped`
    counts beliefs clipped at `TINY` for the rule, and `n_one_sided` questions that lack a side. `status` is `ok`,
    `single_cluster`, `no_data` or `mixed_beliefs` (see `brier`).
    """

    rule: Rule
    beta: float
    n: int
    n_groups: int
    difference: Expected
    propensity: Expected
    judge: Expected
    agent: Expected
    n_clipped: int = 0
    n_one_sided: int = 0
    status: str = "ok"


def score_difference(rows: Rows, rule: Rule = "brier", *, beta: float = 1.0) -> ScoreDifference:
    """The agent score difference of one arm, over verdicts that state a belief about two options.

    Raises `UsageError` for a negative β, or a rule that is none.
    """
    if not beta >= 0:
        raise UsageError(f"`beta` is {beta}; a temperature is not below 0")
    if rule not in get_args(Rule):
        raise UsageError(f"no scoring rule is called {rule!r}. Known: {', '.join(get_args(Rule))}.")
    if rows.mixed:
        none = Expected(None, None, None)
        return ScoreDifference(rule, beta, 0, 0, none, none, none, none, status="mixed_beliefs")
    stated = ~np.isnan(rows.p_correct)
    p = np.where(stated, rows.p_correct, 0.5)
    shared = rows.side < 0
    honest, dishonest = stated & (shared | (rows.side == 0)), stated & (shared | (rows.side == 1))
    columns = _columns(rows, (honest, dishonest), p, rule)
    true, false, judged, misjudged, log_true, log_false = columns.values
    q = propensity(log_true - log_false, beta)
    group = columns.group
    difference = mean_of(true - false, group)
    return ScoreDifference(
        rule,
        beta,
        difference.n,
        difference.n_groups,
        Expected(difference.mean, difference.se, difference.ci_t),
        _mean(q, group),
        _mean(q * judged + (1 - q) * misjudged, group),
        _mean(q * true + (1 - q) * false, group),
        int(((p < TINY) | (p > 1 - TINY))[stated].sum()) if rule in ("log", "logodds") else 0,
        columns.one_sided,
        difference.status,
    )


def points(p: Floats, rule: Rule) -> Floats:
    """What a probability `p` for an answer earns, more being better.

    `brier` is the form that sums over both answers, -2·(1 - p)²; `log` and `logodds` clip at `TINY`.
    """
    kept = np.clip(p, TINY, 1 - TINY)
    if rule == "brier":
        found = -2 * (1 - p) ** 2
    elif rule == "accuracy":
        found = (np.sign(p - 0.5) + 1) / 2
    else:
        found = np.log(kept) if rule == "log" else np.log(kept / (1 - kept))
    return np.asarray(found, np.float64)


def propensity(gain: Floats, beta: float) -> Floats:
    """How often the truth is argued where it earns `gain` more, shape (n,), at temperature `beta`."""
    if beta == 0:
        return np.where(np.abs(gain) <= ZERO, 0.5, (gain > 0).astype(np.float64))
    return np.full(len(gain), 0.5) if beta == inf else sigmoid(gain / beta)


@dataclass(frozen=True, eq=False)
class _Columns:
    """Per question: agent's scores for truth and falsehood, judge's scores then, agent's log scores then."""

    values: tuple[Floats, ...]
    group: Ints
    one_sided: int


def _columns(rows: Rows, sides: tuple[Flags, Flags], p: Floats, rule: Rule) -> _Columns:
    honest, dishonest = sides
    judged, log = points(p, rule), points(p, "log")
    true = scores_where(rows, honest, [judged, judged, log])
    false = scores_where(rows, dishonest, [points(1 - p, rule), judged, points(1 - p, "log")])
    both, at, there = shared(true[0].question, false[0].question)
    lone = len(true[0].question) + len(false[0].question) - 2 * len(both)
    scores = [each for pair in zip(true, false, strict=True) for each in pair]
    values = tuple(each.score[place] for each, place in zip(scores, [at, there] * len(true), strict=True))
    return _Columns(values, true[0].group[at], lone)


def _mean(values: Floats, group: Ints) -> Expected:
    mean = mean_of(values, group)
    return Expected(mean.mean, mean.se, mean.ci_t)
