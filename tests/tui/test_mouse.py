"""Whatever a key does, the mouse does: on the footer, in the list, on a quote, on a button."""

import pytest
from textual.events import MouseScrollDown
from textual.widgets import Button
from textual.widgets._footer import FooterKey

from arena import log
from arena.tui.screens.episode import EpisodeScreen
from arena.tui.screens.keys import KeysScreen
from arena.tui.screens.passage import PassageScreen
from arena.tui.screens.run import RunScreen
from arena.tui.widgets.episodes import EpisodeList
from arena.tui.widgets.turn import TurnBox

from .conftest import debate, gestures, header, opened, settled, tell, write


async def click_key(pilot, name):
    """Click a key of the footer."""
    key = next(key for key in pilot.app.screen.query(FooterKey) if key.description == name)
    await pilot.click(key)
    await settled(pilot)


def test_a_click_on_a_key_of_the_footer_does_what_the_key_does(small):
    async def act(pilot):
        await click_key(pilot, "Sort")
        await click_key(pilot, "Which")
        run = pilot.app.screen
        found = run.wanted.order, run.wanted.kind
        await click_key(pilot, "Keys")
        return *found, type(pilot.app.screen)

    assert gestures(opened(small), act) == ("arm", "wrong", KeysScreen)


def test_a_click_moves_to_an_episode_and_a_second_one_opens_it(small):
    async def act(pilot):
        await pilot.click(EpisodeList, offset=(10, 2))
        await settled(pilot)
        at = pilot.app.screen.query_one(EpisodeList).cursor
        await pilot.click(EpisodeList, offset=(10, 2))
        await settled(pilot)
        return at, type(pilot.app.screen), pilot.app.screen.episode

    assert gestures(opened(small), act, "home") == (2, EpisodeScreen, "debate~q2~0")


def test_a_click_below_the_last_episode_does_nothing(small):
    async def act(pilot):
        await pilot.click(EpisodeList, offset=(10, 20))
        await settled(pilot)
        return pilot.app.screen.query_one(EpisodeList).cursor, type(pilot.app.screen)

    assert gestures(opened(small), act, "home") == (0, RunScreen)


def test_the_wheel_moves_through_the_list(tmp_path):
    run = write(tmp_path / "run", header(debate=90), *(debate(f"q{n:02}") for n in range(60)))

    async def act(pilot):
        listed = pilot.app.screen.query_one(EpisodeList)
        await pilot._post_mouse_events([MouseScrollDown], widget=EpisodeList, offset=(10, 2))
        await settled(pilot)
        return listed.scroll_offset.y

    assert gestures(opened(run), act, "home") > 0


def test_a_click_on_a_quote_shows_its_place_in_the_passage(small):
    async def act(pilot):
        box = next(box for box in pilot.app.screen.query(TurnBox) if box.said.quotes)
        words = f"The log is plain: “{box.said.quotes[0].text}”"
        await pilot.click(box, offset=(2 + words.index("“") + 3, 1))
        await settled(pilot)
        return type(pilot.app.screen), box.chosen

    assert gestures(opened(small, episode="debate~q1~0"), act, "9") == (PassageScreen, 0)


@pytest.mark.parametrize("button, asked", [("#answer-s", True), ("#answer-c", False)])
def test_a_button_answers_what_is_asked(tmp_path, button, asked):
    run = write(tmp_path / "run", header(debate=3), debate("q1"))

    async def act(pilot):
        await pilot.click(pilot.app.screen.query_one(button, Button))
        await settled(pilot)
        return type(pilot.app.screen)

    with log.Writer(run):
        tell(run)
        assert gestures(opened(run), act, "x") is RunScreen
        wishes = "".join(path.read_text() for path in (run / "live").glob("control-*"))
        assert ("stop" in wishes) == asked
