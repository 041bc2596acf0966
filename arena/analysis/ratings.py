"""Ratings of debaters from matches: Bradley and Terry's model on the Elo scale, with the worth of place and of truth.

    logit P(the one in slot A wins) = θ_a - θ_b + γ + η·h    h = +1 where A argues the truth, -1 where B does, else 0

γ is the advantage of slot A and η that of the honest role, both between equals. By maximum likelihood, never by
sequential updates, which depend on the order of matches. Errors are cluster-robust by passage.

Before anything is fitted it is asked, in this order, whether everybody can be compared, whether every term can be told
from the others, and whether the likelihood has a maximum (Ford 1957; Konis 2007). Where it has none, Firth's estimates
(1993) stand instead, with intervals from the penalised profile (Heinze and Schemper 2002).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.special import ndtri

from arena.analysis.accuracy import Interval
from arena.analysis.cluster import rooted
from arena.analysis.distributions import LEVEL, Z
from arena.analysis.elo import MIDDLE, POINTS
from arena.analysis.identify import components, separated, unidentified
from arena.analysis.logistic import Design, firth, maximum_likelihood, profile_interval, sandwich
from arena.analysis.matches import Matches
from arena.analysis.rows import Floats

POSITION = "position"
HONESTY = "honesty"


@dataclass(frozen=True)
class Worth:
    """Elo points with their error and interval: Wald's after maximum likelihood, the profile after Firth.

    An error of 0 has no interval: one of width 0 would read as certainty.
    """

    elo: float
    se: float | None = None
    ci: Interval | None = None


@dataclass(frozen=True)
class Rating:
    """A player's rating, around a mean of 1500, with its error under that anchor.

    `won` and `lost` are sums of shares by weight. `doubt` is `upper` for the unbeaten, of whom only the lower end of
    the interval means anything, and `lower` for those who never won. `rank` holds the best and worst rank that
    simultaneous (Bonferroni) intervals leave open; `None` where there are no errors.
    """

    player: str
    elo: float
    se: float | None
    ci: Interval | None
    won: float
    lost: float
    doubt: str | None = None
    rank: tuple[int, int] | None = None


@dataclass(frozen=True)
class Ratings:
    """Ratings, best first.

    | status | meaning |
    |---|---|
    | `ok` | maximum likelihood |
    | `no_data` | no match |
    | `disconnected` | `parts` holds ratings per component, which are not comparable; no joint table |
    | `rank_deficient` | the terms of `unidentified` cannot be told apart; no rating |
    | `separated` | the maximum is at infinity; `method` is `firth` |
    | `single_cluster` | one passage: ratings without errors |
    """

    n_matches: int
    n_groups: int
    table: tuple[Rating, ...] = ()
    position: Worth | None = None
    honesty: Worth | None = None
    method: str | None = None
    parts: tuple[Ratings, ...] = ()
    unidentified: tuple[str, ...] = ()
    status: str = "ok"
    solution: Solution | None = field(default=None, repr=False, compare=False)

    def difference(self, a: str, b: str) -> Worth | None:
        """The rating of `a` minus that of `b`; `None` where there is no joint table of both."""
        if self.solution is None or a not in self.solution.players or b not in self.solution.players:
            return None
        contrast = np.zeros(len(self.solution.players))
        contrast[self.solution.players.index(a)] += 1
        contrast[self.solution.players.index(b)] -= 1
        return self.solution.worth(contrast)


@dataclass(frozen=True, eq=False)
class Solution:
    """A fit whose first player stands at 0: the coefficients of the other players, then of the terms."""

    players: tuple[str, ...]
    design: Design
    beta: Floats
    cov: Floats | None
    penalised: bool

    def worth(self, players: Floats, term: int | None = None) -> Worth:
        """A contrast of players (weights that sum to 0), or the term at this place, in Elo points."""
        contrast = np.zeros(len(self.beta))
        contrast[: len(self.players) - 1] = players[1:]
        if term is not None:
            contrast[len(self.players) - 1 + term] = 1
        value = POINTS * float(contrast @ self.beta)
        if self.penalised:
            low, high = profile_interval(self.design, contrast)
            return Worth(value, ci=(POINTS * low, POINTS * high))
        if self.cov is None:
            return Worth(value)
        se = POINTS * rooted(float(contrast @ self.cov @ contrast))
        return Worth(value, se, (value - Z * se, value + Z * se) if se else None)


def rate(played: Matches, *, position: bool = True, honesty: bool = True) -> Ratings:
    """Rate the players of `played`; `position` and `honesty` say whether γ and η are in the model."""
    n, groups = len(played.first), len(np.unique(played.group))
    if not n:
        return Ratings(0, 0, status="no_data")
    label = components(played.first, played.second, len(played.players))
    if label.any():
        each = (played.of(label == number) for number in range(int(label.max()) + 1))
        parts = tuple(rate(part, position=position, honesty=honesty) for part in each)
        return Ratings(n, groups, parts=parts, status="disconnected")
    names = [name for name, wanted in ((POSITION, position), (HONESTY, honesty)) if wanted]
    terms = np.column_stack([np.ones(n) if name == POSITION else played.honest for name in names] or [np.zeros((n, 0))])
    if lost := _indistinct(played, terms, names):
        return Ratings(n, groups, unidentified=lost, status="rank_deficient")
    solution = _solve(played, np.column_stack([played.pairs[:, 1:], terms]))
    status = "separated" if solution.penalised else "ok" if solution.cov is not None else "single_cluster"
    level = np.zeros(len(played.players))
    worth = {name: solution.worth(level, at) for at, name in enumerate(names)}
    method = "firth" if solution.penalised else "maximum_likelihood"
    table = _table(played, solution)
    return Ratings(n, groups, table, worth.get(POSITION), worth.get(HONESTY), method, status=status, solution=solution)


def _indistinct(played: Matches, terms: Floats, names: list[str]) -> tuple[str, ...]:
    """The columns that others make up, given that ratings sum to 0; that sum is one more row."""
    x = np.column_stack([played.pairs, terms])
    anchor = np.concatenate([np.ones(len(played.players)), np.zeros(len(names))])
    return unidentified(np.unique(np.vstack([x, anchor]), axis=0), (*played.players, *names))


def _solve(played: Matches, x: Floats) -> Solution:
    if not separated(x, played.outcome):
        design = Design(x, played.outcome, played.weight)
        beta = maximum_likelihood(design)
        return Solution(played.players, design, beta, sandwich(design, beta, played.group), penalised=False)
    cells, index = np.unique(x, axis=0, return_inverse=True)
    weight = np.asarray(np.bincount(index, played.weight), np.float64)
    design = Design(cells, np.bincount(index, played.weight * played.outcome) / weight, weight)
    return Solution(played.players, design, firth(design), None, penalised=True)


def _table(played: Matches, solution: Solution) -> tuple[Rating, ...]:
    count = len(played.players)
    worths = [solution.worth(row) for row in np.eye(count) - 1 / count]
    won, lost = played.points()
    ranks = _ranks(worths)
    found = [
        Rating(
            name,
            MIDDLE + worth.elo,
            worth.se,
            None if worth.ci is None else (MIDDLE + worth.ci[0], MIDDLE + worth.ci[1]),
            float(w),
            float(v),
            None if w > 0 and v > 0 else "lower" if v > 0 else "upper",
            rank,
        )
        for name, worth, w, v, rank in zip(played.players, worths, won, lost, ranks, strict=True)
    ]
    return tuple(sorted(found, key=lambda rating: -rating.elo))


def _ranks(worths: list[Worth]) -> list[tuple[int, int] | None]:
    wide = float(ndtri(1 - (1 - LEVEL) / 2 / len(worths)))
    ends = [None if not w.se else (w.elo - wide * w.se, w.elo + wide * w.se) for w in worths]
    known = [end for end in ends if end is not None]
    return [
        None
        if end is None
        else (1 + sum(low > end[1] for low, _ in known), len(known) - sum(high < end[0] for _, high in known))
        for end in ends
    ]
