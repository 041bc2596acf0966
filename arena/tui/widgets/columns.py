"""The columns of the list of episodes: their heads, which sort it, and the cells of a row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from rich.cells import set_cell_size
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.events import Click
from textual.message import Message

from arena.listing import ORDERS, Order, Row, seconds
from arena.text import terminal
from arena.tui.widgets.still import Still
from arena.tui.words import narrow

SIGNS = {
    "right": ("✓", "green"),
    "wrong": ("✗", "red"),
    "part": ("½", "yellow"),
    "playing": ("…", "cyan"),
    "failed": ("!", "magenta"),
}
"""The sign and the colour of how an episode came out."""

_SIGN = 3
_LEAST = 12
_MOST = 60
_NAMES = 34
"""A column of questions, and one of arms, is no wider, even where there is room."""


class Column(NamedTuple):
    """A column: the order that its head sorts by, its width in cells, the width of a list in which it has room."""

    order: Order
    title: str
    width: int
    room: int
    cell: Callable[[Row], str]
    right: bool = True


def result(row: Row) -> tuple[str, str]:
    """The kind of a row for its sign, and its result in words."""
    if row.outcome == "playing":
        return "playing", "playing"
    if row.outcome != "ok":
        return "failed", row.outcome.replace("_", " ")
    if row.missing:
        return "failed", "a verdict missing"
    flipped = ", order flipped" if row.flipped else ""
    if row.correct == 1:
        return "right", "right"
    return ("wrong", "wrong") if row.correct == 0 else ("part", f"half right{flipped}")


def _name(row: Row) -> str:
    return row.episode.removeprefix(f"{row.arm}~") + ("  training" if row.train else "")


def _time(row: Row) -> str:
    took = seconds(row)
    return "" if took is None else f"{took:.1f} s" if took < 100 else f"{took / 60:.0f} min"  # noqa: PLR2004  # seconds say more up to here


COLUMNS = (
    Column("arm", "arm", 16, 0, lambda row: row.arm, right=False),
    Column("question", "question", 0, 0, _name, right=False),
    Column("result", "result", 26, 0, lambda row: result(row)[1], right=False),
    Column("belief", "p(right)", 10, 64, lambda row: "" if row.belief is None else f"{row.belief:.0%}"),
    Column("calls", "calls", 7, 90, lambda row: f"{row.calls:,}" if row.calls else ""),
    Column("tokens", "tokens", 10, 90, lambda row: f"{row.tokens:,}" if row.tokens else ""),
    Column("seconds", "took", 9, 100, _time),
    Column("cost", "USD", 9, 112, lambda row: f"{row.cost:.4f}" if row.cost else ""),
)


def _laid(width: int) -> Iterator[tuple[Column, int]]:
    """The columns that have room, with their widths; the question takes what the others leave."""
    shown = [column for column in COLUMNS if width >= column.room]
    rest = max(width - _SIGN - 1 - sum(column.width for column in shown), _LEAST)
    arm = COLUMNS[0].width
    more = max(min(rest - 2 * _LEAST - arm, _NAMES - arm), 0)
    for column in shown:
        wide = column.width or min(rest - more, _MOST)
        yield column, wide + (more if column.order == "arm" else 0)


def cells(row: Row, width: int) -> list[Segment]:
    """A row of the list as segments of so many cells."""
    kind = result(row)[0]
    sign, colour = SIGNS[kind]
    made = [Segment(f" {sign} ", Style(color=colour, bold=True))]
    for column, wide in _laid(width):
        style = Style(color=colour) if column.order == "result" else Style(dim=column.right)
        made.append(Segment(_fitted(" ".join(terminal(column.cell(row)).split()), wide, right=column.right), style))
    return [*made, Segment(" " * max(width - sum(segment.cell_length for segment in made), 1))]


def _fitted(text: str, width: int, *, right: bool) -> str:
    return set_cell_size(narrow(text, width - 1), width) if not right else f"{text:>{width}}"[:width]


class Heads(Still):
    """The heads of the columns. A click on one sorts by it, and a second one turns the order around."""

    class Sorted(Message):
        """The list is to be sorted by this."""

        def __init__(self, order: Order) -> None:
            self.order = order
            super().__init__()

    def show(self, order: Order, *, turned: bool, width: int) -> None:
        """Draw the heads for a list of this width, with a mark at the one that it is sorted by."""
        text = Text(" " * _SIGN)
        for column, wide in _laid(width):
            mark = ("▼" if turned else "▲") if column.order == order else ""
            style = Style(bold=bool(mark), dim=not mark, meta={"order": column.order})
            text.append(_fitted(f"{column.title}{mark}", wide, right=column.right), style)
        self.tell(text)

    def on_click(self, event: Click) -> None:
        """Sort by what was clicked."""
        order = event.style.meta.get("order")
        if order in ORDERS:
            self.post_message(self.Sorted(order))
