"""One episode: the question on top, the advocates side by side round by round, the judge beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Footer, Input, Static

from arena.events import Said
from arena.outline import Page
from arena.text import terminal
from arena.tui import export, paint
from arena.tui.messages import Followed, Loaded
from arena.tui.screens.inspect import InspectScreen
from arena.tui.screens.passage import PassageScreen
from arena.tui.widgets.episodes import EpisodeList
from arena.tui.widgets.head import ending, head, position
from arena.tui.widgets.room import Room
from arena.tui.widgets.talk import boxes, talk
from arena.tui.widgets.tree import TableTree
from arena.tui.widgets.turn import TurnBox

if TYPE_CHECKING:
    from arena.tui.app import ArenaApp

SPEEDS = (1, 2, 5, 10, 20, 50)
WORDS_A_SECOND = 4.0
"""How fast a speech is read at speed 1."""
LEAST = 1.0
"""Seconds that a step takes at speed 1, at least."""


class EpisodeScreen(Screen[None]):
    """An episode of any protocol, whole or step by step. `start` begins before the first turn."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "step(-1)", "Back", key_display="←"),
        Binding("right", "step(1)", "Step", key_display="→"),
        Binding("comma", "round(-1)", "Round back", show=False, key_display=","),
        Binding("full_stop", "round(1)", "Round", key_display="."),
        Binding("space", "play", "Play", key_display="space"),
        Binding("plus,equals_sign", "speed(1)", "Faster", show=False, key_display="+"),
        Binding("minus", "speed(-1)", "Slower", show=False, key_display="-"),
        Binding("0", "jump(0)", "To the start", show=False),
        Binding("9", "jump(-1)", "To the end", show=False),
        Binding("g", "goto", "Go to a step", show=False),
        Binding("left_square_bracket", "episode(-1)", "Previous episode", show=False, key_display="["),
        Binding("right_square_bracket", "episode(1)", "Next", key_display="]", tooltip="the next episode"),
        Binding("r", "reveal", "Truth"),
        Binding("n", "quote(1)", "Quote"),
        Binding("N", "quote(-1)", "Quote before", show=False),
        Binding("enter", "passage", "In the passage", show=False, priority=False),
        Binding("p", "passage", "Passage", show=False),
        Binding("i", "inspect", "Inspect"),
        Binding("y", "copy", "Copy the speech", show=False),
        Binding("s", "save('md')", "Save as Markdown", show=False),
        Binding("S", "save('svg')", "Save as SVG", show=False),
        Binding("escape,backspace", "back", "Run", key_display="esc"),
    ]

    def __init__(self, episode: str, *, start: bool = False) -> None:
        super().__init__()
        self.episode = episode
        self.page: Page | None = None
        self.step: int | None = 0 if start else None
        self.revealed = False
        self.speed = 1
        self.playing: Timer | None = None
        self._drawn: tuple[int, ...] = ()
        self._quote: tuple[int, int] | None = None

    @property
    def source(self) -> ArenaApp:
        """The app, which follows the log."""
        return cast("ArenaApp", self.app)

    @property
    def at(self) -> int:
        """How many steps are shown."""
        total = len(self.page.steps) if self.page else 0
        return total if self.step is None else min(self.step, total)

    def compose(self) -> ComposeResult:
        """Question, talk and judge, position, footer."""
        yield Static(id="head", markup=False)
        with Horizontal(id="body"):
            yield Room(id="talk")
            yield Room(Static(id="ending", markup=False), Vertical(id="verdicts"), id="judge")
        yield Static(id="position", markup=False)
        yield Input(placeholder="the number of a step", id="goto", restrict="[0-9]*")
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Read the episode."""
        self.query_one("#goto").display = False
        self.query_one("#talk").focus()
        self.query_one("#head", Static).update(Text("reading…"))
        self.source.load(self.episode)

    def on_followed(self, message: Followed) -> None:
        """An episode that is being played may have gone on."""
        if message.grown and message.whole and self.page is not None and self.page.scored is None:
            self.source.load(self.episode)

    async def on_loaded(self, message: Loaded) -> None:
        """Show what was read."""
        if message.name != self.episode:
            return
        for notice in message.notices:
            self.notify(notice, severity="warning", markup=False)
        if message.page is None:
            self.query_one("#head", Static).update(paint.line(f"the log holds nothing of {self.episode}"))
            return
        self.page = message.page
        await self._build(message.page)
        self._show()

    async def _build(self, page: Page) -> None:
        """Mount the boxes of the whole episode; stepping only shows and hides them."""
        made = (len(page.steps), len(page.told), len(page.calls))
        if made == self._drawn:
            return
        self._drawn = made
        with self.app.batch_update():
            room = self.query_one("#talk", Room)
            at_end = room.is_vertical_scroll_end
            await room.remove_children()
            await room.mount_all(talk(page))
            verdicts = self.query_one("#verdicts", Vertical)
            await verdicts.remove_children()
            await verdicts.mount_all(boxes(page, page.verdicts))
        for tree in self.query(TableTree):
            tree.query_one("#tree").focus()
        if at_end and self.step is None and not page.over:
            room.scroll_end(animate=False)

    def _show(self) -> None:
        """Show the steps up to the present one."""
        page = self.page
        if page is None:
            return
        at = self.at
        for box in self.query(TurnBox):
            box.display = box.step < at
        for row in self.query(".moment, .round"):
            row.display = any(box.step < at for box in row.query(TurnBox))
        for tree in self.query(TableTree):
            tree.show(page.upto(at))
        self.query_one("#head", Static).update(head(page, page.upto(at), revealed=self.revealed))
        self.query_one("#ending", Static).update(ending(page, at, revealed=self.revealed))
        self.query_one("#position", Static).update(position(page, at, self.speed, playing=self.playing is not None))

    def _go(self, step: int) -> None:
        if self.page is None:
            return
        total = len(self.page.steps)
        self.step = None if step >= total else max(step, 0)
        self._show()
        if self.at == total:
            self.query_one("#judge", Room).scroll_home(animate=False)
        new = next((box for box in self.query(TurnBox) if box.step == self.at - 1), None)
        if new is not None and new.said.order is None:
            new.scroll_visible(animate=False)

    def action_step(self, by: int) -> None:
        """One turn further, or back."""
        self._halt()
        self._go(self.at + by)

    def action_round(self, by: int) -> None:
        """To the end of the next round, or of the one before."""
        self._halt()
        marks = self.page.marks() if self.page else []
        beyond = [mark for mark in marks if (mark > self.at if by > 0 else mark < self.at)]
        if beyond:
            self._go(min(beyond) if by > 0 else max(beyond))

    def action_jump(self, place: int) -> None:
        """To the start (0) or the end (-1)."""
        self._halt()
        self._go(0 if place == 0 else 10**9)

    def action_goto(self) -> None:
        """Type the number of a step."""
        box = self.query_one("#goto", Input)
        box.value, box.display = "", True
        box.focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go to the step that was typed."""
        self.query_one("#goto").display = False
        self.query_one("#talk").focus()
        if event.value:
            self.action_jump(-1) if len(event.value) > 6 else self._go(int(event.value))  # noqa: PLR2004  # no such step

    def action_play(self) -> None:
        """Play from here at the present speed, or halt; from the start where all is shown."""
        if self.playing is not None:
            self._halt()
        elif self.page is not None:
            if self.at >= len(self.page.steps):
                self._go(0)
            self._wait()
        self._show()

    def action_speed(self, by: int) -> None:
        """Faster or slower."""
        self.speed = SPEEDS[max(0, min(SPEEDS.index(self.speed) + by, len(SPEEDS) - 1))]
        if self.playing is not None:
            self.playing.stop()
            self._wait()
        self._show()

    def _wait(self) -> None:
        """Wait as long as the step that is shown takes to read."""
        shown = self.page.steps[self.at - 1].text if self.page and self.at else ""
        self.playing = self.set_timer(max(LEAST, len(shown.split()) / WORDS_A_SECOND) / self.speed, self.play_on)

    def play_on(self) -> None:
        """One step of playing."""
        total = len(self.page.steps) if self.page else 0
        if self.at + 1 >= total:
            self.playing = None
            self._go(total)
        else:
            self._wait_after(self.at + 1)

    def _wait_after(self, step: int) -> None:
        self._go(step)
        self._wait()
        self._show()

    def _halt(self) -> None:
        if self.playing is not None:
            self.playing.stop()
            self.playing = None

    def action_episode(self, by: int) -> None:
        """The next episode of the list, or the one before."""
        listed = self.app.screen_stack[1].query_one(EpisodeList)
        listed.place(self.episode)
        name = listed.neighbour(by)
        if name is None:
            self.notify("there is no further episode in the list", markup=False)
            return
        self._halt()
        self.episode, self.page, self.step, self._drawn = name, None, None, ()
        self.revealed, self._quote = False, None
        self.source.load(name)

    def action_reveal(self) -> None:
        """Show the right answer, or hide it."""
        self.revealed = not self.revealed
        self._show()

    def action_quote(self, by: int) -> None:
        """Choose the next quote, or the one before, and bring it in sight."""
        found = [(box, number) for box in self._shown() for number in range(len(box.said.quotes))]
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
        handed = self.page.handed() if self.page else {}
        box = next((box for box in self._shown() if box.chosen is not None), None)
        quote = box.said.quotes[box.chosen] if box is not None and box.chosen is not None else None
        name = quote.source if quote is not None and quote.source in handed else next(iter(handed), None)
        if name is None:
            self.notify("nobody was handed a passage", markup=False)
        else:
            self.app.push_screen(PassageScreen(name, handed[name], quote))

    def action_inspect(self) -> None:
        """Show what is behind the turn that has the focus, or behind the last one."""
        said = self._turn()
        if said is not None and self.page is not None:
            self.app.push_screen(InspectScreen(self.page, said, self.source.follower.header))

    def action_copy(self) -> None:
        """Copy the speech that has the focus, or the last one."""
        said = self._turn()
        if said is not None:
            self.app.copy_to_clipboard(terminal(said.text))
            self.notify(f"copied what {paint.name(said.seat)} said", markup=False)

    def action_save(self, form: str) -> None:
        """Save the episode, as far as it is shown, beside where the command was given."""
        if self.page is not None:
            self._save(self.page.upto(self.at), form)

    @work(thread=True)
    def _save(self, page: Page, form: str) -> None:
        try:
            path = export.save(page, form, revealed=self.revealed)
        except OSError as why:
            self.app.call_from_thread(self.notify, f"cannot save: {why.strerror}", severity="error", markup=False)
        else:
            self.app.call_from_thread(self.notify, f"saved as {path}", markup=False)

    def action_back(self) -> None:
        """Back to the run."""
        self._halt()
        self.dismiss()

    def _shown(self) -> list[TurnBox]:
        return sorted((box for box in self.query(TurnBox) if box.display), key=lambda box: box.step)

    def _turn(self) -> Said | None:
        """The turn that has the focus, or the one under the cursor of the tree; else the last one that is shown."""
        if isinstance(self.focused, TurnBox):
            return self.focused.said
        under = next((tree.said for tree in self.query(TableTree)), None)
        return under or (self.page.steps[self.at - 1] if self.page and self.at else None)
