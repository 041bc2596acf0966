"""The mean Brier score of the judge's beliefs: mean (1 - p)², p the probability it gave to the right option.

From 0 to 1; half of the two-answer form that sums over both options. Rows are the forecasts, passages the clusters.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from arena.analysis.accuracy import Interval
from arena.analysis.cluster import mean_of
from arena.analysis.rows import Rows


@dataclass(frozen=True)
class Brier:
    """The mean over the rows that state a belief, its CR2 error and t interval, and the mean of p itself.

    `status` is `ok`, `no_data` where no row states a belief, `single_cluster`, or `mixed_beliefs`: beliefs in words and
    token probabilities are different forecasts, so give each its own rows (`Rows.stated`).
    """

    n_rows: int
    brier: float | None
    se: float | None = None
    ci: Interval | None = None
    mean_p: float | None = None
    status: str = "ok"


def brier(rows: Rows) -> Brier:
    """The Brier score of the beliefs in `rows`, all stated in one form."""
    if rows.mixed:
        return Brier(0, None, status="mixed_beliefs")
    stated = rows.where(~np.isnan(rows.p_correct))
    mean = mean_of((1 - stated.p_correct) ** 2, stated.group)
    average = float(stated.p_correct.mean()) if len(stated) else None
    return Brier(mean.n, mean.mean, mean.se, mean.ci_t, average, mean.status)
