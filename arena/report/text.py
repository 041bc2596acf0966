"""The report for a terminal. Names of arms, models and data sets are text, never markup, and hold no escapes.

A number is never cut: where the width does not suffice for the numbers of a table, the report is wider.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence

from rich.console import Console
from rich.text import Text

from arena.report.grid import Grid, plain
from arena.report.model import Report, Stopping
from arena.report.served import answered
from arena.report.tables import grids
from arena.report.words import amount, number

SHORT = ("accuracy", "missing", "differences", "gap", "orders", "beliefs", "sides", "ratings", "cost")
DEEP = ("skill", "calibration", "biases", "wins", "scores", "frontier", "simultaneous", "bootstrap", "matching")
SECTIONS = (*SHORT, *DEEP)
"""The names of the sections, in the order in which they are printed."""

FOOT = (
    "n questions are the unit, G passages the clusters; both orders and both sides are averaged within a question. "
    "Brackets are 95 % intervals: cluster-adjusted Wilson for accuracies, CR2 with Bell-McCaffrey t for differences, "
    "Fieller for the gap. p is by sign flips of passages below 20 passages, by t from there on. Missing verdicts count "
    "as wrong."
)


def to_text(
    report: Report, width: int = 80, *, colour: bool = False, full: bool = False, only: Sequence[str] = ()
) -> str:
    """The report in `width` columns, in more where its numbers need them; without `colour` it holds no escapes.

    A short one has the sections of `SHORT`, a `full` one those of `DEEP` too; `only` names the ones to print.
    """
    found = sections(report)
    wanted = only or (SECTIONS if full else SHORT)
    tables = [table for name in SECTIONS if name in wanted for table in found.get(name, ())]
    return _printed(tables, width, lambda console: _print(console, report, tables), colour=colour)


def sections(report: Report) -> dict[str, list[Grid]]:
    """All the tables that the report has, by section; those of `DEEP` only where it is a full one."""
    if report.overviews is None:
        return grids(report)
    from arena.report.deep_tables import deep_grids  # noqa: PLC0415  # a short report does without

    return grids(report) | deep_grids(report)


def drawn(tables: Sequence[Grid], width: int = 80) -> str:
    """Some tables one below the other, in `width` columns or as many as their numbers need."""

    def show(console: Console) -> None:
        for table in tables:
            table.print_on(console)

    return _printed(tables, width, show)


def _printed(tables: Sequence[Grid], width: int, show: Callable[[Console], None], *, colour: bool = False) -> str:
    out = io.StringIO()
    console = Console(
        file=out,
        width=max([width, *(table.needs for table in tables)]),
        force_terminal=colour,
        color_system="standard" if colour else None,
        markup=False,
        highlight=False,
        emoji=False,
        legacy_windows=False,
    )
    show(console)
    return "\n".join(line.rstrip() for line in out.getvalue().split("\n"))


def _print(console: Console, report: Report, tables: Iterable[Grid]) -> None:
    console.print(Text(title(report), style="bold"))
    for notice in report.notices:
        console.print(Text(f"! {plain(notice)}", style="yellow"))
    for table in tables:
        console.print()
        table.print_on(console)
    console.print()
    for line in closing(report):
        console.print(Text(plain(line)))
    console.print(Text(FOOT, style="dim"))


def _models(report: Report) -> Iterator[str]:
    """Who sat where, arms with the same models together."""
    arms: dict[str, list[str]] = {}
    for name, result in {arm.arm.name: arm for arm in report.arms}.items():
        models: dict[str, list[str]] = {}
        for seat, who in result.arm.seats.items():
            models.setdefault(who.model + answered(who.model, result.served.get(seat, ())), []).append(seat)
        arms.setdefault("; ".join(f"{', '.join(seats)} {model}" for model, seats in models.items()), []).append(name)
    yield from (f"Models of {', '.join(names)}: {models}" for models, names in arms.items() if models)


def title(report: Report) -> str:
    """What a report is of, in a line."""
    parts = [f"Run {report.run}", ", ".join(name for name in report.datasets if name)]
    parts += [f"seed {report.seed}"] if report.seed is not None else []
    parts += ["simulated models"] if report.simulated else []
    return " · ".join(plain(part) for part in parts if part)


def closing(report: Report) -> Iterator[str]:
    """What stands below the tables."""
    for dataset, found in report.ceilings.items():
        if found.value is not None:
            where = f" ({dataset})" if len(report.datasets) > 1 else ""
            yield f"Accuracy of a perfect reader{where}: {number(found.value)}, exact."
    yield from _models(report)
    if report.declared is not None:
        yield "Analysed as declared." if not report.departures else f"Departures: {'; '.join(report.departures)}."
    elif len(report.sources) == 1:
        yield "No analysis was declared before the first call."
    yield _stopped(report.stopping)
    yield from (audit.line(alone=len(report.sources) == 1) for audit in report.audits)


def _stopped(stopping: Stopping) -> str:
    """Whether a look at results can have ended the run."""
    rule = f" (declared: {stopping.declared})" if stopping.declared else ""
    return {
        "as_planned": f"All {amount(stopping.done)} planned episodes are there{rule}: no look ended the run early.",
        "unfinished": f"Not all planned episodes are there{rule}. Intervals and p hold only if no look at results "
        "decided when to stop.",
        "unknown": "The header plans no number of episodes: whether a look at results ended the run is not known.",
    }[stopping.status]
