"""The arms of a run in a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.table import Table
from rich.text import Text

from arena.standing import Board, Standing
from arena.text import terminal
from arena.tui.messages import Estimate
from arena.tui.widgets.still import Still
from arena.tui.words import money, narrow, share

WIDE = 110
_NAME = 15
_LONG = 34
"""Cells that the name of an arm takes at most, on a narrow screen and on a wide one."""
_NONE = Estimate()


class Arms(Still):
    """A line an arm: how much is done, the score of the contiguous prefix with intervals valid at any time."""

    def show(self, board: Board, estimates: Mapping[str, Estimate]) -> None:
        """Draw the table anew."""
        width, baseline = self.size.width or 80, board.baseline()
        wide = width >= WIDE
        rows = [
            _cells(name, arm, board, estimates.get(name, _NONE), wide=wide) for name, arm in list(board.arms.items())
        ]
        of = [[(cell.plain, cell.style) for cell in row] for row in rows]
        failed = [str(arm.failed) for arm in list(board.arms.values())]
        self.put(_table(rows, baseline, wide=wide), (of, baseline, width), room=(width, failed))


def _table(rows: Sequence[Sequence[Text]], baseline: str | None, *, wide: bool) -> Table:
    made = Table(box=None, padding=(0, 2 if wide else 1, 0, 0), show_edge=False, header_style="bold", expand=False)
    made.add_column("arm", no_wrap=True)
    made.add_column("done", justify="right", no_wrap=True)
    made.add_column("score", justify="right", no_wrap=True)
    if wide:
        made.add_column("questions", justify="right", no_wrap=True)
    made.add_column("list ends in", justify="right", no_wrap=True)
    made.add_column("population", justify="right", no_wrap=True)
    if baseline:
        made.add_column("− " + Text(terminal(baseline)).plain, justify="right", no_wrap=True)
    made.add_column("failed", no_wrap=not wide, overflow="ellipsis")
    if wide:
        made.add_column("calls", justify="right", no_wrap=True)
        made.add_column("spent", justify="right", no_wrap=True)
    for row in rows:
        made.add_row(*row)
    return made


def _cells(name: str, arm: Standing, board: Board, found: Estimate, *, wide: bool) -> list[Text]:
    planned = board.planned.get(name)
    cells = [
        Text(narrow(" ".join(terminal(name).split()), _LONG if wide else _NAME)),
        Text(f"{arm.done:,}/{planned:,}" if planned is not None else f"{arm.done:,}"),
        Text("–" if found.score is None else f"{found.score:.1%}", style="bold"),
        *([Text(f"{found.n:,}")] if wide else []),
        Text(share(found.final)),
        Text(share(found.population)),
    ]
    if board.baseline():
        cells.append(_difference(found))
    cells.append(_failed(arm, wide=wide))
    if wide:
        cells += [Text(f"{arm.calls:,}"), Text(money(arm.cost, arm.unpriced))]
    return cells


def _difference(found: Estimate) -> Text:
    if found.difference is None or found.between is None:
        return Text("–")
    low, high = (100 * end for end in found.between)
    style = "green" if low > 0 else "red" if high < 0 else ""
    return Text(f"{100 * found.difference:+.0f} [{low:+.0f}, {high:+.0f}]", style=style)


def _failed(arm: Standing, *, wide: bool) -> Text:
    if not arm.failed:
        return Text("0", style="dim")
    if not wide:
        return Text(f"{arm.failed.total():,}", style="bold magenta")
    kinds = ", ".join(f"{n:,} {kind.replace('_', ' ')}" for kind, n in arm.failed.most_common())
    return Text(kinds, style="bold magenta")
