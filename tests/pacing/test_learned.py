"""A pace that nobody tells: it is found from what was taken between refusals, whatever refuses."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arena.models.learned import BACKOFF, HOLD, MARGIN, PERIODS, RAISE, STRETCH_LEAST, Learned


def taken(learned, number, now=0.0):
    """So many starts at once, all of which are taken."""
    for _ in range(number):
        learned.take(now)
    return learned


def shut(number=60, asked=None, at=1.0):
    """One whose calls were taken at 0, but for the last, which was refused later."""
    learned = taken(Learned(), number + 1)
    learned.refuse(at, 0.99 * at, asked)
    return learned


def reopened(number=60, after=10.0):
    """One that was shut, and whose server takes calls again."""
    learned = shut(number, asked=after - 1.0)
    learned.take(after)
    learned.ready(after + 1.0)
    return learned


def test_without_a_refusal_there_is_no_pace():
    assert taken(Learned(), 1000).ready(0.0) <= 0.0


def test_a_refusal_shuts_for_as_long_as_it_asks():
    assert shut(asked=7.5).ready(1.0) == 8.5


def test_an_unasked_first_wait_is_for_the_periods_that_people_choose():
    learned, waits = shut(at=0.5), []
    for _ in range(4):
        now = learned.ready(0.0)
        waits.append(now)
        learned.take(now)
        learned.refuse(now + 0.01, now, None)
    assert waits == pytest.approx([period + MARGIN for period in PERIODS[:4]])


def test_a_first_call_that_took_long_to_come_there_is_allowed_for():
    learned = shut(at=0.5)
    learned.take(1.25)
    learned.replied(0.9, 0.0)
    learned.refuse(1.26, 1.25, None)
    assert learned.ready(1.3) == pytest.approx(3.0 + MARGIN)
    learned.take(3.3)
    learned.refuse(3.31, 3.3, None)
    assert learned.ready(4.0) == pytest.approx(10.0 + 0.5)


def test_once_a_rate_is_known_the_first_wait_is_for_one_more_call_and_then_longer():
    learned = reopened(60, 10.0)
    taken(learned, 19, 12.0)
    learned.refuse(13.0, 12.0, None)
    one = (13.0 - 1.0) / 19
    assert learned.ready(13.0) == pytest.approx(13.0 + one)
    learned.take(13.0 + one)
    learned.refuse(13.0 + one, 13.0, None)
    assert learned.ready(14.0) == pytest.approx(13.0 + one + BACKOFF * one)


def test_after_a_wait_one_call_goes_alone_until_its_refusal_would_have_come():
    learned = shut(asked=9.0)
    learned.take(10.0)
    echo = 0.01
    assert learned.ready(10.001) == pytest.approx(10.0 + 2 * echo)


def test_the_rate_is_what_was_taken_between_two_openings():
    assert reopened(60, 10.0).rate == pytest.approx(HOLD * 60 / 10)


def test_or_between_two_refusals_where_that_is_more():
    learned = reopened(60, 10.0)
    taken(learned, 30, 12.0)
    learned.refuse(16.0, 12.0, 24.0)
    learned.take(40.0)
    learned.ready(60.0)
    assert learned.rate == pytest.approx(HOLD * 30 / (16.0 - 1.0))


def test_a_higher_rate_of_few_calls_moves_a_rate_of_many_but_a_little():
    """After 60 calls in 10 s, 5 more in half a second: not 10 a second, but a mean by the calls of each."""
    learned = reopened(60, 10.0)
    taken(learned, 59, 12.0)
    learned.refuse(19.0, 12.0, 1.0)
    learned.take(20.0)
    learned.ready(60.0)
    known = learned.rate / HOLD
    taken(learned, 4, 20.1)
    learned.refuse(20.4, 20.1, 0.1)
    learned.take(20.5)
    learned.ready(60.0)
    assert known == pytest.approx(6.0)
    assert known < learned.rate / HOLD < known + (10 - known) / 4


def test_all_that_one_episode_turned_away_is_not_counted_as_taken():
    learned = taken(Learned(), 80)
    news = [learned.refuse(1.0, 0.5, 9.0) for _ in range(20)]
    learned.take(10.0)
    learned.ready(11.0)
    assert news == [True] + [False] * 19
    assert learned.rate == pytest.approx(HOLD * 6.0)


def test_the_refusal_of_a_call_that_went_alone_is_no_news():
    learned = shut(asked=1.0)
    learned.take(2.0)
    assert learned.refuse(2.01, 2.0, 1.0) is False


def test_starts_are_evenly_spaced_at_the_rate():
    learned = reopened(60, 10.0)
    assert learned.ready(11.0) == pytest.approx(10.0 + 1 / (HOLD * 6))


def test_a_start_that_was_a_little_late_delays_none_behind_it():
    learned = reopened(60, 10.0)
    due = learned.ready(11.0)
    learned.take(due + 0.05)
    assert learned.ready(11.0) == pytest.approx(due + 1 / learned.rate)


def test_a_pace_is_raised_by_more_and_more_while_nothing_is_refused():
    learned, rates = reopened(200, 10.0), []
    for stretch in range(1, 4):
        learned.ready(10.0 + stretch * STRETCH_LEAST)
        rates.append(learned.rate / (HOLD * 20))
    up = 1 + RAISE
    assert rates == pytest.approx([up, up * (1 + 2 * RAISE), up * (1 + 2 * RAISE) * (1 + 4 * RAISE)])


def test_what_was_measured_by_few_calls_is_raised_by_more():
    learned = reopened(5, 10.0)
    learned.ready(10.0 + 1000)
    assert learned.rate == pytest.approx(HOLD * 0.5 * 1.2)


def test_a_server_that_took_nothing_teaches_nothing():
    learned = taken(Learned(), 1)
    learned.refuse(0.0, 0.0, 5.0)
    learned.take(5.0)
    learned.ready(6.0)
    assert learned.rate == 0.0


class Log:
    """A server that takes `amount` calls in any stretch of `period` seconds and says nothing of it."""

    def __init__(self, amount, period):
        self.amount, self.period, self.log = amount, period, []

    def takes(self, now):
        self.log = [then for then in self.log if then > now - self.period]
        if len(self.log) < self.amount:
            self.log.append(now)
            return True
        return False


class Pail:
    """One that fills steadily."""

    def __init__(self, amount, period):
        self.amount, self.rate, self.level, self.at = amount, amount / period, amount, 0.0

    def takes(self, now):
        self.level, self.at = min(self.amount, self.level + (now - self.at) * self.rate), now
        if self.level >= 1:
            self.level -= 1
            return True
        return False


def flow(server, seconds):
    """Calls as fast as the pace lets them, each refusal told at once; how many were taken, and how many refused."""
    learned, now, count, refused = Learned(), 0.0, 0, 0
    while now < seconds:
        now = max(now, learned.ready(now)) + 1e-4
        learned.take(now)
        if server.takes(now):
            count += 1
        else:
            refused += 1
            learned.refuse(now, now, None)
    return count, refused


@settings(max_examples=40, deadline=None)
@given(kind=st.sampled_from([Log, Pail]), amount=st.integers(40, 200), period=st.sampled_from(PERIODS[2:]))
def test_in_ten_periods_it_uses_most_of_a_limit_and_is_seldom_refused(kind, amount, period):
    count, refused = flow(kind(amount, period), 10 * period)
    assert count >= 0.85 * 10 * amount
    assert refused <= 12 + 0.05 * count


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["take", "refuse", "asked"]), st.floats(0, 50)), max_size=60))
def test_whatever_happens_a_call_can_start_within_two_minutes_of_the_last_event(steps):
    learned, now, under_way = Learned(), 0.0, []
    for what, wait in steps:
        now += wait
        if what == "take" and learned.ready(now) <= now:
            learned.take(now)
            under_way.append(now)
        elif what != "take" and under_way:
            learned.refuse(now, under_way.pop(), 30.0 if what == "asked" else None)
    for _ in range(3):
        now = max(now, learned.ready(now))
    assert learned.ready(now) <= now
