"""One turn from behind: the prompt as it was sent, the raw reply, the thinking, and what it took."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import Footer, Static, TabbedContent, TabPane

from arena.events import Called, Said
from arena.outline import Page
from arena.tui import paint, sent
from arena.tui.widgets.room import Room

_THINKING = re.compile(r"<thinking>(.*?)</thinking>", re.DOTALL | re.IGNORECASE)


class InspectScreen(ModalScreen[None]):
    """Everything that the log holds of one turn."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,i,q", "dismiss", "Back", key_display="esc")]

    def __init__(self, page: Page, said: Said, header: Mapping[str, Any]) -> None:
        super().__init__()
        self._page, self._said, self._header = page, said, header
        self._calls = page.calls.get(said.at, ())

    def compose(self) -> ComposeResult:
        """Four tabs."""
        with TabbedContent(classes="window"):
            for title, body in (
                ("Numbers", self._numbers()),
                ("Thinking", self._thinking()),
                ("Prompt", self._prompt()),
                ("Reply", self._reply()),
            ):
                with TabPane(title), Room():
                    yield Static(body, markup=False)
        yield Footer(show_command_palette=False)

    def _numbers(self) -> Text:
        title = f"{paint.name(self._said.seat)}, {paint.line(self._said.cue).plain}, at {self._said.at}\n"
        made = Text().append(title, "bold")
        for call in self._calls:
            made.append(_took(call))
        return made if self._calls else made.append("the log holds no call of this turn")

    def _thinking(self) -> Text:
        found = [thought for call in self._calls for thought in thoughts(call)]
        return Text("\n\n").join(map(paint.plain, found)) if found else Text("no thinking was logged")

    def _reply(self) -> Text:
        return Text("\n\n").join(paint.plain(call.text) for call in self._calls)

    def _prompt(self) -> Text:
        made = sent.request(self._page, self._said, self._header)
        if made is None:
            return Text("the header of this run does not hold the prompts that it was played with")
        first = self._calls[0] if self._calls else None
        same = first is not None and sent.proven(made, first, self._header, self._page.arm)
        note = "as sent: its hash is the one that the call left" if same else "rendered again from the log"
        parts = [("preface", made.preface), ("system", made.system), *made.messages]
        text = Text().append(f"{note}\n", "green" if same else "yellow")
        for role, body in parts:
            if body:
                text.append(f"\n── {role}\n", "bold").append(paint.plain(body)).append("\n")
        return text


def thoughts(call: Called) -> Iterator[str]:
    """What a seat thought in private."""
    if call.thinking:
        yield call.thinking
    yield from (thought.strip() for thought in _THINKING.findall(call.text))


def _took(call: Called) -> str:
    cost = "price unknown" if call.cost is None else f"{call.cost:.6f} USD"
    lines = [
        f"\nattempt {call.attempt + 1}: {paint.line(call.model).plain}",
        f"  {call.usage.input:,} tokens in ({call.usage.cache_read:,} from a cache), {call.usage.output:,} out",
        f"  {cost}, {call.seconds:.2f} s, finished by {paint.line(call.finish).plain}, {call.tries} tries",
    ]
    lines += ["  looked up in the log, not bought again"] if call.reused else []
    return "\n".join(lines) + "\n"
