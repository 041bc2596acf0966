"""What a counterfactual did: each arm of a child run beside the parent's arm that it was told from, paired by question.

Both rest on the same transcripts, so the difference is the factor's alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from arena import log
from arena.analysis.collector import Collector
from arena.analysis.scores import every_way
from arena.analysis.treatments import Treated, treated
from arena.events import Scored
from arena.report.grid import Grid
from arena.report.words import estimate, number, p_value


@dataclass(frozen=True)
class Effect:
    """An arm of the child minus the arm of the parent, on one dataset. `made` and `reused` count calls of the child."""

    arm: str
    parent: str
    dataset: str
    treated: Treated
    made: int
    reused: int


def effects(parent: Path, child: Path) -> list[Effect]:
    """The paired effect of each arm of a child run; raises `DataError` where a folder is no run."""
    arms: list[Any] = log.header(child).get("arms") or []
    pairs = {str(arm["name"]): str(arm["parent"]) for arm in arms if isinstance(arm, dict) and "parent" in arm}
    log.header(parent)
    collector, calls, told = Collector(), dict.fromkeys(pairs, (0, 0)), set()
    for event in log.of_kind(child, "Scored"):
        if isinstance(event, Scored) and event.arm in pairs:
            collector.add(event)
            told.add((pairs[event.arm], _place(event)))
            made, again = calls[event.arm]
            spends = event.spend.values()
            calls[event.arm] = made + sum(s.calls for s in spends), again + sum(s.reused for s in spends)
    for event in log.of_kind(parent, "Scored"):
        if isinstance(event, Scored) and (event.arm, _place(event)) in told:
            collector.add(event)
    table = collector.table()
    return [
        Effect(
            name,
            source,
            dataset,
            treated(every_way(table.rows_of(name, dataset)), every_way(table.rows_of(source, dataset))),
            *calls[name],
        )
        for name, source in pairs.items()
        for dataset in table.datasets
    ]


def _place(event: Scored) -> str:
    """What an episode has in common with the one that it was told from."""
    return event.episode.removeprefix(f"{event.arm}~")


def effect_grid(found: list[Effect]) -> Grid:
    """The effects as a table."""
    return Grid(
        title="Effect of what was changed (the new arm minus its parent, the same transcripts)",
        head=("new arm", "was", "is", "difference", "p", "n", "G", "calls", "reused"),
        rows=list(_rows(found)),
    )


def _rows(found: list[Effect]) -> Iterator[tuple[str, ...]]:
    for each in found:
        pair = each.treated.wrong
        yield (
            each.arm,
            number(pair.accuracy_b),
            number(pair.accuracy_a),
            estimate(pair.difference, pair.ci, sign=True),
            p_value(pair.p),
            str(pair.n_pairs),
            str(pair.n_groups),
            f"{each.made:,}",
            f"{each.reused:,}",
        )
