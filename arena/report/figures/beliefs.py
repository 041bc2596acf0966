"""Beliefs of the judge: how well calibrated they are, with the band of a judge who is right as often as it says.

The band is consistency resampling (Bröcker and Smith 2007): hits drawn from the stated confidences.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from arena.analysis.forecasts import Forecasts, forecasts
from arena.analysis.reliability import BINS, fixed_bins
from arena.analysis.rows import Table
from arena.report.figures.style import FAINT, canvas, look
from arena.report.model import Report

DRAWS = 2_000
SHARE = 0.95
EVEN = 0.5


def calibration(report: Report, table: Table) -> Any:
    """Share of hits against confidence, in bins of a tenth, for each arm that states beliefs about two options."""
    if report.options != 2:  # noqa: PLR2004 - confidence in one of two
        return None
    known = {
        arm.arm.name: found
        for arm in report.arms
        if arm.dataset == report.datasets[0] and len(found := forecasts(table.rows_of(arm.arm.name, arm.dataset)))
    }
    if not known:
        return None
    figure, axes = canvas(4.2, 4.6)
    axes.plot([EVEN, 1], [EVEN, 1], color=FAINT, linestyle=":", linewidth=1)
    for place, (name, found) in enumerate(known.items()):
        _curve(axes, name, found, place)
    axes.set_xlabel("confidence of the judge")
    axes.set_ylabel("share of hits")
    axes.set_xlim(EVEN - 0.02, 1.02)
    axes.set_ylim(-0.02, 1.02)
    axes.legend(frameon=False, loc="lower right")
    return figure


def _curve(axes: Any, name: str, found: Forecasts, place: int) -> None:
    index = fixed_bins(found.confidence)
    shift = 0.004 * (place - 1)
    for each in np.unique(index):
        inside = index == each
        at = float(found.confidence[inside].mean()) + shift
        band = consistent(found.confidence[inside], int(each))
        axes.plot([at, at], band, color=look(place)["color"], linewidth=5, alpha=0.25, solid_capstyle="butt")
    bins = [index == each for each in range(BINS) if (index == each).any()]
    x = [float(found.confidence[inside].mean()) + shift for inside in bins]
    y = [float(found.hit[inside].mean()) for inside in bins]
    axes.plot(x, y, label=f"{name} (n = {len(found):,})", linewidth=1, markersize=5, **look(place))


def consistent(confidence: Any, seed: int) -> tuple[float, float]:
    """Between which shares of hits a perfect judge with these confidences, shape (n,), lies 95 % of the time."""
    drawn = np.random.default_rng(seed).random((DRAWS, len(confidence))) < confidence
    low, high = np.quantile(drawn.mean(axis=1), [(1 - SHARE) / 2, (1 + SHARE) / 2])
    return float(low), float(high)
