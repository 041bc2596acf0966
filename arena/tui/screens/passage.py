"""The passage that debaters read, with the place of a quote."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Footer, Static

from arena.events import Quote
from arena.text import terminal
from arena.tui import paint
from arena.tui.widgets.room import Room


class PassageScreen(ModalScreen[None]):
    """A text that was handed to some seats only; the words that a quote gives are turned around."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,enter,p,q", "dismiss", "Back", key_display="esc")]

    def __init__(self, name: str, text: str, quote: Quote | None) -> None:
        super().__init__()
        self._source, self._body, self._quote = name, text, quote

    def compose(self) -> ComposeResult:
        """What is looked for, and the text."""
        with Vertical(classes="window"):
            yield Static(self._head(), id="quote", markup=False)
            yield Room(Static(paint.passage(self._body, self._quote)[0], id="passage", markup=False))
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Go to the place of the quote."""
        self.query_one(Room).focus()
        self.call_after_refresh(self._go)

    def _go(self) -> None:
        if self._quote is None or self._quote.span is None:
            return
        body = self.query_one("#passage", Static)
        before = Text(terminal(self._body[: self._quote.span[0]]))
        lines = before.wrap(self.app.console, max(body.size.width, 20))
        self.query_one(Room).scroll_to(y=max(len(lines) - 2, 0), animate=False)

    def _head(self) -> Text:
        if self._quote is None:
            return paint.line(self._source, "bold")
        sign, colour = paint.STATUS[self._quote.status]
        where = {
            "exact": "stands in it word for word",
            "normalised": "stands in it but for marks and spaces",
            "near": "does not stand in it; the nearest words are marked",
            "absent": "does not stand in it",
        }[self._quote.status]
        head = Text().append(f"{sign} {self._quote.status}: ", f"bold {colour}")
        head.append(f"“{paint.line(self._quote.text).plain}” ").append(f"{where} ({self._source})", "dim")
        return head.append("\n")
