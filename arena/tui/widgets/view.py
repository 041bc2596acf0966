"""An episode on the screen, as far as it is shown: the question on top, the talk, the judge beside it."""

from __future__ import annotations

from collections.abc import Mapping

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from arena.events import Said
from arena.live import Arriving
from arena.outline import Page
from arena.tui import paint
from arena.tui.player import Player
from arena.tui.widgets.head import ending, head, position, trace
from arena.tui.widgets.room import Room
from arena.tui.widgets.talk import Blocks, talk, tree, verdicts
from arena.tui.widgets.tree import TableTree
from arena.tui.widgets.turn import TurnBox


class EpisodeView(Vertical):
    """An episode of any protocol. `player` says how far it is shown.

    `logged` is what the log has of it, and `heard` what was heard of the replies that are being made.
    """

    def __init__(self, *, compact: bool = False) -> None:
        super().__init__(classes="compact" if compact else "")
        self.player = Player()
        self.forget()

    def forget(self) -> None:
        """Another episode will be shown here, all of it, and its truth hidden."""
        self.logged: Page | None = None
        self.heard: Mapping[str, Arriving] = {}
        self.player.step, self.revealed = None, False

    @property
    def page(self) -> Page | None:
        """The episode, where it was read."""
        return self.player.page

    def compose(self) -> ComposeResult:
        """Question, talk and judge, position."""
        yield Static("reading…", classes="head", markup=False)
        with Horizontal(classes="body"):
            yield Room(Blocks(id="blocks"), classes="talk")
            yield Room(
                Static(id="ending", markup=False),
                Static(id="trace", markup=False),
                Blocks(id="verdicts"),
                classes="judge",
            )
        yield Static(classes="position", markup=False)

    def say(self, text: str) -> None:
        """Show a text where the question would be."""
        self.query_one(".head", Static).update(paint.line(text))

    async def draw(self, page: Page) -> None:
        """Show a page, or what has become of it; what is there already stays where it is."""
        self.player.page = page
        room = self.query_one(".talk", Room)
        at_end = room.is_vertical_scroll_end
        with self.app.batch_update():
            await self._grow(page)
            self.show()
        if at_end and self.player.step is None and not page.over:
            room.scroll_end(animate=False)

    async def _grow(self, page: Page) -> None:
        trees = list(self.query(TableTree))
        if (page.shape == "tree") != bool(trees):
            for old in trees:
                await old.remove()
            self.query_one(".talk").display = page.shape != "tree"
            if page.shape == "tree":
                await self.query_one(".body").mount(tree(page), before=0)
                self.query_one("#tree").focus()
        await self.query_one("#blocks", Blocks).grow(page, [] if page.shape == "tree" else talk(page))
        await self.query_one("#verdicts", Blocks).grow(page, verdicts(page))

    def show(self, *, playing: bool = False) -> None:
        """Show the steps up to the present one."""
        page, at = self.page, self.player.at
        if page is None:
            return
        for row in self.query(".moment"):
            boxes = list(row.query(TurnBox))
            row.display = any(box.step < at for box in boxes)
            for box in boxes:
                box.visible = box.step < at
                box.display = box.visible or not self.has_class("compact")
        for part in self.query(".round"):
            rows = part.query(".moment")
            part.display = not rows or any(row.display for row in rows)
        shown = page.upto(at)
        for found in self.query(TableTree):
            found.show(shown)
        self.query_one(".head", Static).update(head(page, shown, revealed=self.revealed))
        self.query_one("#ending", Static).update(ending(page, at, revealed=self.revealed))
        told = trace(shown)
        self.query_one("#trace").display = bool(told)
        self.query_one("#trace", Static).update(told)
        self.query_one(".position", Static).update(position(page, self.player, playing=playing))

    def go(self, step: int) -> None:
        """Show so many steps, and bring the last one in sight."""
        if self.page is None:
            return
        self.player.go(step)
        self.show()
        if self.player.at == self.player.total:
            self.query_one(".judge", Room).scroll_home(animate=False)
        new = next((box for box in self.query(TurnBox) if box.step == self.player.at - 1), None)
        if new is not None and new.said.order is None:
            new.scroll_visible(animate=False)

    def boxes(self) -> list[TurnBox]:
        """What is shown of the turns, in the order of the steps."""
        return sorted((box for box in self.query(TurnBox) if box.visible), key=lambda box: box.step)

    def turn(self) -> Said | None:
        """The turn that has the focus, or the one under the cursor of the tree; else the last one that is shown."""
        focused = next((box for box in self.query(TurnBox) if box.has_focus), None)
        if focused is not None:
            return focused.said
        under = next((found.said for found in self.query(TableTree)), None)
        return under or (self.page.steps[self.player.at - 1] if self.page and self.player.at else None)
