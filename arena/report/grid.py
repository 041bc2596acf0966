"""A table of a report: numbers are never cut, names fold, notes stand below, equal ones together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from arena.text import terminal

NAMES = 16
"""The columns that a folding name has at least."""

GAP = 2


class Link(NamedTuple):
    """The episodes behind a row: those of some arms, on one dataset where it is named."""

    arms: tuple[str, ...]
    dataset: str | None = None


@dataclass
class Grid:
    """A title, a head, rows of which the first cell is a name, and notes of (name, words) on rows.

    `links` says what is behind a row, by its number, where its name does not tell.
    """

    title: str
    head: Sequence[str]
    rows: list[Sequence[str]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    links: dict[int, Link] = field(default_factory=dict)

    def add(self, *cells: str, note: str = "", link: Link | None = None) -> None:
        """One row, what has to be said about it, and what is behind it."""
        if link is not None:
            self.links[len(self.rows)] = link
        self.rows.append(cells)
        if note:
            self.notes.append((cells[0], note))

    @property
    def needs(self) -> int:
        """The least width, in columns, at which no number is cut."""
        return NAMES + sum(GAP + width for width in self._widths())

    def print_on(self, console: Console) -> None:
        """Print the table, and its notes below."""
        table = Table(
            title=Text(self.title, style="bold"),
            title_justify="left",
            box=box.SIMPLE_HEAD,
            show_edge=False,
            pad_edge=False,
            padding=(0, 1, 0, 0),
        )
        table.add_column(self.head[0], overflow="fold", header_style="dim", min_width=NAMES)
        for name, width in zip(self.head[1:], self._widths(), strict=True):
            table.add_column(name, justify="right", no_wrap=True, min_width=width, header_style="dim")
        for row in self.rows:
            table.add_row(*(Text(plain(cell)) for cell in row))
        console.print(table)
        for names, words in self.gathered():
            console.print(Padding(Text(f"{names}: {words}", style=_style(words)), (0, 0, 0, GAP)))

    def gathered(self) -> Iterator[tuple[str, str]]:
        """The notes, equal words once with the names of all rows that they are about."""
        for words in dict.fromkeys(words for _, words in self.notes):
            yield ", ".join(plain(name) for name, said in self.notes if said == words), plain(words)

    def _widths(self) -> list[int]:
        columns: Iterable[Sequence[str]] = zip(*([self.head, *self.rows]), strict=True)
        return [max(cell_len(cell) for cell in column) for column in columns][1:]


def plain(text: str) -> str:
    """One line of visible characters."""
    return " ".join(terminal(text).split())


def _style(words: str) -> str:
    if "RED" in words:
        return "red"
    return "yellow" if "AMBER" in words or "passages" in words else ""
