"""The run: its arms above, its episodes below."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, cast

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.events import Resize
from textual.widgets import Footer, Input, Static

from arena.listing import KINDS, ORDERS, Kind, Wanted
from arena.live import MOST_AT_ONCE
from arena.tui import paint
from arena.tui.messages import Beaten, Chosen, Estimate, Estimated, Followed, Found, Listed, Moved
from arena.tui.screens import ask
from arena.tui.screens.episode import EpisodeScreen
from arena.tui.screens.layer import Layer
from arena.tui.widgets.arms import Arms
from arena.tui.widgets.bar import Bar
from arena.tui.widgets.columns import Heads
from arena.tui.widgets.episodes import EpisodeList
from arena.tui.widgets.kinds import LABELS, Kinds
from arena.tui.widgets.pulse import Pulse
from arena.tui.widgets.still import Still

if TYPE_CHECKING:
    from arena.tui.app import ArenaApp

CONTROLS = {"pause", "stop", "concurrency"}
"""What only an engine that tells how it is can be asked for."""


class RunScreen(Layer):
    """All arms and all episodes of a run, live."""

    SIGNS = (
        ("✓ ✗", "the judge was right, or wrong"),
        ("½", "right with the options in one order, wrong in the other"),
        ("!", "a verdict is missing"),
        ("…", "being played"),
        ("score", "of the questions done without a gap; a missing verdict counts as wrong"),
        ("list ends in", "where the score of this list of questions will be when all are done"),
        ("population", "where the mean lies of all such questions"),
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(
                str(place), f"only('{kind}')", f"Only {LABELS.get(kind, kind)}" if kind != "all" else "All", show=False
            )
            for place, kind in enumerate(KINDS, 1)
        ),
        Binding("p", "pause", "Pause", tooltip="pause the run, or go on with it"),
        Binding("x", "stop", "Stop", tooltip="stop the run; it can be resumed"),
        Binding("plus,equals_sign", "concurrency(1)", "More episodes at once", show=False, key_display="+"),
        Binding("minus", "concurrency(-1)", "Fewer episodes at once", show=False, key_display="-"),
        Binding("o", "next_kind", "Which", tooltip="all, wrong, right, failed, order flipped, playing"),
        Binding("a", "next_arm", "Arm", show=False, tooltip="one arm after the other"),
        Binding("d", "next_dataset", "Data set", show=False, tooltip="one after the other"),
        Binding("slash", "search", "Search", key_display="/", tooltip="names as you type; enter: speeches too"),
        Binding("s", "sort", "Sort", tooltip="by the next column"),
        Binding("S", "turn", "Turn the order around", show=False),
        Binding("f", "follow", "Follow", tooltip="the newest episode, or stay"),
        Binding("escape", "clear", "Show all again", show=False),
        Binding("q", "app.quit", "Close", tooltip="close the screen"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.wanted = Wanted()
        self.following = True
        self._shown: tuple[int, ...] | range = range(0)
        self._estimates: dict[str, Estimate] = {}
        self._whole = self._controlled = self._late = False

    @property
    def source(self) -> ArenaApp:
        """The app, which follows the log."""
        return cast("ArenaApp", self.app)

    def compose(self) -> ComposeResult:
        """Title, arms, bar, pulse, kinds, list, footer."""
        yield Still(id="title", markup=False)
        yield Arms(id="arms", markup=False)
        yield Static(_NOTE, id="note", markup=False)
        yield Bar(id="bar", markup=False)
        yield Pulse(id="pulse", markup=False)
        yield Still(id="notice", markup=False)
        yield Kinds(id="kinds", markup=False)
        yield Still(id="filter", markup=False)
        yield Input(placeholder="a part of an episode's name; enter looks in the speeches too", id="search")
        yield Heads(id="heads", markup=False)
        yield EpisodeList(id="episodes")
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Begin with the list, and with what was read already."""
        self.query_one("#search").display = False
        self.query_one(EpisodeList).focus()
        self._show()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002  # Textual's own signature
        """An engine that tells nothing cannot be asked for anything."""
        return self.source.controlled if action in CONTROLS else True

    def on_followed(self, message: Followed) -> None:
        """The log has news."""
        if message.grown or message.whole != self._whole:
            self._whole = self._whole or message.whole
            self._show()
            return
        if self._late:
            self._list()
        self._bar()

    def on_beaten(self, message: Beaten) -> None:
        """The engine said how it is."""
        self.query_one(Pulse).show(message.status, message.now)
        if self._controlled != self.source.controlled:
            self._controlled = self.source.controlled
            self.refresh_bindings()
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
        if message.words == self.wanted.words:
            self.want(also=message.episodes)

    def on_kinds_picked(self, message: Kinds.Picked) -> None:
        """A kind was clicked."""
        self.want(kind=message.kind)

    def on_heads_sorted(self, message: Heads.Sorted) -> None:
        """The head of a column was clicked."""
        same = message.order == self.wanted.order
        self.want(order=message.order, turned=same and not self.wanted.turned)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter by name while it is typed."""
        self.want(words=event.value.casefold(), also=frozenset())

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Look in the speeches too, and go back to the list."""
        if event.value:
            self.source.search(self.wanted.words)
        else:
            self.query_one("#search").display = False
        self.query_one(EpisodeList).focus()

    def want(self, **changes: object) -> None:
        """Show other episodes, or in another order."""
        self.wanted = replace(self.wanted, **changes)  # type: ignore[arg-type]  # fields of it
        self._list()

    def action_only(self, kind: Kind) -> None:
        """Show episodes of one kind."""
        self.want(kind=kind)

    def action_next_kind(self) -> None:
        """Show the next kind: all, wrong, right, failed, order flipped, playing."""
        self.want(kind=KINDS[(KINDS.index(self.wanted.kind) + 1) % len(KINDS)])

    def action_next_arm(self) -> None:
        """Show the next arm, and all of them after the last."""
        self.want(arm=_after(self.wanted.arm, [None, *self.source.follower.board.arms]))

    def action_next_dataset(self) -> None:
        """Show the next data set, and all of them after the last."""
        self.want(dataset=_after(self.wanted.dataset, [None, *self.source.follower.board.datasets]))

    def action_sort(self) -> None:
        """Sort by the next column; after the last, in the order in which the episodes began."""
        self.want(order=ORDERS[(ORDERS.index(self.wanted.order) + 1) % len(ORDERS)], turned=False)

    def action_turn(self) -> None:
        """Turn the order around."""
        self.want(turned=not self.wanted.turned)

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
        """Show all episodes again, in the order in which they began."""
        box = self.query_one("#search", Input)
        with self.prevent(Input.Changed):
            box.value, box.display = "", False
        self.wanted = Wanted()
        self.query_one(EpisodeList).focus()
        self._list()

    def action_pause(self) -> None:
        """Pause the run, or go on with it."""
        status = self.source.status
        self.source.ask("resume" if status is not None and status.state == "paused" else "pause")

    def action_stop(self) -> None:
        """Stop the run, after having asked."""
        self.app.push_screen(ask.stop(), lambda answer: self.source.ask("stop") if answer == "s" else None)

    def action_concurrency(self, by: int) -> None:
        """Play twice as many episodes at once, or half as many."""
        status = self.source.status
        now = status.concurrency if status is not None else 0
        wished = max(1, min(now * 2 if by > 0 else now // 2, MOST_AT_ONCE))
        if now and (wished > now) == (by > 0):
            self.source.ask("concurrency", wished)

    def on_listed(self, message: Listed) -> None:
        """The list was made."""
        if message.wanted == self.wanted:
            self._put(message.rows)

    def _show(self) -> None:
        self._above()
        self._list()

    def _above(self) -> None:
        follower = self.source.follower
        self.query_one("#title", Still).tell(_title(self.source.run_name, follower.header))
        self.query_one(Arms).show(follower.board, self._estimates)
        self._bar()
        notice = self.query_one("#notice", Still)
        notice.display = bool(follower.notices)
        if follower.notices:
            more = f"  (and {len(follower.notices) - 1} before it)" if len(follower.notices) > 1 else ""
            told = paint.line(f"! {follower.notices[-1]}{more}")
            notice.tell(told, room=told.plain)

    def _bar(self) -> None:
        follower, status = self.source.follower, self.source.status
        state = "reading" if not self._whole else self.source.state
        spent = sum(arm.cost for arm in list(follower.board.arms.values()))
        budget = status.budget if status is not None else None
        if budget is not None and status is not None:
            spent = status.spent
        self.query_one(Bar).show(follower.board, state=state, calls=follower.calls, spent=spent, budget=budget)

    def _list(self) -> None:
        if self.wanted == Wanted():
            self._late = False
            self._put(range(len(self.source.follower.rows)))
        else:
            self._late = not self.source.list_rows(self.wanted)
            self._label()

    def _put(self, shown: tuple[int, ...] | range) -> None:
        self._shown = shown
        live = self.following and self.wanted.order == "begun" and not self.source.follower.complete
        self.query_one(EpisodeList).show(self.source.follower.rows, shown, newest=live)
        self._label()

    def _label(self) -> None:
        wanted, board = self.wanted, self.source.follower.board
        self.query_one(Kinds).show(board.kinds, wanted.kind)
        listed = self.query_one(EpisodeList)
        self.query_one(Heads).show(wanted.order, turned=wanted.turned, width=listed.inner)
        parts = [f"{len(self._shown):,} of {len(self.source.follower.rows):,} episodes"]
        parts += [f"arm {paint.line(wanted.arm).plain}"] if wanted.arm else []
        parts += [f"data set {paint.line(wanted.dataset).plain}"] if wanted.dataset else []
        parts += [f"with “{paint.line(wanted.words).plain}”"] if wanted.words else []
        parts += [f"by {wanted.order}{', turned around' if wanted.turned else ''}"] if wanted != Wanted() else []
        if not self.source.follower.complete and wanted.order == "begun":
            parts += ["following the newest" if self.following else "staying here (f follows)"]
        self.query_one("#filter", Still).tell(Text(" · ".join(parts), style="dim"))


def _after(present: str | None, among: list[str | None]) -> str | None:
    """The next one of some, and the first one after the last."""
    return among[(among.index(present) + 1) % len(among)] if present in among else among[0]


def _title(name: str, header: dict[str, object]) -> Text:
    title = paint.line(name, "bold")
    dataset = header.get("dataset")
    if isinstance(dataset, dict):
        title.append(f"  {dataset.get('n')} questions of {paint.line(str(dataset.get('name'))).plain}")
    return title.append("  simulated models" if header.get("simulated") else "", "yellow")


_NOTE = "95 % for all arms at once, valid whenever you look; a missing verdict is wrong"
