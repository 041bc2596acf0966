"""A screen that costs nothing while another one lies over all of it."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.screen import Screen


class Layer(Screen[None]):
    """A screen that fills the terminal: while another such one is over it, what changes on it is not drawn.

    `SIGNS` says what the signs on it mean.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "app.focus_next", "Next part", show=False),
        Binding("shift+tab", "app.focus_previous", "Part before", show=False),
    ]
    SIGNS: ClassVar[tuple[tuple[str, str], ...]] = ()

    @property
    def is_current(self) -> bool:
        """Whether any of it is seen. For Textual the one below is, always, and each change of it draws both anew."""
        if not super().is_current:
            return False
        stack = self.app.screen_stack
        return not any(isinstance(over, Layer) for over in stack[stack.index(self) + 1 :])
