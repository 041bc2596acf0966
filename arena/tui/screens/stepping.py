"""What every screen of episodes does: follow those that are played, and go through them step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual.binding import Binding, BindingType
from textual.timer import Timer

from arena.tui.messages import Followed, Loaded, Spoken
from arena.tui.screens.layer import Layer
from arena.tui.widgets.view import EpisodeView
from arena.unsaid import hearing

if TYPE_CHECKING:
    from arena.tui.app import ArenaApp

LISTEN = 0.1
"""Seconds between two looks for words that are being spoken."""


class SteppingScreen(Layer):
    """Episodes that are stepped through together; the first one says how fast. `names` are theirs, "" for none."""

    SIGNS = (
        ("“”✓ “”≈", "a quote that stands in the passage: exactly, or but for marks and spaces"),
        ("“”~ “”✗", "a quote of which similar words stand there, or nothing"),
        ("★", "the right answer, where it was asked for"),
        ("▌", "being said"),
        ("█▒", "a belief: what is given to each option, in the colours of the advocates"),
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "step(-1)", "Step back", show=False, key_display="←"),
        Binding("right", "step(1)", "Step", key_display="→", tooltip="one turn further"),
        Binding("full_stop", "round(1)", "To the end of the round", show=False, key_display="."),
        Binding("comma", "round(-1)", "A round back", show=False, key_display=","),
        Binding("space", "play", "Play", key_display="space", tooltip="play, or halt"),
        Binding("plus,equals_sign", "speed(1)", "Faster", show=False, key_display="+"),
        Binding("minus", "speed(-1)", "Slower", show=False, key_display="-"),
        Binding("t", "recorded", "Pace", show=False, tooltip="of the record, or of reading"),
        Binding("0", "jump(0)", "To the start", show=False),
        Binding("9", "jump(-1)", "To the end", show=False),
        Binding("r", "reveal", "Truth", tooltip="show the right answer, or hide it"),
        Binding("escape,backspace", "back", "Run", key_display="esc", tooltip="back"),
    ]

    def __init__(self, *names: str) -> None:
        super().__init__()
        self.names = list(names)
        self.playing: Timer | None = None

    def on_mount(self) -> None:
        """Listen, where anything may be said."""
        if self.source.every is not None:
            self.set_interval(LISTEN, self.listen)

    def listen(self) -> None:
        """Hear what is being said in those of the episodes that are played, as long as they are seen."""
        played = [name for view, name in self.placed() if name and not (view.logged and view.logged.over)]
        if played and self.is_current and self.source.played:
            self.source.listen(*played)

    def on_followed(self, message: Followed) -> None:
        """An episode that is being played may have gone on."""
        for view, name in self.placed():
            if message.grown and message.whole and view.logged is not None and view.logged.scored is None:
                self.source.load(name)

    async def on_spoken(self, message: Spoken) -> None:
        """Show the words that are being spoken."""
        for view, name in self.placed():
            if name == message.episode and view.heard != message.heard:
                view.heard = message.heard
                await self._draw(view)

    async def on_loaded(self, message: Loaded) -> None:
        """Show what was read, and tell what could not be, once: on the screen that is seen."""
        for notice in message.notices if self.is_current and message.name in self.names else ():
            self.notify(notice, severity="warning", markup=False)
        for view, name in self.placed():
            if name == message.name and message.page is not None:
                view.logged = message.page
                await self._draw(view)
            elif name == message.name:
                view.say(f"the log holds nothing of {name}")

    async def _draw(self, view: EpisodeView) -> None:
        if view.logged is not None:
            await view.draw(hearing(view.logged, view.heard) if self.source.played else view.logged)

    @property
    def source(self) -> ArenaApp:
        """The app, which follows the log."""
        return cast("ArenaApp", self.app)

    @property
    def views(self) -> list[EpisodeView]:
        """The episodes on the screen."""
        return list(self.query(EpisodeView))

    def placed(self) -> list[tuple[EpisodeView, str]]:
        """Each of them with the name of its episode."""
        return list(zip(self.views, self.names, strict=True))

    @property
    def at(self) -> int:
        """How many steps are shown of the episode that goes furthest."""
        return max((view.player.at for view in self.views), default=0)

    @property
    def total(self) -> int:
        """How many steps the longest episode has."""
        return max((view.player.total for view in self.views), default=0)

    @property
    def speed(self) -> int:
        """How many times as fast as people read, or as it was played."""
        return self.views[0].player.speed

    def show(self) -> None:
        """Draw where the reader stands."""
        for view in self.views:
            view.show(playing=self.playing is not None)

    def go(self, step: int) -> None:
        """Show so many steps of every episode."""
        for view in self.views:
            view.go(step)

    def halt(self) -> None:
        """Play no further."""
        if self.playing is not None:
            self.playing.stop()
            self.playing = None

    def action_step(self, by: int) -> None:
        """One turn further, or back."""
        self.halt()
        self.go(self.at + by)

    def action_round(self, by: int) -> None:
        """To the end of the next round, or of the one before."""
        self.halt()
        for view in self.views:
            view.player.round(by)
            view.go(view.player.at)

    def action_jump(self, place: int) -> None:
        """To the start (0) or the end (-1)."""
        self.halt()
        self.go(0 if place == 0 else self.total)

    def action_play(self) -> None:
        """Play from here at the present speed, or halt; from the start where all is shown."""
        if self.playing is not None:
            self.halt()
        elif self.total:
            if self.at >= self.total:
                self.go(0)
            self._wait()
        self.show()

    def action_speed(self, by: int) -> None:
        """Faster or slower."""
        for view in self.views:
            view.player.faster(by)
        self._paced()

    def action_recorded(self) -> None:
        """Play at the pace at which the episode was played, or at that of a reader."""
        for view in self.views:
            view.player.recorded = not view.player.recorded
        self._paced()

    def _paced(self) -> None:
        if self.playing is not None:
            self.playing.stop()
            self._wait()
        self.show()

    def _wait(self) -> None:
        """Wait as long as what is shown takes."""
        unfinished = [view.player for view in self.views if view.player.at < view.player.total]
        self.playing = self.set_timer(max((player.wait() for player in unfinished), default=0.0), self.play_on)

    def play_on(self) -> None:
        """One step of playing."""
        if self.at + 1 >= self.total:
            self.playing = None
            self.go(self.total)
        else:
            self.go(self.at + 1)
            self._wait()
            self.show()

    def action_reveal(self) -> None:
        """Show the right answer, or hide it."""
        for view in self.views:
            view.revealed = not view.revealed
        self.show()

    def action_back(self) -> None:
        """Back to where the reader came from."""
        self.halt()
        self.dismiss()
