"""The sides of a single advocate: accuracy when it argued for the right option and when it argued for a wrong one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from arena.analysis.cluster import Mean
from arena.analysis.orders import Standardised, headline, standardised
from arena.analysis.rows import SIDES, Rows
from arena.analysis.scores import score_where


@dataclass(frozen=True)
class Sides:
    """`standardised` holds the accuracy by side, honest first.

    `win_rate` is the share in which the judge sided with the advocate, the two sides weighted alike:
    accuracy when honest = A + W - ½, when dishonest = A - W + ½ (A the accuracy, W the win rate). It treats missing
    verdicts as the headline does, so a refusal counts for the advocate of a wrong option.
    """

    standardised: Standardised
    win_rate: float | None


def sides(rows: Rows, overall: Mean | None = None) -> Sides | None:
    """Split `rows` by the side that was argued; `None` where no row names one.

    `overall` is the headline's mean, computed where it is not given.
    """
    if not (rows.side >= 0).any():
        return None
    filled = np.where(rows.missing, 0.0, rows.correct)
    parts = [score_where(rows, rows.side == code, filled) for code in range(len(SIDES))]
    split = standardised(parts, headline(rows) if overall is None else overall)
    honest, dishonest = split.levels
    rate = None if honest is None or dishonest is None else (honest + 1 - dishonest) / 2
    return Sides(split, rate)
