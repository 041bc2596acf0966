"""Logistic regression of shares in [0, 1] with weights: maximum likelihood, Firth's penalty, the cluster sandwich.

A share y of weight w counts as w·y successes and w·(1 - y) failures. Firth (1993) adds half the log determinant of the
information to the log likelihood, which is finite where the data are separated; its intervals are those of the profile
of the penalised likelihood (Heinze and Schemper 2002), with the full information in the penalty.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf, sqrt

import numpy as np

from arena.analysis.cluster import codes
from arena.analysis.distributions import Z
from arena.analysis.rows import Floats, Ints

_ROUNDS = 200
_CLOSE = 1e-10
_HALVINGS = 40
_SHARE = 0.25
_ROUNDING = 1e-13
_WIDEST = 60.0
_NARROW = 1e-8
_NEAR = 1e-6
_TURNS = 60
_BISECT = 3


@dataclass(frozen=True, eq=False)
class Design:
    """Columns `x`, shape (n, k), of full rank; shares `y` and `weight`, shape (n,); `offset` is added to the logit."""

    x: Floats
    y: Floats
    weight: Floats
    offset: Floats | float = 0.0

    def logit(self, beta: Floats) -> Floats:
        """The log odds of each row, shape (n,)."""
        return np.asarray(self.x @ beta + self.offset, np.float64)


def sigmoid(logit: Floats) -> Floats:
    """The probability that belongs to log odds, without overflow."""
    return np.asarray(0.5 * (1 + np.tanh(np.asarray(logit) / 2)), np.float64)


def information(design: Design, beta: Floats) -> Floats:
    """Fisher's information at `beta`, shape (k, k)."""
    p = sigmoid(design.logit(beta))
    found: Floats = design.x.T @ (design.x * (design.weight * p * (1 - p))[:, None])
    return found


def maximum_likelihood(design: Design) -> Floats:
    """The estimate, shape (k,); only for columns of full rank and data that are not separated."""
    return _climb(design, _likelihood, _score, information)


def firth(design: Design) -> Floats:
    """The estimate with Firth's penalty, shape (k,); only for columns of full rank."""
    return _climb(design, _penalised, _penalised_score, information)


def profile_interval(design: Design, contrast: Floats) -> tuple[float, float]:
    """The 95 % profile interval of contrast · beta under Firth's penalty."""
    beta = firth(design)
    value, top = float(contrast @ beta), _penalised(design, beta)
    step = sqrt(float(contrast @ np.linalg.solve(information(design, beta), contrast)))

    def loss(at: float) -> float:
        try:
            return 2 * (top - _profile(design, contrast, at)) - Z**2
        except np.linalg.LinAlgError:  # so far out that no row says anything any more
            return inf

    return _crossing(loss, value, -step), _crossing(loss, value, step)


def sandwich(design: Design, beta: Floats, groups: Ints) -> Floats | None:
    """The cluster-robust covariance of the estimate times G/(G - 1), shape (k, k); `None` for one cluster."""
    index, count = codes(groups)
    if count == 1:
        return None
    each = design.x * (design.weight * (design.y - sigmoid(design.logit(beta))))[:, None]
    sums = np.stack([np.bincount(index, column) for column in each.T], axis=1)
    bread = np.linalg.inv(information(design, beta))
    found: Floats = bread @ (sums.T @ sums) @ bread * count / (count - 1)
    return found


Value = Callable[[Design, Floats], float]
Vector = Callable[[Design, Floats], Floats]


def _climb(design: Design, value: Value, slope: Vector, curve: Vector, close: float = _CLOSE) -> Floats:
    """Newton's method with halved steps, until a step is shorter than `close`."""
    beta = np.zeros(design.x.shape[1])
    now = value(design, beta)
    for _ in range(_ROUNDS):
        uphill = slope(design, beta)
        step = np.linalg.solve(curve(design, beta), uphill)
        if float(np.abs(step).max(initial=0)) < close:
            break
        for _ in range(_HALVINGS):
            then = value(design, beta + step)
            if then >= now + _SHARE * float(uphill @ step) - _ROUNDING * (1 + abs(now)):
                break
            step = step / 2
        beta, now = beta + step, then
    return beta


def _likelihood(design: Design, beta: Floats) -> float:
    logit = design.logit(beta)
    return float((design.weight * (design.y * logit - np.logaddexp(0, logit))).sum())


def _score(design: Design, beta: Floats) -> Floats:
    found: Floats = design.x.T @ (design.weight * (design.y - sigmoid(design.logit(beta))))
    return found


def _penalised(design: Design, beta: Floats) -> float:
    return _likelihood(design, beta) + float(np.linalg.slogdet(information(design, beta))[1]) / 2


def _penalised_score(design: Design, beta: Floats) -> Floats:
    return _score(design, beta) + design.x.T @ _pull(design, beta)


def _pull(design: Design, beta: Floats) -> Floats:
    """The derivative of Firth's penalty with respect to each row's logit: its leverage times (½ - p)."""
    p = sigmoid(design.logit(beta))
    inverse = np.linalg.inv(information(design, beta))
    leverage = design.weight * p * (1 - p) * np.einsum("ij,jk,ik->i", design.x, inverse, design.x)
    return np.asarray(leverage * (0.5 - p), np.float64)


def _profile(design: Design, contrast: Floats, at: float) -> float:
    """The highest penalised likelihood among the betas whose contrast is `at`."""
    start = contrast * (at / float(contrast @ contrast))
    free = np.linalg.qr(contrast[:, None], mode="complete")[0][:, 1:]
    if not free.shape[1]:
        return _penalised(design, start)
    reduced = Design(design.x @ free, design.y, design.weight, design.x @ start)

    def value(_: Design, u: Floats) -> float:
        return _penalised(design, start + free @ u)

    def slope(part: Design, u: Floats) -> Floats:
        return _score(part, u) + part.x.T @ _pull(design, start + free @ u)

    return value(reduced, _climb(reduced, value, slope, information, _NEAR))


def _crossing(loss: Callable[[float], float], value: float, step: float) -> float:
    """Where `loss`, negative at `value`, turns positive in the direction of `step`."""
    inner, outer = value, value + step
    below, above = -(Z**2), loss(outer)
    while above < 0 and abs(outer - value) < _WIDEST:
        inner, below, outer = outer, above, value + 2 * (outer - value)
        above = loss(outer)
    for turn in range(_TURNS):
        share = 0.5 if turn % _BISECT == 0 else below / (below - above)
        middle = inner + share * (outer - inner)
        at = loss(middle)
        if abs(at) < _NARROW or abs(outer - inner) < _NARROW:
            return middle
        if at < 0:
            inner, below = middle, at
        else:
            outer, above = middle, at
    return (inner + outer) / 2
