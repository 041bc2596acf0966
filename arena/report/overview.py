"""What can be said of all arms of a data set together: ratings, skill, the cost frontier, intervals for all at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from arena.analysis.cluster import ZERO
from arena.analysis.frontier import Shares, frontier, frontier_shares
from arena.analysis.paired import pairs
from arena.analysis.ratings import Ratings, rate
from arena.analysis.rows import Table
from arena.analysis.scores import Scores, Ways
from arena.analysis.simultaneous import Simultaneous, simultaneous
from arena.analysis.skill import skill_slope
from arena.analysis.spending import question_costs
from arena.report.insight import MORE_THAN_TWO, Overview, Skill
from arena.report.model import ArmResult, Comparison
from arena.report.players import matches_of


def overview(
    dataset: str,
    arms: Sequence[ArmResult],
    found: Sequence[Comparison],
    ways: Mapping[str, Ways],
    table: Table,
    seed: int,
    options: int,
) -> Overview:
    """The overview of one data set; `found` are its comparisons, `ways` the scores of its arms."""
    played = [arm for arm in arms if arm.episodes]
    ratings = {judge: _rated(of, table, dataset, options) for judge, of in _by_judge(played).items()}
    costs = {arm.arm.name: question_costs(table, arm.arm.name, dataset) for arm in played}
    status = _cost_status(costs)
    both = {} if status != "ok" else {name: (ways[name].wrong, cost) for name, cost in costs.items()}
    points = {name: (float(cost.score.mean()), float(score.score.mean())) for name, (score, cost) in both.items()}
    return Overview(
        dataset=dataset,
        ratings=ratings,
        skills=tuple(_skills(played, ratings)),
        frontier=frontier(points),
        shares=frontier_shares(both, seed=seed) if both else Shares({}, {}, 0, seed, status),
        cost_status=status,
        simultaneous=_together(found, ways, seed),
    )


def _by_judge(arms: Sequence[ArmResult]) -> dict[str, list[ArmResult]]:
    found: dict[str, list[ArmResult]] = {}
    for arm in arms:
        found.setdefault(arm.arm.judge or "", []).append(arm)
    return found


def _rated(arms: Sequence[ArmResult], table: Table, dataset: str, options: int) -> Ratings:
    if options != len(("A", "B")):
        return Ratings(0, 0, status=MORE_THAN_TWO)
    return rate(matches_of([arm.arm for arm in arms], table, dataset))


def _cost_status(costs: Mapping[str, Scores]) -> str:
    every = [cost.score for cost in costs.values()]
    if not every:
        return "no_data"
    if any(np.isnan(cost).any() for cost in every):
        return "unknown_price"
    return "ok" if any((cost > ZERO).any() for cost in every) else "nothing_spent"


def _skills(arms: Sequence[ArmResult], ratings: Mapping[str, Ratings]) -> Iterator[Skill]:
    """Accuracy against skill, for every protocol that several configurations of advocates played under one judge."""
    for judge, of in _by_judge(arms).items():
        elos = {each.player: (each.elo, each.se) for each in ratings[judge].table}
        for protocol in dict.fromkeys(arm.arm.protocol for arm in of):
            same = [arm for arm in of if arm.arm.protocol == protocol and arm.headline.accuracy is not None]
            rated = [(arm, *elos[model]) for arm in same if (model := _alone(arm)) in elos]
            yield from _line(protocol, judge, "elo", rated)
            wins = [(arm, 100 * w, None) for arm in same if arm.sides and (w := arm.sides.win_rate) is not None]
            yield from _line(protocol, judge, "win_rate", wins)


def _alone(arm: ArmResult) -> str | None:
    """The one model that sits on every side, where there are two sides."""
    if arm.sides is not None:
        return None
    models = {seat.model for seat in arm.arm.seats.values() if seat.role == "debater"}
    return models.pop() if len(models) == 1 else None


def _line(
    protocol: str, judge: str, measure: str, points: Sequence[tuple[ArmResult, float, float | None]]
) -> Iterator[Skill]:
    if len(points) < len(("one", "another")):
        return
    names = tuple(arm.arm.name for arm, *_ in points)
    skill, accuracy = tuple(x for _, x, _ in points), tuple(arm.headline.accuracy or 0.0 for arm, *_ in points)
    errors = [se for *_, se in points if se is not None]
    noise = [arm.headline.se for arm, *_ in points if arm.headline.se is not None]
    whole = len(errors) == len(noise) == len(points)
    slope = skill_slope(skill, accuracy, errors if whole else None, noise if whole else None)
    yield Skill(protocol, judge, measure, names, skill, accuracy, slope)


def _together(found: Sequence[Comparison], ways: Mapping[str, Ways], seed: int) -> Simultaneous:
    """Intervals for all comparisons of a data set at once; none for those that are refused."""
    allowed = [at for at, each in enumerate(found) if not each.refused]
    made = simultaneous([pairs(ways[found[at].a].wrong, ways[found[at].b].wrong) for at in allowed], seed=seed)
    placed = dict(zip(allowed, made.intervals, strict=True))
    return replace(made, intervals=tuple(placed.get(at) for at in range(len(found))))
