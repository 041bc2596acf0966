"""Missing verdicts, always three ways.

A verdict can be refused, unparsed, late, over budget or broken. The headline counts it as wrong; the same accuracy is
given with the row dropped and with the score of a guess, and between the bounds that all missing verdicts wrong, and
all right, would give.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from arena.analysis.accuracy import Accuracy, Interval, accuracy
from arena.analysis.rows import Rows
from arena.analysis.scores import Ways, every_way
from arena.errors import OUTCOMES

AMBER = 0.05
"""Above this share of missing verdicts an arm is flagged."""

REFUSE = 0.20
"""Above this share there is no headline (the abort threshold of Khan et al. 2024)."""


@dataclass(frozen=True)
class Missing:
    """Missing verdicts of one arm, and its accuracy under each treatment.

    `by_slot` is the share missing by the slot of the right option. `flag` is `None`, `amber` or `no_headline`.
    """

    n: int
    rate: float | None
    by_outcome: dict[str, int]
    by_slot: dict[int, float]
    wrong: Accuracy
    drop: Accuracy
    chance: Accuracy
    bounds: Interval | None
    flag: str | None


def missing(rows: Rows, ways: Ways | None = None) -> Missing:
    """Count what is missing in `rows`; `ways` are its scores under each treatment, of two options unless given."""
    ways = every_way(rows) if ways is None else ways
    gone = rows.missing
    rate = float(gone.mean()) if len(rows) else None
    wrong = accuracy(ways.wrong)
    best = float(ways.right.score.mean()) if len(rows) else None
    return Missing(
        n=int(gone.sum()),
        rate=rate,
        by_outcome={name: int(n) for name, n in zip(OUTCOMES, _counts(rows), strict=True) if n and name != "ok"},
        by_slot={int(slot): float(gone[rows.slot == slot].mean()) for slot in np.unique(rows.slot)},
        wrong=wrong,
        drop=accuracy(ways.drop) if gone.any() else wrong,
        chance=accuracy(ways.chance) if gone.any() else wrong,
        bounds=None if wrong.accuracy is None or best is None else (wrong.accuracy, best),
        flag=flag(rate),
    )


def flag(rate: float | None) -> str | None:
    """What a share of missing verdicts calls for."""
    if rate is None or rate <= AMBER:
        return None
    return "amber" if rate <= REFUSE else "no_headline"


def _counts(rows: Rows) -> list[int]:
    return [int(n) for n in np.bincount(rows.outcome, minlength=len(OUTCOMES))]
