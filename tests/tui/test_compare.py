"""The same question under two arms, side by side; and an episode at the pace at which it was recorded."""

import pytest

from arena import log
from arena.events import Opened, Said
from arena.outline import page
from arena.tui.player import MOST, Player
from arena.tui.screens.compare import CompareScreen, others
from arena.tui.screens.episode import EpisodeScreen

from .conftest import (
    consultancy,
    debate,
    gestures,
    header,
    naive,
    opened,
    say,
    seen,
    settled,
    tell,
    text_of,
    write,
)


@pytest.fixture
def run(tmp_path):
    """Two questions, each under three arms."""
    arms = header(debate=2, naive=2, consultancy=2)
    scripts = [make(q, 0, 0) for q in ("q1", "q2") for make in (debate, consultancy, naive)]
    return write(tmp_path / "run", arms, *scripts)


def compared(run, *keys, episode="debate~q1~0", size=(160, 50)):
    return seen(opened(run, episode=episode, size=size), "9", "c", *keys)


def test_c_shows_the_same_question_under_another_arm_beside_this_one(run):
    text = compared(run)
    assert any("debate~q1~0" in line and "consultancy~q1~0" in line for line in text.splitlines())
    assert "The log is plain" in text
    assert "A fisherman did." in text


def test_c_again_shows_the_next_arm(run):
    text = compared(run, "c")
    assert "naive~q1~0" in text
    assert "consultancy~q1~0" not in text


def test_both_are_stepped_through_together(run):
    text = compared(run, "0", "right")
    assert "The log is plain" in text
    assert "It left after noon." in text
    assert "A man saw it" not in text


def test_a_bracket_goes_to_the_next_question_of_both_arms(run):
    text = compared(run, "right_square_bracket")
    assert "debate~q2~0" in text
    assert "consultancy~q2~0" in text
    assert "debate~q1~0" in compared(run, "right_square_bracket", "left_square_bracket")


def test_there_is_nothing_behind_the_last_question(run):
    assert "debate~q2~0" in compared(run, "right_square_bracket", "right_square_bracket")


def test_the_truth_is_shown_or_hidden_on_both_sides(run):
    assert "★" not in compared(run)
    assert compared(run, "r").count("★") == 2


@pytest.fixture
def played(tmp_path):
    """A question that somebody plays under three arms."""
    other = consultancy("q1", 0, 0)
    other.events = other.events[:3]
    folder = write(
        tmp_path / "run", header(debate=1, consultancy=1, naive=1), debate("q1", rounds=1), other, naive("q1")
    )
    tell(folder)
    with log.Writer(folder):
        yield folder


def heard(pilot, *keys):
    """What the screen shows when all that is being said was heard."""

    async def look():
        for key in keys:
            await pilot.press(key)
            await settled(pilot)
        pilot.app.screen.listen()
        await settled(pilot)
        return text_of(pilot.app)

    return look()


def test_words_of_both_are_shown_as_they_are_spoken(played):
    say(played, "debate~q1~0", "4:0", "alice", "It is clear")
    say(played, "consultancy~q1~0", "3", "consultant", "Believe")

    async def listen(pilot):
        before = await heard(pilot)
        say(played, "consultancy~q1~0", "3", "consultant", " me")
        return before, await heard(pilot)

    before, after = gestures(opened(played, episode="debate~q1~0", size=(160, 50)), listen, "9", "c")
    assert "It is clear▌" in before
    assert "Believe▌" in before
    assert "It is clear▌" in after
    assert "Believe me▌" in after


def test_words_that_were_said_before_another_arm_was_chosen_are_shown(played):
    say(played, "naive~q1~0", "2", "judge", "I weigh")
    say(played, "consultancy~q1~0", "3", "consultant", "Believe")

    async def change(pilot):
        return [await heard(pilot, *keys) for keys in ((), ("c",), ("c",))]

    texts = gestures(opened(played, episode="debate~q1~0", size=(160, 50)), change, "9", "c")
    assert ["Believe▌" in text for text in texts] == [True, False, True]
    assert ["I weigh▌" in text for text in texts] == [False, True, False]


def test_an_episode_hears_again_what_is_said_when_nothing_lies_over_it(played):
    async def back(pilot):
        await heard(pilot)
        say(played, "debate~q1~0", "4:0", "alice", "It is clear")
        return await heard(pilot, "escape")

    assert "It is clear▌" in gestures(opened(played, episode="debate~q1~0"), back, "9", "c")


def test_nobody_listens_below_another_screen(played):
    say(played, "debate~q1~0", "4:0", "alice", "It is clear")

    async def below(pilot):
        pilot.app.screen_stack[1].listen()
        await settled(pilot)
        return text_of(pilot.app)

    assert "It is clear" not in gestures(opened(played, episode="debate~q1~0", size=(160, 50)), below, "9", "c")


def test_escape_goes_back_to_the_episode(run):
    async def look(pilot):
        return type(pilot.app.screen)

    assert gestures(opened(run, episode="debate~q1~0"), look, "c") is CompareScreen
    assert gestures(opened(run, episode="debate~q1~0"), look, "c", "escape") is not CompareScreen


def test_a_question_that_was_played_once_has_nothing_beside_it(tmp_path):
    run = write(tmp_path / "run", header(debate=1), debate("q1", 0, 0))

    async def look(pilot):
        return type(pilot.app.screen)

    assert gestures(opened(run, episode="debate~q1~0"), look, "c") is EpisodeScreen


def test_two_episodes_fit_on_a_small_screen(run):
    text = compared(run, size=(80, 24))
    assert "debate~q1~0" in text
    assert "consultancy~q1~0" in text


def test_other_arms_come_before_other_dealings_of_the_same():
    from arena.listing import Row

    rows = [Row("a~q~0", "a", "q"), Row("a~q~1", "a", "q"), Row("b~q~0", "b", "q"), Row("b~p~0", "b", "p")]
    assert others(rows, "a~q~0") == ["b~q~0", "a~q~1"]
    assert others(rows, "nobody") == []


# The pace


def timed(*times):
    """An episode whose steps came at these seconds."""
    said = [
        Said(episode="e", at=str(n), t=t, seat="alice", cue="argue", text="word " * 8) for n, t in enumerate(times, 1)
    ]
    return page([Opened(episode="e", t=10.0, arm="a", question="q"), *said])


def test_at_the_recorded_pace_a_step_is_shown_until_the_next_one_came():
    player = Player(timed(12.0, 15.0, 15.5), recorded=True)
    waits = []
    for step in range(3):
        player.go(step)
        waits.append(player.wait())
    assert waits == [2.0, 3.0, 0.5]


def test_the_recorded_pace_can_be_made_faster():
    player = Player(timed(12.0, 15.0, 19.0), step=0, recorded=True)
    player.faster(1)
    assert player.wait() == 1.0


def test_a_run_that_stood_still_for_a_night_is_not_waited_for():
    assert Player(timed(40_000.0, 80_000.0), step=1, recorded=True).wait() == MOST


def test_a_log_whose_clock_went_back_plays_on_at_once():
    assert Player(timed(15.0, 12.0), step=1, recorded=True).wait() == 0.0


def test_at_the_pace_of_reading_a_step_takes_as_long_as_its_words():
    player = Player(timed(12.0, 15.0, 19.0), step=1)
    assert player.wait() == 2.0
    player.faster(1)
    assert player.wait() == 1.0


def test_t_changes_between_the_two(run):
    assert "pace of the record" in seen(opened(run, episode="debate~q1~0"), "t")
    assert "pace of the record" not in seen(opened(run, episode="debate~q1~0"), "t", "t")
