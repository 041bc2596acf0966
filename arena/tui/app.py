"""The app: one log that is followed, and the screens that look at it. It never writes to the log."""

from __future__ import annotations

from pathlib import Path
from time import monotonic
from typing import ClassVar, Protocol

from textual import work
from textual.app import App
from textual.binding import Binding, BindingType

from arena import log
from arena.outline import page
from arena.tui.estimates import estimates
from arena.tui.follow import Follower, heard
from arena.tui.messages import Estimated, Followed, Found, Loaded
from arena.tui.screens.episode import EpisodeScreen
from arena.tui.screens.leave import LeaveScreen
from arena.tui.screens.run import RunScreen

EVERY = 0.5
"""Seconds between two looks at the log, at least."""

RARELY = 10
"""Where intervals take long to compute, they take at most one part in this many of the time."""


class Engine(Protocol):
    """The process that plays the run, where this app has started it."""

    def running(self) -> bool:
        """Whether it still plays."""
        ...

    def stop(self) -> None:
        """Ask it to stop: what is under way is finished and logged."""
        ...


class ArenaApp(App[None]):
    """Watch a run, read its episodes."""

    TITLE = "oversight-arena"
    CSS_PATH = "arena.tcss"
    ENABLE_COMMAND_PALETTE = True
    HORIZONTAL_BREAKPOINTS: list[tuple[int, str]] | None = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012  # as Textual declares it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark", "keys", "Keys", key_display="?"),
        Binding("f2", "light", "Dark or light", show=False),
        Binding("q", "quit", "Quit", show=False),
    ]

    def __init__(
        self,
        run: Path,
        *,
        name: str = "",
        episode: str | None = None,
        engine: Engine | None = None,
        every: float | None = EVERY,
    ) -> None:
        super().__init__()
        self.follower = Follower(run)
        self.run_name = name or run.name
        self.stopped = False
        self._episode, self._engine, self._every = episode, engine, every
        self._stale, self._next = True, 0.0

    def on_mount(self) -> None:
        """Open the run, and the episode that was asked for."""
        self.push_screen(RunScreen())
        if self._episode is not None:
            self.push_screen(EpisodeScreen(self._episode, start=True))
        self.look()
        if self._every is not None:
            self.set_interval(self._every, self._tick)

    def _tick(self) -> None:
        if not any(worker.group == "log" and not worker.is_finished for worker in self.workers):
            self.look()

    @work(thread=True, exclusive=True, group="log", exit_on_error=False)
    def look(self) -> None:
        """Read what is new in the log, and tell the screens."""
        notices, news, last = len(self.follower.notices), False, monotonic()
        for grown in self.follower.read():
            news = news or grown
            if grown and monotonic() - last > EVERY:
                last = monotonic()
                self._tell(Followed(grown=True, whole=False))
        self._stale = self._stale or news
        if self._stale and monotonic() >= self._next:
            self._estimate()
        self._tell(Followed(grown=news or len(self.follower.notices) > notices, whole=True))

    def _estimate(self) -> None:
        """Compute the intervals, on a thread; where that takes long, not again for ten times as long."""
        start = monotonic()
        self._tell(Estimated(estimates(self.follower.board)))
        took, self._stale = monotonic() - start, False
        self._next = monotonic() + (RARELY * took if took > EVERY / 10 else 0.0)

    @work(thread=True, exclusive=True, group="episode", exit_on_error=False)
    def load(self, name: str) -> None:
        """Read an episode, and tell the screens."""
        notices: list[str] = []
        try:
            events = log.episode(self.follower.run, name, notices)
        except OSError as why:
            events = []
            notices.append(f"the episode cannot be read: {why.strerror}")
        self._tell(Loaded(name, page(events) if events else None, notices))

    @work(thread=True, exclusive=True, group="search", exit_on_error=False)
    def search(self, words: str) -> None:
        """Find the episodes in which somebody says these words."""
        try:
            found = frozenset(heard(self.follower.run, words))
        except OSError:
            found = frozenset()
        self._tell(Found(words, found))

    def _tell(self, message: Followed | Estimated | Loaded | Found) -> None:
        for screen in list(self.screen_stack):
            screen.post_message(message)

    def action_keys(self) -> None:
        """Show or hide what the keys do."""
        if self.screen.query("HelpPanel"):
            self.action_hide_help_panel()
        else:
            self.action_show_help_panel()

    def action_light(self) -> None:
        """Change between dark and light."""
        self.theme = "textual-light" if self.current_theme.dark else "textual-dark"

    async def action_quit(self) -> None:
        """Close the screens; where this app started the run, ask first what is to become of it."""
        if self._engine is None or not self._engine.running():
            self.exit()
        elif not isinstance(self.screen, LeaveScreen):
            self.push_screen(LeaveScreen(), self._left)

    def _left(self, answer: str | None) -> None:
        if answer == "stop" and self._engine is not None:
            self._engine.stop()
            self.stopped = True
        if answer is not None:
            self.exit()
