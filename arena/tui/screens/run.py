"""The run: its arms above, its episodes below."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast, get_args

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.events import Resize
from textual.screen import Screen
from textual.widgets import Footer, Input, Static

from arena.standing import Kind, fits
from arena.tui import paint
from arena.tui.messages import Chosen, Estimate, Estimated, Followed, Found, Moved
from arena.tui.screens.episode import EpisodeScreen
from arena.tui.widgets.arms import Arms, Bar
from arena.tui.widgets.episodes import EpisodeList

if TYPE_CHECKING:
    from arena.tui.app import ArenaApp

KINDS: tuple[Kind, ...] = get_args(Kind)
LABELS = {"flipped": "order flipped"}


class RunScreen(Screen[None]):
    """All arms and all episodes of a run, live."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(str(place), f"only('{kind}')", f"Only {LABELS.get(kind, kind)}", show=False)
            for place, kind in enumerate(KINDS, 1)
        ),
        Binding("o", "next_kind", "Which"),
        Binding("a", "next_arm", "Arm"),
        Binding("slash", "search", "Search", key_display="/"),
        Binding("f", "follow", "Follow"),
        Binding("escape", "clear", "Clear", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.kind: Kind = "all"
        self.arm: str | None = None
        self.words = ""
        self.following = True
        self._found: frozenset[str] = frozenset()
        self._estimates: dict[str, Estimate] = {}
        self._whole = False

    @property
    def source(self) -> ArenaApp:
        """The app, which follows the log."""
        return cast("ArenaApp", self.app)

    def compose(self) -> ComposeResult:
        """Title, arms, bar, filter, list, footer."""
        yield Static(id="title", markup=False)
        yield Arms(id="arms", markup=False)
        yield Static(_NOTE, id="note", markup=False)
        yield Bar(id="bar", markup=False)
        yield Static(id="notice", markup=False)
        yield Static(id="filter", markup=False)
        yield Input(placeholder="a part of an episode's name; enter looks in the speeches too", id="search")
        yield EpisodeList(id="episodes")
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Begin with the list, and with what was read already."""
        self.query_one("#search").display = False
        self.query_one(EpisodeList).focus()
        self._show()

    def on_followed(self, message: Followed) -> None:
        """The log has news."""
        if message.grown or message.whole != self._whole:
            self._whole = self._whole or message.whole
            self._show()
        else:
            self._bar()

    def on_estimated(self, message: Estimated) -> None:
        """The intervals are new."""
        self._estimates = message.arms
        self._above()

    def on_resize(self, _: Resize) -> None:
        """Draw for the new width."""
        self.call_after_refresh(self._show)

    def on_moved(self, message: Moved) -> None:
        """Whoever moves the cursor away from the newest wants to stay where they are."""
        if message.by_hand and self.following and message.row < len(self._shown) - 1:
            self.following = False
            self._label()

    def on_chosen(self, message: Chosen) -> None:
        """Open an episode."""
        self.app.push_screen(EpisodeScreen(message.episode))

    def on_found(self, message: Found) -> None:
        """The speeches were searched."""
        if message.words == self.words:
            self._found = message.episodes
            self._list()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter by name while it is typed."""
        self.words, self._found = event.value.casefold(), frozenset()
        self._list()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Look in the speeches too, and go back to the list."""
        if event.value:
            self.source.search(self.words)
        else:
            self.query_one("#search").display = False
        self.query_one(EpisodeList).focus()

    def action_only(self, kind: Kind) -> None:
        """Show episodes of one kind."""
        self.kind = kind
        self._list()

    def action_next_kind(self) -> None:
        """Show the next kind: all, wrong, right, failed, order flipped, playing."""
        self.action_only(KINDS[(KINDS.index(self.kind) + 1) % len(KINDS)])

    def action_next_arm(self) -> None:
        """Show the next arm, and all of them after the last."""
        arms: list[str | None] = [None, *self.source.follower.board.arms]
        self.arm = arms[(arms.index(self.arm) + 1) % len(arms)] if self.arm in arms else None
        self._list()

    def action_search(self) -> None:
        """Type what to look for."""
        box = self.query_one("#search", Input)
        box.display = True
        box.focus()

    def action_follow(self) -> None:
        """Follow the newest episode, or stay."""
        self.following = not self.following
        self._list()

    def action_clear(self) -> None:
        """Show all episodes again."""
        self.kind, self.arm = "all", None
        box = self.query_one("#search", Input)
        box.value, box.display = "", False
        self.query_one(EpisodeList).focus()
        self._list()

    def _show(self) -> None:
        self._above()
        self._list()

    def _above(self) -> None:
        follower = self.source.follower
        header = follower.header
        title = paint.line(self.source.run_name, "bold")
        dataset = header.get("dataset")
        if isinstance(dataset, dict):
            title.append(f"  {dataset.get('n')} questions of {paint.line(str(dataset.get('name'))).plain}", "")
        title.append("  simulated models" if header.get("simulated") else "", "yellow")
        self.query_one("#title", Static).update(title)
        self.query_one(Arms).show(follower.board, self._estimates)
        self._bar()
        notice = self.query_one("#notice", Static)
        notice.display = bool(follower.notices)
        if follower.notices:
            more = f"  (and {len(follower.notices) - 1} before it)" if len(follower.notices) > 1 else ""
            notice.update(paint.line(f"! {follower.notices[-1]}{more}"))

    def _bar(self) -> None:
        follower = self.source.follower
        bar = self.query_one(Bar)
        bar.show(follower.board, playing=follower.playing(), calls=follower.calls, reading=not self._whole)

    def _list(self) -> None:
        rows = self.source.follower.rows
        if self.kind == "all" and self.arm is None and not self.words:
            self._shown: range | list[int] = range(len(rows))
        else:
            wanted = (self.kind, self.arm, self.words, self._found)
            self._shown = [number for number, row in enumerate(list(rows)) if fits(row, *wanted)]
        live = self.following and not self.source.follower.complete
        self.query_one(EpisodeList).show(rows, self._shown, newest=live)
        self._label()

    def _label(self) -> None:
        parts = [f"{len(self._shown):,} of {len(self.source.follower.rows):,} episodes"]
        parts += [f"only {LABELS.get(self.kind, self.kind)}"] if self.kind != "all" else []
        parts += [f"arm {paint.line(self.arm).plain}"] if self.arm else []
        parts += [f"with “{paint.line(self.words).plain}”"] if self.words else []
        if not self.source.follower.complete:
            parts += ["following the newest" if self.following else "staying here (f follows)"]
        self.query_one("#filter", Static).update(Text(" · ".join(parts), style="dim"))


_NOTE = (
    "intervals: 95 % for all arms at once, valid at any time, over the questions done without a gap; missing = wrong"
)
