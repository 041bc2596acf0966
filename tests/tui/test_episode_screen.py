"""The screen of an episode: what a reader sees of it, and what their keys do."""

import pytest

from arena.tui.screens.inspect import InspectScreen
from arena.tui.screens.passage import PassageScreen
from arena.tui.widgets.turn import TurnBox

from .conftest import (
    Script,
    amplification,
    consultancy,
    debate,
    gestures,
    header,
    naive,
    opened,
    seen,
    settled,
    text_of,
    write,
)


@pytest.fixture
def run(tmp_path):
    """Two debates, a consultancy, the judge alone, and a tree."""
    arms = header(debate=2, naive=1, consultancy=1, amplification=1)
    scripts = (
        debate("q1", 0, 1),
        debate("q2", 1, 1),
        naive("q1", 0, 0),
        consultancy("q1", 1, 1),
        amplification("q1", 0, 0),
    )
    return write(tmp_path / "run", arms, *scripts)


FIRST = "debate~q1~0"


def replay(run, *keys, episode=FIRST, size=(120, 40)):
    """What stands on the screen of an episode that is replayed, after these keys."""
    return seen(opened(run, episode=episode, size=size), *keys)


def test_a_replay_begins_with_the_question_and_before_the_first_turn(run):
    text = replay(run)
    assert "When did the ship leave?" in text
    assert "(A) before dawn  ← Alice" in text
    assert "(B) after noon  ← Bob" in text
    assert "0/6" in text
    assert "The log is plain" not in text


def test_right_shows_one_turn_more(run):
    text = replay(run, "right")
    assert "The log is plain" in text
    assert "A man saw it." not in text


def test_left_takes_it_back(run):
    assert "The log is plain" not in replay(run, "right", "left")


def test_a_full_stop_goes_to_the_end_of_the_round(run):
    text = replay(run, "full_stop")
    assert "A man saw it." in text
    assert "(round 2)" not in text
    assert "round 1 of 2" in text


def test_a_comma_goes_back_to_the_end_of_the_round_before(run):
    assert "2/6" in replay(run, "full_stop", "full_stop", "comma")


def test_9_goes_to_the_end_and_0_to_the_start(run):
    assert "6/6" in replay(run, "9")
    assert "0/6" in replay(run, "9", "0")


def test_g_goes_to_the_step_whose_number_is_typed(run):
    assert "3/6" in replay(run, "g", "3", "enter")


def test_a_step_beyond_the_end_is_the_end(run):
    assert "6/6" in replay(run, "g", *"99999999", "enter")


def test_debaters_who_speak_at_once_stand_side_by_side(run):
    lines = replay(run, "full_stop").splitlines()
    assert any("Alice for (A)" in line and "Bob for (B)" in line for line in lines)


def test_the_judge_has_not_decided_until_the_last_step(run):
    assert "has not decided" in replay(run, "full_stop", "full_stop")
    assert "decision: (A)" in replay(run, "9")


def test_the_verdict_is_shown_in_both_orders(run):
    text = replay(run, "9")
    assert "options shown as A, B" in text
    assert "options shown as B, A" in text
    assert "the order of the options changed it" in text


def test_the_truth_is_hidden_until_r_asks_for_it_and_again_after(run):
    assert "★" not in replay(run, "9")
    assert "★ (A) before dawn" in replay(run, "9", "r")
    assert "the right answer: (A)" in replay(run, "9", "r")
    assert "★" not in replay(run, "9", "r", "r")


def test_the_next_episode_hides_the_truth_again(run):
    assert "★" not in replay(run, "9", "r", "right_square_bracket")


def test_brackets_go_to_the_next_episode_and_the_one_before(run):
    assert "debate~q2~0" in replay(run, "right_square_bracket")
    assert FIRST in replay(run, "right_square_bracket", "left_square_bracket")


def test_there_is_nothing_before_the_first_episode(run):
    assert FIRST in replay(run, "left_square_bracket")


def played(run, *keys, steps=0):
    """The screen after these keys, and after the clock has let so many steps of playing pass."""

    async def play(pilot):
        screen = pilot.app.screen
        for _ in range(steps):
            if screen.playing is not None:
                screen.playing.stop()
                screen.play_on()
            await settled(pilot)
        return screen.at, screen.speed, screen.playing is not None

    return gestures(opened(run, episode=FIRST), play, *keys)


def test_space_plays_and_each_step_of_the_clock_is_a_turn(run):
    assert played(run, "space") == (0, 1, True)
    assert played(run, "space", steps=2) == (2, 1, True)


def test_playing_ends_with_the_last_step(run):
    assert played(run, "space", steps=9) == (6, 1, False)


def test_space_halts_what_plays(run):
    assert played(run, "space", "space") == (0, 1, False)


def test_space_at_the_end_plays_from_the_start(run):
    assert played(run, "9", "space") == (0, 1, True)


def test_stepping_halts_what_plays(run):
    assert played(run, "space", "right") == (1, 1, False)


def test_plus_and_minus_change_the_speed_between_1_and_50(run):
    assert played(run, *["plus"] * 3)[1] == 10
    assert played(run, *["plus"] * 9)[1] == 50
    assert played(run, "plus", "minus", "minus")[1] == 1


def test_a_quote_carries_the_sign_of_its_status(run):
    text = replay(run, "full_stop", size=(200, 60))
    assert "“the ship left before dawn”✓" in text
    assert "“it sailed at midnight”✗" in text


def chosen(run, *keys):
    """The words of the quote that is turned around."""

    async def look(pilot):
        return [box.said.quotes[box.chosen].text for box in pilot.app.screen.query(TurnBox) if box.chosen is not None]

    return gestures(opened(run, episode=FIRST), look, *keys)


def test_n_goes_from_quote_to_quote_and_around(run):
    assert chosen(run, "full_stop", "n") == ["the ship left before dawn"]
    assert chosen(run, "full_stop", "n", "n") == ["it sailed at midnight"]
    assert chosen(run, "full_stop", "n", "n", "n") == ["the ship left before dawn"]


def test_enter_on_a_quote_shows_its_place_in_the_passage(run):
    text = replay(run, "full_stop", "n", "enter")
    assert "exact" in text
    assert "stands in it word for word" in text
    assert "A fisherman saw it at noon" in text


def test_a_quote_that_is_not_there_says_so(run):
    assert "does not stand in it" in replay(run, "full_stop", "n", "n", "enter")


def on_top(run, *keys, episode=FIRST):
    async def look(pilot):
        return type(pilot.app.screen)

    return gestures(opened(run, episode=episode), look, *keys)


def test_p_shows_the_passage_and_escape_closes_it(run):
    assert on_top(run, "p") is PassageScreen
    assert on_top(run, "p", "escape") is not PassageScreen


def test_i_shows_what_is_behind_a_turn(run):
    assert on_top(run, "right", "i") is InspectScreen
    text = replay(run, "right", "i")
    assert "900 tokens in" in text
    assert "sim/advocate" in text


def test_y_copies_the_last_speech(run):
    async def copied(pilot):
        return pilot.app.clipboard

    text = gestures(opened(run, episode=FIRST), copied, "right", "y")
    assert "the ship left before dawn" in text


def test_a_consultancy_has_one_column_and_the_questions_of_the_judge_in_it(run):
    text = replay(run, "9", episode="consultancy~q1~0")
    assert "Consultant for (B)" in text
    assert "Who saw it?" in text


def test_a_judge_alone_is_said_to_be_alone(run):
    text = replay(run, "9", episode="naive~q1~0")
    assert "the judge decides alone" in text
    assert "decision: (A)" in text


def test_an_amplification_is_a_tree_of_its_parts(run):
    text = replay(run, "9", episode="amplification~q1~0")
    assert "What does the log say?" in text
    assert "Worker answer" in text
    assert "Overseer compose" in text


def test_enter_folds_a_branch_of_the_tree_and_opens_it_again(run):
    at_branch = ["9", "down", "down"]
    tree = {"episode": "amplification~q1~0", "size": (200, 60)}
    assert "An answer to part 1" in replay(run, *at_branch, **tree)
    assert "An answer to part 1" not in replay(run, *at_branch, "enter", **tree)
    assert "An answer to part 1" in replay(run, *at_branch, "enter", "enter", **tree)


def test_the_tree_grows_step_by_step(run):
    text = replay(run, "right", "right", episode="amplification~q1~0", size=(200, 60))
    assert "An answer to part 1" in text
    assert "An answer to part 2" not in text


def test_a_stranger_s_protocol_gets_a_view_from_its_seats_and_turns(tmp_path):
    script = Script("council").shown(
        "question", ("a", "b", "c", "judge"), question="Who?", options={"$options": ["x", "y"]}
    )
    script.together(*((seat, f"I am {seat}.", ()) for seat in ("a", "b", "c"))).said("clerk", "I note it.").decided(
        0, 0
    )
    text = replay(write(tmp_path / "run", header(council=1), script), "9", episode="council~q1~0")
    assert all(f"I am {seat}." in text for seat in "abc")
    assert "I note it." in text


def test_a_failed_episode_says_why(tmp_path):
    run = write(tmp_path / "run", header(debate=1), debate("q1").failed(reason="alice refused: no comment"))
    text = replay(run, "9")
    assert "failed: refused" in text
    assert "no comment" in text


def test_an_episode_that_is_played_grows_while_it_is_watched(tmp_path):
    run = write(tmp_path / "run", header(debate=1), debate("q1", rounds=1))

    async def grow(pilot):
        before = text_of(pilot.app)
        more = debate("q1", 0, 0, rounds=2)
        more.events = more.events[len(debate("q1", rounds=1).events) :]
        write(run, header(debate=1), more)
        pilot.app.look()
        await settled(pilot)
        await settled(pilot)
        return before, text_of(pilot.app)

    before, after = gestures(opened(run), grow, "enter")
    assert "being played" in before
    assert "(round 2)" in after
    assert "decision: (A)" in after


def test_an_episode_that_is_not_there_is_said_not_to_be(run):
    assert "nothing of" in replay(run, episode="debate~q9~0")


@pytest.mark.parametrize("size", [(80, 24), (200, 60), (40, 10)])
def test_it_can_be_read_at_any_size(run, size):
    assert "When did the ship leave?" in replay(run, "9", size=size)
