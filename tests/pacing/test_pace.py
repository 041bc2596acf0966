"""The pace of a run against a server with a limit: as fast as it permits, and without running into it.

60 requests in 10 seconds, and 500 calls, all there from the beginning. The ideal is what the server's own rule permits
at best; replies take a second.
"""

import asyncio
import random

import pytest

from arena.models.gate import Ceilings, Gate
from arena.models.pacing import Paced
from arena.models.retry import USUAL, Health, Retried

CALLS, LIMIT, PERIOD = 500, 60, 10.0
IDEAL = {"window": 80.0, "sliding": 80.0, "bucket": (CALLS - LIMIT) / LIMIT * PERIOD}


def played(world, make, kind, *, rpm=None, tells="readings", latency=1.0):
    """The time that all calls took, the last reply left out, and the number of 429."""
    server = make.Server(world.clock, make.kinds[kind](LIMIT, PERIOD), tells, latency)
    purse, gate = make.Purse(), Gate("a", "m", Ceilings(rpm=rpm), world.clock)
    model = Retried(
        Paced(server, gate, purse, world.clock), USUAL, Health(), purse, world.clock, chance=random.Random(3).random
    )

    async def all_at_once():
        replies = await asyncio.gather(*(model(make.request(i)) for i in range(CALLS)))
        assert {reply.text for reply in replies} == {"well"}
        return world.clock() - latency

    return world.run(all_at_once()), len(server.refused)


@pytest.mark.parametrize("tells", ["readings", "patience", "nothing"])
@pytest.mark.parametrize("kind", ["window", "sliding"])
def test_at_a_rate_that_was_set_the_limit_is_never_met(world, make, kind, tells):
    time, refused = played(world, make, kind, rpm=360, tells=tells)
    assert time <= 1.1 * IDEAL[kind]
    assert refused == 0


@pytest.mark.parametrize("latency", [0.05, 1.0, 5.0])
@pytest.mark.parametrize("kind", ["window", "bucket"])
def test_where_the_server_says_what_is_left_nothing_need_be_set(world, make, kind, latency):
    time, refused = played(world, make, kind, latency=latency)
    assert time <= 1.1 * IDEAL[kind]
    assert refused == 0


@pytest.mark.parametrize("latency", [0.05, 1.0, 5.0])
def test_a_log_that_slides_costs_a_few_seconds_more_and_no_refusal(world, make, latency):
    """All that such a server says is when the last start will be forgotten, which is always a whole period off."""
    time, refused = played(world, make, "sliding", latency=latency)
    assert time <= 1.15 * IDEAL["sliding"]
    assert refused == 0


@pytest.mark.parametrize("kind", ["window", "sliding", "bucket"])
def test_a_server_that_only_asks_for_patience_is_learned(world, make, kind):
    """The first overload costs what was under way, and the pace is kept near the limit from then on."""
    time, refused = played(world, make, kind, tells="patience")
    assert time <= 1.15 * IDEAL[kind]
    assert refused < 0.1 * CALLS


def test_a_server_that_says_nothing_but_no_is_borne_too(world, make):
    time, refused = played(world, make, "sliding", tells="nothing")
    assert time <= 2 * IDEAL["sliding"]
    assert refused < 0.1 * CALLS


def test_half_a_rate_takes_twice_the_time(world, make):
    time, _ = played(world, make, "bucket", rpm=180)
    assert time == pytest.approx(CALLS / 3, rel=0.03)
