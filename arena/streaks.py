"""Arms that come to nothing: episode after episode without a verdict, while every one of them is paid for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from arena.errors import OUTCOMES, Stopped
from arena.events import Ended, Failed, Scored
from arena.models.base import paid
from arena.plan import Plan

MOST = 24
"""So many episodes of one arm in a row without a verdict stop the run."""

_REASON = 300
"""How many letters of the last reason are told."""


def fruitful(score: Scored) -> bool:
    """Whether an episode came to a verdict."""
    return score.outcome == "ok" and any(verdict.outcome == "ok" for verdict in score.scores)


def barren(scores: Mapping[str, Counter[bool]]) -> frozenset[str]:
    """The arms of which enough came to nothing, and nothing else; `scores` counts the fruitful ones and the others."""
    return frozenset(arm for arm, counts in scores.items() if not counts[True] and counts[False] >= MOST)


def paid_for(plan: Plan) -> frozenset[str]:
    """The arms whose calls may cost money."""
    return frozenset(arm.name for arm in plan.arms if any(paid(plan.models[spec]) for spec in arm.seats.values()))


@dataclass
class Streaks:
    """Counts the fruitless episodes of the arms that are `paid` for.

    An arm that was `known` to come to nothing when the run was resumed plays on: somebody has seen it, and gone on.
    """

    paid: Collection[str]
    known: Collection[str] = ()
    counts: dict[str, Counter[str]] = field(default_factory=dict)

    def note(self, score: Scored, end: Ended | Failed) -> None:
        """Take in an episode; raises `Stopped` where it is one too many."""
        if fruitful(score):
            self.counts.pop(score.arm, None)
        elif score.arm in self.paid and score.arm not in self.known:
            counts = self.counts.setdefault(score.arm, Counter())
            counts[score.outcome if score.outcome != "ok" else _missing(score)] += 1
            if counts.total() >= MOST:
                raise Stopped(_told(score.arm, counts, end))


def _missing(score: Scored) -> str:
    return max((verdict.outcome for verdict in score.scores), key=OUTCOMES.index, default="error")


def _told(arm: str, counts: Counter[str], end: Ended | Failed) -> str:
    outcomes = ", ".join(f"{n} {name}" for name, n in counts.most_common())
    last = f" The last: {end.reason[:_REASON].rstrip('. ')}." if isinstance(end, Failed) else ""
    return (
        f"{counts.total()} episodes of {arm} in a row came to no verdict ({outcomes}).{last} "
        "`arena replay` shows them. Change models or settings in a new run, or resume this one to play on all the same"
    )
