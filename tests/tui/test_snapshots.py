"""How the screens look. `pytest --snapshot-update` draws them anew where a change is meant."""

import pytest

from arena import log

from .conftest import WAIT, amplification, consultancy, debate, header, naive, opened, say, settled, tell, write

SIZES = {"80x24": (80, 24), "120x40": (120, 40), "200x60": (200, 60)}


@pytest.fixture
def run(tmp_path):
    """Every kind of episode, one of them still being played."""
    arms = header(debate=3, naive=2, consultancy=1, amplification=1)
    scripts = [debate("q1", 0, 1), naive("q1", 0, 0), consultancy("q1", 1, 1), amplification("q1", 0, 0)]
    return write(tmp_path / "run", arms, *scripts, debate("q2", 1, 1), naive("q2").failed(), debate("q3"))


@pytest.fixture
def live(run):
    """The same run while its engine plays it, and a debater who is speaking."""
    tell(run, refused=4, waits=[WAIT])
    say(run, "debate~q3~0", "5:0", "alice", "What Bob has not told is that <quote>the log was")
    with log.Writer(run):
        yield run


@pytest.fixture
def drawn(run, snap_compare):
    """Whether a screen looks as it did: of an episode where one is named, after some keys, at a size."""

    def compare(*keys, episode=None, size="120x40", listen=False):
        async def gesture(pilot):
            await settled(pilot)
            if listen:
                pilot.app.listen(episode)
                await settled(pilot)
            for key in keys:
                await pilot.press(key)
                await settled(pilot)

        return snap_compare(opened(run, episode=episode), run_before=gesture, terminal_size=SIZES[size])

    return compare


@pytest.mark.parametrize("size", SIZES)
def test_the_run(drawn, size):
    assert drawn("home", size=size)


@pytest.mark.parametrize("size", SIZES)
def test_a_debate(drawn, size):
    assert drawn("9", "n", "r", episode="debate~q1~0", size=size)


def test_a_debate_after_its_first_round(drawn):
    assert drawn("full_stop", episode="debate~q1~0")


def test_a_consultancy(drawn):
    assert drawn("9", episode="consultancy~q1~0")


def test_the_judge_alone(drawn):
    assert drawn("9", episode="naive~q1~0")


def test_a_tree(drawn):
    assert drawn("9", "down", episode="amplification~q1~0")


def test_a_failure(drawn):
    assert drawn("9", episode="naive~q2~0")


def test_a_quote_in_the_passage(drawn):
    assert drawn("9", "n", "enter", episode="debate~q1~0")


def test_what_is_behind_a_turn(drawn):
    assert drawn("right", "i", episode="debate~q1~0")


@pytest.mark.parametrize("size", SIZES)
def test_a_run_that_is_played(live, drawn, size):
    assert drawn("home", size=size)


def test_a_debate_that_is_played(live, drawn):
    assert drawn("9", episode="debate~q3~0", listen=True)


def test_the_same_question_under_two_arms(drawn):
    assert drawn("9", "c", episode="debate~q1~0")


def test_a_sorted_list_of_the_wrong_ones(drawn):
    assert drawn("2", "s", "s", "s", "s", "home")


def test_what_is_asked_before_a_run_is_stopped(live, drawn):
    assert drawn("x")


def test_a_debate_on_a_light_screen(drawn):
    assert drawn("9", "f2", episode="debate~q1~0")


def test_the_run_on_a_light_screen(drawn):
    assert drawn("home", "f2")


@pytest.mark.parametrize("size", SIZES)
def test_what_the_keys_do(drawn, size):
    assert drawn("question_mark", size=size)


def test_what_the_keys_of_an_episode_do(drawn):
    assert drawn("question_mark", episode="debate~q1~0")


def test_the_palette(drawn):
    assert drawn("ctrl+p", size="80x24")


def test_a_run_that_is_played_on_a_light_screen(live, drawn):
    assert drawn("home", "f2")


def test_a_tree_on_a_light_screen(drawn):
    assert drawn("9", "f2", "down", episode="amplification~q1~0")


def test_a_quote_in_the_passage_on_a_light_screen(drawn):
    assert drawn("9", "f2", "n", "enter", episode="debate~q1~0")
