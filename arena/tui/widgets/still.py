"""A text that is drawn again only where it has changed, and laid out again only where its size has."""

from __future__ import annotations

from rich.text import Text
from textual.visual import VisualType
from textual.widgets import Static


class Still(Static):
    """A `Static` that costs nothing as long as it is told the same: most of a screen, at most beats of a run."""

    _told: object = None
    _room: object = None

    def tell(self, text: Text, *, room: object = None) -> None:
        """Show a text. `room` is whatever its height follows from; a line of fixed height leaves it out."""
        self.put(text, (text.plain, text.spans, text.style), room=room)

    def put(self, made: VisualType, of: object, *, room: object = None) -> None:
        """Show what was made of something, unless it was made of an equal thing before."""
        if of != self._told:
            self.update(made, layout=room != self._room)
            self._told, self._room = of, room
