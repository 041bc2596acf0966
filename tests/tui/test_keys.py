"""What the keys do is told by `?`, and everything that a key does is found in the palette."""

import pytest

from arena.tui.screens.keys import KeysScreen, deeds, rows
from arena.tui.screens.run import RunScreen

from .conftest import gestures, opened, seen, settled, text_of

SCREENS = {"run": (), "episode": ("home", "enter"), "compare": ("home", "enter", "c")}


def told(run, *keys, size=(120, 60)):
    """All that `?` tells on the screen that these keys open: keys, names and more."""

    async def look(pilot):
        before = pilot.app.screen
        await pilot.press("question_mark")
        await settled(pilot)
        return rows(deeds(before)), text_of(pilot.app)

    return gestures(opened(run, size=size), look, *keys)


@pytest.mark.parametrize("size", [(120, 60), (99, 80)])
@pytest.mark.parametrize("screen", SCREENS)
def test_every_key_of_a_screen_is_told_with_what_it_does(small, screen, size):
    keys, text = told(small, *SCREENS[screen], size=size)
    assert len(keys) > 10
    for key, name, _ in keys:
        assert key in text
        assert name.split(",")[0] in text


@pytest.mark.parametrize("screen", SCREENS)
def test_the_keys_of_the_footer_are_told_first(small, screen):
    keys, _ = told(small, *SCREENS[screen])
    where = {key: place for place, (key, _, _) in enumerate(keys)}
    assert max(where[key] for key in ("?", "f2")) > len(keys) - 6
    assert min(where[key] for key in where if key not in {"?", "f2"}) == 0


def test_what_signs_mean_is_told_too(small):
    assert "right with the options in one order" in told(small)[1]
    assert "a quote that stands in the passage" in told(small, "home", "enter")[1]


def test_keys_that_differ_in_a_figure_stand_together(small):
    keys, _ = told(small)
    assert ("pgup pgdn", "Page up, Page down", "") in keys
    assert any(key == "1 2 3 4 5 6" for key, _, _ in keys)


def test_a_key_that_needs_an_engine_is_not_told_without_one(small):
    assert not any(name.startswith("Pause") for _, name, _ in told(small)[0])


@pytest.mark.parametrize("key", ["escape", "question_mark", "q"])
def test_the_keys_are_closed_by_a_key(small, key):
    async def act(pilot):
        opened_as = type(pilot.app.screen)
        await pilot.press(key)
        await settled(pilot)
        return opened_as, type(pilot.app.screen)

    assert gestures(opened(small), act, "question_mark") == (KeysScreen, RunScreen)


def test_all_keys_can_be_reached_on_a_small_screen(small):
    text = seen(opened(small, size=(80, 24)), "question_mark", "end")
    assert "where the mean lies of all such questions" in text


@pytest.mark.parametrize("width", [79, 80, 99, 100, 200])
def test_the_list_is_as_wide_as_the_screen_and_its_heads_stand_over_its_cells(small, width):
    text = seen(opened(small, size=(width, 24)), "home").splitlines()
    heads = next(line for line in text if "question" in line and "result" in line)
    row = next(line for line in text if "debate" in line and "q1" in line)
    assert heads.index("question") == row.index("q1")
    assert heads.index("result") == row.index("right")


def test_the_palette_does_what_a_key_does(small):
    async def act(pilot):
        await pilot.press("ctrl+p", *"Turn the order")
        await settled(pilot)
        await pilot.press("down", "enter")
        await settled(pilot)
        return pilot.app.screen_stack[0].wanted.turned

    assert gestures(opened(small), act) is True
