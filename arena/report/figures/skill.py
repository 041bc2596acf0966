"""Accuracy against the skill of the advocates: a point for each configuration, and the line through them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from arena.report.figures.accuracy import looks, point, questions
from arena.report.figures.style import FAINT, SOFT, Drawing, beside, canvas
from arena.report.insight import Skill
from arena.report.model import Report

MEASURES = {"elo": "skill of the debaters (Elo)", "win_rate": "win rate of the consultant (%)"}


def skills(report: Report) -> Iterator[tuple[str, Drawing]]:
    """One figure for each measure of skill that some protocol has, by the name of the measure."""
    found = [(over.dataset, each) for over in report.overviews or () for each in over.skills]
    for measure in dict.fromkeys(each.measure for _, each in found):
        yield measure, _drawn(report, measure, [(where, each) for where, each in found if each.measure == measure])


def _drawn(report: Report, measure: str, found: list[tuple[str, Skill]]) -> Drawing:
    figure, axes = canvas(3.4)
    known, counts = looks(report), []
    for dataset, each in found:
        arms = {arm.arm.name: arm for arm in report.arms if arm.dataset == dataset}
        _line(axes, each)
        for name, x, y in zip(each.arms, each.skill, each.accuracy, strict=True):
            counts.append(arms[name].headline.n)
            point(axes, arms[name], (x, y), known[name])
    axes.axhline(1 / report.options, color=FAINT, linestyle=":", linewidth=1)
    axes.set_xlabel(MEASURES[measure])
    axes.set_ylabel("judge accuracy")
    axes.set_ylim(0, 1.05)
    beside(axes)
    said = f"{questions(counts)}; 95 % cluster-adjusted Wilson intervals; dashed: least squares; dotted: guessing"
    return Drawing(figure, f"{said}; both axes come from the same questions, so that noise in them may fake a slope")


def _line(axes: Any, each: Skill) -> None:
    if each.slope.slope is None:
        return
    x, y = np.array(each.skill), np.array(each.accuracy)
    ends = np.array([x.min(), x.max()])
    axes.plot(ends, y.mean() + each.slope.slope / 100 * (ends - x.mean()), color=SOFT, linestyle="--", linewidth=1)
