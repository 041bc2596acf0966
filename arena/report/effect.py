"""What a counterfactual did: each arm of a child run beside the parent's arm that it was told from, paired by question.

Both rest on the same transcripts, so the difference is the factor's alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from arena import log
from arena.analysis.accuracy import TOO_FEW_PASSAGES
from arena.analysis.collector import Collector
from arena.analysis.missing import flag
from arena.analysis.rows import Rows
from arena.analysis.scores import every_way
from arena.analysis.treatments import Treated, treated
from arena.events import Scored
from arena.report.grid import Grid
from arena.report.model import Comparison
from arena.report.tables import shown_at
from arena.report.words import estimate, notes, number, p_value, percent


@dataclass(frozen=True)
class Effect:
    """An arm of the child minus the arm of the parent, on one dataset. `made` and `reused` count calls of the child.

    `missing` is the share of verdicts that are missing in the child, and in the parent; `None` where there are none.
    """

    arm: str
    parent: str
    dataset: str
    treated: Treated
    made: int
    reused: int
    missing: tuple[float | None, float | None]

    @property
    def compared(self) -> Comparison:
        """The same as a comparison of a report, by whose rules it is told."""
        refused = "no_headline" in map(flag, self.missing)
        return Comparison(self.arm, self.parent, self.dataset, "exploratory", False, self.treated, refused)


def effects(parent: Path, child: Path) -> list[Effect]:
    """The paired effect of each arm of a child run; raises `DataError` where a folder is no run."""
    arms: list[Any] = log.header(child).get("arms") or []
    pairs = {str(arm["name"]): str(arm["parent"]) for arm in arms if isinstance(arm, dict) and "parent" in arm}
    log.header(parent)
    collector, told = Collector(), set()
    calls: Counter[tuple[str, str, str]] = Counter()
    for event in log.of_kind(child, "Scored"):
        if isinstance(event, Scored) and event.arm in pairs:
            collector.add(event)
            told.add((pairs[event.arm], _place(event)))
            for each in event.spend.values():
                calls[event.arm, event.dataset, "made"] += each.calls
                calls[event.arm, event.dataset, "reused"] += each.reused
    for event in log.of_kind(parent, "Scored"):
        if isinstance(event, Scored) and (event.arm, _place(event)) in told:
            collector.add(event)
    table = collector.table()
    return [
        _effect(name, source, dataset, rows, table.rows_of(source, dataset), calls)
        for name, source in pairs.items()
        for dataset in table.datasets
        if len(rows := table.rows_of(name, dataset))
    ]


def _effect(
    name: str, source: str, dataset: str, rows: Rows, was: Rows, calls: Mapping[tuple[str, str, str], int]
) -> Effect:
    made, reused = (calls[name, dataset, how] for how in ("made", "reused"))
    lost = [float(each.missing.mean()) if len(each) else None for each in (rows, was)]
    return Effect(
        name, source, dataset, treated(every_way(rows), every_way(was)), made, reused, missing=(lost[0], lost[1])
    )


def _place(event: Scored) -> str:
    """What an episode has in common with the one that it was told from."""
    return event.episode.removeprefix(f"{event.arm}~")


def effect_grid(found: list[Effect]) -> Grid:
    """The effects as a table, which says what the differences of a report say."""
    grid = Grid(
        title="Effect of what was changed (the new arm minus its parent, the same transcripts)",
        head=("new arm", "was", "is", "difference", "p", "n", "G", "calls", "reused"),
    )
    several = len({each.dataset for each in found}) > 1
    for each in found:
        pair = each.compared.headline
        few = pair.n_groups < TOO_FEW_PASSAGES
        grid.add(
            f"{each.arm} · {each.dataset}" if several else each.arm,
            number(pair.accuracy_b),
            number(pair.accuracy_a),
            estimate(pair.difference, shown_at(pair.ci, pair.n_groups), sign=True),
            p_value(None if few else pair.p),
            str(pair.n_pairs),
            str(pair.n_groups),
            f"{each.made:,}",
            f"{each.reused:,}",
            note=_note(each),
        )
    return grid


def _note(each: Effect) -> str:
    """What a reader has to be warned of; that nothing differs is in the row already."""
    status = each.compared.headline.status
    lost = (
        f"verdicts missing: was {percent(each.missing[1])}, is {percent(each.missing[0])}" if any(each.missing) else ""
    )
    said = notes("ok" if status == "identical" else status, each.compared.flags)
    return "; ".join(part for part in (lost, said) if part)
