"""What a screen costs: it is drawn where something has changed, and keys wait neither for threads nor for garbage."""

import gc
import sys
from pathlib import Path

import pytest

import arena.tui.app
from arena import log
from arena.tui.app import ArenaApp
from arena.tui.brisk import TURN, brisk, settle
from arena.tui.widgets.episodes import EpisodeList

from .conftest import debate, gestures, header, settled, tell, text_of, write


class Counting(ArenaApp):
    """The app, and what it hands to the terminal."""

    CSS_PATH = Path(arena.tui.app.__file__).with_name("arena.tcss")
    shown_size = (120, 40)

    def __init__(self, run):
        super().__init__(run, name="small", every=None, now=lambda: 1000.0)
        self.drawn = []

    def _display(self, screen, renderable):
        if renderable is not None:
            self.drawn.append(renderable)
        super()._display(screen, renderable)

    async def flush(self, pilot):
        """What is to be drawn is drawn now, and not by a timer later."""
        for _ in range(2):
            await settled(pilot)
            for screen in self.screen_stack:
                screen._on_timer_update()

    async def calm(self, pilot):
        """Everything that the opening brings with it is drawn; whether that comes to an end."""
        return any([not await self.again(pilot) for _ in range(5)])

    async def again(self, pilot):
        """Look at the log once more; how much of the screen is drawn for it."""
        self.drawn.clear()
        self.look()
        await self.flush(pilot)
        return [type(each).__name__ for each in self.drawn]


@pytest.fixture
def live(tmp_path):
    """A run that an engine plays."""
    run = write(tmp_path / "run", header(debate=9), debate("q1", 0, 0), debate("q2"))
    with log.Writer(run) as writer:
        tell(run)
        yield run, writer


def test_a_beat_that_says_nothing_new_draws_nothing(live):
    app = Counting(live[0])
    assert gestures(app, app.calm)


def test_a_beat_with_news_draws_no_more_than_what_changed(live):
    app = Counting(live[0])

    async def act(pilot):
        await app.calm(pilot)
        tell(live[0], calls_per_second=99.0)
        return await app.again(pilot), text_of(app)

    drawn, text = gestures(app, act)
    assert drawn == ["ChopsUpdate"]
    assert "99 calls/s" in text


def test_an_episode_that_begins_lays_nothing_out_anew(live):
    run, writer = live
    app = Counting(run)

    async def act(pilot):
        await app.calm(pilot)
        for event in debate("q3").events:
            writer.append(event)
        return await app.again(pilot), text_of(app)

    drawn, text = gestures(app, act)
    assert set(drawn) == {"ChopsUpdate"}
    assert "q3~0" in text


def test_a_list_that_outgrows_the_screen_can_be_scrolled(live):
    run, writer = live
    app = Counting(run)

    async def act(pilot):
        listed = app.screen.query_one(EpisodeList)
        before = listed.max_scroll_y
        for n in range(60):
            writer.append(debate(f"more{n:02}").events[0])
        await app.again(pilot)
        return before, listed.max_scroll_y, listed.vertical_scrollbar.window_virtual_size, text_of(app)

    before, after, length, text = gestures(app, act)
    assert before == 0 < after
    assert length == 62
    assert "more59" in text


def test_a_run_under_an_episode_is_not_drawn_until_it_is_seen_again(live):
    run, _ = live
    app = Counting(run)

    async def act(pilot):
        await app.calm(pilot)
        await app.calm(pilot)
        tell(run, calls_per_second=99.0)
        hidden = await app.again(pilot)
        await pilot.press("escape")
        await app.again(pilot)
        return hidden, text_of(app)

    hidden, text = gestures(app, act, "home", "enter")
    assert hidden == []
    assert "99 calls/s" in text


def test_a_key_draws_two_lines_of_the_list(small):
    app = Counting(small)

    async def act(pilot):
        await app.calm(pilot)
        app.drawn.clear()
        await pilot.press("down")
        await app.flush(pilot)
        return [{y for y, _, _ in update.spans} for update in app.drawn]

    assert [len(lines) for lines in gestures(app, act, "home")] == [2]


def test_while_a_screen_is_open_threads_take_turns_often():
    before = sys.getswitchinterval(), gc.get_threshold()
    with brisk():
        assert sys.getswitchinterval() == pytest.approx(TURN)
        assert gc.get_threshold() != before[1]
    assert (sys.getswitchinterval(), gc.get_threshold()) == (pytest.approx(before[0]), before[1])


def test_what_was_loaded_is_not_looked_at_for_garbage_while_a_screen_is_open():
    with brisk():
        frozen = gc.get_freeze_count()
        kept = [[] for _ in range(1000)]
        settle()
        assert gc.get_freeze_count() >= frozen + len(kept)
    assert gc.get_freeze_count() == 0


def test_nothing_is_kept_for_good_where_no_screen_is_open():
    settle()
    assert gc.get_freeze_count() == 0
