"""Progress: a line every few seconds in a pipe, a bar on a terminal."""

import io

import pytest

from arena.cli.progress import Lines, paid, shown
from arena.progress import Progress


class Clock:
    """A clock that stands where it was put."""

    now = 100.0

    def __call__(self):
        return self.now


class Screen(io.StringIO):
    """A terminal that keeps what it was sent."""

    def isatty(self):
        return True


def written(*steps, total=100):
    """The lines for steps of (seconds since the beginning, episodes done)."""
    lines, clock = [], Clock()
    tell = Lines(lines.append, clock, every=5)
    for seconds, done in steps:
        clock.now = 100.0 + seconds
        tell(Progress(total=total, done=done, calls=8 * done))
    return lines


def test_a_short_run_writes_no_line():
    assert written((0, 0), (1, 50), (4.9, 100)) == []


def test_a_line_comes_every_five_seconds_however_many_steps_there_are():
    steps = [(second / 10, second) for second in range(200)]
    assert len(written(*steps, total=1000)) == 3


def test_a_line_says_how_far_it_is_and_how_long_it_may_take():
    assert written((0, 0), (10, 25)) == ["25 of 100 episodes, 200 calls, about 30 s left"]


def test_what_was_done_in_an_earlier_sitting_does_not_count_as_speed():
    (line,) = written((0, 50), (10, 60))
    assert line.endswith("about 40 s left")


def test_hours_are_given_as_hours():
    (line,) = written((0, 0), (36, 1), total=1001)
    assert line.endswith("about 10.0 h left")


def test_money_and_failures_are_told_where_there_are_any():
    lines, clock = [], Clock()
    tell = Lines(lines.append, clock)
    clock.now += 10
    tell(Progress(total=10, done=10, calls=80, spent=1.5, failed={"refused": 1, "timeout": 2}))
    assert lines == ["10 of 10 episodes, 80 calls, 1.50 USD, failed: 2 timeout, 1 refused"]


@pytest.mark.parametrize(
    "spent, unpriced, told",
    [
        (0.0, 0, ""),
        (0.0019, 0, "0.0019 USD"),
        (12.5, 0, "12.50 USD"),
        (12.5, 3, "12.50 USD and 3 calls of unknown price"),
        (0.0, 1, "1 call of unknown price"),
    ],
)
def test_what_was_spent_is_never_nought_where_it_is_little_or_unknown(spent, unpriced, told):
    assert paid(Progress(total=1, spent=spent, unpriced=unpriced)) == told


def test_a_terminal_gets_a_bar_with_what_is_done_and_what_failed(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    screen = Screen()
    with shown("a debate", screen) as tell:
        tell(Progress(total=100, done=10))
        tell(Progress(total=100, done=60, spent=2.5, failed={"refused": 3}))
    text = screen.getvalue()
    assert "60 of 100 episodes" in text
    assert "2.50 USD 3 failed" in text


def test_a_run_that_is_refused_says_nothing_of_what_it_would_have_played(capsys):
    with shown("a debate"):
        pass
    assert capsys.readouterr().err == ""


def test_a_run_says_what_it_plays_once(capsys):
    with shown("a debate") as tell:
        tell(Progress(total=2, done=1))
        tell(Progress(total=2, done=2))
    assert capsys.readouterr().err == "a debate\n"
