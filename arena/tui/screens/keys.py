"""What the keys do on the screen that is open, and what its signs mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from rich.table import Table
from rich.text import Text
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.dom import DOMNode
from textual.events import Resize
from textual.screen import ModalScreen, Screen
from textual.widgets import Footer, Static

from arena.tui.screens.layer import Layer
from arena.tui.widgets.room import Room

ABREAST = 100
"""Columns of a terminal from which the keys stand in two columns."""

LEAST = 12
"""Columns that keys take, so that those of all parts stand in line."""


class Deed(NamedTuple):
    """What can be done on a screen: by which keys, in a word or two and at length, and how it is set off."""

    keys: str
    name: str
    more: str
    action: str
    node: DOMNode


def deeds(screen: Screen[object]) -> list[Deed]:
    """All that a key does here, what several keys do once."""
    found: dict[str, Deed] = {}
    for node, binding, enabled, _ in screen.active_bindings.values():
        if enabled and binding.description and not binding.system:
            key = screen.app.get_key_display(binding)
            known = found.get(binding.action)
            if known is None:
                found[binding.action] = Deed(
                    key,
                    binding.description[:1].upper() + binding.description[1:],
                    binding.tooltip,
                    binding.action,
                    node,
                )
            elif key not in known.keys.split():
                found[binding.action] = known._replace(keys=f"{known.keys} {key}")
    return list(found.values())


def rows(found: Sequence[Deed]) -> list[tuple[str, str, str]]:
    """Keys, names and what is to be said of them, the screen's own first; what differs in a figure stands together."""
    kinds: dict[tuple[DOMNode, str], list[Deed]] = {}
    for deed in sorted(found, key=_place):
        kinds.setdefault((deed.node, deed.action.partition("(")[0]), []).append(deed)
    return [
        (
            " ".join(deed.keys for deed in some),
            ", ".join(deed.name for deed in some),
            some[0].more if len(some) == 1 else "",
        )
        for some in kinds.values()
    ]


def _place(deed: Deed) -> int:
    """First what a screen alone can do, then moving about in it, then what every screen has."""
    if isinstance(deed.node, App) or deed.action.startswith(("app.focus", "screen.")):
        return 2
    return 0 if isinstance(deed.node, Screen) else 1


class KeysScreen(ModalScreen[None]):
    """The keys of the screen below, in one column or in two, and its signs."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,q,enter", "dismiss", "Back", key_display="esc")
    ]

    def __init__(self, below: Screen[object]) -> None:
        super().__init__()
        self._deeds = deeds(below)
        self._signs = below.SIGNS if isinstance(below, Layer) else ()

    def compose(self) -> ComposeResult:
        """The table in a window."""
        with Vertical(classes="window"), Room():
            yield Static(id="keys", markup=False)
            yield Static(id="signs", markup=False)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Scroll with the keys."""
        self.query_one(Room).focus()

    def on_resize(self, event: Resize) -> None:
        """Draw for the width."""
        columns = 2 if event.size.width >= ABREAST else 1
        self.query_one("#keys", Static).update(_abreast([_words(*row) for row in rows(self._deeds)], columns))
        self.query_one("#signs", Static).update(_abreast([_words(*sign, "") for sign in self._signs], columns))


def _words(keys: str, name: str, more: str) -> tuple[Text, Text]:
    return Text(keys, style="bold"), Text(name).append(f"  {more}" if more else "", "dim")


def _abreast(cells: Sequence[tuple[Text, Text]], columns: int) -> Table:
    """Rows of two cells, in so many columns one beside the other."""
    made = Table.grid(padding=(0, 2), expand=True)
    for _ in range(columns):
        made.add_column(ratio=1)
    height = -(-len(cells) // columns)
    made.add_row(*(_column(cells[height * n : height * (n + 1)]) for n in range(columns)))
    return made


def _column(cells: Sequence[tuple[Text, Text]]) -> Table:
    made = Table.grid(padding=(0, 2))
    made.add_column(justify="right", min_width=LEAST)
    made.add_column()
    for row in cells:
        made.add_row(*row)
    return made
