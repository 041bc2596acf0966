"""Beliefs of the judge by round, and how well calibrated they are.

Calibration has the band of a judge who is right as often as it says.

The band is consistency resampling (Bröcker and Smith 2007): hits drawn from the stated confidences.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from arena.analysis.forecasts import Forecasts, forecasts
from arena.analysis.reliability import BINS, fixed_bins
from arena.analysis.rows import Table
from arena.events import Stated
from arena.report.figures.style import FAINT, canvas, look
from arena.report.model import Report
from arena.report.tables import shown_at

FORMS: dict[Stated, str] = {"verbalised": "in words", "tokens": "token probabilities"}
DRAWS = 2_000
SHARE = 0.95
EVEN = 0.5


def calibration(report: Report, table: Table) -> Any:
    """Share of hits against confidence, in bins of a tenth, for each arm that states beliefs about two options."""
    if report.options != 2:  # noqa: PLR2004 - confidence in one of two
        return None
    known = {name: found for name, found in _forecasts(report, table) if len(found)}
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


def _forecasts(report: Report, table: Table) -> Iterator[tuple[str, Forecasts]]:
    """The beliefs of each arm on the first data set, those in words and token probabilities apart."""
    for arm in report.arms:
        if arm.dataset == report.datasets[0]:
            rows = table.rows_of(arm.arm.name, arm.dataset)
            if not rows.mixed:
                yield arm.arm.name, forecasts(rows)
                continue
            for form, words in FORMS.items():
                yield f"{arm.arm.name}, {words}", forecasts(rows.stated(form))


def by_round(report: Report) -> Any:
    """The mean belief in the right answer after each round, with its CR2 interval, where a shadow judge was asked."""
    if not report.shadow:
        return None
    figure, axes = canvas(3.2)
    for place, each in enumerate(report.shadow):
        known = [one for one in each.rounds if one.p is not None]
        label = each.arm if each.stated == "verbalised" else f"{each.arm}, {FORMS['tokens']}"
        axes.plot([one.round for one in known], [one.p for one in known], label=label, **look(place))
        for one in known:
            if ci := shown_at(one.ci, one.n_groups):
                axes.plot([one.round, one.round], ci, color=look(place)["color"], linewidth=1)
    axes.axhline(1 / report.options, color=FAINT, linestyle=":", linewidth=1)
    axes.set_xlabel("rounds heard")
    axes.set_ylabel("belief in the right answer")
    axes.set_ylim(0, 1.02)
    axes.xaxis.get_major_locator().set_params(integer=True)
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
