"""What else moves the judge: length, the last word, a shared family, and the place, alone or together.

Each is a term of a logistic model of the right option's winning. A term that stands even between the two options is 0:
`place` is +½ where the right option is shown first and -½ where it is not, `last` the same for who speaks last,
`family` for who shares the judge's model family, `length` is log₂ of honest words over dishonest words. So the
sigmoid of the intercept is the accuracy at even terms: with equal lengths it is the length-neutral accuracy (the idea
of Dubois et al. 2024). An association is no cause: honest arguments may need more words.

Errors are CR1 by passage, with t intervals of G - 1 degrees of freedom. Bias of place from questions judged in both
orders, which needs no model, is in `orders`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from arena.analysis.accuracy import Interval
from arena.analysis.arrays import Labels, Numbers, alike, labels, numbers
from arena.analysis.cluster import codes, rooted
from arena.analysis.distributions import t_quantile, t_tails
from arena.analysis.identify import separated, unidentified
from arena.analysis.logistic import Design, firth, maximum_likelihood, profile_interval, sandwich, sigmoid
from arena.analysis.multiplicity import holm
from arena.analysis.rows import Flags, Floats, Ints, Rows, Table

EVEN = "even terms"
"""The name of the intercept."""

SUGGESTIONS = {
    frozenset({"place", "last"}): "randomise who opens: here the place and the last word are one and the same",
    frozenset({EVEN, "last"}): "randomise who opens: here the honest side always had the same turn",
    frozenset({EVEN, "place"}): "show both orders: here the right option always stood in the same place",
    frozenset({EVEN, "length"}): "the ratio of lengths never changes",
    frozenset({EVEN, "family"}): "cross the judge's family with both sides: here it was always on the same one",
    frozenset({"last"}): "turns were simultaneous: nobody spoke last",
    frozenset({"length"}): "both sides always wrote as much",
}
"""What would make a set of terms estimable."""


@dataclass(frozen=True)
class Term:
    """The log odds that one unit of a term adds (for `length`: one doubling), and its tests.

    An error of 0 has no interval: one of width 0 would read as certainty. `p_holm` is adjusted over the terms of the
    model. A separated model has estimates after Firth, `ci` from the penalised profile, which takes the rows for
    independent, and neither errors nor p.
    """

    estimate: float
    se: float | None = None
    ci: Interval | None = None
    p: float | None = None
    p_holm: float | None = None


@dataclass(frozen=True)
class Biases:
    """The terms by name and the accuracy at even terms.

    | status | meaning |
    |---|---|
    | `ok` | maximum likelihood |
    | `no_data` | no verdict that has every term |
    | `not_identifiable` | the terms of `unidentified` cannot be told apart; `suggestion` says what would help |
    | `separated` | the likelihood has no maximum; Firth's estimates |
    | `single_cluster` | one passage: estimates without errors |
    """

    n: int
    n_groups: int
    neutral_accuracy: float | None = None
    neutral_ci: Interval | None = None
    terms: Mapping[str, Term] | None = None
    unidentified: tuple[str, ...] = ()
    suggestion: str | None = None
    status: str = "ok"


def judge_biases(correct: Numbers, groups: Labels, terms: Mapping[str, Numbers]) -> Biases:
    """Fit `terms` together; `correct` holds 1, 0, ½ or NaN for no verdict, shape (n,) as `groups` and each term.

    Rows without a verdict or with a term missing (NaN) are left out.
    """
    y, columns = numbers(correct, "correct", 0, 1, gaps=True), {k: numbers(v, k, gaps=True) for k, v in terms.items()}
    alike(len(y), **columns)
    x = np.column_stack([np.ones(len(y)), *columns.values()])
    keep = ~np.isnan(y) & np.isfinite(x).all(axis=1)
    x, y, index = x[keep], y[keep], codes(labels(groups, len(y))[keep])
    if not len(y):
        return Biases(0, 0, status="no_data")
    names = (EVEN, *terms)
    if lost := unidentified(x, names):
        hint = SUGGESTIONS.get(frozenset(lost))
        return Biases(len(y), index[1], unidentified=lost, suggestion=hint, status="not_identifiable")
    design = Design(x, y, np.ones(len(y)))
    return _penalised(design, names, index) if separated(x, y) else _likely(design, names, index)


def bias_terms(table: Table, rows: Rows) -> dict[str, Floats]:
    """The terms `place`, `length` and `last` of some rows of a table, NaN where a row has none.

    `judge_biases(rows.correct, rows.group, terms)` takes them; leave out those that are NaN everywhere.
    """
    episodes, of = table.episodes, rows.episode
    last = np.array([0.5, -0.5, np.nan])[episodes.last[of]]
    place = np.array([0.5, -0.5, np.nan])[np.where(np.isin(rows.slot, (0, 1)), rows.slot, 2)]
    return {
        "place": place,
        "length": length_ratio(episodes.honest_words[of], episodes.dishonest_words[of]),
        "last": last,
    }


def length_ratio(honest: Numbers, dishonest: Numbers) -> Floats:
    """The term `length`: log₂ of the words of the honest side over the other's, NaN where either wrote none."""
    both = np.stack([honest, dishonest]).astype(np.float64)
    both[both <= 0] = np.nan
    found: Floats = np.log2(both[0] / both[1])
    return found


def halves(favoured: Flags) -> Floats:
    """A term from whether the honest side has the advantage: +½ where it does, -½ where the other has it."""
    return np.where(favoured, 0.5, -0.5)


def _likely(design: Design, names: tuple[str, ...], index: tuple[Ints, int]) -> Biases:
    beta = maximum_likelihood(design)
    cov = sandwich(design, beta, index[0])
    if cov is None:
        values = {name: Term(float(b)) for name, b in zip(names, beta, strict=True)}
        return _result(design, index, values, "single_cluster")
    t = t_quantile(index[1] - 1)
    errors = [rooted(float(v)) for v in np.diag(cov)]
    ps = [t_tails(b / se, index[1] - 1) if se else None for b, se in zip(beta.tolist(), errors, strict=True)]
    adjusted = [None, *holm(ps[1:])]
    values = {
        name: Term(b, se, (b - t * se, b + t * se) if se else None, p, q)
        for name, b, se, p, q in zip(names, beta.tolist(), errors, ps, adjusted, strict=True)
    }
    return _result(design, index, values, "ok")


def _penalised(design: Design, names: tuple[str, ...], index: tuple[Ints, int]) -> Biases:
    beta = firth(design)
    values = {
        name: Term(float(b), ci=profile_interval(design, contrast))
        for name, b, contrast in zip(names, beta, np.eye(len(names)), strict=True)
    }
    return _result(design, index, values, "separated")


def _result(design: Design, index: tuple[Ints, int], values: dict[str, Term], status: str) -> Biases:
    even = values.pop(EVEN)
    ci = None if even.ci is None else (_odds(even.ci[0]), _odds(even.ci[1]))
    return Biases(len(design.y), index[1], _odds(even.estimate), ci, values, status=status)


def _odds(logit: float) -> float:
    return float(sigmoid(np.array(logit)))
