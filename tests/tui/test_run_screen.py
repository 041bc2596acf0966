"""The run screen: what a watcher sees of arms and episodes, and what their keys do."""

import pytest

from arena.tui.messages import Followed
from arena.tui.widgets.episodes import EpisodeList

from .conftest import debate, gestures, header, hidden, naive, opened, seen, settled, text_of, write


def names(app):
    """The episodes that the list shows."""
    listed = app.screen_stack[0].query_one(EpisodeList)
    return [listed._rows[number].episode for number in listed.shown]


def listed(app, *keys):
    async def look(pilot):
        return names(pilot.app)

    return gestures(app, look, *keys)


def test_it_shows_each_arm_with_its_score_and_intervals_that_say_when_they_are_valid(small):
    text = seen(opened(small))
    assert "debate" in text
    assert "3/3" in text
    assert "50.0%" in text
    assert "valid whenever you look" in text
    assert "list ends in" in text
    assert "population" in text


def test_it_says_that_models_are_simulated(small):
    assert "simulated models" in seen(opened(small))


def test_it_counts_failures_by_kind(small):
    assert "1 refused" in seen(opened(small))


def test_it_says_that_a_run_is_done(small):
    assert "6/6 episodes" in seen(opened(small))
    assert "done" in seen(opened(small))


def test_o_goes_from_all_episodes_to_the_wrong_ones(small):
    assert listed(opened(small), "o") == ["naive~q1~0", "debate~q2~0", "naive~q2~0", "debate~q3~0"]


def test_3_shows_the_right_ones(small):
    assert listed(opened(small), "3") == ["debate~q1~0"]


def test_4_shows_the_failed_ones(small):
    assert listed(opened(small), "4") == ["naive~q3~0"]


def test_5_shows_those_that_the_order_of_the_options_changed(small):
    assert listed(opened(small), "5") == ["naive~q1~0", "debate~q3~0"]


def test_a_shows_one_arm_after_the_other_and_then_all_again(small):
    assert all(name.startswith("debate~") for name in listed(opened(small), "a"))
    assert all(name.startswith("naive~") for name in listed(opened(small), "a", "a"))
    assert len(listed(opened(small), "a", "a", "a")) == 6


def test_slash_filters_by_name_while_it_is_typed(small):
    assert listed(opened(small), "slash", "q", "2") == ["debate~q2~0", "naive~q2~0"]


def test_enter_in_the_search_looks_in_the_speeches_too(tmp_path):
    run = write(
        tmp_path / "run",
        header(debate=2),
        debate("q1", 0, 0),
        debate("q2", 0, 0, text="The pelican was there."),
    )
    typed = ["slash", *"pelican"]
    assert listed(opened(run), *typed) == []
    assert listed(opened(run), *typed, "enter") == ["debate~q2~0"]


def test_escape_shows_all_episodes_again(small):
    assert len(listed(opened(small), "4", "escape")) == 6


def test_enter_opens_the_episode_under_the_cursor(small):
    assert "When did the ship leave?" in seen(opened(small), "home", "enter")


def test_escape_goes_back_from_an_episode_to_the_run(small):
    assert "list ends in" in seen(opened(small), "home", "enter", "escape")


def growing(tmp_path):
    """A run of which one question is done and the second is being played."""
    return write(tmp_path / "run", header(debate=3, naive=3), debate("q1", 0, 0), naive("q1", 1, 1), debate("q2"))


async def grown(pilot, run):
    """The second question is played under the other arm, too, and the screen has looked."""
    write(run, header(debate=3, naive=3), naive("q2", 0, 0))
    await looked(pilot)


async def looked(pilot):
    pilot.app.look()
    await settled(pilot)


def test_an_episode_that_begins_while_it_is_watched_is_followed(tmp_path):
    run = growing(tmp_path)

    async def grow(pilot):
        await grown(pilot, run)
        return pilot.app.screen.query_one(EpisodeList).current.episode

    assert gestures(opened(run), grow) == "naive~q2~0"


def test_news_are_shown_even_where_a_look_without_any_follows_at_once(tmp_path):
    run = growing(tmp_path)

    async def grow(pilot):
        write(run, header(debate=3, naive=3), naive("q2", 0, 0))
        assert any(pilot.app.follower.read())
        for grown in (True, False):
            pilot.app.screen.post_message(Followed(grown=grown, whole=True))
        await settled(pilot)
        return len(names(pilot.app))

    assert gestures(opened(run), grow) == 4


def test_moving_the_cursor_up_stays_put_when_something_new_comes(tmp_path):
    run = growing(tmp_path)

    async def grow(pilot):
        await grown(pilot, run)
        return pilot.app.screen.query_one(EpisodeList).current.episode

    assert gestures(opened(run), grow, "up") == "naive~q1~0"


def test_f_follows_again(tmp_path):
    text = seen(opened(growing(tmp_path)), "up", "f")
    assert "following the newest" in text


def test_a_run_that_nobody_plays_any_more_is_called_stopped(tmp_path):
    assert "stopped" in seen(opened(growing(tmp_path)))


def test_only_questions_done_without_a_gap_count(tmp_path):
    """The third question is done and right, but the second is not: the score is of the first alone."""
    run = write(tmp_path / "run", header(debate=3), debate("q1", 1, 1), debate("q2"), debate("q3", 0, 0))
    line = next(line for line in seen(opened(run)).splitlines() if "2/3" in line)
    assert line.split()[:4] == ["debate", "2/3", "0.0%", "1"]


def test_the_screen_holds_at_every_size(small):
    async def resize(pilot):
        for size in ((80, 24), (200, 60), (20, 5), (120, 40)):
            await pilot.resize_terminal(*size)
            await settled(pilot)
        return text_of(pilot.app)

    assert "debate" in gestures(opened(small), resize)


def test_f2_changes_between_dark_and_light(small):
    async def look(pilot):
        return pilot.app.current_theme.dark

    assert gestures(opened(small), look) is True
    assert gestures(opened(small), look, "f2") is False


def test_question_mark_shows_the_keys_and_hides_them_again(small):
    assert "Only wrong" in seen(opened(small, size=(160, 50)), "question_mark")
    assert "Only wrong" not in seen(opened(small, size=(160, 50)), "question_mark", "question_mark")


def test_the_command_palette_opens(small):
    async def look(pilot):
        return type(pilot.app.screen).__name__

    assert gestures(opened(small), look, "ctrl+p") == "CommandPalette"


class Engine:
    """A run that is being played, as far as the app can tell."""

    def __init__(self):
        self.stops = 0

    def running(self):
        return True

    def stop(self):
        self.stops += 1


def left(app, *keys):
    """Whether the app is closed after these keys, and whether it was asked to stop the engine."""

    async def look(pilot):
        return pilot.app._exit, pilot.app.stopped

    return gestures(app, look, *keys)


def test_q_asks_what_is_to_become_of_a_run_that_it_started(small):
    assert "still being played" in seen(opened(small, engine=Engine()), "q")


def test_s_stops_the_run_and_closes(small):
    engine = Engine()
    assert left(opened(small, engine=engine), "q", "s") == (True, True)
    assert engine.stops == 1


def test_l_leaves_the_run_going_and_closes(small):
    engine = Engine()
    assert left(opened(small, engine=engine), "q", "l") == (True, False)
    assert engine.stops == 0


def test_escape_stays_on_the_screen(small):
    assert left(opened(small, engine=Engine()), "q", "escape") == (False, False)


def test_q_closes_at_once_what_only_looks(small):
    assert left(opened(small), "q") == (True, False)


def clicked(app, selector, words, *keys):
    """The episodes of the list after these keys and a click on a word inside a widget."""

    async def click(pilot):
        widget = pilot.app.screen.query_one(selector)
        at = widget.render_line(0).text.index(words)
        await pilot.click(selector, offset=(at + 1 + widget.styles.padding.left, 0))
        await settled(pilot)
        return names(pilot.app)

    return gestures(app, click, *keys)


def test_the_kinds_are_counted(small):
    line = next(line for line in seen(opened(small)).splitlines() if "order flipped" in line and "playing" in line)
    assert " ".join(line.split()) == "all 6 wrong 4 right 1 failed 1 order flipped 2 playing 0"


def test_a_click_on_a_kind_shows_it(small):
    assert clicked(opened(small), "#kinds", "right") == ["debate~q1~0"]


def test_s_sorts_by_one_column_after_the_other(small):
    assert [name.split("~")[0] for name in listed(opened(small), "s")] == ["debate"] * 3 + ["naive"] * 3
    assert listed(opened(small), "s", "s", "s")[:3] == ["naive~q3~0", "debate~q2~0", "naive~q2~0"]


def test_capital_s_turns_the_order_around(small):
    assert listed(opened(small), "S") == listed(opened(small))[::-1]
    assert listed(opened(small), "s", "s", "s", "S")[0] == "debate~q1~0"


def test_a_click_on_the_head_of_a_column_sorts_by_it_and_a_second_one_turns_it_around(small):
    by_belief = clicked(opened(small), "#heads", "p(right)")
    assert by_belief[:2] == ["debate~q2~0", "naive~q2~0"]
    assert clicked(opened(small), "#heads", "p(right)", "s", "s", "s", "s")[0] == "debate~q1~0"


def test_a_sorted_list_stays_where_it_is_when_something_new_comes(tmp_path):
    run = growing(tmp_path)

    async def grow(pilot):
        await grown(pilot, run)
        return names(pilot.app), pilot.app.screen.query_one(EpisodeList).cursor

    shown, cursor = gestures(opened(run), grow, "home", "s")
    assert len(shown) == 4
    assert cursor == 0


def test_what_comes_while_a_sorted_list_is_made_is_in_it_after_the_next_look(tmp_path):
    run = growing(tmp_path)

    async def grow(pilot):
        pilot.app._again = float("inf")
        await grown(pilot, run)
        before, pilot.app._again = len(names(pilot.app)), 0.0
        await looked(pilot)
        return before, len(names(pilot.app))

    assert gestures(opened(run), grow, "s") == (3, 4)


def test_d_shows_one_data_set_after_the_other(tmp_path):
    other = naive("q2", 0, 0)
    other.events[-1] = other.events[-1].model_copy(update={"dataset": "quay"})
    run = write(tmp_path / "run", header(naive=2), naive("q1", 0, 0), other)
    assert listed(opened(run), "d") == ["naive~q1~0"]
    assert listed(opened(run), "d", "d") == ["naive~q2~0"]
    assert len(listed(opened(run), "d", "d", "d")) == 2


def test_every_key_can_be_found_in_the_command_palette(small):
    async def look(pilot):
        return [command.title for command in pilot.app.get_system_commands(pilot.app.screen)]

    titles = gestures(opened(small), look)
    assert "Sort: by the next column (s)" in titles
    assert "Only wrong (2)" in titles
    assert any(title.startswith("Open (") for title in titles)


def test_a_command_of_the_palette_does_what_its_key_does(small):
    async def choose(pilot):
        await pilot.press("ctrl+p", *"only wrong")
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        return names(pilot.app)

    assert gestures(opened(small), choose) == listed(opened(small), "2")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_every_key_of_the_footer_is_seen(small, size):
    """Nothing of it is cut off at the edge of the screen."""

    async def look(pilot):
        return hidden(pilot.app)

    assert gestures(opened(small, size=size), look) == []
    assert gestures(opened(small, size=size), look, "enter") == []
