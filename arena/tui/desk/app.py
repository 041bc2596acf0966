"""The screen of a person at a table, over an engine that plays on a thread of its own."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, ClassVar

from rich.text import Text
from textual import work
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Footer, Input, Static, TextArea

from arena.errors import ArenaError, Stopped
from arena.models.base import Request
from arena.models.human import Ask
from arena.runner import INTERRUPTED
from arena.text import terminal
from arena.tui import paint
from arena.tui.desk.hearing import Hearing, Part, hearing
from arena.tui.desk.scale import MOST, Scale
from arena.tui.widgets.room import Room

Engine = Callable[[Ask], Any]
"""Plays, asking the person where it is their turn; gives what became of the run."""


class Asked(Message):
    """The engine waits for the person."""

    def __init__(self, request: Request, answer: Future[str]) -> None:
        self.request, self.answer = request, answer
        super().__init__()


class DeskApp(App[None]):
    """Judge, argue, or ask, as a seat of a run. `outcome` is what the engine gave back, `failure` what it raised.

    `stepwise` reveals a transcript round by round, each after a belief was stated. `feedback` gives what is said after
    a verdict, if anything is.
    """

    TITLE = "oversight-arena"
    CSS_PATH = "../arena.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "say", "Say it"),
        Binding("pageup", "page(-1)", "Page up", show=False, priority=True),
        Binding("pagedown", "page(1)", "Page down", show=False, priority=True),
        Binding("f2", "light", "Dark or light"),
        Binding("ctrl+q", "quit", "Stop", priority=True),
    ]

    def __init__(
        self,
        engine: Engine,
        *,
        stepwise: bool = True,
        feedback: Callable[[], str | None] = lambda: None,
        heading: str = "",
    ) -> None:
        super().__init__()
        self.outcome: Any = None
        self.failure: ArenaError | None = None
        self._engine, self._stepwise, self._feedback, self._heading = engine, stepwise, feedback, heading
        self._asked: Asked | None = None
        self._hearing: Hearing | None = None
        self._shown = 0
        self._beliefs: list[int] = []
        self._shares: list[int] = []
        self._line: deque[Asked] = deque()
        self._leaving = False
        self._answered = 0

    def compose(self) -> ComposeResult:
        """The talk, and below it what is to be done."""
        yield Static(id="title", markup=False)
        yield Room(id="talk")
        with Vertical(id="answer"):
            yield Static(id="task", markup=False)
            yield Scale()
            yield Input(placeholder="belief in each option, in percent: 50 30 20", id="shares")
            yield Input(placeholder="why? (you may leave it empty; enter goes on)", id="reason")
            yield TextArea(id="speech")
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Begin to play."""
        self._wait()
        self._play()

    @work(thread=True, group="engine", exit_on_error=False)
    def _play(self) -> None:
        try:
            self.outcome = self._engine(self._ask)
        except ArenaError as why:
            self.failure = why
        self.call_from_thread(self.exit)

    async def _ask(self, request: Request) -> str:
        """Put a request to the person; called on the loop of the engine."""
        answer: Future[str] = Future()
        if self._leaving:
            raise Stopped(INTERRUPTED)
        self.post_message(Asked(request, answer))
        return await asyncio.wrap_future(answer)

    async def on_asked(self, message: Asked) -> None:
        """Show what there is to read."""
        if self._leaving:
            message.answer.set_exception(Stopped(INTERRUPTED))
        elif self._asked is not None:
            self._line.append(message)
        else:
            await self._begin(message)

    async def _begin(self, message: Asked) -> None:
        if said := self._feedback():
            self.notify(said, timeout=20, markup=False)
        self._asked, self._hearing = message, hearing(message.request)
        self._beliefs, self._shown = [], 0
        await self.query_one("#talk", Room).remove_children()
        await self._reveal()
        if not (self._stepwise and self._hearing.letters):
            while self._left:
                await self._reveal()
        self._turn()

    @property
    def _left(self) -> int:
        return len(self._hearing.rounds) - self._shown if self._hearing else 0

    async def _reveal(self) -> None:
        """Show the next round."""
        if self._hearing is None or not self._left:
            return
        room = self.query_one("#talk", Room)
        made = [_box(part) for part in self._hearing.rounds[self._shown]]
        self._shown += 1
        await room.mount_all(made)
        if self._shown > 1 and made:
            made[0].scroll_visible(top=True, animate=False)

    def _turn(self) -> None:
        """Show what the person may do now."""
        if self._hearing is None:
            return
        letters = self._hearing.letters
        self.refresh_bindings()
        self._only("scale" if len(letters) == 2 else "shares" if letters else "speech")  # noqa: PLR2004  # two options
        self._head()
        self.query_one("#task", Static).update(paint.plain(self._due()))

    def _due(self) -> str:
        if self._hearing is None:
            return ""
        if not self._hearing.letters:
            return f"{self._hearing.task}\n\nWrite it below; ctrl+s says it."
        if self._left:
            return "How likely is each answer, as far as you have read? enter states it and shows what comes next."
        return f"{self._hearing.task}\nenter states your final belief."

    def _head(self) -> None:
        done = f"{self._answered} answered"
        place = f"part {self._shown} of {len(self._hearing.rounds)}" if self._hearing and self._stepwise else ""
        words = "  ".join(part for part in (self._heading, done, place) if part)
        self.query_one("#title", Static).update(paint.line(words))

    def _only(self, name: str) -> None:
        """Show one way to answer, and no other."""
        for other in ("scale", "shares", "reason", "speech"):
            self.query_one(f"#{other}").display = other == name
        if name:
            self.query_one(f"#{name}").focus()

    def _wait(self) -> None:
        self._hearing = None
        self._only("")
        self._head()
        self.query_one("#task", Static).update(Text("waiting for the others…", "dim"))

    async def on_scale_stated(self, message: Scale.Stated) -> None:
        """A belief in two options."""
        await self._believed([message.percent, MOST - message.percent])

    async def on_input_submitted(self, event: Input.Submitted) -> None:
        """A belief in several options, or the reason for the last one."""
        if event.input.id == "reason":
            await self._decide(event.value)
            return
        letters = self._hearing.letters if self._hearing else ""
        shares = [int(word) for word in event.value.replace("%", " ").replace(",", " ").split() if word.isdecimal()]
        if len(shares) != len(letters) or sum(shares) != MOST:
            self.notify(f"{len(letters)} whole numbers that sum to 100 are needed", severity="warning", markup=False)
            return
        await self._believed(shares)

    async def _believed(self, shares: list[int]) -> None:
        self._shares = shares
        self._beliefs.append(shares[0])
        if self._left:
            await self._reveal()
            self._turn()
            return
        if shares.count(max(shares)) > 1:
            self._beliefs.pop()
            self.notify("even odds decide for nobody: lean to one side", severity="warning", markup=False)
            return
        self.query_one("#reason", Input).value = ""
        self._only("reason")
        self.query_one("#task", Static).update(Text("Why? One line, if you like."))

    async def _decide(self, reason: str) -> None:
        letters = self._hearing.letters if self._hearing else ""
        await self._answer(verdict(letters, self._shares, self._beliefs, reason))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002  # as Textual asks
        """The footer shows `ctrl+s` where there is something to be said."""
        return action != "say" or bool(self._hearing and not self._hearing.letters)

    async def action_say(self) -> None:
        """Say what was written."""
        box = self.query_one("#speech", TextArea)
        if box.display and box.text.strip():
            said = box.text.strip()
            box.text = ""
            await self._answer(said)

    async def _answer(self, text: str) -> None:
        asked, self._asked = self._asked, None
        self._answered += 1
        self.query_one(Scale).set(MOST // 2)
        self._wait()
        if asked is not None:
            asked.answer.set_result(text)
        if self._line:
            await self._begin(self._line.popleft())

    def action_page(self, by: int) -> None:
        """Scroll the talk by a page."""
        room = self.query_one("#talk", Room)
        room.scroll_page_down(animate=False) if by > 0 else room.scroll_page_up(animate=False)

    def action_light(self) -> None:
        """Change between dark and light."""
        self.theme = "textual-light" if self.current_theme.dark else "textual-dark"

    async def action_quit(self) -> None:
        """Stop here: what was answered is logged, and the run can be resumed."""
        self._leaving = True
        waiting = [*([self._asked] if self._asked else []), *self._line]
        self._asked = None
        self._line.clear()
        for asked in waiting:
            asked.answer.set_exception(Stopped(INTERRUPTED))
        if not waiting:
            self.notify("stopping as soon as the turn that is under way is over", markup=False)


def verdict(letters: str, shares: list[int], beliefs: list[int], reason: str) -> str:
    """A belief as any judge writes it: what it was after each part, why it is so, and the form that is read."""
    traced = f"After each part, (A) in percent: {', '.join(map(str, beliefs))}." if len(beliefs) > 1 else ""
    why = reason.strip().replace("<", "‹")
    lines = "\n".join(f"{letter}: {share}%" for letter, share in zip(letters, shares, strict=True))
    best = [letter for letter, share in zip(letters, shares, strict=True) if share == max(shares)]
    chosen = f"<choice>{best[0]}</choice>"
    return "\n".join(part for part in (why, traced, f"<belief>\n{lines}\n</belief>", chosen) if part)


def _box(part: Part) -> Static:
    made = Text().append(f"{part.by}\n", "bold") if part.by else Text()
    body = paint.remarked(terminal(part.text)) if part.by else paint.plain(part.text)
    return Static(made.append(body), classes="said" if part.by else "given", markup=False)
