"""Accuracy by arm and by iteration, and the gap that arms recover, each with its 95 % interval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from arena.report.figures.style import FAINT, canvas, look, tall
from arena.report.model import Report, Stage

Interval = tuple[float, float]


class Bar(NamedTuple):
    """A row of a figure: its name, a value, and its interval where it has one."""

    name: str
    value: float
    ci: Interval | None


def by_arm(report: Report) -> Any:
    """Accuracy of each arm with its cluster-adjusted Wilson interval; guessing is marked."""
    many = len(report.datasets) > 1
    bars = [
        Bar(_named(arm.arm.name, arm.dataset, many=many), found.accuracy, found.ci)
        for arm in report.arms
        if (found := arm.headline).accuracy is not None
    ]
    if not bars:
        return None
    figure, axes = rows(bars, "judge accuracy")
    axes.axvline(1 / report.options, color=FAINT, linestyle=":", linewidth=1)
    ceilings = {found.value for found in report.ceilings.values() if found.value is not None}
    for ceiling in ceilings if len(ceilings) == 1 else ():
        axes.axvline(ceiling, color=FAINT, linestyle="--", linewidth=1)
    axes.set_xlim(0, 1.02)
    return figure


def recovered(report: Report) -> Any:
    """The share of the gap from naive to expert that each arm recovers, with Fieller's interval where it is bounded."""
    many = len(report.datasets) > 1
    bars = [
        Bar(_named(each.arm, each.dataset, many=many), found.pgr, found.ci)
        for each in report.pgr
        if (found := each.recovered).pgr is not None
    ]
    if not bars:
        return None
    figure, axes = rows(bars, "performance gap recovered")
    for edge in (0, 1):
        axes.axvline(edge, color=FAINT, linestyle=":", linewidth=1)
    return figure


def by_iteration(report: Report) -> Any:
    """Accuracy of an iterated protocol against the number of iterations."""
    families: dict[tuple[str, str], list[Stage]] = {}
    for stage in report.stages:
        families.setdefault((stage.family, stage.result.dataset), []).append(stage)
    if not families:
        return None
    figure, axes = canvas(3.2)
    for place, ((family, _), stages) in enumerate(families.items()):
        _line(axes, family, sorted(stages, key=lambda stage: stage.iteration), place)
    axes.set_xlabel("iterations")
    axes.set_ylabel("judge accuracy")
    axes.set_ylim(0, 1.02)
    axes.axhline(1 / report.options, color=FAINT, linestyle=":", linewidth=1)
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.legend(frameon=False)
    return figure


def _line(axes: Any, family: str, stages: Sequence[Stage], place: int) -> None:
    known = [(stage.iteration, found) for stage in stages if (found := stage.result.headline).accuracy is not None]
    x = [at for at, _ in known]
    y = [float(found.accuracy or 0) for _, found in known]
    axes.plot(x, y, label=family, **look(place))
    for at, found in known:
        if found.ci:
            axes.plot([at, at], found.ci, color=look(place)["color"], linewidth=1)


def rows(bars: Sequence[Bar], label: str) -> tuple[Any, Any]:
    """Values with their intervals, one below the other, the first on top."""
    figure, axes = canvas(tall(len(bars)))
    for place, bar in enumerate(bars):
        if bar.ci:
            axes.plot(bar.ci, [place, place], color=look(place)["color"], linewidth=2, solid_capstyle="butt")
        axes.plot([bar.value], [place], markersize=6, linestyle="none", **look(place))
    axes.set_yticks(range(len(bars)), [bar.name for bar in bars])
    axes.set_ylim(len(bars) - 0.4, -0.6)
    axes.set_xlabel(label)
    return figure, axes


def _named(name: str, dataset: str, *, many: bool) -> str:
    return f"{name} ({dataset})" if many else name
