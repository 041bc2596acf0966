"""Starts are spread over the time that a reply takes, and not held up for long."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arena.models.spread import FIRST, HASTE, LAX, Spread


def starts(spread, number, width, *, grows=False, now=0.0):
    """When so many calls start that all are there at `now`."""
    found = []
    for _ in range(number):
        now = max(now, spread.ready())
        spread.take(now, width, grows=grows)
        found.append(now)
    return found


def test_before_any_reply_a_start_follows_as_soon_as_one_can():
    assert starts(Spread(), 3, 50) == [0.0, 0.0, 0.0]


def test_while_the_limit_grows_starts_stay_apart():
    assert starts(Spread(), 4, 50, grows=True) == pytest.approx([0.0, FIRST, 2 * FIRST, 3 * FIRST])


def test_a_round_of_starts_is_spread_over_a_part_of_the_time_of_a_reply():
    spread = Spread()
    spread.replied(3.0)
    assert starts(spread, 101, 100)[-1] == pytest.approx(3.0 / HASTE, abs=2 * LAX)


def test_the_time_of_a_reply_is_a_mean_that_follows_the_newest():
    spread = Spread()
    spread.replied(1.0)
    for _ in range(100):
        spread.replied(2.0)
    assert starts(spread, 101, 100)[-1] == pytest.approx(2.0 / HASTE, abs=0.01)


def test_a_start_that_was_late_is_made_up_for_a_little_and_no_more():
    spread = Spread()
    spread.replied(1.5)
    starts(spread, 1, 1)
    spread.take(60.0, 1, grows=False)
    assert spread.ready() == pytest.approx(61.0, abs=2 * LAX)


@given(st.lists(st.floats(0.001, 30), min_size=1, max_size=20), st.integers(1, 200))
def test_it_never_holds_up_a_flow_that_replies_sustain(seconds, width):
    """By Little's law `width` calls of the longest time that was seen come back `width` in that time."""
    spread = Spread()
    for each in seconds:
        spread.replied(each)
    assert starts(spread, width + 1, width)[-1] <= max(seconds)
