"""One speech or verdict in a box that can be focused, and whose quotes can be chosen."""

from __future__ import annotations

from rich.text import Text
from textual.events import Click
from textual.message import Message
from textual.widgets import Static

from arena.events import Said, Verdict
from arena.outline import Page
from arena.tui import paint


class TurnBox(Static, can_focus=True):
    """A step of an episode. `chosen` is the number of the quote that is turned around."""

    class Asked(Message):
        """A quote was clicked."""

        def __init__(self, box: TurnBox) -> None:
            self.box = box
            super().__init__()

    def __init__(self, page: Page, said: Said, step: int) -> None:
        super().__init__(classes="turn")
        self.page, self.said, self.step = page, said, step
        self.chosen: int | None = None
        self._draw()

    def become(self, page: Page, said: Said, step: int) -> None:
        """Show the same turn as a later look at the log has it."""
        drawn = (said, said.at in page.unsaid, page.ended is None)
        changed = drawn != (self.said, self.said.at in self.page.unsaid, self.page.ended is None)
        self.page, self.said, self.step = page, said, step
        if changed:
            self._draw()

    def choose(self, number: int | None) -> None:
        """Turn the quote of this number around, or none."""
        self.chosen = number
        self._draw()

    def on_click(self, event: Click) -> None:
        """A click on a quote chooses it and asks for its place."""
        number = event.style.meta.get("quote")
        if isinstance(number, int) and number < len(self.said.quotes):
            self.choose(number)
            self.post_message(self.Asked(self))

    def _draw(self) -> None:
        self.update(Text("\n").join([heading(self.page, self.said), self._body()]))

    def _body(self) -> Text:
        text, verdict = self.said.text, self._verdict()
        if self.said.at in self.page.unsaid:
            return paint.unfinished(text)
        if verdict is not None:
            made = paint.belief(self.page, verdict)
            return made.append(paint.speech(paint.reasons(text), self.said.quotes, self.chosen))
        return paint.speech(text, self.said.quotes, self.chosen) if text else Text("(nothing)")

    def _verdict(self) -> Verdict | None:
        """What the arena read in this decision, once the episode is over."""
        ended = self.page.ended
        verdicts = ended.verdicts if ended is not None and self.said.order is not None else ()
        return next((verdict for verdict in verdicts if verdict.order == self.said.order), None)


def heading(page: Page, said: Said) -> Text:
    """Who speaks, for what, and what the reader should know of it."""
    seat = paint.name(said.seat)
    made = Text().append(seat, f"bold {paint.colour(page, said.seat)}".strip())
    if said.at in page.unsaid:
        return made.append(" speaks" if said.text else " thinks", "dim italic")
    if said.order is not None:
        made.append(" decides", "bold")
        if list(said.order) != sorted(said.order):
            made.append(" · options in the other order", "yellow")
        return made
    side = page.sides.get(said.seat)
    made.append(f" for {paint.letter(page, side)}" if side else f" · {paint.line(said.cue).plain}", "dim")
    if said.quotes:
        made.append(f" · {_found(said)}", "dim")
    if not said.to:
        made.append(" · heard by nobody else", "dim")
    if said.cut:
        made.append(f" · {said.cut:,} words over the limit", "yellow")
    return made


def _found(said: Said) -> str:
    statuses = [quote.status for quote in said.quotes]
    kinds = [(status, statuses.count(status)) for status in paint.STATUS if status in statuses]
    return "quotes " + " ".join(f"{n}{paint.STATUS[status][0]}" for status, n in kinds)
