"""What an arm cost."""

from __future__ import annotations

import pytest

from arena.analysis import cost
from arena.events import Usage


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
