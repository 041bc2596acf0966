"""`arena watch`, `replay` on a terminal, and `run --watch`: what opens a screen, and what does not."""

import signal
import sys

import pytest

from arena.cli import watch


def test_watch_without_a_terminal_says_so_and_what_works(arena, one_run):
    done = arena("watch", str(one_run))
    assert done.exit_code == 2
    assert "needs a terminal" in done.stderr
    assert "--plain" in done.stderr


def test_watch_of_a_run_that_is_not_there_names_the_nearest(arena, one_run):
    done = arena("watch", "onne")
    assert done.exit_code == 2
    assert "one" in done.stderr


def test_run_watch_without_a_terminal_says_so_and_plays(arena):
    done = arena("run", "--watch", "--limit", "1", "--out", "here")
    assert done.exit_code == 0
    assert watch.NO_TERMINAL in done.stderr
    assert "debate" in done.stdout


def test_replay_without_a_terminal_prints_the_episode(arena, one_run):
    assert "the verdict" in arena("replay", str(one_run)).stdout


@pytest.mark.parametrize(
    "typed, resuming, rest",
    [
        (["run", "--watch"], False, ["run", "--stream", "--out", "folder"]),
        (["run", "--watch", "--out", "x"], False, ["run", "--stream", "--out", "x"]),
        (["run", "--out=x", "--watch"], False, ["run", "--out=x", "--stream"]),
        (["run", "--resume", "x", "--watch"], True, ["run", "--resume", "x", "--stream"]),
    ],
)
def test_the_engine_is_given_what_was_typed_and_the_folder_that_is_watched(typed, resuming, rest, tmp_path):
    made = watch.words(typed, "folder", resuming=resuming)
    assert made == [sys.executable, "-m", "arena", *rest]


def engine(code, tmp_path):
    with (tmp_path / "out").open("wb") as out:
        return watch.Process([sys.executable, "-c", code], out, out)


def test_a_run_has_begun_when_its_header_is_there(tmp_path):
    played = engine(f"open({str(tmp_path / 'run.json')!r}, 'w'); input = __import__('time').sleep(60)", tmp_path)
    assert played.begun(tmp_path)
    assert played.running()
    played.stop()
    assert played.wait() == -signal.SIGINT


def test_a_run_that_is_refused_has_not_begun(tmp_path):
    played = engine("raise SystemExit(2)", tmp_path)
    assert not played.begun(tmp_path)
    assert played.wait() == 2
    played.stop()


def test_the_engine_is_in_a_session_of_its_own_so_that_an_interrupt_at_the_terminal_does_not_reach_it(tmp_path):
    played = engine("import os; raise SystemExit(os.getsid(0) == os.getpid() and 7)", tmp_path)
    assert played.wait() == 7
