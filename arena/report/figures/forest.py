"""A forest plot of paired differences: each with its CR2 interval, those against the baseline on top."""

from __future__ import annotations

from typing import Any

from arena.report.figures.accuracy import Bar, rows
from arena.report.figures.style import FAINT
from arena.report.model import Report


def differences(report: Report) -> Any:
    """Differences of accuracy, A minus B, on the questions that both arms have."""
    many = len(report.datasets) > 1
    ranked = sorted(report.comparisons, key=lambda each: (each.family != "confirmatory", not each.primary))
    bars = [
        Bar(f"{each.a} − {each.b}" + (f" ({each.dataset})" if many else ""), found.difference, found.ci)
        for each in ranked
        if (found := each.headline).difference is not None
    ]
    if not bars:
        return None
    figure, axes = rows(bars, "difference of accuracy, A − B")
    axes.axvline(0, color=FAINT, linewidth=1)
    return figure
