"""Everything about the calibration of an arm's judge, from the beliefs that its verdicts state.

Token probabilities and probabilities in words are different forecasts: each has rows of its own. The parts are in
`reliability` (binned error), `corp` (the decomposition that is the headline), `recalibration`, `logscore` and
`selective`.
"""

from __future__ import annotations

from dataclasses import dataclass

from arena.analysis.accuracy import Interval
from arena.analysis.cluster import Mean, mean_of
from arena.analysis.corp import Corp, corp
from arena.analysis.forecasts import Forecasts, forecasts
from arena.analysis.logscore import LogScore, log_score
from arena.analysis.recalibration import Recalibration, recalibrate
from arena.analysis.reliability import Reliability, reliability
from arena.analysis.rows import Rows
from arena.analysis.selective import Selective, selective

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


def _confidence(data: Forecasts) -> Confidence:
    gap: Mean = mean_of(data.confidence - data.hit, data.group)
    return Confidence(float(data.confidence.mean()), float(data.hit.mean()), gap.mean, gap.se, gap.ci_t)
