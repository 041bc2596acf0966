"""Limits: what they let through, and what they say of it."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arena.errors import UsageError
from arena.fake.limits import KINDS, Limits, Rate
from arena.models.quotas import quota

SIX = Rate(6, 12)


def limits(kind, requests=SIX, tokens=None):
    return Limits(requests, tokens, kind, 0.0)


@pytest.mark.parametrize("text, rate", [("600", (600, 60)), ("60/10", (60, 10)), ("5/0.5s", (5, 0.5))])
def test_a_rate_is_so_many_a_minute_or_in_so_many_seconds(text, rate):
    assert Rate.parse(text) == rate


@pytest.mark.parametrize("text", ["", "x", "0", "-1", "6/0", "6/", "1.5"])
def test_what_is_no_rate_is_refused(text):
    with pytest.raises(UsageError, match="is no limit"):
        Rate.parse(text)


@pytest.mark.parametrize("kind", KINDS)
def test_the_limit_goes_out_at_once_and_then_no_more(kind):
    found = limits(kind)
    assert [found.admit(0.0, 0) for _ in range(6)] == [None] * 6
    assert found.admit(0.0, 0)[0] == "requests"


@pytest.mark.parametrize("kind, waits", [("bucket", 2.0), ("window", 12.0), ("sliding", 12.0)])
def test_who_is_refused_is_told_when_to_come_back_and_gets_in_then(kind, waits):
    found = limits(kind)
    for _ in range(6):
        found.admit(0.0, 0)
    assert found.admit(0.0, 0) == ("requests", pytest.approx(waits))
    assert found.admit(waits - 0.01, 0) is not None
    assert found.admit(waits + 0.01, 0) is None


@given(st.sampled_from(KINDS), st.lists(st.floats(0, 3), min_size=1, max_size=80))
def test_no_stretch_of_the_period_ever_sees_more_than_the_kind_allows(kind, gaps):
    found, now, taken = limits(kind), 0.0, []
    for gap in gaps:
        now += gap
        if found.admit(now, 0) is None:
            taken.append(now)
    most = {"sliding": 6, "window": 12, "bucket": 12}[kind]
    assert all(sum(then - 12 < t <= then for t in taken) <= most for then in taken)


@pytest.mark.parametrize("kind", KINDS)
def test_tokens_are_counted_as_asked_for_and_set_right_by_the_reply(kind):
    found = limits(kind, None, Rate(1000, 60))
    assert found.admit(0.0, 900) is None
    assert found.admit(0.0, 200)[0] == "tokens"
    found.settle(0.0, 900, 100)
    assert found.admit(0.0, 200) is None


def test_a_request_larger_than_the_whole_limit_gets_in_when_all_of_it_is_there():
    found = limits("bucket", None, Rate(1000, 60))
    assert found.admit(0.0, 5000) is None
    assert found.admit(0.0, 5000) is not None


@pytest.mark.parametrize("vendor", ["anthropic", "openai"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_headers_are_read_by_the_arena_as_they_are_meant(vendor, kind):
    found = Limits(Rate(60, 10), Rate(90_000, 60), kind, 0.0)
    for _ in range(15):
        found.admit(0.0, 1000)
    told = quota(found.headers(vendor, 0.0), datetime.now(UTC).timestamp())
    assert (told["requests_limit"], told["requests_remaining"]) == (60, 45)
    assert (told["tokens_limit"], told["tokens_remaining"]) == (90_000, 75_000)
    assert told["requests_reset"] == pytest.approx(2.5 if kind == "bucket" else 10, abs=1.1)
