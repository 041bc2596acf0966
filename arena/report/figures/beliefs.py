"""Beliefs of the judge by round, and how well calibrated they are.

Calibration has the band of a judge who is right as often as it says.

The band is consistency resampling (Bröcker and Smith 2007): hits drawn from the stated confidences.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from arena.analysis.forecasts import Forecasts, forecasts
from arena.analysis.reliability import BINS, fixed_bins
from arena.events import Stated
from arena.report.figures.accuracy import looks, questions
from arena.report.figures.style import FAINT, Drawing, beside, canvas, look, panels
from arena.report.model import Report
from arena.report.shadow import ByRound
from arena.report.tables import labelled, shown_at
from arena.report.words import amount

FORMS: dict[Stated, str] = {"verbalised": "in words", "tokens": "token probabilities"}
DRAWS = 2_000
SHARE = 0.95
EVEN = 0.5
ACROSS = 3


def calibration(report: Report) -> Drawing | None:
    """Share of hits against confidence, in bins of a tenth: a panel for each arm that states beliefs of two options."""
    if report.options != 2:  # noqa: PLR2004 - confidence in one of two
        return None
    known = [(arm, name, found) for arm, name, found in _forecasts(report) if len(found)]
    if not known:
        return None
    figure, axes = panels(len(known), ACROSS, 1.75)
    arms = looks(report)
    for panel, (arm, name, found) in zip(axes, known, strict=True):
        panel.plot([EVEN, 1], [EVEN, 1], color=FAINT, linestyle=":", linewidth=1)
        _curve(panel, found, arms[arm])
        panel.set_title(f"{name}\nn = {amount(len(found))} verdicts", fontsize=8)
    axes[0].set_xlim(EVEN - 0.03, 1.03)
    axes[0].set_ylim(-0.05, 1.05)
    for panel in axes:
        panel.set_xlabel("confidence", fontsize=8)
        panel.label_outer()
    figure.supylabel("share of hits", fontsize=9)
    return Drawing(
        figure,
        "Bins of a tenth, larger marks for more verdicts; pale bars: where 95 % of bins lie if a judge is right "
        "as often as it says",
    )


def _forecasts(report: Report) -> Iterator[tuple[str, str, Forecasts]]:
    """The beliefs of each arm with its name, those in words and token probabilities apart."""
    for arm in report.arms:
        rows = report.table.rows_of(arm.arm.name, arm.dataset)
        name = labelled(arm.arm.name, arm.dataset, report)
        if not rows.mixed:
            yield arm.arm.name, name, forecasts(rows)
            continue
        for form, words in FORMS.items():
            yield arm.arm.name, f"{name}, {words}", forecasts(rows.stated(form))


def by_round(report: Report) -> Drawing | None:
    """The mean belief in the right answer after each round, with its CR2 interval, where a shadow judge was asked."""
    if not report.shadow:
        return None
    figure, axes = canvas(3.2)
    known = looks(report)
    for each in report.shadow:
        name = labelled(each.arm, each.dataset, report)
        label = name if each.stated == "verbalised" else f"{name}, {FORMS['tokens']}"
        _rounds(axes, each, label, known.get(each.arm, look(0)))
    axes.axhline(1 / report.options, color=FAINT, linestyle=":", linewidth=1)
    axes.set_xlabel("rounds heard")
    axes.set_ylabel("belief in the right answer")
    axes.set_ylim(0, 1.05)
    axes.xaxis.get_major_locator().set_params(integer=True)
    beside(axes)
    count = questions([one.n for each in report.shadow for one in each.rounds], "beliefs")
    return Drawing(figure, f"{count} a point; 95 % intervals, CR2 and t; dotted: an even belief")


def _rounds(axes: Any, each: ByRound, label: str, as_arm: Mapping[str, Any]) -> None:
    known = [one for one in each.rounds if one.p is not None]
    axes.plot([one.round for one in known], [one.p for one in known], label=label, **as_arm)
    for one in known:
        if ci := shown_at(one.ci, one.n_groups):
            axes.plot([one.round, one.round], ci, color=as_arm["color"], linewidth=1)


def _curve(axes: Any, found: Forecasts, as_arm: Mapping[str, Any]) -> None:
    index = fixed_bins(found.confidence)
    bins = [(number, index == number) for number in range(BINS) if (index == number).any()]
    x = [float(found.confidence[inside].mean()) for _, inside in bins]
    y = [float(found.hit[inside].mean()) for _, inside in bins]
    for at, (number, inside) in zip(x, bins, strict=True):
        band = consistent(found.confidence[inside], number)
        axes.plot([at, at], band, color=as_arm["color"], linewidth=6, alpha=0.25, solid_capstyle="butt")
    axes.plot(x, y, color=as_arm["color"], linewidth=1)
    for at, hits, (_, inside) in zip(x, y, bins, strict=True):
        size = 3 + 5 * float(inside.mean()) ** 0.5
        axes.plot([at], [hits], linestyle="none", markersize=size, clip_on=False, **as_arm)


def consistent(confidence: Any, seed: int) -> tuple[float, float]:
    """Between which shares of hits a perfect judge with these confidences, shape (n,), lies 95 % of the time."""
    drawn = np.random.default_rng(seed).random((DRAWS, len(confidence))) < confidence
    low, high = np.quantile(drawn.mean(axis=1), [(1 - SHARE) / 2, (1 + SHARE) / 2])
    return float(low), float(high)
