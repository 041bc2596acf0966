"""Second opinions: percentile intervals of the cluster bootstrap beside the ones that are printed first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from arena.analysis.bootstrap import Bootstrap, bootstrap_mean, bootstrap_ratio
from arena.analysis.grouping import in_all
from arena.analysis.scores import Ways
from arena.report.compare import BASELINES, CEILING, FLOOR, baseline
from arena.report.model import ArmResult


def of_accuracy(result: ArmResult, ways: Mapping[str, Ways], seed: int) -> Bootstrap:
    """That of an accuracy with missing verdicts as wrong."""
    found = ways[result.arm.name].wrong
    return bootstrap_mean(found.score, found.group, seed=seed)


def of_gap(result: ArmResult, arms: Sequence[ArmResult], ways: Mapping[str, Ways], seed: int) -> Bootstrap | None:
    """That of the gap recovered; `None` for baselines and where there are no baselines of this judge."""
    floor, ceiling = baseline(result, FLOOR, arms), baseline(result, CEILING, arms)
    if result.arm.protocol in BASELINES or floor is None or ceiling is None:
        return None
    own, low, high = (ways[each.arm.name].wrong for each in (result, floor, ceiling))
    both = in_all([own.question, low.question, high.question])
    at = own.question.searchsorted(both)
    return bootstrap_ratio(own.at(both) - low.at(both), high.at(both) - low.at(both), own.group[at], seed=seed)
