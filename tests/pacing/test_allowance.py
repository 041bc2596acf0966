"""Allowances: what a provider says is left, what it was seen to take, and what the user set."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arena.models.allowance import SHARE, Bucket, Quota, Reading, readings

TOLD = {"requests_limit": 60.0, "requests_remaining": 59.0, "requests_reset": 2.5}


def told(limit, remaining, reset, now=0.0):
    quota = Quota()
    quota.read(now, Reading(limit, remaining, reset), now)
    return quota


def test_a_whole_reading_has_a_limit_a_remainder_and_a_reset():
    assert dict(readings(TOLD)) == {"requests": Reading(60, 59, 2.5)}


@pytest.mark.parametrize("missing", TOLD)
def test_a_reading_with_a_part_missing_is_none(missing):
    assert not dict(readings({name: value for name, value in TOLD.items() if name != missing}))


def test_what_is_no_unit_is_passed_over():
    assert not dict(readings({"input_audio_limit": 1.0, "tokens_remaining": 3.0}))


def test_a_quota_that_nobody_told_stands_in_no_way():
    assert Quota().ready(7.0, 1e9) == 7.0


def test_while_more_than_half_is_left_nothing_is_slowed():
    assert told(60, 31, 10).ready(0.0, 1) == 0.0


def test_below_half_what_is_left_is_spread_over_the_time_until_all_is_back():
    quota = told(60, 29, 4)
    quota.take(0.0, 1)
    assert quota.ready(0.0, 1) == pytest.approx(
        4 / 60 / SHARE
    )  # 0.98 x 60 in 4 s is faster than the 28 that are left in 4 s
    slow = told(60, 29, 2)
    slow.read(0.0, Reading(60, 29, 10), 0.0)
    slow.read(0.0, Reading(60, 20, 1), 0.0)
    slow.take(0.0, 1)
    assert slow.ready(0.0, 1) == pytest.approx(1 / 19)


def test_nothing_starts_that_is_more_than_what_is_left():
    assert told(1000, 50, 8).ready(0.0, 51) == 8.0


def test_a_call_larger_than_the_limit_waits_for_all_of_it_and_then_goes():
    quota = told(1000, 900, 8)
    assert quota.ready(0.0, 5000) == pytest.approx(8.0)
    assert quota.ready(8.1, 5000) <= 8.1


def test_after_its_reset_all_is_back():
    quota = told(60, 0, 10)
    assert quota.ready(0.0, 1) == 10.0
    assert quota.ready(10.1, 1) <= 10.1


def test_at_its_reset_what_started_after_the_reading_is_not_back():
    """A bucket of 60 with 30 left is full in 5 s: not if 25 more start meanwhile."""
    quota = told(60, 30, 5)
    for _ in range(25):
        quota.take(1.0, 1)
    quota.ready(5.0, 1)
    assert quota._left == 35


def test_what_is_under_way_counts_as_not_yet_counted():
    quota = Quota()
    for _ in range(8):
        quota.take(0.0, 1)
    quota.end(1)
    quota.read(0.0, Reading(10, 9, 10), 0.0)
    quota.take(0.0, 1)
    quota.take(0.0, 1)
    assert quota.ready(0.0, 1) == pytest.approx(10.0)


@pytest.mark.parametrize("begun, news", [(3.0, False), (19.5, True)])
def test_a_reading_of_an_older_call_is_no_news(begun, news):
    quota = told(60, 60, 10, now=20.0)
    quota.read(21.0, Reading(60, 10, 30), begun)
    quota.take(21.0, 1)
    assert (quota.ready(21.0, 1) > 21.0 + 0.1) is news


def test_what_started_longer_ago_than_a_whole_period_is_forgotten():
    quota = told(10_000, 9_999, 1.0)
    for second in range(5_000):
        quota.take(float(second), 1)
        quota.end(1)
    assert len(quota._recent) < 5


@pytest.mark.parametrize("reading", [Reading(0, 0, 1), Reading(10, -1, 1), Reading(10, 5, -1)])
def test_a_reading_that_cannot_be_is_not_believed(reading):
    quota = Quota()
    quota.read(0.0, reading, 0.0)
    assert quota.ready(0.0, 1) == 0.0


@given(
    readings=st.lists(st.tuples(st.floats(1, 1e6), st.floats(0, 1), st.floats(0, 1e4)), min_size=1, max_size=8),
    amount=st.floats(0, 1e7),
)
def test_whatever_a_server_says_a_call_can_start_once_all_is_back(readings, amount):
    quota, now = Quota(), 0.0
    for limit, part, reset in readings:
        quota.read(now, Reading(limit, limit * part, reset), now)
        now += 1
    longest = max(reset for *_, reset in readings)
    for _ in range(3):
        ready = quota.ready(now, amount)
        if ready <= now:
            break
        now = ready + 1e-6 * max(now, 1)
    assert quota.ready(now, amount) <= now
    assert now <= len(readings) + 2 * longest + 1


def test_a_bucket_lets_out_what_was_saved_and_then_its_rate():
    bucket = Bucket(rate=10, saved=5, now=0.0)
    bucket.take(0.0, 50)
    assert bucket.ready(0.0, 20) == 2.0
    assert bucket.ready(2.0, 20) == 2.0


def test_an_estimate_gives_way_to_what_was_used():
    bucket = Bucket(rate=10, saved=5, now=0.0)
    bucket.take(0.0, 50)
    bucket.settle(50, 30)
    assert bucket.ready(0.0, 20) == 0.0


def test_what_was_used_beyond_the_estimate_is_paid_off():
    bucket = Bucket(rate=10, saved=5, now=0.0)
    bucket.take(0.0, 50)
    bucket.settle(50, 80)
    assert bucket.ready(0.0, 0) == 3.0


def test_more_than_a_bucket_holds_passes_when_it_is_full():
    bucket = Bucket(rate=10, saved=5, now=0.0)
    assert bucket.ready(0.0, 500) == 0.0
    bucket.take(0.0, 500)
    assert bucket.ready(0.0, 500) == 50.0
