"""The app: one log that is followed, and the screens that look at it. It never writes to the log."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from time import monotonic, thread_time, time
from typing import ClassVar, Protocol

from textual import work
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.screen import Screen
from textual.worker import get_current_worker

from arena import live, log
from arena.events import AnyEvent
from arena.listing import Wanted, listed
from arena.outline import page
from arena.tui.brisk import settle
from arena.tui.follow import Follower, heard
from arena.tui.messages import Beaten, Estimated, Followed, Found, Listed, Loaded, Spoken
from arena.tui.reading import Reading
from arena.tui.screens import ask
from arena.tui.screens.episode import EpisodeScreen
from arena.tui.screens.keys import KeysScreen, deeds
from arena.tui.screens.run import RunScreen

EVERY = 0.5
"""Seconds between two looks at the log, at least."""

READINGS = 8
"""Episodes that are being played and of which it is remembered how far they were read, at most."""

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
    VERTICAL_BREAKPOINTS: list[tuple[int, str]] | None = [(0, "-short"), (30, "-tall")]  # noqa: RUF012  # as Textual declares it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark", "keys", "Keys", key_display="?"),
        Binding("f2", "light", "Dark or light", show=False),
        Binding("q", "quit", "Close", show=False),
    ]

    def __init__(
        self,
        run: Path,
        *,
        name: str = "",
        episode: str | None = None,
        engine: Engine | None = None,
        every: float | None = EVERY,
        now: Callable[[], float] = time,
    ) -> None:
        super().__init__()
        self.status: live.Status | None = None
        self._words, self._wished = live.Words(run), 0.0
        self._hearing: tuple[str, ...] = ()
        self._now = now
        self.follower, self._episodes = Follower(run), log.Episodes(run)
        self._readings: dict[str, Reading] = {}
        self.run_name = name or run.name
        self.stopped = False
        self._episode, self._engine, self.every = episode, engine, every
        self._stale, self._next, self._grown = True, 0.0, 0
        self._wanted, self._again = Wanted(), 0.0

    def get_default_screen(self) -> RunScreen:
        """The run lies under all other screens."""
        return RunScreen()

    def on_mount(self) -> None:
        """Open the episode that was asked for, and begin to look."""
        if self._episode is not None:
            self.push_screen(EpisodeScreen(self._episode, start=True))
        self.look()
        if self.every is not None:
            self.set_interval(self.every, self._tick)

    def _tick(self) -> None:
        if not any(worker.group == "log" and not worker.is_finished for worker in self.workers):
            self.look()

    @work(thread=True, exclusive=True, group="log", exit_on_error=False)
    def look(self) -> None:
        """Read what is new in the log, and tell the screens; what they ask the app for is set before they are told."""
        notices, news, last = len(self.follower.notices), False, monotonic()
        for grown in self.follower.read():
            news = news or grown
            if grown and monotonic() - last > EVERY:
                last = monotonic()
                self._tell(Followed(grown=True, whole=False))
        self._stale, self._grown = self._stale or news, self._grown + news
        if self._stale and monotonic() >= self._next:
            self._estimate()
        self.status = live.read_status(self.follower.run)
        self._tell(Beaten(self.status, self._now()))
        self._tell(Followed(grown=news or len(self.follower.notices) > notices, whole=True))

    def _estimate(self) -> None:
        """Compute the intervals, on a thread; where that takes long, not again for ten times as long."""
        from arena.tui.estimates import estimates  # noqa: PLC0415  # scipy takes longer to load than the first picture

        if not self._next:
            settle()
        start = thread_time()
        self._tell(Estimated(estimates(self.follower.board)))
        took, self._stale = thread_time() - start, False
        self._next = monotonic() + (RARELY * took if took > EVERY / 10 else 0.0)

    def on_beaten(self) -> None:
        """Who started the run hears all of it."""
        if self._engine is not None:
            self._want_words()

    @property
    def controlled(self) -> bool:
        """Whether there is an engine that can be asked for something."""
        status = self.status
        return status is not None and status.state in {"playing", "paused"}

    @property
    def played(self) -> bool:
        """Whether somebody is at it."""
        return self.state not in {"done", "stopped"}

    @property
    def state(self) -> str:
        """`playing`, `paused`, `stopping`, `stopped` or `done`."""
        if self.follower.complete:
            return "done"
        status = self.status
        if status is not None and status.state != "ended":
            return status.state
        return "playing" if status is None and self.follower.playing() else "stopped"

    def ask(self, do: live.Do, value: bool | int | None = None) -> None:
        """Ask the engine for something; it answers by how it is."""
        if not live.ask(self.follower.run, do, value):
            self.notify("the engine cannot be asked: its folder takes nothing", severity="error", markup=False)

    def list_rows(self, wanted: Wanted) -> bool:
        """Find the rows that are wanted, on a thread; false where that takes long and it is too early to do it anew."""
        if wanted != self._wanted:
            self._wanted, self._again = wanted, 0.0
        if monotonic() < self._again:
            return False
        self._again = float("inf")
        self._list_rows(wanted)
        return True

    @work(thread=True, group="list", exit_on_error=False)
    def _list_rows(self, wanted: Wanted) -> None:
        start = thread_time()
        found = listed(list(self.follower.rows), wanted)
        self._tell(Listed(wanted, found if isinstance(found, range) else tuple(found)))
        if wanted == self._wanted:
            took = thread_time() - start
            self._again = monotonic() + (RARELY * took if took > EVERY / 10 else 0.0)

    def listen(self, *episodes: str) -> None:
        """Hear what is being said in some episodes; asks the engine to tell it word by word."""
        self._want_words()
        if not any(worker.group == "words" and not worker.is_finished for worker in self.workers):
            self._hear(episodes)

    def _want_words(self) -> None:
        """Ask the engine to go on telling words, where it is time to say so again."""
        if self.controlled and not 0.0 < monotonic() - self._wished < live.LEASE / 3:
            self._wished = monotonic()
            self.ask("stream", value=True)

    def hush(self) -> None:
        """Nobody listens here any more: the engine need not tell words for this screen."""
        self._hearing = ()
        if self._wished and self._engine is None and self.controlled:
            self._wished = 0.0
            live.ask(self.follower.run, "stream", value=False)

    @work(thread=True, group="words", exit_on_error=False)
    def _hear(self, episodes: tuple[str, ...]) -> None:
        changed = {name for name, _ in self._words.read()}
        known, self._hearing = self._hearing, episodes
        for episode in episodes:
            if episode in changed or episode not in known:
                self._tell(Spoken(episode, self._words.of(episode)))

    def load(self, name: str) -> None:
        """Read an episode, and tell the screens; of two looks at the same one the later counts."""
        self.run_worker(partial(self._load, name), thread=True, group=f"of {name}", exclusive=True, exit_on_error=False)

    def _load(self, name: str) -> None:
        """Tell the screens of an episode, and again where the log has grown meanwhile: they may not have had it yet."""
        worker, grown, over = get_current_worker(), -1, False
        while grown != self._grown and not over and not worker.is_cancelled:
            grown, found = self._grown, self._loaded(name)
            over = found.page is None or found.page.scored is not None
            if not worker.is_cancelled:
                self._tell(found)

    def _loaded(self, name: str) -> Loaded:
        notices: list[str] = []
        try:
            events = self._events(name, notices)
        except OSError as why:
            events = []
            notices.append(f"the episode cannot be read: {why.strerror}")
        return Loaded(name, page(events) if events else None, notices)

    def _events(self, name: str, notices: list[str]) -> list[AnyEvent]:
        """The events of an episode; one that is being played is read on from where it was read to."""
        begun = self.follower.begun.get(name)
        if begun is None:
            self._readings.pop(name, None)
            return self._episodes(name, notices)
        reading = self._readings.get(name)
        if reading is None or reading.begun is not begun:  # a log that was read anew tells it anew
            while len(self._readings) >= READINGS:
                self._readings.popitem()
            reading = self._readings[name] = Reading(self.follower.run, name, begun)
        return reading.read(notices)

    @work(thread=True, exclusive=True, group="search", exit_on_error=False)
    def search(self, words: str) -> None:
        """Find the episodes in which somebody says these words."""
        try:
            found = frozenset(heard(self.follower.run, words))
        except OSError:
            found = frozenset()
        self._tell(Found(words, found))

    def on_unmount(self) -> None:
        """Whoever leaves a run going need not be told words any more."""
        self._engine = None
        self.hush()

    def _tell(self, message: Message) -> None:
        self.post_message(message)
        for screen in list(self.screen_stack):
            screen.post_message(message)

    def action_keys(self) -> None:
        """Show what the keys do."""
        if not isinstance(self.screen, KeysScreen):
            self.push_screen(KeysScreen(self.screen))

    def action_light(self) -> None:
        """Change between dark and light."""
        self.theme = "textual-light" if self.current_theme.dark else "textual-dark"

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Everything that a key does here can be found by its name, too."""
        for deed in deeds(screen):
            run = partial(self.run_action, deed.action, default_namespace=deed.node)
            yield SystemCommand(f"{deed.name}{f': {deed.more}' if deed.more else ''} ({deed.keys})", "", run)
        yield SystemCommand("Theme: the colours of all screens", "", self.action_change_theme)

    async def action_quit(self) -> None:
        """Close the screens; where this app started the run, ask first what is to become of it."""
        if self._engine is None or not self._engine.running():
            self.exit()
        elif not isinstance(self.screen, ask.AskScreen):
            self.push_screen(ask.leave(), self._left)

    def _left(self, answer: str | None) -> None:
        if answer == "s" and self._engine is not None:
            self._engine.stop()
            self.stopped = True
        if answer is not None:
            self.exit()
