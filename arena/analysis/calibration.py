"""Everything about the calibration of an arm's judge, from the beliefs that its verdicts state.

Token probabilities and probabilities in words are different forecasts: each has rows of its own. The parts are in
`reliability` (binned error), `corp` (the decomposition that is the headline), `recalibration` and `logscore`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from arena.analysis.accuracy import Interval
from arena.analysis.cluster import Mean, mean_of
from arena.analysis.corp import Corp, corp
from arena.analysis.forecasts import Forecasts, forecasts
from arena.analysis.logscore import LogScore, log_score
from arena.analysis.recalibration import Recalibration, recalibrate
from arena.analysis.reliability import Reliability, reliability
from arena.analysis.rows import Floats, Ints, Rows
from arena.analysis.scores import Scores

TWO = 2


@dataclass(frozen=True)
class BrierForms:
    """The mean of (1 - p)², from 0 to 1, with its CR2 error and t interval; `two_answer` sums over both options."""

    one_answer: float | None
    two_answer: float | None
    se: float | None = None
    ci: Interval | None = None


@dataclass(frozen=True)
class Confidence:
    """Mean confidence minus share of hits: above 0 is over-confidence, below 0 under-confidence."""

    confidence: float | None
    hits: float | None
    excess: float | None
    se: float | None = None
    ci: Interval | None = None


class Selected(NamedTuple):
    """The accuracy of the verdicts that are at least so confident, and the share of verdicts that are (coverage)."""

    threshold: float
    coverage: float
    accuracy: float
    n: int


@dataclass(frozen=True, eq=False)
class Selective:
    """The curve from the most confident verdicts to all of them.

    `area` is the mean, over verdicts, of the accuracy among those at least as confident: the area under the accuracy as
    a step function of coverage. `columns` are the fields of `Selected`, shape (points,) each.
    """

    columns: tuple[Floats, Floats, Floats, Ints]
    area: float | None

    @property
    def curve(self) -> tuple[Selected, ...]:
        """All its points."""
        return self.thinned(max(1, len(self.columns[0])))

    def thinned(self, most: int) -> tuple[Selected, ...]:
        """About so many of its points, evenly spread, and the last."""
        n = len(self.columns[0])
        places = sorted({*range(0, n, -(-n // most)), n - 1}) if n else []
        return tuple(map(Selected._make, zip(*(column[places].tolist() for column in self.columns), strict=True)))


@dataclass(frozen=True)
class Calibration:
    """The calibration of one arm.

    `status` is `ok`, `no_belief`, `more_than_two_options`, `mixed_beliefs` (see `brier`), or `single_cluster`.
    With `single_cluster` there are values without errors.
    """

    n: int
    n_groups: int
    brier: BrierForms | None = None
    log: LogScore | None = None
    corp: Corp | None = None
    reliability: Reliability | None = None
    confidence: Confidence | None = None
    recalibration: Recalibration | None = None
    selective: Selective | None = None
    status: str = "ok"


def calibrate(rows: Rows, *, options: int = TWO, seed: int = 0) -> Calibration:
    """The calibration of the beliefs in `rows`, about questions with two options."""
    if options > TWO:
        return Calibration(0, 0, status="more_than_two_options")
    if rows.mixed:
        return Calibration(0, 0, status="mixed_beliefs")
    return calibrate_forecasts(forecasts(rows), seed=seed)


def calibrate_forecasts(data: Forecasts, *, seed: int = 0) -> Calibration:
    """The calibration of `data`; `seed` is for the draws of a perfect judge."""
    squared = mean_of((1 - data.p) ** 2, data.group)
    if squared.mean is None:
        return Calibration(0, 0, status="no_belief")
    return Calibration(
        n=squared.n,
        n_groups=squared.n_groups,
        brier=BrierForms(squared.mean, 2 * squared.mean, squared.se, squared.ci_t),
        log=log_score(data.p, data.group),
        corp=corp(data),
        reliability=reliability(data, seed=seed),
        confidence=_confidence(data),
        recalibration=recalibrate(data),
        selective=selective(data),
        status=squared.status if squared.se is None else "ok",
    )


def selective(data: Forecasts) -> Selective:
    """Accuracy against coverage, one point for each distinct confidence, the most confident first."""
    order = np.argsort(-data.confidence, kind="stable")
    confidence, right = data.confidence[order], np.cumsum(data.hit[order])
    ends = np.append(np.flatnonzero(np.diff(confidence)), len(confidence) - 1) if len(data) else np.zeros(0, np.int64)
    counts = ends + 1
    coverage, accuracy = counts / max(1, len(data)), right[ends] / counts
    area = float(np.diff(coverage, prepend=0.0) @ accuracy) if len(data) else None
    return Selective((confidence[ends], coverage, accuracy, counts), area)


def accuracy_at(data: Forecasts, threshold: float) -> Selected | None:
    """The accuracy of the verdicts with at least this confidence; `None` where there are none."""
    chosen = data.confidence >= threshold - 1e-9
    if not chosen.any():
        return None
    return Selected(threshold, float(chosen.mean()), float(data.hit[chosen].mean()), int(chosen.sum()))


def confident_scores(data: Forecasts, threshold: float) -> Scores:
    """The hits of those verdicts as scores, one a verdict, so that `accuracy` can put an interval on them."""
    chosen = data.confidence >= threshold - 1e-9
    n = int(chosen.sum())
    return Scores(np.arange(n), data.group[chosen], data.hit[chosen], n)


def _confidence(data: Forecasts) -> Confidence:
    gap: Mean = mean_of(data.confidence - data.hit, data.group)
    return Confidence(float(data.confidence.mean()), float(data.hit.mean()), gap.mean, gap.se, gap.ci_t)
