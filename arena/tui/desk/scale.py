"""A belief in two options on a scale: arrow keys, digits, or a click."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.events import Click, Key
from textual.message import Message
from textual.widgets import Static

from arena.tui.paint import SIDES

MOST = 100
HALF = 50
LABEL = len("(A) 100 % ")
TWO = 2
"""For more options than these there is no scale."""


class Scale(Static, can_focus=True):
    """Percent for the first option; the second has the rest."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "move(-1)", "−1", show=False),
        Binding("right", "move(1)", "+1", show=False),
        Binding("down", "move(-10)", "−10", show=False),
        Binding("up", "move(10)", "+10", show=False),
        Binding("enter", "state", "State it"),
    ]

    class Stated(Message):
        """The belief is stated."""

    def __init__(self) -> None:
        super().__init__(id="scale", markup=False)
        self.percent = HALF
        self._typed = ""

    def on_mount(self) -> None:
        """Show where it stands."""
        self._draw()

    def set(self, percent: int) -> None:
        """Move it to this percentage, or as near as it goes."""
        self.percent = max(0, min(percent, MOST))
        self._draw()

    def action_move(self, by: int) -> None:
        """Move it by so many percent."""
        self._typed = ""
        self.set(self.percent + by)

    def action_state(self) -> None:
        """State the belief."""
        self._typed = ""
        self.post_message(self.Stated())

    def on_key(self, event: Key) -> None:
        """Digits are the percentage of (A): two of them, or 100."""
        if event.character and event.character.isascii() and event.character.isdigit():
            event.stop()
            typed = self._typed + event.character
            self._typed = typed if int(typed) <= MOST and len(typed) <= len(str(MOST)) else event.character
            self.set(int(self._typed))

    def on_click(self, event: Click) -> None:
        """A click sets it."""
        width = max(self._bar() - 1, 1)
        self._typed = ""
        self.set(round(MOST * (event.x - LABEL) / width))

    def on_resize(self) -> None:
        """Draw it anew."""
        self._draw()

    def _bar(self) -> int:
        return max(10, self.size.width - 2 * LABEL)

    def _draw(self) -> None:
        full = round(self.percent / MOST * self._bar())
        made = Text().append(f"(A) {self.percent:>3} % ", f"bold {SIDES[0]}")
        made.append("█" * full, SIDES[0]).append("░" * (self._bar() - full), SIDES[1])
        self.update(made.append(f" {MOST - self.percent} % (B)", f"bold {SIDES[1]}"))
