"""A server that asks for a moment, and says besides that no token is left for six minutes: from its headers on."""

import asyncio
from dataclasses import replace

import pytest

from arena.models.gate import Ceilings, Gate
from arena.models.pacing import Paced
from arena.models.retry import USUAL, Health, Retried
from tests.models.calling import CHAT, HELLO, call, opened
from tests.models.server import Server, chat, told

EMPTY = {
    "x-ratelimit-limit-requests": "60",
    "x-ratelimit-remaining-requests": "0",
    "x-ratelimit-reset-requests": "1s",
    "x-ratelimit-limit-tokens": "150000",
    "x-ratelimit-remaining-tokens": "0",
    "x-ratelimit-reset-tokens": "6m0s",
}
FULL = {**EMPTY, "x-ratelimit-remaining-requests": "59", "x-ratelimit-remaining-tokens": "149984"}
OTHERS = 12
SMALL = replace(HELLO, max_tokens=100)


def refusal(after):
    return told(
        {"error": {"message": "Slow down.", "code": "rate_limit"}}, 429, headers={**EMPTY, "Retry-After": after}
    )


def answer(headers, **more):
    return told(chat(), headers=headers, **more)


def retried(model, gate, make, **world):
    return Retried(Paced(model, gate, make.Purse()), USUAL, Health(), make.Purse(), **world)


def test_both_are_read_from_the_same_answer():
    came = call(refusal("1"), CHAT.spec)
    assert (came.failure.kind, came.failure.retry_after) == ("rate_limit", 1.0)
    assert came.model.quota["tokens_remaining"] == 0.0
    assert came.model.quota["tokens_reset"] == 360.0


@pytest.mark.parametrize("healthy", [FULL, {}], ids=["told", "silent"])
def test_a_call_comes_back_when_it_was_asked_to_and_the_others_after_it(world, make, healthy):
    """What the server said on the wire, played in a time of its own; some tell of the quota in refusals only."""
    failure, empty = (came := call(refusal("1"), CHAT.spec)).failure, came.model.quota
    full = call(answer(healthy), CHAT.spec).model.quota
    server = make.Server(world.clock, jitter=0.0, latency=0.5, troubles=[None, failure], says=[full, empty, full])
    model = retried(server, Gate("openai", "m", Ceilings(), world.clock), make, sleep=asyncio.sleep, chance=lambda: 0.0)
    times = []

    async def timed(number):
        await model(make.request(number))
        times.append(world.clock())

    async def calls():
        await timed(0)
        await model.model.within(9, make.request(1))
        await asyncio.gather(*(timed(number) for number in range(OTHERS)))

    world.run(calls())
    first, back, *others = times
    assert back - first == pytest.approx(0.5 + 1 + 0.5, abs=0.1)
    assert len(others) == OTHERS - 1
    assert others[-1] - back < 3
    assert healthy == {} or others[0] >= back + 0.5


def test_over_the_wire_one_call_comes_back_alone_and_then_the_others(make):
    """The server holds the call that comes back; it works on no other one until that has its answer."""
    answers, at_work = [answer(FULL), refusal("0.05"), answer(FULL, hold=0.2)], []

    async def calls():
        def script(_):
            at_work.append(there.at_work)
            return answers.pop(0) if answers else answer(FULL)

        async with Server(script) as there, asyncio.timeout(60):
            model = opened(CHAT.spec.replace("URL", there.url))
            asked = retried(model, Gate("openai", "m", Ceilings()), make)
            await asked(SMALL)
            refused = (await asked.model.within(60, SMALL)).result
            replies = await asyncio.gather(*(asked(SMALL) for _ in range(OTHERS)))
            await model.close()
            return refused, replies

    refused, replies = asyncio.run(calls())
    assert refused.kind == "rate_limit"
    assert [reply.tries for reply in replies] == [1] * OTHERS
    assert at_work[:4] == [1, 1, 1, 1]
    assert len(at_work) == 2 + OTHERS
