"""From a run folder to its report. Datasets are never pooled: every result belongs to one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from arena.analysis.brier import brier
from arena.analysis.ceiling import ceiling
from arena.analysis.cluster import mean_of
from arena.analysis.corp import Corp, corp
from arena.analysis.cost import bought, cost
from arena.analysis.forecasts import forecasts
from arena.analysis.missing import missing
from arena.analysis.orders import TWO, orders
from arena.analysis.reading import Reading, read
from arena.analysis.rows import Episodes, Rows, Table
from arena.analysis.scores import Ways, every_way
from arena.analysis.sides import sides
from arena.errors import OUTCOMES
from arena.report.certified import certified
from arena.report.compare import comparisons, gaps
from arena.report.header import Arm, Header, Source, header
from arena.report.join import join
from arena.report.matched import Sense
from arena.report.model import ArmResult, Beliefs, Report, Stage, Stopping
from arena.report.people import sittings
from arena.report.served import changes
from arena.report.shadow import by_round

STAGE = re.compile(r"(.+)\[(\d+)\]")

METHOD = {"missing": "wrong", "cluster": "group", "alpha": 0.05, "sided": 2, "multiplicity": "holm"}
"""How this report goes about it, in the words of a run's analysis block."""


def build(run: Path, *, full: bool = False) -> Report:
    """The report of a run folder; of what there is so far, where the run is unfinished.

    A `full` one has insights and overviews too, which take longer.

    Raises `DataError` where the folder is not a run or is written in a newer schema. Damaged lines are left out and
    named in the notices.
    """
    head = header(run)
    return _with_folders(report_of(head, read(run), full=full), [Source(run)])


def build_joined(runs: Sequence[Path], factors: Sequence[str] = (), *, full: bool = False) -> Report:
    """The report of several runs, joined on their questions; of a single one it is that of `build`.

    Raises `UsageError` with the reason where they can't be compared, see `join`.
    """
    if len(runs) == 1:
        return build(runs[0], full=full)
    joined = join(runs, factors)
    return _with_folders(report_of(joined.head, joined.reading, full=full), joined.sources)


def _with_folders(report: Report, sources: Sequence[Source]) -> Report:
    """The report with what is read from the folders beside the results: beliefs by round, people's time, audits."""
    shadow = [replace(each, arm=source.arm(each.arm)) for source in sources for each in by_round(source.folder)]
    sat = [(source, each) for source in sources for each in sittings(source.folder, header(source.folder))]
    audits = [audit for source in sources if (audit := certified(source.folder)) is not None]
    people = tuple(replace(each, arm=source.arm(each.arm)) for source, each in sat)
    return replace(report, shadow=tuple(shadow), people=people, audits=tuple(audits), sources=tuple(sources))


def report_of(head: Header, reading: Reading, *, full: bool = False) -> Report:
    """The report of results that were read."""
    table = reading.table
    head = _completed(head, table)
    options = max(head.options, int(table.rows.slot.max(initial=0)) + 1, int(table.episodes.options.max(initial=0)))
    parts = [_Part(head, table, dataset, options) for dataset in table.datasets or ("",)]
    arms = [result for part in parts for result in part.arms]
    report = Report(
        run=head.run,
        created=head.created,
        seed=head.seed,
        simulated=all(arm.simulated for arm in head.arms) if any(arm.seats for arm in head.arms) else head.simulated,
        options=options,
        datasets=table.datasets,
        notices=(*_notices(head, reading), *changes(arms)),
        declared=head.declared,
        departures=tuple(_departures(head, table)),
        stopping=_stopping(head, table),
        arms=tuple(arms),
        comparisons=tuple(each for part in parts for each in comparisons(part.arms, part.ways, head)),
        pgr=tuple(each for part in parts for each in gaps(part.arms, part.ways)),
        stages=tuple(_stages(arms)),
        ceilings={part.dataset: part.ceiling for part in parts},
        table=table,
    )
    return _deepened(report, parts, table, head.matching) if full or _several_debaters(head) else report


def _several_debaters(head: Header) -> bool:
    """Whether models that differ may have met: then ratings are part of the shortest report."""
    sitting = ([seat.model for seat in arm.seats.values() if seat.role == "debater"] for arm in head.arms)
    return any(len(set(models)) > 1 for models in sitting)


def _deepened(report: Report, parts: Sequence[_Part], table: Table, matching: Sense | None) -> Report:
    """The report with all that can be said; what it needs is imported only here, since it takes its time."""
    from arena.report.inquire import About, insight  # noqa: PLC0415
    from arena.report.overview import overview  # noqa: PLC0415

    seed, options = abs(report.seed or 0), report.options
    about = About(options, seed, matching)
    insights = [insight(arm, part.arms, part.ways, table, about) for part in parts for arm in part.arms]
    overviews = []
    for part in parts:
        found = [each for each in report.comparisons if each.dataset == part.dataset]
        overviews.append(overview(part.dataset, part.arms, found, part.ways, table, seed, options))
    return replace(report, insights=tuple(insights), overviews=tuple(overviews))


class _Part:
    """The results of one dataset."""

    def __init__(self, head: Header, table: Table, dataset: str, options: int) -> None:
        self.dataset = dataset
        self.arms: list[ArmResult] = []
        self.ways: dict[str, Ways] = {}
        here = table.episodes.where(table.episodes.dataset == (table.datasets.index(dataset) if table.datasets else -1))
        self.ceiling = ceiling(here)
        for arm in head.arms:
            self._add(arm, table, options)

    def _add(self, arm: Arm, table: Table, options: int) -> None:
        rows, episodes = table.rows_of(arm.name, self.dataset), table.episodes_of(arm.name, self.dataset)
        ways = self.ways[arm.name] = every_way(rows, options)
        overall = mean_of(ways.wrong.score, ways.wrong.group)
        self.arms.append(
            ArmResult(
                arm=arm,
                dataset=self.dataset,
                missing=missing(rows, ways),
                orders=orders(rows, overall, options),
                sides=sides(rows, overall),
                beliefs=_beliefs(rows.stated("verbalised"), options),
                tokens=_beliefs(rows.stated("tokens"), options),
                cost=cost(episodes),
                episodes=int(episodes.test.sum()),
                failed=_failed(episodes),
                bought=bought(table, arm.name, self.dataset),
                served=table.served.get((arm.name, self.dataset), {}),
            )
        )


def _beliefs(rows: Rows, options: int) -> Beliefs:
    parts = corp(forecasts(rows)) if options == TWO else Corp(0, status="more_than_two_options")
    known = rows.outside[~np.isnan(rows.outside)]
    return Beliefs(brier(rows), parts, float(known.mean()) if len(known) else None)


def _completed(head: Header, table: Table) -> Header:
    """The header with the arms that only the log knows."""
    known = {arm.name for arm in head.arms}
    extra = tuple(Arm(name, STAGE.sub(r"\1", name), {}) for name in table.arms if name not in known)
    return replace(head, arms=head.arms + extra)


def _failed(episodes: Episodes) -> dict[str, int]:
    counts = np.bincount(episodes.outcome[episodes.test], minlength=len(OUTCOMES))
    return {name: int(n) for name, n in zip(OUTCOMES, counts, strict=True) if n and name != "ok"}


def _stages(arms: list[ArmResult]) -> Iterator[Stage]:
    for result in arms:
        if (found := STAGE.fullmatch(result.arm.name)) is not None:
            yield Stage(found[1], int(found[2]), result)


def _stopping(head: Header, table: Table) -> Stopping:
    done = _done(table)
    planned = {arm.name: arm.planned for arm in head.arms if arm.planned is not None}
    counted = sum(min(done.get(name, 0), n) for name, n in planned.items())
    declared = (head.declared or {}).get("stopping")
    total = sum(planned.values()) if planned else None
    return Stopping(str(declared) if declared else None, counted if planned else sum(done.values()), total)


def _done(table: Table) -> dict[str, int]:
    """The test episodes of each arm that were scored."""
    tested = table.episodes.where(table.episodes.test)
    return {name: int((tested.arm == code).sum()) for code, name in enumerate(table.arms)}


def _notices(head: Header, reading: Reading) -> Iterator[str]:
    table = reading.table
    yield from _unfinished(head, table)
    if not table.episodes.test.any():
        yield "no results yet: no episode has been scored"
    if len(table.datasets) > 1:
        yield f"mixed data sets ({', '.join(table.datasets)}): each is reported by itself, nothing is pooled"
    if table.regrouped:
        yield f"questions in more than one passage: {table.regrouped}; the first that the log names is used"
    yield from reading.notices


def _unfinished(head: Header, table: Table) -> Iterator[str]:
    if (stopping := _stopping(head, table)).status != "unfinished":
        return
    done = _done(table)
    behind = [(arm.name, done.get(arm.name, 0), arm.planned) for arm in head.arms if arm.planned is not None]
    arms = ", ".join(f"{name} {n} of {planned}" for name, n, planned in behind if n < planned)
    yield f"unfinished: {stopping.done} of {stopping.planned} episodes ({arms})"


def _departures(head: Header, table: Table) -> Iterator[str]:
    """Where this report does not do what the run declared before its first call."""
    declared: dict[str, Any] = head.declared or {}
    for name, ours in METHOD.items():
        if name in declared and declared[name] != ours:
            yield f"{name}: declared {declared[name]!r}, reported with {ours!r}"
    tested = np.count_nonzero(np.bincount(table.episodes.question[table.episodes.test]))
    if isinstance(declared.get("n"), int) and declared["n"] != tested:
        yield f"n: declared {declared['n']} questions, {tested} were scored"
    if isinstance(primary := declared.get("primary"), list) and not {*map(str, primary)} <= {*table.arms}:
        yield f"primary: declared {' − '.join(map(str, primary))}, of which not both arms were scored"
