"""What accuracy costs: each arm at its mean cost a question, with the hull of what mixtures of arms can reach."""

from __future__ import annotations

from arena.analysis.frontier import frontier
from arena.report.figures.accuracy import looks, point, questions
from arena.report.figures.style import FAINT, Drawing, beside, canvas
from arena.report.model import ArmResult, Report
from arena.report.words import amount


def cost(report: Report) -> Drawing | None:
    """Accuracy against cost a question: in US dollars where all prices are known and not all 0, else in tokens."""
    arms = [arm for arm in report.arms if arm.headline.accuracy is not None and arm.headline.n]
    if len({arm.dataset for arm in arms}) != 1:
        return None
    dollars = all(arm.cost.usd is not None for arm in arms) and any(arm.cost.usd for arm in arms)
    points = {arm.arm.name: (_spent(arm, dollars=dollars), float(arm.headline.accuracy or 0)) for arm in arms}
    figure, axes = canvas(3.4)
    hull = [each for each in frontier(points) if each.on_hull]
    axes.plot([each.cost for each in hull], [each.accuracy for each in hull], color=FAINT, linestyle="--", zorder=0)
    known = looks(report)
    for arm in arms:
        point(axes, arm, points[arm.arm.name], known[arm.arm.name])
    axes.set_xlabel("US dollars a question" if dollars else "tokens a question, in and out")
    axes.set_ylabel("judge accuracy")
    axes.set_ylim(0, 1.05)
    axes.set_xlim(left=0)
    if not dollars:
        axes.xaxis.set_major_formatter(lambda value, _: amount(round(value)))
    beside(axes)
    count = questions([arm.headline.n for arm in arms])
    return Drawing(figure, f"{count}; 95 % cluster-adjusted Wilson intervals; dashed: what a toss between arms reaches")


def _spent(arm: ArmResult, *, dollars: bool) -> float:
    if dollars:
        return float(arm.cost.usd or 0) / arm.headline.n
    return (arm.cost.tokens["input"] + arm.cost.tokens["output"]) / arm.headline.n
