"""A question with a few answers, each a key and a button."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.events import Key
from textual.screen import ModalScreen
from textual.widgets import Button, Static


class Answer(NamedTuple):
    """What may be answered: by this key, or by a button with these words."""

    key: str
    words: str
    urgent: bool = False


class AskScreen(ModalScreen[str | None]):
    """Asks, and answers with the key of an answer, or with `None` where it is to stay as it was."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,c", "dismiss(None)", "Stay as it was"),
        Binding("left", "app.focus_previous", "Button before", show=False),
        Binding("right", "app.focus_next", "Next button", show=False),
    ]

    def __init__(self, question: str, note: str, answers: Sequence[Answer]) -> None:
        super().__init__()
        self._question, self._note, self._answers = question, note, answers

    def compose(self) -> ComposeResult:
        """The question and a button for each answer."""
        with Vertical(id="ask"):
            yield Static(self._question, id="question", markup=False)
            yield Static(self._note, markup=False)
            with Horizontal():
                for answer in self._answers:
                    button = Button(f"({answer.key}) {answer.words}", id=f"answer-{answer.key}")
                    button.variant = "warning" if answer.urgent else "primary"
                    yield button
                yield Button("(c) stay", id="answer-c")

    def on_key(self, event: Key) -> None:
        """Answer as the key says."""
        if event.key in {answer.key for answer in self._answers}:
            event.stop()
            self.dismiss(event.key)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Answer as the button says."""
        key = (event.button.id or "").removeprefix("answer-")
        self.dismiss(None if key == "c" else key)


def leave() -> AskScreen:
    """What is to become of a run whose screen is closed: `s` stops it, `l` leaves it going."""
    return AskScreen(
        "The run is still being played.",
        "Stopped, it can be resumed and nothing is lost. Left going, watch finds it again.",
        (Answer("s", "stop it", urgent=True), Answer("l", "leave it going")),
    )


def stop() -> AskScreen:
    """Whether a run is to be stopped: `s` stops it."""
    return AskScreen(
        "Stop the run?",
        "The calls under way come back and are logged; nothing is lost, and it can be resumed.",
        (Answer("s", "stop it", urgent=True),),
    )
