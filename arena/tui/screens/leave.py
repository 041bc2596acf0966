"""What is to become of a run when its screen is closed."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Static


class LeaveScreen(ModalScreen[str | None]):
    """Asks: stop the run, leave it going, or stay. Answers `stop`, `leave` or `None`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "answer('stop')", "Stop the run"),
        Binding("l", "answer('leave')", "Leave it going"),
        Binding("escape,q,c", "answer('')", "Stay"),
    ]

    def compose(self) -> ComposeResult:
        """A question and three buttons."""
        with Vertical(id="leave"):
            yield Static("The run is still being played.", markup=False)
            yield Static(
                "Stopped, it can be resumed and nothing is lost. Left going, watch finds it again.", markup=False
            )
            with Horizontal():
                yield Button("(s) stop it", id="stop", variant="warning")
                yield Button("(l) leave it going", id="leave-going", variant="primary")
                yield Button("(c) stay", id="stay")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Answer as the button says."""
        self.dismiss({"stop": "stop", "leave-going": "leave"}.get(event.button.id or ""))

    def action_answer(self, answer: str) -> None:
        """Answer as the key says."""
        self.dismiss(answer or None)
