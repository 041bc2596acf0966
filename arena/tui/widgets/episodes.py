"""The list of episodes: as many as there are, of which only those on the screen are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.events import Click
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from arena.listing import Row
from arena.tui.messages import Chosen, Moved
from arena.tui.widgets.columns import cells


class EpisodeList(ScrollView, can_focus=True, inherit_bindings=False):
    """Rows of a run, one a line. `enter` opens the one under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home", "jump(0)", "First", show=False),
        Binding("end", "jump(-1)", "Last", show=False),
        Binding("enter", "open", "Open"),
    ]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  # Textual's own name for it
        super().__init__(id=id)
        self._rows: Sequence[Row] = ()
        self.shown: Sequence[int] = ()
        self.cursor = 0

    @property
    def inner(self) -> int:
        """How many cells a row has."""
        return self.scrollable_content_region.width or 80

    @property
    def current(self) -> Row | None:
        """The row under the cursor."""
        return self._rows[self.shown[self.cursor]] if self.cursor < len(self.shown) else None

    def show(self, rows: Sequence[Row], shown: Sequence[int], *, newest: bool) -> None:
        """Show those of the rows whose numbers are given; the cursor stays on its row, or goes to the newest."""
        self._rows, self.shown = rows, shown
        self.cursor = max(len(shown) - 1, 0) if newest else min(self.cursor, max(len(shown) - 1, 0))
        self._long(len(shown))
        self._in_sight()
        self.refresh()

    def place(self, episode: str) -> None:
        """Put the cursor on an episode, where it is in the list."""
        for at, number in enumerate(self.shown):
            if self._rows[number].episode == episode:
                self.cursor = at
                self._in_sight()
                self.refresh()
                return

    def neighbour(self, step: int) -> str | None:
        """The episode so many rows further, where there is one; the cursor goes there."""
        if not 0 <= self.cursor + step < len(self.shown):
            return None
        self.action_move(step)
        return self.current.episode if self.current else None

    def render_line(self, y: int) -> Strip:
        """One line of the list."""
        at, width = y + self.scroll_offset.y, self.scrollable_content_region.width
        if at >= len(self.shown):
            return Strip.blank(width, self.rich_style)
        strip = Strip(cells(self._rows[self.shown[at]], width))
        if at == self.cursor:
            return Strip([Segment(strip.text, self.rich_style + Style(reverse=True, bold=self.has_focus))], width)
        return strip.apply_style(self.rich_style)

    def action_move(self, step: int) -> None:
        """Move the cursor by so many rows."""
        self._go(self.cursor + step)

    def action_page(self, pages: int) -> None:
        """Move the cursor by so many screens."""
        self._go(self.cursor + pages * max(self.size.height - 1, 1))

    def action_jump(self, place: int) -> None:
        """Go to the first row (0) or the last one (-1)."""
        self._go(0 if place == 0 else len(self.shown) - 1)

    def action_open(self) -> None:
        """Open the episode under the cursor."""
        if self.current is not None:
            self.post_message(Chosen(self.current.episode))

    def on_click(self, event: Click) -> None:
        """A click moves the cursor; one on the cursor's own row opens it."""
        at = event.y + self.scroll_offset.y
        if at == self.cursor:
            self.action_open()
        elif at < len(self.shown):
            self._go(at)

    def _long(self, length: int) -> None:
        """Be so many lines long; the scrollbar is there always, so that nothing has to be laid out anew for it."""
        size, room = Size(0, length), self.scrollable_content_region.height
        if room and self.show_vertical_scrollbar:
            self.set_reactive(EpisodeList.virtual_size, size)
            self.vertical_scrollbar.window_virtual_size = length
        else:
            self.virtual_size = size

    def _go(self, at: int) -> None:
        before, self.cursor = self.cursor, max(0, min(at, len(self.shown) - 1))
        self._in_sight()
        self.refresh_line(before)
        self.refresh_line(self.cursor)
        self.post_message(Moved(self.cursor, by_hand=True))

    def _in_sight(self) -> None:
        self.scroll_to_region(Region(0, self.cursor, 1, 1), animate=False, force=True)
