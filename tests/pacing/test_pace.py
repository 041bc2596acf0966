"""The pace of a run against a server with a limit: as fast as it permits, and without running into it.

60 requests in 10 seconds, and 500 calls, all there from the beginning. The ideal is what the server's own rule permits
at best; replies take a second.
"""

import asyncio
import random

import pytest

from arena.events import Usage
from arena.models.gate import Ceilings, Gate
from arena.models.pacing import Paced
from arena.models.retry import USUAL, Health, Retried

CALLS, LIMIT, PERIOD = 500, 60, 10.0
IDEAL = {"window": 80.0, "sliding": 80.0, "bucket": (CALLS - LIMIT) / LIMIT * PERIOD}
KINDS = list(IDEAL)
SELDOM = 0.02 * CALLS


def careful(world, make, server, rpm=None):
    """A model as a run has it."""
    purse, gate = make.Purse(), Gate("a", "m", Ceilings(rpm=rpm), world.clock)
    paced = Paced(server, gate, purse, world.clock)
    return Retried(paced, USUAL, Health(), purse, world.clock, chance=random.Random(3).random)


def played(world, make, kind, *, rpm=None, tells="readings", latency=1.0, **more):
    """The time that all calls took, the last reply left out, and the number of 429."""
    usage = Usage(input=5, output=4)
    server = make.Server(world.clock, make.kinds[kind](LIMIT, PERIOD), tells, latency, usage=usage, **more)
    model = careful(world, make, server, rpm)

    async def all_at_once():
        replies = await asyncio.gather(*(model(make.request(f"question {i:03}", 4)) for i in range(CALLS)))
        assert {reply.text for reply in replies} == {"well"}
        return world.clock() - latency

    return world.run(all_at_once()), len(server.refused)


@pytest.mark.parametrize("tells", ["readings", "patience", "nothing"])
@pytest.mark.parametrize("kind", ["window", "sliding"])
def test_at_a_rate_that_was_set_the_limit_is_never_met(world, make, kind, tells):
    time, refused = played(world, make, kind, rpm=360, tells=tells)
    assert time <= 1.1 * IDEAL[kind]
    assert refused == 0


@pytest.mark.parametrize("latency", [0.05, 0.3, 1.0, 5.0])
@pytest.mark.parametrize("tells", ["readings", "coarse"])
@pytest.mark.parametrize("kind", KINDS)
def test_where_the_server_says_what_is_left_nothing_need_be_set(world, make, kind, tells, latency):
    time, refused = played(world, make, kind, tells=tells, latency=latency)
    assert time <= 1.1 * IDEAL[kind]
    assert refused < SELDOM


@pytest.mark.parametrize("latency", [0.3, 1.0])
@pytest.mark.parametrize("tells", ["patience", "nothing"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_server_that_says_less_is_learned(world, make, kind, tells, latency):
    time, refused = played(world, make, kind, tells=tells, latency=latency, jitter=0.005)
    assert time <= 1.1 * IDEAL[kind]
    assert refused < SELDOM


@pytest.mark.parametrize("tells", ["readings", "coarse", "patience", "nothing"])
@pytest.mark.parametrize("kind", KINDS)
def test_tokens_are_paced_as_requests_are(world, make, kind, tells):
    """The texts have more tokens than four characters make, as replies tell; 9 tokens a call, where 7 are expected."""
    time, refused = played(world, make, kind, tells=tells, unit="tokens", size=9.0, jitter=0.005)
    assert time <= 1.1 * IDEAL[kind]
    assert refused < SELDOM


@pytest.mark.parametrize("kind", KINDS)
def test_a_limit_that_two_models_share_is_used_up_by_both(world, make, kind):
    """Each sees in what is left what the other takes."""
    limit = make.kinds[kind](LIMIT, PERIOD)
    servers = [make.Server(world.clock, limit, latency=0.3, chance=random.Random(i)) for i in range(2)]
    models = [careful(world, make, server) for server in servers]

    async def all_at_once():
        await asyncio.gather(*(model(make.request(i)) for i in range(CALLS // 2) for model in models))
        return world.clock()

    assert world.run(all_at_once()) <= 1.2 * IDEAL[kind]
    assert sum(len(server.refused) for server in servers) < 0.25 * CALLS


def test_half_a_rate_takes_twice_the_time(world, make):
    time, _ = played(world, make, "bucket", rpm=180)
    assert time == pytest.approx(CALLS / 3, rel=0.03)
