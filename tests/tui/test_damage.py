"""A log that is cut, corrupt, deleted or replaced while it is watched: a notice, never a crash."""

import shutil

import pytest

from arena.tui.follow import Follower
from arena.tui.widgets.episodes import EpisodeList

from .conftest import debate, gestures, header, naive, opened, seen, settled, text_of, write


def events(run):
    return next(iter(sorted(run.glob("events-*.jsonl"))))


def flat(text):
    """The text of a screen, wherever its lines are broken."""
    return " ".join(text.split())


def after(run, change, *keys, episode=None):
    """The screen after something has happened to the run, and these keys."""

    async def play(pilot):
        change()
        pilot.app.look()
        await settled(pilot)
        for key in keys:
            await pilot.press(key)
            await settled(pilot)
        return flat(text_of(pilot.app))

    return gestures(opened(run, episode=episode), play)


def test_a_run_that_is_deleted_is_still_shown_with_a_notice(small):
    text = after(small, lambda: shutil.rmtree(small))
    assert "is gone" in text
    assert "6/6" in text


def test_an_episode_of_a_deleted_run_is_said_not_to_be_there(small):
    text = after(small, lambda: shutil.rmtree(small), "home", "enter")
    assert "nothing of" in text


def test_a_log_that_is_cut_is_read_anew(small):
    path = events(small)
    text = after(small, lambda: path.write_bytes(path.read_bytes()[:4000]))
    assert "cut or replaced" in text


def test_a_run_that_is_replaced_by_another_shows_the_other(small):
    def replace():
        shutil.rmtree(small)
        write(small, header(naive=1), naive("other", 0, 0))

    text = after(small, replace)
    assert "naive" in text
    assert "other~0" in text
    assert "debate" not in text


def test_a_corrupt_line_is_named_and_the_rest_is_read(small):
    path = events(small)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:20], b"\xff\x00 no event at all\n", *lines[20:]]))
    text = flat(seen(opened(small)))
    assert "a line is damaged" in text
    assert "6/6" in text


@pytest.mark.parametrize(
    "line",
    [
        b'{"type":"Scored","episode":"x"}\n',
        b'{"type":"Scored","episode":"x","arm":"a","question":"q","group":"g","scores":7}\n',
        b'{"type":"Scored","episode":"x","arm":"a","question":"q","group":"g","scores":[{"correct":9e99}]}\n',
        b'{"type":"Scored","episode":["x"],"arm":"a","question":"q","group":"g","scores":[]}\n',
        b'{"type":"Opened","episode":{},"arm":3}\n',
        b'{"type":"Scored",,,\n',
        b'{"type":"Opened",[[[[\n',
    ],
)
def test_a_line_that_says_what_it_may_not_is_left_out(small, line):
    path = events(small)
    path.write_bytes(path.read_bytes() + line)
    follower = Follower(small)
    list(follower.read())
    assert len(follower.rows) == 6
    assert any("damaged" in notice for notice in follower.notices)


def test_a_last_line_that_is_being_written_is_waited_for(small):
    path = events(small)
    whole = path.read_bytes()
    path.write_bytes(whole[:-30])
    follower = Follower(small)
    list(follower.read())
    assert (follower.board.done, follower.notices) == (5, [])
    path.write_bytes(whole)
    list(follower.read())
    assert follower.board.done == 6


def test_a_header_that_cannot_be_read_is_a_notice(small):
    (small / "run.json").write_text("{")
    assert "cannot be read as a run's header" in flat(seen(opened(small)))


def test_a_run_that_has_no_episode_yet_is_an_empty_list(tmp_path):
    text = seen(opened(write(tmp_path / "run", header(debate=5))), "enter", "o", "a", "end")
    assert "0/5" in text


def test_an_event_that_refers_to_a_text_that_is_gone_shows_a_stand_in(tmp_path):
    run = write(tmp_path / "run", header(debate=1), debate("q1", 0, 0))
    next(run.glob("texts-*.jsonl")).write_text("")
    text = flat(seen(opened(run, episode="debate~q1~0"), "9", "p"))
    assert "missing from the log" in text


def test_a_line_of_a_megabyte_is_cut_on_the_screen_and_nowhere_else(tmp_path):
    run = write(tmp_path / "run", header(debate=1), debate("q1", 0, 0, rounds=1, text="x" * 1_000_000))
    text = seen(opened(run, episode="debate~q1~0"), "9", "home")
    assert "When did the ship leave?" in text
    assert "Bob for (B)" in text


def test_a_megabyte_without_an_end_of_line_is_waited_for(tmp_path):
    run = write(tmp_path / "run", header(debate=1), debate("q1", 0, 0))
    with events(run).open("ab") as file:
        file.write(b'{"type":"Called","text":"' + b"y" * 6_000_000)
    follower = Follower(run)
    list(follower.read())
    assert follower.board.done == 1
    assert not list(follower.read())


def test_a_planned_number_that_is_none_does_not_close_the_screen(small):
    (small / "run.json").write_text('{"schema": 1, "planned": {"debate": "many"}, "dataset": {"n": []}, "arms": 3}')
    assert "6 of 6 episodes" in flat(seen(opened(small)))


def test_moving_about_in_a_list_that_shrinks_is_safe(small):
    path = events(small)

    async def play(pilot):
        await pilot.press("end")
        path.write_bytes(path.read_bytes()[:3000])
        pilot.app.look()
        await settled(pilot)
        await pilot.press("down", "pagedown", "end", "up", "home")
        return pilot.app.screen.query_one(EpisodeList).cursor

    assert gestures(opened(small), play) == 0


def test_of_what_happens_again_the_last_is_told(small, tmp_path):
    kept = shutil.copytree(small, tmp_path / "kept")
    follower = Follower(small)

    def look():
        for _ in follower.read():
            pass
        return follower.notices[-1]

    look_once = list(follower.read())
    events(small).write_bytes(events(kept).read_bytes()[:4000])
    assert "read anew" in look()
    shutil.rmtree(small)
    assert "is gone" in look()
    assert "is gone" in look()
    shutil.copytree(kept, small)
    assert "read anew" in look()
    assert len(follower.notices) == len(set(follower.notices))
    assert look_once
