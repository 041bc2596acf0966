"""The screen of a person at a table, over an engine that plays on a thread of its own."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, ClassVar

from rich.text import Text
from textual import on, work
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Button, Footer, Input, Static, TextArea

from arena.errors import Stopped
from arena.models.base import Request
from arena.models.human import Ask
from arena.runner import INTERRUPTED
from arena.tui import paint
from arena.tui.desk import boxes
from arena.tui.desk.hearing import Hearing, hearing
from arena.tui.desk.scale import HALF, MOST, TWO, Scale
from arena.tui.widgets.room import Room

Engine = Callable[[Ask], Any]
"""Plays, asking the person where it is their turn; gives what became of the run."""

WAYS = {"scale": "State it", "shares": "State it", "reason": "Go on", "speech": "Say it", "told": "Go on"}
"""The ways to answer, of which one is there at a time, and what its button says."""


class Asked(Message):
    """The engine waits for the person."""

    def __init__(self, request: Request, answer: Future[str]) -> None:
        self.request, self.answer = request, answer
        super().__init__()


class Over(Message):
    """The engine has ended."""


class DeskApp(App[None]):
    """Judge, argue, or ask, as a seat of a run. `outcome` is what the engine gave back, `failure` what it raised.

    `person` is the name of who sits here, `place` says how far they are, and `news` what is to be told them after a
    verdict, once. `leave` is called when they ask to stop.
    """

    TITLE = "oversight-arena"
    CSS_PATH = "../arena.tcss"
    VERTICAL_BREAKPOINTS: list[tuple[int, str]] | None = [(0, "-short"), (30, "-tall")]  # noqa: RUF012  # as Textual declares it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "go", "Say it"),
        Binding("pagedown", "page(1)", "Read on", key_display="PgDn", priority=True),
        Binding("pageup", "page(-1)", "Back", key_display="PgUp", priority=True),
        Binding("f2", "light", "Dark or light"),
        Binding("ctrl+q", "quit", "Stop", priority=True),
        Binding("ctrl+c", "quit", "Stop", show=False),
    ]

    def __init__(
        self,
        engine: Engine,
        *,
        person: str = "",
        place: Callable[[], str] = str,
        news: Callable[[], str | None] = lambda: None,
        leave: Callable[[], object] = lambda: None,
    ) -> None:
        super().__init__()
        self.outcome: Any = None
        self.failure: Exception | None = None
        self._engine, self._person, self._place, self._news, self._leave = engine, person, place, news, leave
        self._asked: Asked | None = None
        self._hearing: Hearing | None = None
        self._shares: list[int] = []
        self._line: deque[Asked] = deque()
        self._leaving = self._over = False
        self._way = self._where = ""

    def compose(self) -> ComposeResult:
        """The talk, and below it what is to be done."""
        yield Static(id="title", markup=False)
        yield Room(id="talk")
        with Vertical(id="answer"):
            yield Static(id="options", markup=False)
            yield Static(id="task", markup=False)
            with Horizontal(id="row"):
                yield Scale()
                yield Input(id="shares", compact=True)
                yield Input(placeholder="one line, or nothing", id="reason", compact=True)
                yield TextArea(id="speech")
                yield Button(id="go", compact=True)
            yield Static(id="count", markup=False)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Begin to play."""
        self.watch(self.query_one("#talk", Room), "scroll_y", self._head)
        self.query_one("#answer").display = False
        self._wait()
        self._play()

    # The engine, on a thread of its own

    @work(thread=True, group="engine")
    def _play(self) -> None:
        try:
            self.outcome = self._engine(self._ask)
        except Exception as why:  # noqa: BLE001  # whoever opened the screen raises it again, when it is gone
            self.failure = why
        self.post_message(Over())

    async def _ask(self, request: Request) -> str:
        """Put a request to the person; called on the loop of the engine."""
        answer: Future[str] = Future()
        answer.set_running_or_notify_cancel()  # an engine that waits no longer cannot take it from the screen
        if self._leaving:
            raise Stopped(INTERRUPTED)
        self.post_message(Asked(request, answer))
        return await asyncio.wrap_future(answer)

    def on_over(self) -> None:
        """Nothing more will be asked; what is still to be told is told first."""
        self._over = True
        if self._leaving or self.failure or not self._tell():
            self.exit()

    async def on_asked(self, message: Asked) -> None:
        """Show what there is to read, or let it wait."""
        if self._leaving:
            message.answer.set_exception(Stopped(INTERRUPTED))
            return
        self._line.append(message)
        if self._asked is None and self._way != "told" and not self._tell():
            await self._begin()

    # What the person reads

    async def _begin(self) -> None:
        """Put to the person what has waited longest."""
        before, self._where = self._hearing.parts if self._hearing else (), self._place()
        self._asked = self._line.popleft()
        heard = self._hearing = hearing(self._asked.request)
        new = heard.new(before)
        room = self.query_one("#talk", Room)
        await room.query(".due").remove()
        if not new:
            await room.remove_children()
            self.query_one(Scale).set(HALF)
        made = [boxes.box(part, heard) for part in heard.parts[new:]]
        await room.mount_all([*made, *([due] if (due := boxes.due(heard)) else [])])
        self._turn(heard)
        first = new or (heard.latest if heard.heard else heard.same(before))
        self.call_after_refresh(self._read_from, first)

    def _read_from(self, part: int) -> None:
        """Bring a part of the talk to the top; where it is not there, what stands there stays."""
        room = self.query_one("#talk", Room)
        if 0 < part < len(room.children):
            room.children[part].scroll_visible(top=True, animate=False)
        elif not part:
            room.scroll_home(animate=False)

    def _turn(self, heard: Hearing) -> None:
        """Show what the person may do now."""
        self.query_one("#shares", Input).placeholder = f"{' '.join(heard.letters)} in percent, summing to 100"
        self._show("speech" if not heard.letters else "scale" if len(heard.letters) == TWO else "shares")
        self._due(paint.plain(boxes.task(heard)))
        self._count()

    def _tell(self) -> bool:
        """Tell the person what there is to be told, if anything is."""
        if said := self._news():
            self._show("told")
            self._due(paint.plain(said, "bold"))
        return bool(said)

    def _wait(self) -> None:
        """Take no answer; what stands there stays, so that nothing jumps."""
        self._way = ""
        self.query_one("#row").disabled = True
        self._head()

    def _due(self, words: Text) -> None:
        self.query_one("#task", Static).update(words)
        options = self.query_one("#options", Static)
        options.display = bool(self._hearing and any(self._hearing.options))
        if self._hearing:
            options.update(boxes.options(self._hearing))
        self.call_after_refresh(self._head)

    def _head(self) -> None:
        """Who sits here, how far they are, and whether there is more to read below."""
        heard, room = self._hearing, self.query_one("#talk", Room)
        who = " as ".join(part for part in (self._person, paint.name(heard.seat) if heard else "") if part)
        rounds = f"round {heard.heard}" if heard and heard.heard else ""
        more = "▼ more below" if self._way and room.scroll_y < room.max_scroll_y else ""
        waits = "" if self._way else "waiting for the others…" if heard else "one moment…"
        told = " · ".join(part for part in (who, self._where, rounds, more or waits) if part)
        self.query_one("#title", Static).update(paint.line(told))

    def _show(self, way: str) -> None:
        """Show one way to answer, and no other."""
        self._way = way
        self.query_one("#row").disabled, self.query_one("#answer").display = False, True
        for other in WAYS:
            if other != "told":
                self.query_one(f"#{other}").display = other == way
        self.query_one("#go", Button).label = WAYS[way]
        self.query_one("#count").display = way == "speech"
        self.query_one("#go" if way == "told" else f"#{way}").focus()
        self.refresh_bindings()

    # What the person says

    @on(Scale.Stated)
    @on(Input.Submitted)
    @on(Button.Pressed)
    async def action_go(self) -> None:
        """Take what stands in the way to answer that is there."""
        if self._way == "told":
            await self._next()
        elif self._way == "scale":
            percent = self.query_one(Scale).percent
            await self._believed([percent, MOST - percent])
        elif self._way == "shares":
            await self._typed()
        elif self._way == "reason":
            box = self.query_one("#reason", Input)
            why, box.value = box.value, ""
            await self._judged(why)
        elif self._way == "speech":
            await self._said()

    async def _typed(self) -> None:
        box = self.query_one("#shares", Input)
        count = len(self._hearing.letters) if self._hearing else 0
        found = boxes.shares(box.value, count)
        if found is None:
            self.notify(f"{count} whole numbers that sum to 100 are needed", severity="warning", markup=False)
            return
        await self._believed(found)

    async def _believed(self, shares: list[int]) -> None:
        heard, self._shares = self._hearing, shares
        if heard is None or not heard.final:
            await self._judged("")
        elif shares.count(max(shares)) > 1:
            self.notify("Even odds decide for nobody: lean to one side.", severity="warning", markup=False)
        else:
            best = heard.letters[shares.index(max(shares))]
            self._show("reason")
            self._due(Text(f"You decide for ({best}), at {max(shares)} %. Why? You may leave that open."))

    async def _judged(self, reason: str) -> None:
        self.query_one("#shares", Input).value = ""
        await self._answer(boxes.verdict(self._hearing.letters if self._hearing else "", self._shares, reason))

    async def _said(self) -> None:
        box = self.query_one("#speech", TextArea)
        if said := box.text.strip():
            box.text = ""
            await self._answer(said)

    async def _answer(self, text: str) -> None:
        asked, self._asked = self._asked, None
        self._wait()
        if asked is not None:
            asked.answer.set_result(text)
        if self._line:
            await self._begin()

    async def _next(self) -> None:
        """Go on after something was told."""
        self._wait()
        if self._over:
            self.exit()
        elif self._line:
            await self._begin()

    @on(TextArea.Changed)
    def _count(self) -> None:
        """How long a speech is, beside how long it may be."""
        limit = self._hearing.limit if self._hearing else None
        words = len(self.query_one("#speech", TextArea).text.split())
        over = limit is not None and words > limit
        said = f"{words} of {limit} words" if limit is not None else f"{words} words"
        self.query_one("#count", Static).update(Text(said, "bold red" if over else "dim"))

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002  # as Textual asks
        """The footer shows `ctrl+s` where there is something to be said."""
        return action != "go" or self._way == "speech"

    def action_page(self, by: int) -> None:
        """Scroll the talk by a page."""
        room = self.query_one("#talk", Room)
        room.scroll_page_down(animate=False) if by > 0 else room.scroll_page_up(animate=False)

    def action_light(self) -> None:
        """Change between dark and light."""
        self.theme = "textual-light" if self.current_theme.dark else "textual-dark"

    async def action_quit(self) -> None:
        """Stop here: what was answered is logged, and the run can be resumed."""
        self._leave()
        waited = self._released()
        if self._over:
            self.exit()
        elif not waited:
            self.notify("stopping as soon as what is under way is done", markup=False)

    def on_unmount(self) -> None:
        """Let nobody wait for a screen that is gone."""
        self._released()

    def _released(self) -> bool:
        """Answer nothing any more: the engine is told so wherever it waits. Whether it did."""
        waiting = [*([self._asked] if self._asked else []), *self._line]
        self._leaving, self._asked = True, None
        self._line.clear()
        for asked in waiting:
            asked.answer.set_exception(Stopped(INTERRUPTED))
        return bool(waiting)
