"""What an arm cost."""

from __future__ import annotations

import pytest

from arena.analysis import bought, cost
from arena.events import Spend, Usage


def test_it_adds_up_failed_and_training_episodes_too(make):
    usage = Usage(input=100, output=10, cache_read=60, cache_write=5)
    table = make.table(
        make.episode("q", 1, calls=3, usage=usage, cost=0.1),
        make.episode("r", "error", outcome="error", calls=2, usage=usage, cost=0.2),
        make.episode("s", 1, split="train", calls=4, usage=usage, cost=0.3),
    )
    found = cost(table.episodes_of("debate", "set"))
    assert (found.episodes, found.train_episodes, found.calls) == (3, 1, 9)
    assert found.tokens == {"input": 300, "output": 30, "cache_read": 180, "cache_write": 15}
    assert found.usd == pytest.approx(0.6)


def test_an_unknown_price_makes_the_sum_unknown_and_not_smaller(make):
    found = cost(make.table(make.episode("q", 1, cost=0.5), make.episode("r", 1)).episodes)
    assert (found.usd, found.usd_known, found.episodes_without_price) == (None, 0.5, 1)


def test_no_episode_has_no_price(make):
    assert cost(make.table().episodes).usd is None


def test_it_says_what_an_episode_costs_on_average_and_at_most(make):
    found = cost(make.table(make.episode("q", 1, cost=0.5), make.episode("r", 1, cost=0.25)).episodes)
    assert (found.episode_mean, found.episode_most) == (0.375, 0.5)


def test_an_unknown_price_leaves_no_cost_of_an_episode(make):
    found = cost(make.table(make.episode("q", 1, cost=0.5), make.episode("r", 1)).episodes)
    assert (found.episode_mean, found.episode_most) == (None, None)


def test_what_was_bought_is_added_up_by_seat_over_all_episodes_of_an_arm(make):
    usage = Usage(input=100, output=10, cache_read=60, cache_write=5)
    table = make.table(
        make.episode("q", 1, spend={"judge": Spend(calls=2, usage=usage, cost=0.25), "alice": Spend(reused=3)}),
        make.episode("r", 1, split="train", spend={"judge": Spend(calls=1, reused=1, usage=usage, cost=0.5)}),
        make.episode("q", 1, arm="naive", spend={"judge": Spend(calls=9, cost=9.0)}),
        make.episode("q", 1, dataset="other", n=1, spend={"judge": Spend(calls=9, cost=9.0)}),
    )
    found = bought(table, "debate", "set")
    assert set(found) == {"judge", "alice"}
    assert (found["judge"].calls, found["judge"].reused, found["judge"].usd) == (3, 1, 0.75)
    assert found["judge"].tokens == {"input": 200, "output": 20, "cache_read": 120, "cache_write": 10}
    assert (found["alice"].calls, found["alice"].reused, found["alice"].usd) == (0, 3, 0.0)


def test_what_a_seat_bought_at_an_unknown_price_is_unknown_for_that_seat_alone(make):
    spend = {"judge": Spend(calls=1, cost=None), "alice": Spend(calls=1, cost=0.5)}
    found = bought(make.table(make.episode("q", 1, spend=spend), make.episode("r", 1, spend=spend)), "debate", "set")
    assert (found["judge"].usd, found["judge"].usd_known, found["alice"].usd) == (None, 0.0, 1.0)


def test_failed_attempts_of_unknown_cost_are_counted(make):
    one, two = ({"judge": Spend(calls=1, cost=0.5, blind=n)} for n in (1, 2))
    found = bought(make.table(make.episode("q", 1, spend=one), make.episode("r", 1, spend=two)), "debate", "set")
    assert (found["judge"].usd, found["judge"].blind) == (1.0, 3)


def test_an_episode_that_was_scored_again_is_billed_as_it_was_scored_last(make):
    twice = [make.episode("q", 1, spend={"judge": Spend(calls=n)}) for n in (1, 2)]
    assert bought(make.table(*twice), "debate", "set")["judge"].calls == 2


def test_a_log_that_does_not_tell_who_bought_what_leaves_nothing_to_say(make):
    assert bought(make.table(make.episode("q", 1, cost=0.5)), "debate", "set") == {}
