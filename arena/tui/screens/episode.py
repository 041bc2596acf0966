"""One episode: the question on top, the advocates side by side round by round, the judge beside them."""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Footer, Input

from arena.outline import Page
from arena.text import terminal
from arena.tui import export, paint
from arena.tui.screens.compare import CompareScreen, others
from arena.tui.screens.inspect import InspectScreen
from arena.tui.screens.passage import PassageScreen
from arena.tui.screens.stepping import SteppingScreen
from arena.tui.widgets.episodes import EpisodeList
from arena.tui.widgets.turn import TurnBox
from arena.tui.widgets.view import EpisodeView

MOST_DIGITS = 6
"""No episode has a step whose number has more digits."""


class EpisodeScreen(SteppingScreen):
    """An episode of any protocol, whole or step by step. `start` begins before the first turn."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("g", "goto", "Go to a step", show=False),
        Binding("left_square_bracket", "episode(-1)", "Previous episode", show=False, key_display="["),
        Binding("right_square_bracket", "episode(1)", "Next", key_display="]", tooltip="the next episode"),
        Binding("n", "quote(1)", "Next quote", show=False),
        Binding("N", "quote(-1)", "Quote before", show=False),
        Binding("enter", "passage", "In the passage", show=False, priority=False),
        Binding("p", "passage", "Passage", show=False),
        Binding("c", "compare", "Compare", tooltip="the same question under another arm, side by side"),
        Binding("i", "inspect", "Inspect", tooltip="what is behind a turn: prompt, thinking, tokens, cost"),
        Binding("y", "copy", "Copy the speech", show=False),
        Binding("s", "save('md')", "Save as Markdown", show=False),
        Binding("S", "save('svg')", "Save as SVG", show=False),
    ]

    def __init__(self, episode: str, *, start: bool = False) -> None:
        super().__init__(episode)
        self._start = start
        self._quote: tuple[int, int] | None = None

    @property
    def episode(self) -> str:
        """The name of the episode on the screen."""
        return self.names[0]

    @property
    def view(self) -> EpisodeView:
        """The episode on the screen."""
        return self.query_one(EpisodeView)

    def compose(self) -> ComposeResult:
        """The episode, a box for a number, the footer."""
        yield EpisodeView()
        yield Input(placeholder="the number of a step", id="goto", restrict="[0-9]*")
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Read the episode."""
        self.query_one("#goto").display = False
        self.view.player.step = 0 if self._start else None
        self.view.query_one(".talk").focus()
        self.source.load(self.episode)

    def on_unmount(self) -> None:
        """Nobody listens any more."""
        self.source.hush()

    def action_goto(self) -> None:
        """Type the number of a step."""
        box = self.query_one("#goto", Input)
        box.value, box.display = "", True
        box.focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go to the step that was typed."""
        self.query_one("#goto").display = False
        self.view.query_one(".talk").focus()
        if event.value:
            self.halt()
            self.go(int(event.value) if len(event.value) <= MOST_DIGITS else self.total)

    def action_episode(self, by: int) -> None:
        """The next episode of the list, or the one before."""
        listed = self.app.screen_stack[0].query_one(EpisodeList)
        listed.place(self.episode)
        name = listed.neighbour(by)
        if name is None:
            self.notify("there is no further episode in the list", markup=False)
            return
        self.halt()
        self.names, self._quote = [name], None
        self.view.forget()
        self.source.load(name)

    def action_compare(self) -> None:
        """Show the same question under another arm beside this one."""
        if others(self.source.follower.rows, self.episode):
            self.halt()
            self.app.push_screen(CompareScreen(self.episode))
        else:
            self.notify("no other episode of this question has begun", markup=False)

    def action_quote(self, by: int) -> None:
        """Choose the next quote, or the one before, and bring it in sight."""
        found = [(box, number) for box in self.view.boxes() for number in range(len(box.said.quotes))]
        if not found:
            self.notify("nobody has quoted anything yet", markup=False)
            return
        places = [(box.step, number) for box, number in found]
        at = places.index(self._quote) + by if self._quote in places else (0 if by > 0 else -1)
        box, number = found[at % len(found)]
        self._quote = (box.step, number)
        for other in self.query(TurnBox):
            if other.chosen is not None and other is not box:
                other.choose(None)
        box.choose(number)
        box.focus()

    def on_turn_box_asked(self, event: TurnBox.Asked) -> None:
        """A quote was clicked."""
        self._quote = (event.box.step, event.box.chosen or 0)
        self.action_passage()

    def action_passage(self) -> None:
        """Show the passage, at the place of the chosen quote where there is one."""
        handed = self.view.logged.handed() if self.view.logged else {}
        box = next((box for box in self.view.boxes() if box.chosen is not None), None)
        quote = box.said.quotes[box.chosen] if box is not None and box.chosen is not None else None
        name = quote.source if quote is not None and quote.source in handed else next(iter(handed), None)
        if name is None:
            self.notify("nobody was handed a passage", markup=False)
        else:
            self.app.push_screen(PassageScreen(name, handed[name], quote))

    def action_inspect(self) -> None:
        """Show what is behind the turn that has the focus, or behind the last one."""
        said = self.view.turn()
        if said is not None and self.view.logged is not None:
            self.app.push_screen(InspectScreen(self.view.logged, said, self.source.follower.header))

    def action_copy(self) -> None:
        """Copy the speech that has the focus, or the last one."""
        said = self.view.turn()
        if said is not None:
            self.app.copy_to_clipboard(terminal(said.text))
            self.notify(f"copied what {paint.name(said.seat)} said", markup=False)

    def action_save(self, form: str) -> None:
        """Save the episode, as far as it is shown, beside where the command was given."""
        if why := export.refused(self.source.follower.header):
            self.notify(why, severity="error", markup=False)
        elif self.view.logged is not None:
            self._save(self.view.logged.upto(self.at), form, revealed=self.view.revealed)

    @work(thread=True)
    def _save(self, page: Page, form: str, *, revealed: bool) -> None:
        try:
            path = export.save(page, form, revealed=revealed)
        except OSError as why:
            self.app.call_from_thread(self.notify, f"cannot save: {why.strerror}", severity="error", markup=False)
        else:
            self.app.call_from_thread(self.notify, f"saved as {path}", markup=False)
