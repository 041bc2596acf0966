"""The form of a verdict: scores turned into percentages that a reader of verdicts takes."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp

from arena.models.sim.heard import Scene

LEAN = 0.05
"""How far it leans, in log-odds, where nothing at all speaks for either answer."""

FLOOR = 0.01
"""The least belief that is stated in any option, so that no verdict is beyond correction."""


def verdict(scene: Scene, scores: Sequence[float], why: str) -> str:
    """Put scores into the form that a verdict has, percentages that add up to 100."""
    if not scores:
        return f"{why} I see no answers to choose from.\n<belief>\n</belief>\n<choice></choice>"
    top = max(scores)
    parts = [exp(max(score - top, -50.0)) for score in scores]
    spare = 1 - FLOOR * len(parts)
    belief = [FLOOR + spare * part / sum(parts) for part in parts]
    lines = "\n".join(f"{letter}: {p}" for letter, p in zip(scene.letters, percent(belief), strict=True))
    best = scene.letters[belief.index(max(belief))]
    return f"{why}\n<belief>\n{lines}\n</belief>\n<choice>{best}</choice>"


def percent(belief: Sequence[float]) -> list[int]:
    """Whole percentages that add up to 100 and keep the order of the largest."""
    floors = [int(p * 100) for p in belief]
    by_rest = sorted(range(len(belief)), key=lambda i: (floors[i] - belief[i] * 100, -belief[i]))
    for i in by_rest[: 100 - sum(floors)]:
        floors[i] += 1
    return floors
