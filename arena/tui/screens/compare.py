"""The same question twice, side by side: under two arms, or as one arm played it with another dealing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Footer

from arena.listing import Row
from arena.tui.screens.stepping import SteppingScreen
from arena.tui.widgets.view import EpisodeView


class CompareScreen(SteppingScreen):
    """Two episodes of one question, stepped through together."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "other", "Other arm", tooltip="another episode of the question on the right"),
        Binding("left_square_bracket", "question(-1)", "Previous question", show=False, key_display="["),
        Binding("right_square_bracket", "question(1)", "Next", key_display="]", tooltip="the next question"),
    ]

    def __init__(self, left: str) -> None:
        super().__init__(left, "")

    def compose(self) -> ComposeResult:
        """Two episodes and the footer."""
        with Horizontal(id="pair"):
            yield EpisodeView(compact=True)
            yield EpisodeView(compact=True)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Read both."""
        self._show(self.names[0])

    def action_other(self) -> None:
        """Show another episode of the question on the right."""
        found = others(self.source.follower.rows, self.names[0])
        at = found.index(self.names[1]) + 1 if self.names[1] in found else 0
        self._show(self.names[0], found[at % len(found)] if found else "")

    def action_question(self, by: int) -> None:
        """The next question of the arm on the left, or the one before, with the same arm on the right."""
        rows = self.source.follower.rows
        of = {row.episode: row for row in rows}
        left, right = of[self.names[0]], of.get(self.names[1])
        first = list({row.question: row.episode for row in reversed(rows) if row.arm == left.arm}.values())[::-1]
        here = next((n for n, name in enumerate(first) if of[name].question == left.question), 0)
        if not 0 <= here + by < len(first):
            self.notify("there is no further question", markup=False)
            return
        name = first[here + by]
        fitting = [one for one in others(rows, name) if right is not None and of[one].arm == right.arm]
        self._show(name, fitting[0] if fitting else "")

    def _show(self, left: str, right: str = "") -> None:
        self.halt()
        found = others(self.source.follower.rows, left)
        names = [left, right or (found[0] if found else "")]
        for (view, before), name in zip(self.placed(), names, strict=True):
            if before != name:
                view.forget()
            if not name:
                view.say("no other episode of this question has begun")
        self.names = names
        for name in filter(None, names):
            self.source.load(name)


def others(rows: Sequence[Row], episode: str) -> list[str]:
    """The other episodes of a question: those of other arms first, in the order in which they began."""
    here = next((row for row in rows if row.episode == episode), None)
    if here is None:
        return []
    same = [row for row in rows if row.question == here.question and row.episode != episode]
    return [row.episode for row in sorted(same, key=lambda row: row.arm == here.arm)]
