"""The forms of a verdict: scores turned into percentages that a reader takes, or into a letter and its probability."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log
from typing import Any, NamedTuple

from arena.models.sim.heard import Scene

LEAN = 0.05
"""How far it leans, in log-odds, where nothing at all speaks for either answer."""

FLOOR = 0.01
"""The least belief that is stated in any option, so that no verdict is beyond correction."""


class Ruling(NamedTuple):
    """What a model holds of the options as shown: one log-odds score for each, and why."""

    scores: Sequence[float]
    why: str


def belief(ruling: Ruling) -> list[float]:
    """The probability of each option, in the order of the scores; none where there are no scores."""
    top = max(ruling.scores, default=0.0)
    parts = [exp(max(score - top, -50.0)) for score in ruling.scores]
    spare = 1 - FLOOR * len(parts)
    return [FLOOR + spare * part / sum(parts) for part in parts]


def verdict(scene: Scene, ruling: Ruling) -> str:
    """Put a ruling into the form that a verdict has, percentages that add up to 100."""
    if not ruling.scores:
        return f"{ruling.why} I see no answers to choose from.\n<belief>\n</belief>\n<choice></choice>"
    shares = belief(ruling)
    lines = "\n".join(f"{letter}: {p}" for letter, p in zip(scene.letters, percent(shares), strict=True))
    best = scene.letters[shares.index(max(shares))]
    return f"{ruling.why}\n<belief>\n{lines}\n</belief>\n<choice>{best}</choice>"


def letter(scene: Scene, ruling: Ruling) -> tuple[str, list[dict[str, Any]] | None]:
    """Put a ruling into one letter, and the exact belief into the token probabilities of the letters."""
    shares = belief(ruling)
    if not shares:
        return "I see no answers to choose from.", None
    top = {name: log(share) for name, share in zip(scene.letters, shares, strict=True)}
    best = max(top, key=lambda name: top[name])
    return best, [{"token": best, "logprob": top[best], "top": top}]


def percent(belief: Sequence[float]) -> list[int]:
    """Whole percentages that add up to 100 and keep the order of the largest."""
    floors = [int(p * 100) for p in belief]
    by_rest = sorted(range(len(belief)), key=lambda i: (floors[i] - belief[i] * 100, -belief[i]))
    for i in by_rest[: 100 - sum(floors)]:
        floors[i] += 1
    return floors
