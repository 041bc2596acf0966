"""Which arms are compared with which.

Every arm is compared with the baselines of its own judge, and the arms that are no baselines with each other, in the
order of the header. Where only one baseline of a kind exists it serves all judges. Arms against `naive` are the
confirmatory family of their judge (Holm); all else is exploratory. Both adjustments are given within each family.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from arena.analysis.multiplicity import benjamini_hochberg, holm
from arena.analysis.pgr import Recovered, recovered
from arena.analysis.scores import Ways
from arena.analysis.treatments import treated
from arena.report.header import Header
from arena.report.model import TOO_MANY_MISSING, ArmResult, Comparison, Pgr

FLOOR, CEILING = "naive", "expert"
BASELINES = (FLOOR, CEILING)
"""The protocols that others are held against."""


def comparisons(arms: Sequence[ArmResult], ways: Mapping[str, Ways], head: Header) -> list[Comparison]:
    """All comparisons of the arms of one dataset that have results."""
    primary = (head.declared or {}).get("primary")
    found, keys = [], []
    played = [arm for arm in arms if arm.episodes]
    for a, b in (*_within_runs(played), *_between_runs(played, head)):
        confirmatory = b.arm.protocol == FLOOR and a.arm.run == b.arm.run
        found.append(
            Comparison(
                a=a.arm.name,
                b=b.arm.name,
                dataset=a.dataset,
                family="confirmatory" if confirmatory else "exploratory",
                primary=primary == [a.arm.name, b.arm.name],
                treated=treated(ways[a.arm.name], ways[b.arm.name], seed=abs(head.seed or 0)),
                refused=_refused(a, b),
            )
        )
        keys.append((a.arm.run, a.arm.judge) if confirmatory else BASELINES)
    return _adjusted(found, keys)


def gaps(arms: Sequence[ArmResult], ways: Mapping[str, Ways]) -> Iterator[Pgr]:
    """The gap that each arm recovers; nothing where the run has no baselines to measure a gap between."""
    played = [arm for arm in arms if arm.episodes]
    runs = {arm.arm.run for arm in played if all(_has(played, arm.arm.run, kind) for kind in BASELINES)}
    for arm in played:
        if arm.arm.protocol not in BASELINES and arm.arm.run in runs:
            yield _gap(arm, baseline(arm, FLOOR, played), baseline(arm, CEILING, played), ways)


def baseline(arm: ArmResult, kind: str, arms: Sequence[ArmResult]) -> ArmResult | None:
    """The baseline with the judge of `arm`, in its run; the only one where there is just one; else `None`."""
    of_kind = [other for other in arms if other.arm.protocol == kind and other.arm.run == arm.arm.run]
    if len(of_kind) == 1:
        return of_kind[0]
    return next((other for other in of_kind if other.arm.judge == arm.arm.judge), None)


def _between_runs(arms: Sequence[ArmResult], head: Header) -> Iterator[tuple[ArmResult, ArmResult]]:
    by_name = {arm.arm.name: arm for arm in arms}
    yield from ((by_name[a], by_name[b]) for a, b in head.cross if a in by_name and b in by_name)


def _within_runs(arms: Sequence[ArmResult]) -> Iterator[tuple[ArmResult, ArmResult]]:
    others = [arm for arm in arms if arm.arm.protocol not in BASELINES]
    for kind in BASELINES:
        for arm in others:
            if (found := baseline(arm, kind, arms)) is not None:
                yield arm, found
    yield from ((a, b) for a, b in combinations(others, 2) if a.arm.run == b.arm.run)


def _has(arms: Sequence[ArmResult], run: str, kind: str) -> bool:
    return any(arm.arm.protocol == kind and arm.arm.run == run for arm in arms)


def _refused(*arms: ArmResult) -> bool:
    return any(arm.headline.status == TOO_MANY_MISSING for arm in arms)


def _gap(arm: ArmResult, floor: ArmResult | None, ceiling: ArmResult | None, ways: Mapping[str, Ways]) -> Pgr:
    names = (floor.arm.name if floor else None, ceiling.arm.name if ceiling else None)
    if floor is None or ceiling is None:
        return Pgr(arm.arm.name, *names, arm.dataset, Recovered(0, 0, status="no_baseline_of_this_judge"))
    if _refused(arm, floor, ceiling):
        return Pgr(arm.arm.name, *names, arm.dataset, Recovered(0, 0, status=TOO_MANY_MISSING))
    wrong = [ways[each.arm.name].wrong for each in (arm, floor, ceiling)]
    return Pgr(arm.arm.name, *names, arm.dataset, recovered(wrong[0], wrong[1], wrong[2]))


def _adjusted(found: Sequence[Comparison], keys: Sequence[object]) -> list[Comparison]:
    """Adjust each p within its family: the comparisons of one key."""
    result = list(found)
    for key in dict.fromkeys(keys):
        places = [place for place, other in enumerate(keys) if other == key]
        ps = [found[place].headline.p for place in places]
        for place, p_holm, p_bh in zip(places, holm(ps), benjamini_hochberg(ps), strict=True):
            result[place] = found[place].adjusted(p_holm, p_bh)
    return result
