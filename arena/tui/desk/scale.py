"""A belief in two options on a scale: arrow keys, digits, or a click."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.events import Click, Key
from textual.message import Message
from textual.widgets import Static

MOST = 100
DIGITS = 2


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

        def __init__(self, percent: int) -> None:
            self.percent = percent
            super().__init__()

    def __init__(self) -> None:
        super().__init__(id="scale", markup=False)
        self.percent = MOST // 2
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
        self.post_message(self.Stated(self.percent))

    def on_key(self, event: Key) -> None:
        """Digits are the percentage of (A): two of them, or 100."""
        if event.character and event.character.isascii() and event.character.isdigit():
            event.stop()
            typed = self._typed + event.character
            self._typed = typed if int(typed) <= MOST and len(typed) <= DIGITS + 1 else event.character
            self.set(int(self._typed))

    def on_click(self, event: Click) -> None:
        """A click sets it."""
        width = max(self._bar() - 1, 1)
        self._typed = ""
        self.set(round(MOST * (event.x - 1) / width))

    def on_resize(self) -> None:
        """Draw it anew."""
        self._draw()

    def _bar(self) -> int:
        return max(10, self.size.width - 24)

    def _draw(self) -> None:
        full = round(self.percent / MOST * self._bar())
        made = (
            Text("A ")
            .append("█" * full, "dodger_blue1")
            .append("░" * (self._bar() - full), "dark_orange")
            .append(" B ")
        )
        self.update(made.append(f" (A) {self.percent} %  (B) {MOST - self.percent} %", "bold"))
