"""Who wants to hear words, and for how long."""

from arena.listeners import Listeners
from arena.live import LEASE


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


def test_nobody_listens_at_first_unless_somebody_is_said_to():
    assert not Listeners(first=False)
    assert Listeners(first=True)


def test_who_is_said_to_listen_at_first_gives_way_to_the_first_watcher():
    heard = Listeners(first=True)
    heard.wish("a", wants=False)
    assert not heard


def test_a_wish_that_is_not_repeated_ends():
    clock = Clock()
    heard = Listeners(first=True, clock=clock)
    heard.wish("a", wants=True)
    clock.now += LEASE - 1
    assert heard
    clock.now += 1
    assert not heard


def test_a_wish_that_is_repeated_goes_on():
    clock = Clock()
    heard = Listeners(first=False, clock=clock)
    for _ in range(5):
        heard.wish("a", wants=True)
        clock.now += LEASE - 1
    assert heard


def test_who_leaves_takes_nobody_elses_words_away():
    heard = Listeners(first=False)
    heard.wish("a", wants=True)
    heard.wish("b", wants=True)
    heard.wish("a", wants=False)
    assert heard
    heard.wish("b", wants=False)
    assert not heard


def test_who_comes_back_is_heard_again():
    clock = Clock()
    heard = Listeners(first=False, clock=clock)
    heard.wish("a", wants=True)
    clock.now += 2 * LEASE
    heard.wish("a", wants=True)
    assert heard
