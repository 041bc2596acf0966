"""Two arms on the same questions: the mean of the paired differences, A minus B.

The headline interval is CR2 with a Bell-McCaffrey t. Below 20 passages the headline p is that of flipping the signs of
passage sums; where the error is 0 it is the sign test's, and the interval Bonett and Price's.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np

from arena.analysis.accuracy import Interval
from arena.analysis.cluster import ZERO, Mean, codes, mean_of
from arena.analysis.distributions import t_tails
from arena.analysis.exact import Signs, bonett_price, sign_flip, sign_test
from arena.analysis.grouping import shared
from arena.analysis.rows import Floats, Ints
from arena.analysis.scores import Scores

FEW = 20
"""Below this number of passages the sign-flip p is the headline p."""


@dataclass(frozen=True)
class Paired:
    """A difference of two accuracies on the questions that both arms have.

    `p` is the headline p and `test` the test that it comes from: `cr2_t`, `sign_flip`, `sign` or `mcnemar`. `p_t` is
    that of the t. `p_flip` is computed below `FEW` passages. `z_null` is the cluster-robust statistic with the null
    variance. `rho` correlates the two scores, `se_unpaired` is what the error would be without pairing.

    | status | meaning | `ci` | `p` |
    |---|---|---|---|
    | `ok` | | CR2 t | by `test` |
    | `identical` | no question differs | none; see `ci_bonett_price` | 1 |
    | `no_variance` | the error is 0, the difference need not be | Bonett-Price | sign test |
    | `single_cluster` | one passage: no inference beyond it | none | sign test |
    | `no_data` | no shared question | none | none |
    | `unknown_values` | a score is NaN | none | none |
    """

    n_pairs: int
    n_only_a: int
    n_only_b: int
    n_groups: int = 0
    difference: float | None = None
    accuracy_a: float | None = None
    accuracy_b: float | None = None
    ci: Interval | None = None
    ci_method: str | None = None
    se: float | None = None
    df: float | None = None
    p: float | None = None
    test: str | None = None
    p_t: float | None = None
    p_flip: float | None = None
    z_null: float | None = None
    signs: Signs | None = None
    ci_bonett_price: Interval | None = None
    rho: float | None = None
    se_unpaired: float | None = None
    status: str = "ok"


@dataclass(frozen=True, eq=False)
class Pairs:
    """The scores of two arms on their shared questions, shape (n_pairs,) each."""

    a: Floats
    b: Floats
    group: Ints

    @property
    def d(self) -> Floats:
        """The differences, A minus B."""
        return self.a - self.b


def pairs(a: Scores, b: Scores) -> Pairs:
    """The questions that both have."""
    _, at, there = shared(a.question, b.question)
    return Pairs(a.score[at], b.score[there], a.group[at])


def paired(a: Scores, b: Scores, *, seed: int = 0) -> Paired:
    """Compare A with B; `seed` is for sign flips that have to be drawn."""
    both = pairs(a, b)
    n = len(both.d)
    only_a, only_b = len(a.score) - n, len(b.score) - n
    if n == 0:
        return Paired(0, only_a, only_b, status="no_data")
    if np.isnan(both.d).any():
        return Paired(n, only_a, only_b, status="unknown_values")
    mean = mean_of(both.d, both.group)
    index, count = codes(both.group)
    sums = np.bincount(index, both.d).astype(np.float64)
    flip = sign_flip(sums, seed=seed) if 1 < count < FEW else None
    binary = bool(np.isin(both.a, (0, 1)).all() and np.isin(both.b, (0, 1)).all())
    signs = sign_test(both.d, binary=binary)
    headline = _headline(mean, both.d, signs, flip)
    return Paired(
        n_pairs=n,
        n_only_a=only_a,
        n_only_b=only_b,
        n_groups=count,
        difference=mean.mean,
        accuracy_a=float(both.a.mean()),
        accuracy_b=float(both.b.mean()),
        ci=headline.ci,
        ci_method=headline.method,
        se=mean.se,
        df=mean.df,
        p=headline.p,
        test=headline.test,
        p_t=_p_t(mean),
        p_flip=flip,
        z_null=_z_null(sums),
        signs=signs,
        ci_bonett_price=_bonett_price(both.d),
        rho=correlation(both.a, both.b),
        se_unpaired=_unpaired(both),
        status=headline.status,
    )


@dataclass(frozen=True)
class _Headline:
    p: float | None
    test: str
    ci: Interval | None
    method: str | None
    status: str


def _headline(mean: Mean, d: Floats, signs: Signs, flip: float | None) -> _Headline:
    if mean.se is None:
        return _Headline(signs.p, signs.test, None, None, mean.status)
    if not (np.abs(d) > ZERO).any():
        return _Headline(1.0, signs.test, None, None, "identical")
    if mean.se == 0:
        return _Headline(signs.p, signs.test, _bonett_price(d), "bonett_price", "no_variance")
    if flip is not None:
        return _Headline(flip, "sign_flip", mean.ci_t, "cr2_t", "ok")
    return _Headline(_p_t(mean), "cr2_t", mean.ci_t, "cr2_t", "ok")


def _bonett_price(d: Floats) -> Interval | None:
    """The interval of differences of scores; `None` for those of anything else, as of net benefits."""
    return bonett_price(d) if float(np.abs(d).max()) <= 1 + ZERO else None


def _p_t(mean: Mean) -> float | None:
    if not mean.se or mean.df is None or mean.mean is None:
        return None
    return t_tails(mean.mean / mean.se, mean.df)


def _z_null(sums: Floats) -> float | None:
    scale = sqrt(float((sums**2).sum()))
    return float(sums.sum()) / scale if len(sums) > 1 and scale > ZERO else None


def correlation(x: Floats, y: Floats) -> float | None:
    """Pearson's correlation, shape (n,) each; `None` where either does not vary."""
    if x.std() <= ZERO or y.std() <= ZERO:
        return None
    return float(np.clip(np.corrcoef(x, y)[0, 1], -1, 1))


def _unpaired(both: Pairs) -> float | None:
    errors = [mean_of(side, both.group).se for side in (both.a, both.b)]
    if errors[0] is None or errors[1] is None:
        return None
    return sqrt(errors[0] ** 2 + errors[1] ** 2)
