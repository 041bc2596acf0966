"""A whole visit on a real terminal: a run is begun, paused, left going, found again, and watched to its end."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time

import pytest

from arena import live, log
from arena.cli.runs import short

WITHIN = 120
"""Seconds after which a terminal that does not show what it should is a failure."""

_ESCAPE = re.compile(rb"\x1b(\[[0-9;?<>=]*[A-Za-z]|[()].|[=>]|\][^\x07]*\x07|P[^\x1b]*\x1b\\)")


class Terminal:
    """A command on a terminal of 100 × 30: keys go in, and what was drawn comes out without its escapes."""

    def __init__(self, *words, cwd):
        self.ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
        environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "100", "LINES": "30"}
        self.child = subprocess.Popen(
            [sys.executable, "-m", "arena", *words],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            cwd=cwd,
            env=environment,
        )
        os.close(theirs)
        self.drawn = b""

    def press(self, *keys):
        for key in keys:
            os.write(self.ours, key.encode())

    def shows(self, text):
        """Wait until something is drawn."""
        self._until(lambda: text in self.text(), f"{text!r} was not drawn")
        self.drawn = b""

    def ends(self):
        """Wait for the end of the command, and for all that it has drawn; its exit code."""
        self._until(lambda: self.child.poll() is not None, "the command has not ended")
        while self._drawn(0):
            pass
        return self.child.wait()

    def text(self):
        return _ESCAPE.sub(b"", self.drawn).decode("utf-8", "replace")

    def _until(self, done, otherwise):
        late = time.monotonic() + WITHIN
        while not done():
            assert time.monotonic() < late, f"{otherwise}: {self.text()[-2000:]}"
            if self._drawn(0.05) is None:
                self.child.wait(WITHIN)
                break
        assert done(), otherwise

    def _drawn(self, seconds):
        """Take what is drawn within so many seconds; whether anything was, `None` where the other end is closed."""
        if not select.select([self.ours], [], [], seconds)[0]:
            return False
        try:
            self.drawn += os.read(self.ours, 1 << 16)
        except OSError:
            return None
        return True

    def close(self):
        if self.child.poll() is None:
            self.child.kill()
        self.child.wait()
        os.close(self.ours)


@pytest.fixture
def terminal(tmp_path):
    """Opens terminals, and closes them."""
    opened = []

    def open_one(*words):
        opened.append(Terminal(*words, cwd=tmp_path))
        return opened[-1]

    yield open_one
    for each in opened:
        each.close()


@pytest.fixture
def run(tmp_path):
    """The folder of a run, which nobody plays any more when the test is over, however that ends."""
    yield tmp_path / "run"
    if log.playing(tmp_path / "run"):
        live.ask(tmp_path / "run", "stop")


def test_a_run_is_begun_paused_left_going_found_again_and_watched_to_its_end(terminal, run):
    words = ("--protocol", "debate?rounds=1", "--limit", "4", "--no-baselines", "--out", str(run))
    first = terminal("run", "--watch", "--pace", *words)
    first.shows("in flight")
    first.press("p")
    first.shows("paused: p goes on")
    first.press("q")
    first.shows("The run is still being played.")
    first.press("l")
    assert first.ends() == 0
    assert "the run goes on" in first.text()
    assert "watch run" in first.text() or f"watch {short(run)}" in first.text()

    assert log.playing(run)
    assert live.read_status(run).state == "paused"

    second = terminal("watch", str(run))
    second.shows("paused: p goes on")
    second.press("p")
    second.shows("4/4 episodes")
    second.press("q")
    assert second.ends() == 0

    assert len(list(log.of_kind(run, "Scored"))) == 4
    late = time.monotonic() + WITHIN
    while log.playing(run) and time.monotonic() < late:
        select.select([], [], [], 0.05)
    assert not log.playing(run)


def test_a_screen_that_is_closed_leaves_the_terminal_as_it_was(terminal, tmp_path):
    played = terminal("run", "--limit", "2", "--out", str(tmp_path / "run"))
    assert played.ends() == 0
    watched = terminal("watch", str(tmp_path / "run"))
    watched.shows("of 6 episodes")
    watched.press("q")
    assert watched.ends() == 0
    assert b"\x1b[?1049l" in watched.drawn
