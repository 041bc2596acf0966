"""Accuracy by arm and by iteration, and the gap that arms recover, each with its 95 % interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from arena.report.figures.style import FAINT, Drawing, canvas, look, tall
from arena.report.model import ArmResult, Report, Stage
from arena.report.tables import labelled, shown_at
from arena.report.words import amount

Interval = tuple[float, float]


class Bar(NamedTuple):
    """A row of a figure: its name, a value, its interval where it has one, and how it looks."""

    name: str
    value: float
    ci: Interval | None
    look: Mapping[str, Any]


def looks(report: Report) -> dict[str, dict[str, Any]]:
    """How each arm looks, the same in every figure."""
    return {name: look(place) for place, name in enumerate(dict.fromkeys(arm.arm.name for arm in report.arms))}


def by_arm(report: Report) -> Drawing | None:
    """Accuracy of each arm with its cluster-adjusted Wilson interval; guessing is marked."""
    known = looks(report)
    found = [(arm, arm.headline) for arm in report.arms if arm.headline.accuracy is not None]
    bars = [
        Bar(
            labelled(arm.arm.name, arm.dataset, report),
            each.accuracy or 0.0,
            shown_at(each.ci, each.n_groups),
            known[arm.arm.name],
        )
        for arm, each in found
    ]
    if not bars:
        return None
    figure, axes = rows(bars, "judge accuracy")
    said = [questions([each.n for _, each in found]), "95 % cluster-adjusted Wilson intervals", "dotted: guessing"]
    axes.axvline(1 / report.options, color=FAINT, linestyle=":", linewidth=1)
    ceilings = {found.value for found in report.ceilings.values() if found.value is not None}
    for ceiling in ceilings if len(ceilings) == 1 else ():
        axes.axvline(ceiling, color=FAINT, linestyle="--", linewidth=1)
        said.append("dashed: a perfect reader")
    axes.set_xlim(0, 1.02)
    return Drawing(figure, "; ".join(said))


def recovered(report: Report) -> Drawing | None:
    """The share of the gap from naive to expert that each arm recovers, with Fieller's interval where it is bounded."""
    known = looks(report)
    found = [each for each in report.pgr if each.recovered.pgr is not None]
    bars = [
        Bar(
            labelled(each.arm, each.dataset, report),
            each.recovered.pgr or 0.0,
            shown_at(each.recovered.ci, each.recovered.n_groups),
            known[each.arm],
        )
        for each in found
    ]
    if not bars:
        return None
    figure, axes = rows(bars, "share of the gap from naive (0) to expert (1)")
    for edge in (0, 1):
        axes.axvline(edge, color=FAINT, linestyle=":", linewidth=1)
    count = questions([each.recovered.n_questions for each in found])
    return Drawing(figure, f"{count}; 95 % Fieller intervals, none where the set is unbounded")


def by_iteration(report: Report) -> Drawing | None:
    """Accuracy of an iterated protocol against the number of iterations."""
    families: dict[str, list[Stage]] = {}
    for stage in report.stages:
        families.setdefault(labelled(stage.family, stage.result.dataset, report), []).append(stage)
    if not families:
        return None
    figure, axes = canvas(3.2)
    for place, (family, stages) in enumerate(families.items()):
        _line(axes, family, sorted(stages, key=lambda stage: stage.iteration), place)
    axes.set_xlabel("iterations")
    axes.set_ylabel("judge accuracy")
    axes.set_ylim(0, 1.05)
    axes.axhline(1 / report.options, color=FAINT, linestyle=":", linewidth=1)
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.legend(loc="lower right")
    count = questions([stage.result.headline.n for stage in report.stages])
    return Drawing(figure, f"{count}; 95 % cluster-adjusted Wilson intervals; dotted: guessing")


def _line(axes: Any, family: str, stages: Sequence[Stage], place: int) -> None:
    known = [(stage.iteration, found) for stage in stages if (found := stage.result.headline).accuracy is not None]
    x = [at for at, _ in known]
    y = [float(found.accuracy or 0) for _, found in known]
    axes.plot(x, y, label=family, clip_on=False, **look(place))
    for at, found in known:
        if ci := shown_at(found.ci, found.n_groups):
            axes.plot([at, at], ci, color=look(place)["color"], linewidth=1)


def rows(bars: Sequence[Bar], label: str) -> tuple[Any, Any]:
    """Values with their intervals, one below the other, the first on top."""
    figure, axes = canvas(tall(len(bars)))
    for place, bar in enumerate(bars):
        if bar.ci:
            axes.plot(bar.ci, [place, place], color=bar.look["color"], linewidth=2, solid_capstyle="butt")
        axes.plot([bar.value], [place], markersize=6, linestyle="none", **bar.look)
    axes.set_yticks(range(len(bars)), [bar.name for bar in bars])
    axes.set_ylim(len(bars) - 0.4, -0.6)
    axes.set_xlabel(label)
    return figure, axes


def point(axes: Any, arm: ArmResult, place: tuple[float, float], look: Mapping[str, Any]) -> None:
    """The accuracy of an arm above what it is drawn against, with its interval."""
    x, y = place
    if ci := shown_at(arm.headline.ci, arm.headline.n_groups):
        axes.plot([x, x], ci, color=look["color"], linewidth=1)
    axes.plot([x], [y], linestyle="none", label=arm.arm.name, clip_on=False, **look)


def questions(counts: Sequence[int], unit: str = "questions") -> str:
    """How many questions the points of a figure rest on."""
    low, high = min(counts), max(counts)
    return f"n = {amount(low)} {unit}" if low == high else f"n = {amount(low)} to {amount(high)} {unit}"
