"""One turn from behind: the prompt as it was sent, the raw reply, the thinking, and what it took."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import Footer, Static, TabbedContent, TabPane

from arena.errors import ArenaError
from arena.events import Called, Said
from arena.outline import Page
from arena.tui import paint
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
                ("Prompt", Text("rendering it again from the log…", style="dim")),
                ("Reply", self._reply()),
            ):
                with TabPane(title), Room():
                    yield Static(body, markup=False, id=title.lower())
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Render the prompt."""
        self._read_prompt()

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

    @work(thread=True, exit_on_error=False)
    def _read_prompt(self) -> None:
        """Render the prompt on a thread: it is as long as the talk was."""
        self.app.call_from_thread(self.query_one("#prompt", Static).update, self._prompt())

    def _prompt(self) -> Text:
        from arena.audit.prompts import Renderer  # noqa: PLC0415  # it loads all that plays a run

        try:
            renderer = Renderer(arm(self._header, self._page.arm))
            made = renderer.turn(self._said, self._page.events, self._page.options).request
            first = self._calls[0] if self._calls else None
            same = first is not None and renderer.proves(made, first, self._repeat) is True
        except (ArenaError, KeyError, TypeError, AttributeError, ValueError):
            return Text("the header of this run does not hold the prompts that it was played with")
        note = "as sent: its hash is the one that the call left" if same else "rendered again from the log"
        parts = [("preface", made.preface), ("system", made.system), *made.messages]
        parts += [("sampling", json.dumps(made.sampling, indent=1, ensure_ascii=False))] if made.sampling else []
        text = Text().append(f"{note}\n", "green" if same else "yellow")
        for role, body in parts:
            if body:
                text.append(f"\n── {role}\n", "bold").append(paint.plain(body)).append("\n")
        return text

    @property
    def _repeat(self) -> int:
        return self._page.scored.repeat if self._page.scored is not None else 0


def arm(header: Mapping[str, Any], name: str) -> dict[str, Any]:
    """An arm of a header by its name; `KeyError` where there is none."""
    arms = header.get("arms")
    for found in arms if isinstance(arms, list) else ():
        if isinstance(found, dict) and found.get("name") == name:
            return found
    raise KeyError(name)


def thoughts(call: Called) -> Iterator[str]:
    """What a seat thought in private."""
    if call.thinking:
        yield call.thinking
    yield from (thought.strip() for thought in _THINKING.findall(call.text))


def _took(call: Called) -> str:
    cost = "price unknown" if call.cost is None else f"{call.cost:.6f} USD"
    tries = f", {call.tries} tries" if call.tries > 1 else ""
    lines = [
        f"\nattempt {call.attempt + 1}: {paint.line(call.model).plain}",
        f"  {call.usage.input:,} tokens in ({call.usage.cache_read:,} from a cache), {call.usage.output:,} out",
        f"  {cost}, {call.seconds:.2f} s, finished by {paint.line(call.finish).plain}{tries}",
    ]
    lines += ["  looked up in the log, not bought again"] if call.reused else []
    return "\n".join(lines) + "\n"
