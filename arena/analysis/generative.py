"""A model of judges and debaters from which verdicts can be drawn, to plan with and to test the estimates themselves.

Log odds of the right answer for a question q in a passage p; θ is skill in log odds, 0 that of the preset's debater:

    v = μ + w_p + u_q                      the unaided belief
    h_q = h + h1·θ̄ + g_q                   what the truth is worth
    π(θ) = π + π1·θ                        what one advocate can do for anything
    naive v          expert v + E          consultancy v ± π(θ) + h_q/2 (honest +, dishonest -)
    debate v + ψ·h_q + a·(θ_H - θ_D)
    z = k·(η + b·θ_J + e) + γ·(±½ place) + λ·log₂(length ratio) + δ·(±½ last),   e one a transcript
    P(correct) = ℓ/2 + (1 - ℓ)·σ(z)        reported belief σ(ζ·z), ζ > 1 is over-confidence

w, u, g, e are normal. If the evidence of two advocates added up like independent evidence ψ would be 1: it is the
additivity ratio. The pairwise part is Bradley and Terry's, the question part is that of item response theory, k is the
judge's sharpness. No learning over rounds, no judge by question.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import log, sqrt

import numpy as np

from arena.analysis.logistic import sigmoid
from arena.analysis.rows import Floats
from arena.errors import UsageError

NODES = 61
"""Gauss-Hermite nodes of every expectation."""

ARMS = ("naive", "expert", "consultancy", "debate")
SPOKEN = ("consultancy", "debate")
"""The arms whose judge reads a transcript, and so the ones with an e."""

_WIDE = 30.0


@dataclass(frozen=True)
class Judging:
    """The parameters, named as in the formulas above; `sigma` holds the standard deviations of w, u, g and e.

    `refusals` is the share of verdicts that are missing, whatever the truth.
    """

    k: float
    mu: float
    h: float
    pi: float
    psi: float
    expert: float
    sigma: tuple[float, float, float, float] = (0.5, 0.9, 0.7, 0.7)
    h1: float = 0.0
    pi1: float = 0.0
    a: float = 0.0
    b: float = 0.0
    gamma: float = 0.0
    length: float = 0.0
    delta: float = 0.0
    guesses: float = 0.0
    refusals: float = 0.0
    zeta: float = 1.0

    def centre(self, arm: str, *, honest: bool = True, skill: tuple[float, float] = (0.0, 0.0)) -> float:
        """The mean of η for an arm of `ARMS`; `skill` is that of the honest and of the dishonest debater."""
        worth = self.h + self.h1 * (skill[0] + skill[1]) / 2
        if arm == "naive":
            return self.mu
        if arm == "expert":
            return self.mu + self.expert
        if arm == "debate":
            return self.mu + self.psi * worth + self.a * (skill[0] - skill[1])
        own = skill[0] if honest else skill[1]
        push = self.pi + self.pi1 * own
        return self.mu + (push if honest else -push) + (self.h + self.h1 * own) / 2

    def share_of_truth(self, arm: str) -> float:
        """What the arm makes of the truth's advantage: the factor of g in η."""
        return {"naive": 0.0, "expert": 0.0, "consultancy": 0.5, "debate": self.psi}[arm]

    def spread(self, arm: str) -> float:
        """The standard deviation of η + e over passages, questions and, where the arm has one, transcripts."""
        w, u, g, e = self.sigma
        e = e if arm in SPOKEN else 0.0
        return sqrt(w**2 + u**2 + (self.share_of_truth(arm) * g) ** 2 + e**2)

    def accuracy(self, arm: str, *, honest: bool | None = None, skill: tuple[float, float] = (0.0, 0.0)) -> float:
        """The expected accuracy of an arm, both places alike; for consultancy of one side, or of both (`None`)."""
        if arm == "consultancy" and honest is None:
            return sum(self.accuracy(arm, honest=side, skill=skill) for side in (True, False)) / 2
        centre = self.centre(arm, honest=honest is not False, skill=skill)

        def right(x: Floats) -> Floats:
            return np.asarray(sum(sigmoid(self.k * x + side * self.gamma) for side in (0.5, -0.5)) / 2, np.float64)

        return self.guesses / 2 + (1 - self.guesses) * expectation(right, centre, self.spread(arm))

    @property
    def recovered(self) -> float:
        """The performance gap that debate recovers, in expectation."""
        floor = self.accuracy("naive")
        return (self.accuracy("debate") - floor) / (self.accuracy("expert") - floor)


@dataclass(frozen=True)
class Targets:
    """Accuracies to be met exactly: `honest` and `dishonest` are consultancy's sides; `expert` may be unknown."""

    naive: float
    debate: float
    honest: float
    dishonest: float
    expert: float | None = None

    @classmethod
    def from_wins(cls, naive: float, debate: float, consultancy: float, wins: float, expert: float | None) -> Targets:
        """Where only the consultancy's accuracy A and the consultant's win rate W are known: A ± (W - ½)."""
        return cls(naive, debate, consultancy + wins - 0.5, consultancy - wins + 0.5, expert)


def expectation(function: Callable[[Floats], Floats], mean: float, sd: float) -> float:
    """The expected value of a function of a normal variable, by Gauss-Hermite quadrature with `NODES` nodes."""
    return float(_WEIGHTS @ function(mean + sd * _NODES))


def solved(targets: Targets, k: float, *, expert: float | None = None) -> Judging:
    """The parameters with sharpness `k` that meet `targets`; `expert` is E where no accuracy of an expert is known.

    Raises `ValueError` where no parameters do.
    """
    blank = Judging(k, 0.0, 0.0, 0.0, 0.0, 0.0)
    mu = _level(blank, "naive", targets.naive)
    gain = _level(blank, "expert", targets.expert) - mu if targets.expert is not None else expert
    if gain is None:
        raise ValueError("no accuracy of an expert is given: give its advantage E instead")
    honest, dishonest = (_level(blank, "consultancy", share) for share in (targets.honest, targets.dishonest))
    found = replace(blank, mu=mu, expert=gain, pi=(honest - dishonest) / 2, h=honest + dishonest - 2 * mu)

    def miss(psi: float) -> float:
        return replace(found, psi=psi).accuracy("debate") - targets.debate

    return replace(found, psi=_root(miss, 0.0))


def votes(model: Judging, arm: str, count: int, *, honest: bool = True, same_transcript: bool = True) -> float:
    """The accuracy of the majority of an odd number of verdicts, on one transcript or on one transcript each."""
    if count < 1 or count % 2 == 0:
        raise UsageError(f"{count} verdicts may have no majority; ask for an odd number")
    w, u, g, e = model.sigma
    centre = model.centre(arm, honest=honest)
    question = sqrt(w**2 + u**2 + (model.share_of_truth(arm) * g) ** 2)
    if same_transcript:
        return expectation(lambda x: _majority(sigmoid(model.k * x), count), centre, sqrt(question**2 + e**2))

    def right(x: Floats) -> Floats:
        return np.array([expectation(lambda y: sigmoid(model.k * y), float(each), e) for each in x])

    return expectation(lambda x: _majority(right(x), count), centre, question)


_X, _W = np.polynomial.hermite_e.hermegauss(NODES)
_NODES: Floats = np.asarray(_X, np.float64)
_WEIGHTS: Floats = np.asarray(_W / _W.sum(), np.float64)


def _level(model: Judging, arm: str, share: float) -> float:
    """The mean of η at which the accuracy is this share."""
    if not 0 < share < 1:
        raise ValueError(f"no log odds give an accuracy of {share}; it has to lie between 0 and 1")
    sd = model.spread(arm)
    return _root(lambda x: expectation(lambda y: sigmoid(model.k * y), x, sd) - share, log(share / (1 - share)))


def _root(miss: Callable[[float], float], near: float) -> float:
    """A root of `miss`, which rises, by bisection around `near`; raises `ValueError` where there is none."""
    low, high = near - 1, near + 1
    while miss(low) > 0 and low > near - _WIDE:
        low = near + 2 * (low - near)
    while miss(high) < 0 and high < near + _WIDE:
        high = near + 2 * (high - near)
    if miss(low) > 0 or miss(high) < 0:
        raise ValueError("no parameters of the model meet these targets; move them closer to each other")
    while high - low > 1e-13 * max(1.0, abs(low)):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if miss(middle) < 0 else (low, middle)
    return (low + high) / 2


def _majority(p: Floats, count: int) -> Floats:
    """The probability that more than half of an odd number of independent verdicts are right."""
    n = np.arange(count // 2 + 1, count + 1)
    choose = np.array([_choose(count, int(each)) for each in n])
    found: Floats = (choose * p[:, None] ** n * (1 - p[:, None]) ** (count - n)).sum(axis=1)
    return found


def _choose(n: int, k: int) -> float:
    return float(np.prod([(n - i) / (i + 1) for i in range(k)]))
