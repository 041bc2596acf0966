"""What accuracy costs: each arm at its mean cost a question, with the hull of what mixtures of arms can reach."""

from __future__ import annotations

from typing import Any

from arena.analysis.frontier import frontier
from arena.report.figures.style import FAINT, canvas, look
from arena.report.model import ArmResult, Report


def cost(report: Report) -> Any:
    """Accuracy against cost a question: in US dollars where all prices are known and not all 0, else in tokens."""
    arms = [arm for arm in report.arms if arm.headline.accuracy is not None and arm.headline.n]
    if len({arm.dataset for arm in arms}) != 1:
        return None
    dollars = all(arm.cost.usd is not None for arm in arms) and any(arm.cost.usd for arm in arms)
    points = {arm.arm.name: (_spent(arm, dollars=dollars), float(arm.headline.accuracy or 0)) for arm in arms}
    figure, axes = canvas(3.4)
    hull = [point for point in frontier(points) if point.on_hull]
    axes.plot([point.cost for point in hull], [point.accuracy for point in hull], color=FAINT, linestyle="--", zorder=0)
    for place, arm in enumerate(arms):
        x, y = points[arm.arm.name]
        if ci := arm.headline.ci:
            axes.plot([x, x], ci, color=look(place)["color"], linewidth=1)
        axes.plot([x], [y], linestyle="none", label=arm.arm.name, **look(place))
    axes.set_xlabel("US dollars a question" if dollars else "tokens a question, in and out")
    axes.set_ylabel("judge accuracy")
    axes.set_ylim(0, 1.02)
    axes.set_xlim(left=0)
    axes.legend(frameon=False, loc="lower right")
    return figure


def _spent(arm: ArmResult, *, dollars: bool) -> float:
    if dollars:
        return float(arm.cost.usd or 0) / arm.headline.n
    return (arm.cost.tokens["input"] + arm.cost.tokens["output"]) / arm.headline.n
