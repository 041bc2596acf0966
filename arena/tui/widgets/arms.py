"""The arms of a run in a table, and how far the run is."""

from __future__ import annotations

from collections.abc import Mapping

from rich.table import Table
from rich.text import Text
from textual.widgets import Static

from arena.analysis.accuracy import Interval
from arena.standing import Board, Standing
from arena.text import terminal
from arena.tui.messages import Estimate

WIDE = 110
_NONE = Estimate()


class Arms(Static):
    """A line an arm: how much is done, the score of the contiguous prefix with intervals valid at any time."""

    def show(self, board: Board, estimates: Mapping[str, Estimate]) -> None:
        """Draw the table anew."""
        self.update(table(board, estimates, self.size.width or 80))


def table(board: Board, estimates: Mapping[str, Estimate], width: int) -> Table:
    """The table for a screen of this width."""
    wide, baseline = width >= WIDE, board.baseline()
    made = Table(box=None, padding=(0, 2 if wide else 1, 0, 0), show_edge=False, header_style="bold", expand=False)
    made.add_column("arm", no_wrap=True, overflow="ellipsis", max_width=34 if wide else 15)
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
    for name, arm in list(board.arms.items()):
        made.add_row(*_cells(name, arm, board, estimates.get(name, _NONE), wide=wide))
    return made


def _cells(name: str, arm: Standing, board: Board, found: Estimate, *, wide: bool) -> list[Text]:
    planned = board.planned.get(name)
    cells = [
        Text(" ".join(terminal(name).split())),
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


def share(interval: Interval | None) -> str:
    """An interval of a share as percentages."""
    if interval is None:
        return "–"
    low, high = (100 * end for end in interval)
    return f"{low:.1f}%" if low == high else f"{low:.0f}–{high:.0f}%"


def money(cost: float, unpriced: int) -> str:
    """What was spent, as far as prices are known."""
    return f"{cost:,.2f} USD" + (f" + {unpriced:,} unpriced" if unpriced else "")


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


class Bar(Static):
    """One line: a bar, what is done, what it took, how long it may still take."""

    def show(self, board: Board, *, playing: bool, calls: int, reading: bool) -> None:
        """Draw the line anew."""
        done, total, width = board.done, board.total, self.size.width or 80
        room = max(10, min(40, width - 60))
        full = room * done // total if total else 0
        text = Text().append("█" * full + "░" * (room - full), "bold")
        text.append(f" {done:,}/{total:,} episodes", "")
        text.append(f" · {calls:,} calls")
        cost = sum(arm.cost for arm in list(board.arms.values()))
        text.append(f" · {cost:,.2f} USD" if cost else "")
        text.append(f" · {_state(board, playing=playing, reading=reading)}", "bold")
        self.update(text)


def _state(board: Board, *, playing: bool, reading: bool) -> str:
    if reading:
        return "reading the log…"
    if 0 < board.total <= board.done:
        return "done"
    if not playing:
        return "stopped"
    eta = board.eta()
    return "playing" if eta is None else f"about {duration(eta)} left"


def duration(seconds: float) -> str:
    """A time to wait, roughly."""
    if seconds < 100:  # noqa: PLR2004  # up to here seconds say more than minutes
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes / 60:.1f} h"  # noqa: PLR2004  # two hours
