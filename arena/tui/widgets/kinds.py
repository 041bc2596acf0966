"""The kinds of episodes with their numbers, of which one is shown; a click chooses another."""

from __future__ import annotations

from collections.abc import Mapping

from rich.style import Style
from rich.text import Text
from textual.events import Click
from textual.message import Message

from arena.listing import KINDS, Kind
from arena.tui.widgets.still import Still

LABELS: dict[Kind, str] = {"flipped": "order flipped"}
_COLOURS: dict[Kind, str] = {"wrong": "red", "right": "green", "failed": "magenta", "flipped": "yellow"}


class Kinds(Still):
    """A line of kinds, each with its digit and how many episodes are of it."""

    class Picked(Message):
        """Episodes of this kind are to be shown."""

        def __init__(self, kind: Kind) -> None:
            self.kind = kind
            super().__init__()

    def show(self, counts: Mapping[Kind, int], chosen: Kind) -> None:
        """Draw the line anew."""
        text = Text(" ")
        for kind in KINDS:
            count, meta = counts.get(kind, 0), {"kind": kind}
            on = kind == chosen
            text.append(f" {LABELS.get(kind, kind)} ", Style(bold=on, reverse=on, dim=not count and not on, meta=meta))
            colour = _COLOURS.get(kind) if count else None
            text.append(f" {count:,} ", Style(color=colour, dim=not count, meta=meta))
        self.tell(text)

    def on_click(self, event: Click) -> None:
        """Show what was clicked."""
        kind = event.style.meta.get("kind")
        if kind in KINDS:
            self.post_message(self.Picked(kind))
