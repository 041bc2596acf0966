"""From a row of a table to the episodes behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from arena.report.grid import Grid, Link
from arena.report.model import Report
from arena.report.tables import labelled

ONLY = {"missing": "failed"}
"""What the tables of a section count among the episodes of an arm."""

AFTER = (": ", " (", ", ")
"""What may follow the name of an arm in the name of a row."""


def named(report: Report) -> dict[str, Link]:
    """What is behind the rows that are named after arms and comparisons, by name."""
    found = {}
    for arm in report.arms:
        found[labelled(arm.arm.name, arm.dataset, report)] = Link((arm.arm.name,), arm.dataset)
    for each in report.comparisons:
        found[labelled(f"{each.a} − {each.b}", each.dataset, report)] = Link((each.a, each.b), each.dataset)
    return found


def behind(grid: Grid, section: str, known: Mapping[str, Link]) -> Iterator[dict[str, Any] | None]:
    """For each row of a table, which episodes it opens: `arms`, `dataset`, `only`; `None` where there are none."""
    for number, row in enumerate(grid.rows):
        link = grid.links.get(number) or _longest(row[0], known)
        if link is None or not link.arms:
            yield None
        else:
            yield {"arms": list(link.arms), "dataset": link.dataset, "only": ONLY.get(section, "")}


def _longest(name: str, known: Mapping[str, Link]) -> Link | None:
    if name in known:
        return known[name]
    starts = [start for start in known if any(name.startswith(start + after) for after in AFTER)]
    return known[max(starts, key=len)] if starts else None
